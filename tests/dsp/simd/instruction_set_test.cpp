// SPDX-License-Identifier: MIT
#include "dsp/dtmf_detector.hpp"
#include "dsp/simd/instruction_set.hpp"
#include "tests/support/audio_file.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace keytone {
namespace {

/// Uses another instruction set while it lives.
class Using {
  public:
    explicit Using(InstructionSet set, Registers registers = usual_registers()) {
        EXPECT_TRUE(use_instruction_set(set, registers));
    }
    ~Using() { use_instruction_set(before_); }
    Using(const Using&) = delete;
    Using& operator=(const Using&) = delete;

  private:
    InstructionSet before_ = instruction_set();
};

std::vector<DtmfReport> reports(std::span<const std::int16_t> samples, int rate_hz) {
    DtmfDetector detector(SampleRate::from_hz(rate_hz).value());
    std::vector<DtmfReport> reports;
    const auto sink = [&](const DtmfReport& report) { reports.push_back(report); };
    detector.process(samples, sink);
    detector.finish(sink);
    return reports;
}

/// All reports for the recordings, and for keys that are hard to hear.
std::vector<DtmfReport> reports_of_everything() {
    std::vector<DtmfReport> all;
    const auto add = [&](const std::vector<DtmfReport>& more) {
        all.insert(all.end(), more.begin(), more.end());
    };
    for (const char* const name : {"bank_menu.wav", "sales_menu.wav", "worst_line.flac", "dialling.flac",
                                   "delivery_by_mobile.wav", "support_wideband.flac", "no_digit.flac"}) {
        const auto file = test::read_audio(std::string(KEYTONE_TESTDATA "/") + name);
        for (const auto& channel : file.channels) {
            add(reports(channel, file.rate_hz));
        }
    }
    test::Signal noisy;
    for (const char key : test::all_keys) {
        test::append(noisy,
                     test::sound({.key = key, .tone_ms = 50, .low_dbm0 = -20, .high_dbm0 = -22}, 8000));
        test::append_silence(noisy, 400);
    }
    test::mix_into(noisy, test::white_noise(noisy.size(), -20, 5), 0);
    add(reports(test::to_pcm16(noisy), 8000));
    return all;
}

TEST(InstructionSet, EveryOneGivesTheSameReports) {
    std::vector<DtmfReport> expected;
    {
        const Using baseline(InstructionSet::baseline);
        expected = reports_of_everything();
    }
    ASSERT_GT(expected.size(), 150U);
    for (const InstructionSet set : all_instruction_sets) {
        if (!is_available(set)) {
            GTEST_LOG_(INFO) << "this machine does not run " << name(set);
            continue;
        }
        for (const Registers registers : {Registers::narrow, Registers::wide}) {
            const Using other(set, registers);
            const auto found = reports_of_everything();
            ASSERT_EQ(found.size(), expected.size()) << name(set);
            for (std::size_t i = 0; i < found.size(); ++i) {
                EXPECT_TRUE(found[i] == expected[i]) << name(set) << ", report " << i;
            }
            if (set != InstructionSet::avx512) {
                break; // has one kind
            }
        }
    }
}

TEST(InstructionSet, IsFoundByItsName) {
    for (const InstructionSet set : all_instruction_sets) {
        EXPECT_EQ(instruction_set_named(name(set)), set);
    }
    EXPECT_EQ(instruction_set_named("AVX2"), std::nullopt);
    EXPECT_EQ(instruction_set_named(""), std::nullopt);
}

TEST(InstructionSet, OneThatIsNotThereIsNotUsed) {
    const InstructionSet before = instruction_set();
    for (const InstructionSet set : all_instruction_sets) {
        if (!is_available(set)) {
            EXPECT_FALSE(use_instruction_set(set));
            EXPECT_EQ(instruction_set(), before);
        }
    }
    EXPECT_TRUE(is_available(InstructionSet::baseline));
}

// The environment is read when a program starts: so each of these runs in a process of its own.
TEST(InstructionSetDeathTest, IsChosenByTheEnvironment) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto begun_with = [](const char* wanted, InstructionSet expected) {
        ::setenv("KEYTONE_SIMD", wanted, 1);
        EXPECT_EXIT(std::exit(instruction_set() == expected ? 0 : 1), testing::ExitedWithCode(0), "")
            << wanted;
    };
    InstructionSet best = InstructionSet::baseline;
    for (const InstructionSet set : all_instruction_sets) {
        if (is_available(set)) {
            begun_with(std::string(name(set)).c_str(), set);
            best = set;
        }
    }
    begun_with("", best);
    begun_with("mmx", best);
}

} // namespace
} // namespace keytone
