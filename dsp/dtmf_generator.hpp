// SPDX-License-Identifier: MIT
//
// Digits to samples. The first key's tone, or a leading pause, begins at sample 0:
//
//     "1w2"   |<-- tone -->|<-- max(gap, pause) -->|<-- tone -->|
//
// Pauses in a row add up; after the last tone only the pauses that are written after it follow.
#pragma once

#include "dsp/digit_string.hpp"
#include "dsp/error.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/generator/envelope.hpp"
#include "dsp/generator/key_sines.hpp"
#include "dsp/keys.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// How keys sound.
struct DtmfTone {
    Milliseconds tone{100}; ///< Length of a tone with its edges, 5-6000 ms.
    Milliseconds gap{100};  ///< Silence between two tones, 5-6000 ms.
    Milliseconds edge{2};   ///< Raised-cosine rise, and fall, inside the tone; 0 to half the tone.
    Dbm0 low_level{-10};    ///< Low-group tone, -60 to +3.14 dBm0.
    Dbm0 high_level{-8};    ///< High-group tone, -60 to +3.14 dBm0. Both peaks add up to at most full scale.
};

/// Sends one digit string as tones. A plain value: a copy goes on from where the original stands.
class DtmfGenerator {
  public:
    /// One tone on the generator's own clock: samples `begin` to before `end`.
    struct Tone {
        Key key;
        SampleIndex begin;
        SampleIndex end;
    };

    /// A tone, or a silence, and the index of the first symbol after it. Every length is rounded to samples
    /// by itself.
    struct Segment {
        std::optional<Key> key;
        SampleIndex begin = 0;
        SampleIndex end = 0;
        std::size_t next_symbol = 0;
    };

    /// Errors: tone_out_of_range, gap_out_of_range, edge_out_of_range, level_out_of_range, level_clips.
    static Result<DtmfGenerator, Error> create(const DigitString& digits, const DtmfTone& tone,
                                               SampleRate rate) noexcept;

    /// Fills `out` from its front and returns how many samples it wrote: fewer than asked for at the end
    /// only, then 0. The samples do not depend on how the calls cut them. `[audio]`
    std::size_t generate(std::span<std::int16_t> out) noexcept KEYTONE_NONBLOCKING;
    /// The same in floating point, full scale being 1. `[audio]`
    std::size_t generate(std::span<float> out) noexcept KEYTONE_NONBLOCKING;

    /// Samples of the whole string. `[any]`
    [[nodiscard]] SampleCount length() const noexcept;
    /// Samples not yet generated. `[any]`
    [[nodiscard]] SampleCount remaining() const noexcept;
    /// Begins again at sample 0. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;
    /// Calls `sink` for each tone of the string, in order, whatever has been generated so far. `[any]`
    void for_each_tone(FunctionRef<void(const Tone&)> sink) const;
    /// The first tone behind `segment`, which moves there; nothing behind the last. A walk over the string
    /// begins with Segment{}. `[any]`
    [[nodiscard]] std::optional<Tone> next_tone(Segment& segment) const noexcept;

  private:
    DtmfGenerator(const DigitString& digits, const DtmfTone& tone, SampleRate rate) noexcept;
    /// Moves to the next segment.
    void go_on(Segment& segment) const noexcept;
    template <class Sample>
    std::size_t generate_segments(std::span<Sample> out) noexcept;
    void render(std::span<float> out) const noexcept;
    void render(std::span<std::int16_t> out) const noexcept;

    DigitString digits_;
    SampleRate rate_;
    Envelope envelope_;
    SampleCount gap_;
    float low_peak_;
    float high_peak_;
    SampleCount length_ = 0;
    SampleIndex position_ = 0;
    KeySines sines_;  ///< Of the segment, or of the last that was a tone.
    Segment segment_; ///< What sounds at position_, or has just ended there.
};

} // namespace keytone
