// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/dtmf_generator.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/media/fade.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// Where the first tone of the string begins on the generator's clock, after leading pauses. `[audio]`
SampleIndex first_tone_begin(const DtmfGenerator& generator) noexcept;

/// One digit string as it is sent: which tone sounds when, on the leg's clock.
class TonePlayer {
  public:
    /// One tone of the string; it sounds from `begin` to before `end`.
    struct Tone {
        char digit;
        bool cut; ///< It was faded out before its end.
        std::uint16_t index;
        SampleIndex begin;
        SampleIndex end;
    };

    /// Sends a copy of the generator, from its beginning; for events, silence in place of its tones.
    /// `[audio]`
    TonePlayer(const DtmfGenerator& generator, SampleIndex start, SampleCount fade,
               KeyForm form = KeyForm::tones) noexcept;

    /// The tone that sounds, or the next one; nothing after the last one. `[audio]`
    [[nodiscard]] const std::optional<Tone>& tone() const noexcept { return tone_; }
    /// Advances to the next tone, once tone() has ended. `[audio]`
    void next_tone() noexcept;
    /// A tone that sounds fades out from `at` on over `fade` samples, if it does not end sooner; between
    /// tones the string ends at once. `[audio]`
    void cut(SampleIndex at) noexcept;
    /// Writes the next samples, the first of which is at `first`, to `sent`. Between tones it sends nothing
    /// and leaves `sent` unchanged. The samples of one call must all be within one tone or between two.
    /// `[audio]`
    void send(std::span<std::int16_t> sent, SampleIndex first) noexcept;

    /// In which form its keys are sent. `[audio]`
    [[nodiscard]] KeyForm form() const noexcept { return form_; }
    /// The sample after the last one, including pauses that are written after the last tone. `[audio]`
    [[nodiscard]] SampleIndex end() const noexcept { return end_; }
    /// The sample after the last tone that will sound. `[audio]`
    [[nodiscard]] SampleIndex last_tone_end() const noexcept { return last_tone_end_; }
    /// Samples after end(), which will not be sent. `[audio]`
    [[nodiscard]] SampleCount lost() const noexcept { return start_ + generator_.length() - end_; }

  private:
    void find_tone(std::uint16_t index) noexcept;

    DtmfGenerator generator_;
    SampleIndex start_;
    SampleIndex end_;
    SampleIndex last_tone_end_ = 0;
    SampleCount fade_length_;
    KeyForm form_;
    DtmfGenerator::Segment place_; // of tone_ in the string
    std::optional<Tone> tone_;
    std::optional<Fade> fall_; // ends at end_
};

} // namespace keytone
