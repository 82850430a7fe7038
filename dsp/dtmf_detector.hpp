// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/dtmf_limits.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/keys.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <cstdint>
#include <span>

namespace keytone {

/// What the detector says of a key, with times on the clock of the stream it hears.
struct DtmfReport {
    enum class Kind : std::uint8_t {
        hint,  ///< A key may have begun: unconfirmed, good for muting only. Followed by begin, or by nothing.
        begin, ///< A key is certain. Levels, frequencies and snr are measured; duration is 0.
        end,   ///< The key of the last begin is over: duration is known, the measures cover all of it.
    };

    Kind kind;
    Key key;
    SampleIndex onset;        ///< First sample of the tone.
    SampleCount duration;     ///< From the first to the last sample of the tone; 0 unless `end`.
    Dbm0 low_level;           ///< Level of the low-group tone.
    Dbm0 high_level;          ///< Level of the high-group tone.
    Hertz low_frequency;      ///< Frequency of the low-group tone, as measured.
    Hertz high_frequency;     ///< Frequency of the high-group tone, as measured.
    Decibels snr;             ///< Power of the two tones over everything else, 0-4 kHz.
};

/// Hears DTMF keys in a stream of samples. A plain value: a copy goes on from where the original stands, and
/// `reset()` equals fresh. What it reports, and at which sample, does not depend on how the stream is cut into calls.
class DtmfDetector {
  public:
    using Sink = FunctionRef<void(const DtmfReport&)>;

    explicit DtmfDetector(SampleRate rate, const DtmfLimits& limits = {});

    /// Hears the next samples; full scale is 32768. `sink` is called for each report, in order. `[audio]`
    void process(std::span<const std::int16_t> samples, Sink sink) noexcept;
    /// `count` samples (0 or more) of the stream were lost, as when a packet never came. A key that sounds before
    /// and after is one key. `[audio]`
    void process_lost(SampleCount count, Sink sink) noexcept;
    /// The stream is over: reports what the last samples still held back. `[audio]`
    void finish(Sink sink) noexcept;
    /// Forgets the stream. `[audio]`
    void reset() noexcept;

    /// Samples heard since construction or reset(), lost ones included. `[any]`
    [[nodiscard]] SampleIndex position() const noexcept;
};

} // namespace keytone
