// SPDX-License-Identifier: MIT
//
// The check itself must work: built with RealtimeSanitizer, the program ends where an `[audio]` function
// allocates or locks.
#undef KEYTONE_SINKS_MAY_BLOCK
#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/nonblocking.hpp"
#include "tests/support/sanitizers.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <mutex>
#include <vector>

namespace keytone {
namespace {

#if KEYTONE_REALTIME_SANITIZER

std::unique_ptr<int> kept;
std::mutex mutex;

void allocate() noexcept KEYTONE_NONBLOCKING;
void allocate() noexcept {
    kept = std::make_unique<int>(1);
}

void lock() noexcept KEYTONE_NONBLOCKING;
void lock() noexcept {
    const std::lock_guard guard(mutex);
}

void call_the_system() noexcept KEYTONE_NONBLOCKING;
void call_the_system() noexcept {
    static_cast<void>(usleep(1));
}

TEST(RealTimeSanitizerDeathTest, StopsAtAllocation) {
    EXPECT_DEATH(allocate(), "malloc.* in real-time context");
}

TEST(RealTimeSanitizerDeathTest, StopsAtALock) {
    EXPECT_DEATH(lock(), "pthread_mutex_lock.* in real-time context");
}

TEST(RealTimeSanitizerDeathTest, StopsAtASystemCall) {
    EXPECT_DEATH(call_the_system(), "usleep.* in real-time context");
}

// What a sink does is done on the audio thread, too.
TEST(RealTimeSanitizerDeathTest, StopsAtAllocationInASink) {
    const SampleRate rate = SampleRate::narrowband();
    auto generator = DtmfGenerator::create(*DigitString::parse("5"), {}, rate);
    ASSERT_TRUE(generator);
    std::vector<std::int16_t> samples(static_cast<std::size_t>(generator->length()));
    generator->generate(samples);
    DtmfDetector detector(rate);
    EXPECT_DEATH(detector.process(samples, [](const DtmfReport&) { kept = std::make_unique<int>(1); }),
                 "malloc.* in real-time context");
}

#else

TEST(RealTimeSanitizer, IsInThePresetRtsan) {
    GTEST_SKIP() << "not built with RealtimeSanitizer";
}

#endif

} // namespace
} // namespace keytone
