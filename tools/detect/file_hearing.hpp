// SPDX-License-Identifier: MIT
//
// The digits of one audio file, channel by channel, streamed through fixed buffers.
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_limits.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/units.hpp"
#include "engine/io/audio_reader.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keytone::tools {

/// How to listen to a file.
struct HearingSettings {
    DtmfLimits limits;
    std::optional<int>
        channel; ///< The only channel to listen to, counted from 1; all of them when there is none.
    bool one_channel = false;         ///< Refuse a file of several channels when `channel` chooses none.
    std::optional<io::RawFormat> raw; ///< What the files are, where they have no header.
};

/// A key that is over.
struct HeardDigit {
    int channel;       ///< Counted from 1.
    int rate_hz;       ///< Of the report's clock: the file's, or where it is not offered, the next that is.
    DtmfReport report; ///< Of kind `end`.
};

/// The next samples of one channel.
struct HeardSound {
    int channel; ///< Counted from 1.
    int rate_hz; ///< Of the samples: as above.
    std::span<const std::int16_t> samples;
};

/// What was heard on one channel.
struct HeardChannel {
    int number; ///< Counted from 1.
    std::string digits;
};

/// What became of a file.
struct HeardFile {
    std::vector<HeardChannel> channels; ///< None when the file could not be listened to at all.
    double seconds = 0.0;               ///< Length of what was read.
    std::optional<io::FileError> error; ///< Why not all of it was read, if so.
};

/// Called for each digit, in the order in which they end; false to stop listening.
using DigitSink = FunctionRef<bool(const HeardDigit&)>;
/// Called for each block of each channel listened to, before the digits that end in it.
using SoundSink = FunctionRef<void(const HeardSound&)>;
/// Called now and then with the part of the file that was read, 0 to 1, where its length is known.
using FileProgressSink = FunctionRef<void(double)>;

/// Listens to all of `path` (`-` is standard input), or until a signal asks for the end (interruption()):
/// what was heard until then is no failure.
HeardFile hear_file(const std::string& path, const HearingSettings& settings, DigitSink on_digit,
                    SoundSink on_sound, FileProgressSink on_progress);

} // namespace keytone::tools
