// SPDX-License-Identifier: MIT
#include "dsp/dtmf_batch.hpp"

#include <algorithm>

namespace keytone {

namespace {

// Lines to prefetch ahead: as many as are heard while one access to memory takes. What a line that is not
// quiet needs besides, its front tells.
constexpr std::size_t ahead = 8;
constexpr std::size_t rest_ahead = 4;
constexpr std::size_t cache_line = 64;
// Bytes of samples to prefetch, 20 ms without a loop; the processor fetches what follows by itself.
constexpr std::size_t samples_fetched = 320;

// Inlined, as the compiler would drop a call that has no effect.
[[gnu::always_inline]] inline void prefetch(const DtmfFrame& frame) noexcept {
    const auto* const detector = reinterpret_cast<const char*>(frame.detector);
    for (std::size_t at = 0; at < DtmfDetector::quiet_size; at += cache_line) {
        __builtin_prefetch(detector + at, 1);
    }
    const auto* const samples = reinterpret_cast<const char*>(frame.samples.data());
    for (std::size_t at = 0; at < samples_fetched; at += cache_line) {
        __builtin_prefetch(samples + at);
    }
}

} // namespace

void process_batch(std::span<const DtmfFrame> frames,
                   FunctionRef<void(std::size_t, const DtmfReport&)> sink) noexcept {
    for (std::size_t i = 0; i < std::min(ahead, frames.size()); ++i) {
        prefetch(frames[i]);
    }
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (i + ahead < frames.size()) {
            prefetch(frames[i + ahead]);
        }
        if (i + rest_ahead < frames.size()) {
            frames[i + rest_ahead].detector->prefetch_rest();
        }
        frames[i].detector->process(frames[i].samples, [&](const DtmfReport& report) { sink(i, report); });
    }
}

} // namespace keytone
