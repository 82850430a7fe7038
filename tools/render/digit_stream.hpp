// SPDX-License-Identifier: MIT
//
// A digit string of any length as samples, with silence before and after it:
//
//     |<- lead ->| tone  gap  tone ... tone |<- max(gap, pauses) ->| tone  gap ... tone |<- pauses + tail ->|
//                |<------- one part ------->|                      |<-- next part -->|
//
// One DtmfGenerator sends one part of at most DigitString::max_length symbols, which begins and ends with a
// key. The silence between two parts is that of a single generator.
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

/// What to send, and how much silence around it.
struct DigitStreamSettings {
    SampleRate rate = SampleRate::narrowband();
    DtmfTone tone;
    Milliseconds lead{0}; ///< Silence before the first symbol, 0 or more.
    Milliseconds tail{0}; ///< Silence after the last symbol, 0 or more.
    /// Symbols that one generator sends, 1 to DigitString::max_length. Has no effect on the samples.
    std::size_t part_length = DigitString::max_length;
};

/// Sends digits as tones, in blocks of any size.
class DigitStream {
  public:
    /// Errors: those of DigitString::parse (except too_many_digits), with the position, and those of
    /// DtmfGenerator::create.
    static Result<DigitStream, DigitString::ParseError> create(std::string_view digits,
                                                               const DigitStreamSettings& settings);

    /// Fills `out` from its front and returns how many samples it wrote: fewer than asked for at the end
    /// only. `[audio]`
    std::size_t generate(std::span<std::int16_t> out) noexcept KEYTONE_NONBLOCKING { return fill(out); }
    /// The same in floating point, full scale being 1. `[audio]`
    std::size_t generate(std::span<float> out) noexcept KEYTONE_NONBLOCKING { return fill(out); }

    /// Samples of the whole stream.
    [[nodiscard]] SampleCount length() const { return length_; }
    /// Calls `sink` for each tone, in order, whatever has been generated so far.
    void for_each_tone(FunctionRef<void(const DtmfGenerator::Tone&)> sink) const;

  private:
    struct Part {
        SampleCount silence_before; ///< Silence before this part that is still due.
        DtmfGenerator generator;
        SampleIndex begin = 0;
    };

    DigitStream(std::vector<Part> parts, SampleCount silence_after);
    template <class Sample>
    std::size_t fill(std::span<Sample> out) noexcept;
    /// The silence that is still due before the current part, or after the last one.
    SampleCount& silence_due();

    std::vector<Part> parts_;
    std::size_t current_ = 0;
    SampleCount silence_after_;
    SampleCount length_ = 0;
};

} // namespace keytone::tools
