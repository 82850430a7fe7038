// SPDX-License-Identifier: MIT
//
// A digit string of any length as samples, with silence before and behind:
//
//     |<- lead ->| tone  gap  tone ... tone |<- max(gap, pauses) ->| tone  gap ... tone |<- pauses + tail ->|
//                |<------- one part ------->|                      |<-- next part -->|
//
// One DtmfGenerator sends one part of at most DigitString::max_length symbols, which begins and ends with a
// key. The silence at the seams is the one that a single generator would keep there.
#pragma once

#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace keytone::tools {

/// What to send, and with how much silence around it.
struct DigitStreamSettings {
    SampleRate rate = SampleRate::narrowband();
    DtmfTone tone;
    Milliseconds lead{0}; ///< Silence before the first symbol, 0 or more.
    Milliseconds tail{0}; ///< Silence behind the last symbol, 0 or more.
    /// Symbols that one generator sends, 1 to DigitString::max_length. Changes no sample.
    std::size_t part_length = DigitString::max_length;
};

/// Sends digits as tones, in blocks of any size.
class DigitStream {
  public:
    /// Errors: those of DigitString::parse (but for too_many_digits) with the place, and of
    /// DtmfGenerator::create.
    static Result<DigitStream, DigitString::ParseError> create(std::string_view digits,
                                                               const DigitStreamSettings& settings);

    /// Fills `out` from its front and returns how many samples it wrote: fewer than asked for only at the
    /// end. `[audio]`
    std::size_t generate(std::span<std::int16_t> out) noexcept KEYTONE_NONBLOCKING { return fill(out); }
    /// The same in floating point, full scale being 1. `[audio]`
    std::size_t generate(std::span<float> out) noexcept KEYTONE_NONBLOCKING { return fill(out); }

    /// Samples from the first to the last.
    [[nodiscard]] SampleCount length() const { return length_; }
    /// Calls `sink` for each tone, in order, whatever was generated so far.
    void for_each_tone(FunctionRef<void(const DtmfGenerator::Tone&)> sink) const;

  private:
    struct Part {
        SampleCount silence_before; ///< Still due.
        DtmfGenerator generator;
        SampleIndex begin = 0;
    };

    DigitStream(std::vector<Part> parts, SampleCount silence_after);
    template <class Sample>
    std::size_t fill(std::span<Sample> out) noexcept;
    /// Silence still due before the current part, or behind the last.
    SampleCount& silence_due();

    std::vector<Part> parts_;
    std::size_t current_ = 0;
    SampleCount silence_after_;
    SampleCount length_ = 0;
};

} // namespace keytone::tools
