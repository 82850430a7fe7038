// SPDX-License-Identifier: MIT
//
// The agent's own audio around one tone:
//
//     agent  1 1 1 \.. 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ../ 1 1 1
//     tone             |<--- tone --->|
//            |< lead, 40 ms >|        |<- tail, 60 ms ->|
//                 |<------------- range --------------->|
//
// Where the tone is known less than the lead ahead, the fall begins that much later. Ranges that touch are
// one.
#pragma once

#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/media/fade.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// Keeps the agent's own audio away from the tones. Its owner passes what is coming, and asks when the muting
/// will change.
class AgentMute {
  public:
    static constexpr Milliseconds lead{40};
    static constexpr Milliseconds tail{60};

    /// The tone that sounds or comes next.
    struct ComingTone {
        SampleIndex begin;
        SampleIndex known_since; ///< No sample before this is muted for the tone.
    };
    /// Samples `begin` to before `end` were muted, completely or by a fade.
    struct Range {
        SampleIndex begin;
        SampleIndex end;
    };

    explicit AgentMute(SampleRate rate) noexcept;

    /// A tone ended here. `[audio]`
    void tone_ended(SampleIndex end) noexcept { quiet_until_ = end + tail_; }
    /// Takes what is known at `now`. Returns the range that ends at `now`, if it muted any of the agent's
    /// audio. `[audio]`
    std::optional<Range> update(SampleIndex now, const std::optional<ComingTone>& coming) noexcept;
    /// Ends the range at `now`, whatever is coming. `[audio]`
    std::optional<Range> finish(SampleIndex now) noexcept;
    /// Whether nothing is muted at `now`, nor will be, unless something comes. `[audio]`
    [[nodiscard]] bool is_over(SampleIndex now) const noexcept {
        return !muted_ && now >= quiet_until_ && now >= rise_.end();
    }
    /// When update() has to be called again, if nothing new comes; `unlimited` for never. `[audio]`
    [[nodiscard]] SampleIndex next_change(SampleIndex now,
                                          const std::optional<ComingTone>& coming) const noexcept;
    /// Scales or silences the agent's audio, the first sample of which is at `first`. `[audio]`
    void apply(std::span<std::int16_t> agent, SampleIndex first) noexcept;

  private:
    [[nodiscard]] SampleIndex range_begin(const ComingTone& coming) const noexcept;

    SampleCount lead_;
    SampleCount tail_;
    SampleCount fade_length_;
    SampleIndex quiet_until_ = 0;
    SampleIndex begin_ = 0; // of the range, while muted_
    Fade fall_;             // at begin_
    Fade rise_;             // after the last range
    bool muted_ = false;
    bool took_ = false; // whether the range muted any of the agent's audio
};

} // namespace keytone
