// SPDX-License-Identifier: MIT
//
// The lines that `keytone devices`, `keytone play` and `keytone monitor` print. In JSON, `ev` is the kind of
// line: start, key (play), hint, begin, end (monitor), summary. Times to a microsecond, levels to 0.01 dB.
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/sample_rate.hpp"
#include "engine/io/device/audio_device.hpp"
#include "engine/io/device/stream_health.hpp"
#include "tools/listen/listen_lines.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace keytone::tools {

/// All devices, one a line, in columns: number, name, system, inputs, outputs, rate, whether it is a default.
std::string device_table(std::span<const io::AudioDevice> devices);
/// `device name system inputs outputs rate_hz default_input default_output`
std::string json_device_line(const io::AudioDevice& device);

/// A stream in use.
struct StreamInUse {
    io::AudioDevice device;
    io::AudioDirection direction;
    SampleRate rate;
    std::optional<int> channel; ///< The only channel that is heard, counted from 1.
};

/// `ev device name system rate_hz`, and the channel heard.
std::string json_start_line(const StreamInUse& use);
std::string text_start_line(const StreamInUse& use);

/// A key that begins to sound: `ev digit start_s duration_s`.
std::string json_key_line(const DtmfGenerator::Tone& tone, SampleRate rate);
std::string text_key_line(const DtmfGenerator::Tone& tone, SampleRate rate);

/// A report of the detector: `ev digit start_s`; for begin and end also `duration_s low_dbm0 high_dbm0 low_hz
/// high_hz snr_db`, the duration for an end only.
std::string json_report_line(const DtmfReport& report, SampleRate rate);
/// Empty for a hint.
std::string text_report_line(const DtmfReport& report, SampleRate rate);
/// The same for what is no key: with --all.
std::string json_thing_line(const HeardThing& thing, SampleRate rate);
std::string text_thing_line(const HeardThing& thing, SampleRate rate);

/// The result of a stream.
struct StreamSummary {
    std::string digits; ///< Sent or heard until the end.
    double seconds;
    io::StreamCounts counts;
    std::uint64_t reports_lost = 0;
};

/// `ev digits seconds blocks late over_time input_underflows input_overflows output_underflows
/// output_overflows busiest_percent reports_lost`
std::string json_summary_line(const StreamSummary& summary);
/// `done` is "played" or "heard".
std::string text_summary_line(const std::string& done, const StreamSummary& summary);

} // namespace keytone::tools
