// SPDX-License-Identifier: MIT
//
// For engine/io only: the handle that reader and writers have from libsndfile.
#pragma once

#include "engine/io/wav_writer.hpp"

#include <sndfile.h>

#include <memory>

namespace keytone::io {

struct CloseSound {
    void operator()(SNDFILE* sound) const { sf_close(sound); }
};
using SoundHandle = std::unique_ptr<SNDFILE, CloseSound>;

/// libsndfile's name for how samples are stored.
inline int sample_format(WavEncoding encoding) {
    switch (encoding) {
    case WavEncoding::ulaw:
        return SF_FORMAT_ULAW;
    case WavEncoding::alaw:
        return SF_FORMAT_ALAW;
    case WavEncoding::float32:
        return SF_FORMAT_FLOAT;
    case WavEncoding::pcm16:
        break;
    }
    return SF_FORMAT_PCM_16;
}

} // namespace keytone::io
