// SPDX-License-Identifier: MIT
//
// Codecs of telephone networks: sound coded and decoded again. A codec whose library was missing at build
// time is listed, but cannot be used.
#pragma once

#include "bench/accuracy/sound.hpp"

#include <span>
#include <vector>

namespace keytone::accuracy {

using Pass = Pcm (*)(std::span<const std::int16_t> samples);

struct Codec {
    const char* name;
    double asked_percent; ///< The share of 50/50 ms keys that must be heard.
    Pass pass;            ///< At 8 kHz; returns as many samples as given. Null when not built.
};

std::vector<Codec> codecs();

// Each is in a source of its own.
Pcm through_g711_ulaw(std::span<const std::int16_t> samples);
Pcm through_g711_alaw(std::span<const std::int16_t> samples);
Pcm through_g729a(std::span<const std::int16_t> samples);
Pcm through_gsm_fr(std::span<const std::int16_t> samples);
Pcm through_amr_12200(std::span<const std::int16_t> samples);
Pcm through_amr_4750(std::span<const std::int16_t> samples);
Pcm through_opus_8000(std::span<const std::int16_t> samples);

/// `samples`, padded with zeros to a whole number of frames.
Pcm whole_frames(std::span<const std::int16_t> samples, std::size_t frame);

} // namespace keytone::accuracy
