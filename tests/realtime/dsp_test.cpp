// SPDX-License-Identifier: MIT
//
// Nothing of dsp/ that a host calls on its audio thread allocates. The C library's own allocation is watched,
// so that neither a container nor Eigen can hide one. Sanitizers bring their own allocator: there the test
// has nothing to watch.
#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/g711.hpp"
#include "dsp/line_listener.hpp"
#include "dsp/resampler.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KEYTONE_WATCHES_MALLOC 0
#else
#define KEYTONE_WATCHES_MALLOC 1
#endif

namespace {

thread_local bool watching = false;
thread_local int allocations = 0;

} // namespace

#if KEYTONE_WATCHES_MALLOC
extern "C" {
void* __libc_malloc(std::size_t);                // NOLINT: glibc's name
void* __libc_calloc(std::size_t, std::size_t);   // NOLINT
void* __libc_realloc(void*, std::size_t);        // NOLINT
void* __libc_memalign(std::size_t, std::size_t); // NOLINT

void* malloc(std::size_t size) {
    allocations += watching ? 1 : 0;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    allocations += watching ? 1 : 0;
    return __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) {
    allocations += watching ? 1 : 0;
    return __libc_realloc(block, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    allocations += watching ? 1 : 0;
    return __libc_memalign(alignment, size);
}
}
#endif

namespace keytone {
namespace {

class Watch {
  public:
    Watch() {
        allocations = 0;
        watching = true;
    }
    ~Watch() { watching = false; }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    [[nodiscard]] int count() const { return allocations; }
};

TEST(RealTime, TheWatchSeesAllocations) {
    if (KEYTONE_WATCHES_MALLOC == 0) {
        GTEST_SKIP() << "a sanitizer has its own allocator";
    }
    const Watch watch;
    std::vector<int> numbers(1000);
    numbers[3] = 1;
    EXPECT_EQ(watch.count(), numbers[3]);
}

TEST(RealTime, DspDoesNotAllocate) {
    for (const int hz : SampleRate::offered_hz) {
        const SampleRate rate = *SampleRate::from_hz(hz);
        auto generator = DtmfGenerator::create(*DigitString::parse("0123456789*#ABCDw1"),
                                               {.tone = Milliseconds{60}}, rate);
        ASSERT_TRUE(generator);
        std::vector<std::int16_t> samples(static_cast<std::size_t>(generator->length()));
        std::vector<std::uint8_t> codes(samples.size());
        std::vector<float> floats(samples.size());
        const auto noise = test::to_pcm16(test::white_noise(samples.size(), -20.0, 1));
        DtmfDetector detector(rate);
        LineListener listener(rate);
        Resampler resampler(rate, *SampleRate::from_hz(hz == 44100 ? 8000 : 44100));
        std::vector<std::int16_t> resampled(6 * samples.size());
        int line_events = 0;
        int keys = 0;
        const auto count = [&](const DtmfReport& report) {
            keys += report.kind == DtmfReport::Kind::end ? 1 : 0;
        };

        const Watch watch;
        generator->generate(samples);
        generator->reset();
        generator->generate(floats);
        g711_encode(G711Law::ulaw, samples, codes);
        g711_decode(G711Law::ulaw, codes, samples);
        detector.process(samples, count);
        detector.process_lost(hz / 50, count);
        detector.process(noise, count);
        detector.process_lost(SampleCount{hz} * 3600, count);
        detector.finish(count);
        detector.reset();
        listener.process(samples, [&](const LineEvent&) { ++line_events; });
        listener.reset();
        std::span<const std::int16_t> rest = samples;
        const std::size_t written = resampler.process(rest, resampled);
        resampler.reset();
        EXPECT_EQ(watch.count(), 0) << hz;
        EXPECT_EQ(keys, 17);
        EXPECT_GT(line_events, 0);
        EXPECT_TRUE(rest.empty());
        EXPECT_GT(written, 0U);
    }
}

} // namespace
} // namespace keytone
