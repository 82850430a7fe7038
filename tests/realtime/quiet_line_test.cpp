// SPDX-License-Identifier: MIT
//
// How little memory a quiet line touches: a hundred thousand of them have to be fetched from memory every 20
// ms.
#include "dsp/dtmf_detector.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <numbers>
#include <vector>

namespace keytone {
namespace {

/// A detector that spans two pages: its front at the end of the first one, the rest on the second.
class AcrossTwoPages {
  public:
    explicit AcrossTwoPages(std::size_t front = DtmfDetector::quiet_size) : front_(front) {
        memory_ = ::mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory_ == MAP_FAILED) {
            throw std::bad_alloc();
        }
        detector_ = new (second_page() - front_) DtmfDetector(SampleRate::narrowband());
    }
    ~AcrossTwoPages() {
        protect_rest(false);
        detector_->~DtmfDetector();
        ::munmap(memory_, 2 * page_);
    }
    AcrossTwoPages(const AcrossTwoPages&) = delete;
    AcrossTwoPages& operator=(const AcrossTwoPages&) = delete;

    DtmfDetector& detector() { return *detector_; }
    /// While it is protected, any access to the second page ends the program.
    void protect_rest(bool is_protected) {
        ASSERT_EQ(::mprotect(second_page(), page_, is_protected ? PROT_NONE : PROT_READ | PROT_WRITE), 0);
    }

  private:
    char* second_page() { return static_cast<char*>(memory_) + page_; }

    std::size_t front_;
    std::size_t page_ = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* memory_ = nullptr;
    DtmfDetector* detector_ = nullptr;
};

std::vector<std::int16_t> quiet_noise() {
    return test::to_pcm16(test::white_noise(16'000, -68.0, 3));
}

TEST(QuietLine, TouchesTheDetectorsFirst128Bytes) {
    static_assert(DtmfDetector::quiet_size == 128);
    static_assert(sizeof(DtmfDetector) <= 2048);
    const auto noise = quiet_noise();
    AcrossTwoPages across;
    DtmfDetector& detector = across.detector();
    const auto none = [](const DtmfReport&) { FAIL(); };
    for (const std::size_t frame : {80U, 160U, 320U, 40U}) {
        across.protect_rest(true);
        for (std::size_t at = 0; at + frame <= noise.size(); at += frame) {
            detector.process(std::span(noise).subspan(at, frame), none);
        }
        across.protect_rest(false);
    }
}

// A tone far above any key's.
TEST(LoudLine, TouchesTheDetectorsFirst384Bytes) {
    static_assert(DtmfDetector::loud_size == 384);
    constexpr std::size_t frame = 160;
    std::vector<std::int16_t> tone(100 * frame);
    for (std::size_t n = 0; n < tone.size(); ++n) {
        tone[n] = static_cast<std::int16_t>(
            3000.0 * std::sin(2.0 * std::numbers::pi * 0.325 * static_cast<double>(n)));
    }
    AcrossTwoPages across(DtmfDetector::loud_size);
    across.protect_rest(true);
    for (std::size_t at = 0; at < tone.size(); at += frame) {
        across.detector().process(std::span(tone).subspan(at, frame), [](const DtmfReport&) { FAIL(); });
    }
    across.protect_rest(false);
}

TEST(QuietLine, IsQuietAgainAfterAKey) {
    const auto noise = quiet_noise();
    const auto key = test::to_pcm16(test::sound({.key = '5', .tone_ms = 60}, 8000));
    AcrossTwoPages across;
    DtmfDetector& detector = across.detector();
    int reports = 0;
    const auto count = [&](const DtmfReport&) { ++reports; };
    detector.process(key, count);
    // After eighty milliseconds nothing of the key is left to be touched.
    detector.process(std::span(noise).first(640), count);
    EXPECT_EQ(reports, 3);
    across.protect_rest(true);
    detector.process(std::span(noise).subspan(640, 8000), count);
    across.protect_rest(false);
    EXPECT_EQ(reports, 3);
}

// Without this, the tests above would show nothing.
TEST(QuietLineDeathTest, AKeyTouchesMore) {
    const auto key = test::to_pcm16(test::sound({.key = '5', .tone_ms = 60}, 8000));
    AcrossTwoPages across;
    EXPECT_DEATH(
        {
            across.protect_rest(true);
            across.detector().process(key, [](const DtmfReport&) {});
        },
        "");
}

} // namespace
} // namespace keytone
