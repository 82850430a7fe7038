// SPDX-License-Identifier: MIT
#include "dsp/dtmf_batch.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>
#include <random>
#include <vector>

namespace keytone {
namespace {

/// Keys in noise, different ones on each line.
std::vector<std::int16_t> line_samples(std::size_t line) {
    test::Signal signal;
    for (std::size_t i = 0; i < 8; ++i) {
        test::append_silence(signal, 300 + 37 * line);
        const char key = test::all_keys[(line + i) % test::all_keys.size()];
        test::append(signal,
                     test::sound({.key = key, .tone_ms = 55, .low_dbm0 = -20, .high_dbm0 = -20}, 8000));
    }
    signal.resize(8000);
    test::mix_into(signal, test::white_noise(signal.size(), -35, line), 0);
    return test::to_pcm16(signal);
}

TEST(DtmfBatch, ReportsWhatEachDetectorWouldAtTheSameSample) {
    constexpr std::size_t lines = 40;
    constexpr std::size_t frame = 160;
    std::vector<DtmfDetector> alone(lines, DtmfDetector(SampleRate::narrowband()));
    std::vector<DtmfDetector> together = alone;
    std::vector<std::vector<std::int16_t>> samples;
    for (std::size_t line = 0; line < lines; ++line) {
        samples.push_back(line_samples(line));
    }
    std::vector<std::size_t> order(lines);
    std::iota(order.begin(), order.end(), 0U);
    std::mt19937 random(1);
    std::size_t reports = 0;
    for (std::size_t at = 0; at < samples[0].size(); at += frame) {
        std::ranges::shuffle(order, random);
        std::vector<DtmfFrame> frames;
        for (const std::size_t line : order) {
            frames.push_back({&together[line], std::span(samples[line]).subspan(at, frame)});
        }
        std::vector<std::vector<DtmfReport>> found(lines);
        process_batch(frames, [&](std::size_t index, const DtmfReport& report) {
            found[order[index]].push_back(report);
        });
        for (std::size_t line = 0; line < lines; ++line) {
            std::vector<DtmfReport> expected;
            alone[line].process(std::span<const std::int16_t>(samples[line]).subspan(at, frame),
                                [&](const DtmfReport& report) { expected.push_back(report); });
            ASSERT_TRUE(found[line] == expected) << line << ' ' << at;
            ASSERT_EQ(together[line].position(), alone[line].position());
            reports += expected.size();
        }
    }
    EXPECT_GT(reports, lines * 8 * 2);
}

TEST(DtmfBatch, TakesNothing) {
    process_batch({}, [](std::size_t, const DtmfReport&) { FAIL(); });
    DtmfDetector detector(SampleRate::narrowband());
    const DtmfFrame empty{&detector, {}};
    process_batch({&empty, 1}, [](std::size_t, const DtmfReport&) { FAIL(); });
    EXPECT_EQ(detector.position(), 0);
}

// The reports are the same without prefetching, and compilers tend to drop a function that does nothing else.
TEST(DtmfBatch, FetchesAhead) {
    const auto program = std::filesystem::read_symlink("/proc/self/exe");
    const test::ChildResult listing =
        test::run_child("/usr/bin/env", {"objdump", "-d", "--no-show-raw-insn", program.string()});
    ASSERT_EQ(listing.exit_code, 0) << listing.errors;
    // A function's mangled name and a colon are on a line of their own before its code.
    const std::string& all = listing.output;
    std::size_t begin = all.find("<_ZN7keytone13process_batchE");
    while (begin != std::string::npos && all[all.find('\n', begin) - 1] != ':') {
        begin = all.find("<_ZN7keytone13process_batchE", begin + 1);
    }
    ASSERT_NE(begin, std::string::npos);
    const std::string code = all.substr(begin, all.find("\n\n", begin) - begin);
    EXPECT_TRUE(code.find("prefetch") != std::string::npos || code.find("prfm") != std::string::npos) << code;
}

} // namespace
} // namespace keytone
