// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/generator/key_sines.hpp"
#include "dsp/keys.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/media/fade.hpp"
#include "engine/media/key_events.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// A key that the other leg heard as a telephone event, and that goes out here: as an event too, or as a tone
/// to a far end that takes no events. One at a time; each begins with the next sample that is sent, and
/// is as long as it was there.
class PassedKey {
  public:
    PassedKey(SampleRate rate, SampleCount fade) noexcept : rate_(rate), fade_(fade) {}

    /// It began over there. `next`: the next sample that is sent. Nothing while another one lasts. `[audio]`
    void begin(Key key, SampleIndex next, KeyForm form, KeyEvents& events) noexcept;
    /// It has ended, after `duration`. A tone that should have ended by `next` ends there. `[audio]`
    void end(SampleCount duration, SampleIndex next, KeyEvents& events) noexcept;
    /// Both legs are parted: a tone ends at `next`. `[audio]`
    void part(SampleIndex next) noexcept;
    /// Whether no key lasts, nor sounds from `next` on. `[audio]`
    [[nodiscard]] bool is_over(SampleIndex next) const noexcept {
        return !since_ && (!tone_ || (tone_->fall && tone_->fall->end() <= next));
    }
    /// Writes the tone, where it sounds, over `sent`, whose first sample is at `first`. `[audio]`
    void send(std::span<std::int16_t> sent, SampleIndex first) const noexcept;

  private:
    /// What is sent as a tone.
    struct Tone {
        KeySines sines;
        SampleIndex begin;
        Fade rise;
        std::optional<Fade> fall; ///< Nothing: its end is not known yet.
    };

    void fall(SampleIndex at) noexcept;

    SampleRate rate_;
    SampleCount fade_;
    std::optional<SampleIndex> since_; ///< It lasts.
    SampleIndex until_ = 0;            ///< The one before ended there.
    std::optional<Tone> tone_;
};

} // namespace keytone
