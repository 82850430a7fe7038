// SPDX-License-Identifier: MIT
//
// The rows of the table: each is a function in a source of its own, which makes its stimuli, lets both
// receivers hear them, and returns the results.
#pragma once

#include "bench/accuracy/measurement.hpp"
#include "bench/accuracy/outcome.hpp"

#include <span>
#include <string_view>

namespace keytone::accuracy {

struct Row {
    std::string_view name; ///< For --rows.
    std::string_view title;
    double weight; ///< Its share of the work, relative to the other rows, at 8 kHz.
    Outcome (*measure)(const Setting& setting);
};

/// All rows, in the order of the table.
std::span<const Row> rows();

Outcome measure_noise(const Setting& setting);
Outcome measure_talk_off_prompts(const Setting& setting);
Outcome measure_talk_off_warped(const Setting& setting);
Outcome measure_talk_off_speech(const Setting& setting);
Outcome measure_talk_off_packages(const Setting& setting);
Outcome measure_talk_off_synthetic(const Setting& setting);
Outcome measure_talk_off_music(const Setting& setting);
Outcome measure_talk_off_codecs(const Setting& setting);
Outcome measure_talk_off_loss(const Setting& setting);
Outcome measure_sensitivity(const Setting& setting);
Outcome measure_deviation(const Setting& setting);
Outcome measure_rejection(const Setting& setting);
Outcome measure_level_difference(const Setting& setting);
Outcome measure_duration(const Setting& setting);
Outcome measure_interruption(const Setting& setting);
Outcome measure_level(const Setting& setting);
Outcome measure_dial_tone(const Setting& setting);
Outcome measure_dial_cadence(const Setting& setting);
Outcome measure_single_tone(const Setting& setting);
Outcome measure_third_tone(const Setting& setting);
Outcome measure_speech(const Setting& setting);
Outcome measure_echo(const Setting& setting);
Outcome measure_key_after_key(const Setting& setting);
Outcome measure_level_change(const Setting& setting);
Outcome measure_packet_loss(const Setting& setting);
Outcome measure_codecs(const Setting& setting);
Outcome measure_latency(const Setting& setting);
Outcome measure_times(const Setting& setting);
Outcome measure_profiles(const Setting& setting);
Outcome measure_microphone(const Setting& setting);
Outcome measure_procedure(const Setting& setting);

} // namespace keytone::accuracy
