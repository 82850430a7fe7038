// SPDX-License-Identifier: MIT
//
// Takes keys out of a stream, a fixed time after it came: look_ahead later, each sample comes out as it was,
// or as silence where a key sounds.
//
//     in     speech|kkkkkkkkkkkkkkkkkkkk|speech
//     out          30 ms |speech|                    |speech
#pragma once

#include "dsp/nonblocking.hpp"
#include "dsp/offered_rates.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/suppressor/key_spans.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// A plain value: a copy goes on from where the original stands, and `reset()` equals fresh. What comes out
/// does not depend on how the stream is cut into calls.
class DtmfSuppressor {
  public:
    /// By how much the output is later than the input. A key is certain 27-32 ms after its first sample: up
    /// to 2 ms of it are out by then.
    static constexpr Milliseconds look_ahead{30};

    explicit DtmfSuppressor(SampleRate rate, const DtmfLimits& limits = suppression_limits());

    /// Takes the next samples and puts out as many, those of delay() before, beginning with zeros. `in` and
    /// `out` have the same length, and may be the same memory. `[audio]`
    void process(std::span<const std::int16_t> in, std::span<std::int16_t> out) noexcept KEYTONE_NONBLOCKING;
    /// The same where the next samples were lost: they come out as zeros. `[audio]`
    void process_lost(std::span<std::int16_t> out) noexcept KEYTONE_NONBLOCKING;
    /// A key comes beside the samples, as a telephone event: what sounds from `begin` to before `end`, on the
    /// clock of the input, is silenced too, as far as it is not out yet. With KeySpan::open as the end, until
    /// end_event(). `[audio]`
    void suppress(SampleIndex begin, SampleIndex end) noexcept KEYTONE_NONBLOCKING {
        keys_.suppress(begin, end);
    }
    void end_event(SampleIndex end) noexcept KEYTONE_NONBLOCKING { keys_.end_event(end); }
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    /// look_ahead in samples. To get the last ones, process as many zeros. `[any]`
    [[nodiscard]] SampleCount delay() const noexcept { return delay_; }
    /// Samples taken. `[any]`
    [[nodiscard]] SampleIndex position() const noexcept { return position_; }

  private:
    static constexpr std::size_t max_delay = static_cast<std::size_t>(offered_rates_hz.back()) * 30 / 1000;
    static_assert(look_ahead.value == 30.0);

    void take(std::span<const std::int16_t> in, std::span<std::int16_t> out, bool lost) noexcept;
    void hear_taken() noexcept;

    KeySpans keys_;
    SampleCount delay_;
    SampleCount piece_; // heard at its end, and what it tells counts from there on
    SampleIndex position_ = 0;
    std::size_t place_ = 0; // of the oldest sample kept
    std::size_t taken_ = 0; // of the piece, but not heard yet
    bool lost_ = false;     // whether those were lost
    std::array<std::int16_t, max_delay> kept_{};
};

} // namespace keytone
