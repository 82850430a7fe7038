// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/nonblocking.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// The next samples of one line.
struct DtmfFrame {
    DtmfDetector* detector;
    std::span<const std::int16_t> samples;
};

/// Passes every line's next samples to its detector, in order, as `process()` would, and meanwhile prefetches
/// what the next lines need from memory. Worth while from some hundred lines on. `sink` is called with the
/// frame's index. `[audio]`
void process_batch(std::span<const DtmfFrame> frames,
                   FunctionRef<void(std::size_t, const DtmfReport&)> sink) noexcept KEYTONE_NONBLOCKING;

} // namespace keytone
