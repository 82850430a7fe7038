// SPDX-License-Identifier: MIT
//
// Detects the digits of one audio file, channel by channel, streamed through fixed buffers.
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_limits.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/io/audio_reader.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keytone::tools {

/// How a file is listened to.
struct HearingSettings {
    DtmfLimits limits;
    std::optional<int> channel;       ///< The only channel to listen to, counted from 1; absent: all.
    bool one_channel = false;         ///< Refuse a file of several channels unless `channel` selects one.
    std::optional<io::RawFormat> raw; ///< The format of the files, if they have no header.
};

/// A key that has ended.
struct HeardDigit {
    int channel;       ///< Counted from 1.
    int rate_hz;       ///< Of the report's clock: the file's, or the next higher one that is offered.
    DtmfReport report; ///< Of kind `end`.
};

/// The next samples of one channel.
struct HeardSound {
    int channel; ///< Counted from 1.
    int rate_hz; ///< Of the samples: see HeardDigit.
    std::span<const std::int16_t> samples;
};

/// What was detected on one channel.
struct HeardChannel {
    int number; ///< Counted from 1.
    std::string digits;
};

/// The result for a file.
struct HeardFile {
    std::vector<HeardChannel> channels; ///< Empty when nothing of the file could be read.
    double seconds = 0.0;               ///< Length of what was read, in seconds.
    std::optional<io::FileError> error; ///< Why not all of it was read, if so.
};

/// The rate at which a file is heard: its own, or the next higher one that keytone works at; nothing where
/// its own is none for keys.
std::optional<SampleRate> rate_to_hear(int file_hz);
/// Says so.
io::FileError no_rate_for_keys(const std::string& path, int rate_hz);

/// Called for each digit, in the order of their ends; returns false to stop listening.
using DigitSink = FunctionRef<bool(const HeardDigit&)>;
/// Called for each block of each channel listened to, before the digits that end in it.
using SoundSink = FunctionRef<void(const HeardSound&)>;
/// Called now and then with the part of the file that was read, 0 to 1, where its length is known.
using FileProgressSink = FunctionRef<void(double)>;

/// Listens to all of `path` (`-` is standard input), or until a signal asks for the end (interruption()),
/// which is no failure: what was detected until then is returned.
HeardFile hear_file(const std::string& path, const HearingSettings& settings, DigitSink on_digit,
                    SoundSink on_sound, FileProgressSink on_progress);

} // namespace keytone::tools
