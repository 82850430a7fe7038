// SPDX-License-Identifier: MIT
#include "tools/device/device_lines.hpp"

#include <gtest/gtest.h>

#include <array>

namespace keytone::tools {
namespace {

const io::AudioDevice line{3, "li\tne", "ALSA", 1, 2, 44100.0, true, true};
const SampleRate narrowband = SampleRate::narrowband();

DtmfReport report(DtmfReport::Kind kind) {
    return {.kind = kind,
            .key = *Key::from_character('5'),
            .onset = 12'001,
            .duration = kind == DtmfReport::Kind::end ? 801 : 0,
            .low_level = Dbm0{-10.123},
            .high_level = Dbm0{-8},
            .low_frequency = Hertz{770.004},
            .high_frequency = Hertz{1336.5},
            .snr = Decibels{35.678}};
}

TEST(DeviceLines, DevicesStandInColumns) {
    const std::array devices{line, io::AudioDevice{12, "x", "JACK", 0, 16, 48000.0, false, false}};
    EXPECT_EQ(device_table(devices), "3   li?ne  ALSA  1 in  2 out   44100 Hz  default input and output\n"
                                     "12  x      JACK  0 in  16 out  48000 Hz\n");
    EXPECT_EQ(device_table({}), "");
}

TEST(DeviceLines, DevicesInJson) {
    EXPECT_EQ(json_device_line(line),
              R"({"device":3,"name":"li\tne","system":"ALSA","inputs":1,"outputs":2,"rate_hz":44100.0,)"
              R"("default_input":true,"default_output":true})"
              "\n");
}

TEST(DeviceLines, Start) {
    const StreamInUse heard{line, io::AudioDirection::input, narrowband, 2};
    EXPECT_EQ(text_start_line(heard), "listening to li?ne (ALSA), channel 2, 8000 Hz\n");
    EXPECT_EQ(json_start_line(heard),
              R"({"ev":"start","device":3,"name":"li\tne","system":"ALSA","rate_hz":8000,"channel":2})"
              "\n");
    const StreamInUse sent{line, io::AudioDirection::output, narrowband, std::nullopt};
    EXPECT_EQ(text_start_line(sent), "playing on li?ne (ALSA), 8000 Hz\n");
    EXPECT_EQ(json_start_line(sent),
              R"({"ev":"start","device":3,"name":"li\tne","system":"ALSA","rate_hz":8000})"
              "\n");
}

TEST(DeviceLines, KeysThatSound) {
    const DtmfGenerator::Tone tone{*Key::from_character('#'), 8001, 8801};
    EXPECT_EQ(text_key_line(tone, narrowband), "     1.000 s  #\n");
    EXPECT_EQ(json_key_line(tone, narrowband),
              R"({"ev":"key","digit":"#","start_s":1.000125,"duration_s":0.1})"
              "\n");
}

TEST(DeviceLines, WhatIsHeard) {
    using Kind = DtmfReport::Kind;
    EXPECT_EQ(text_report_line(report(Kind::hint), narrowband), "");
    EXPECT_EQ(text_report_line(report(Kind::begin), narrowband),
              "     1.500 s  5  begins, -10.1 and -8.0 dBm0\n");
    EXPECT_EQ(text_report_line(report(Kind::end), narrowband), "     1.600 s  5  ends after 100.1 ms\n");
    EXPECT_EQ(json_report_line(report(Kind::hint), narrowband),
              R"({"ev":"hint","digit":"5","start_s":1.500125})"
              "\n");
    EXPECT_EQ(json_report_line(report(Kind::begin), narrowband),
              R"({"ev":"begin","digit":"5","start_s":1.500125,"low_dbm0":-10.12,"high_dbm0":-8.0,)"
              R"("low_hz":770.0,"high_hz":1336.5,"snr_db":35.68})"
              "\n");
    EXPECT_EQ(
        json_report_line(report(Kind::end), narrowband),
        R"({"ev":"end","digit":"5","start_s":1.500125,"duration_s":0.100125,"low_dbm0":-10.12,"high_dbm0":-8.0,)"
        R"("low_hz":770.0,"high_hz":1336.5,"snr_db":35.68})"
        "\n");
}

TEST(DeviceLines, Summary) {
    StreamSummary summary{.digits = "12", .seconds = 1.5, .counts = {.blocks = 100, .busiest = 0.01234}};
    EXPECT_EQ(
        text_summary_line("played", summary),
        "played 12 in 1.500 s; 100 blocks, the busiest took 1.2 % of its time, none was late or lost\n");
    summary.digits.clear();
    summary.counts = {.blocks = 1,
                      .late = 2,
                      .over_time = 3,
                      .input_underflows = 4,
                      .input_overflows = 5,
                      .output_underflows = 1,
                      .output_overflows = 6,
                      .busiest = 1.5};
    summary.reports_lost = 7;
    EXPECT_EQ(text_summary_line("heard", summary), "heard no digit in 1.500 s; 1 block, the busiest took "
                                                   "150.0 % of its time, 2 blocks late, 3 blocks over "
                                                   "their time, 4 input underflows, 5 input overflows, 1 "
                                                   "output underflow, 6 output overflows, 7 reports "
                                                   "lost\n");
    EXPECT_EQ(
        json_summary_line(summary),
        R"({"ev":"summary","digits":"","seconds":1.5,"blocks":1,"late":2,"over_time":3,"input_underflows":4,)"
        R"("input_overflows":5,"output_underflows":1,"output_overflows":6,"busiest_percent":150.0,)"
        R"("reports_lost":7})"
        "\n");
}

} // namespace
} // namespace keytone::tools
