// SPDX-License-Identifier: MIT
//
// One gate, from its start:
//
//     start           start + min_length                start + max_length
//       |------- pass -----> opens |  pass: opens there        | expires
//       |  refuse: fails there     |  refuse: fails there      |
//
// At one sample, a refusal takes precedence over a pass, and a pass over the expiry. A pass that reports a
// state can be withdrawn, and counts once the state has lasted as long as the gate asks for.
#pragma once

#include "dsp/units.hpp"
#include "engine/media/leg_clock.hpp"
#include "engine/media_action.hpp"

#include <algorithm>
#include <cstdint>

namespace keytone {

/// A gate that is waiting.
class GateWatch {
  public:
    enum class State : std::uint8_t { waits, passed, refused, expired };

    /// `[audio]`
    GateWatch(const Gate& gate, SampleIndex start) noexcept
        : gate_(gate),
          opens_from_(later_by(start, gate.min_length)),
          expires_at_(later_by(start, gate.max_length)) {}

    [[nodiscard]] const Gate& gate() const noexcept { return gate_; }
    /// `given` is so since `at`: pass, refuse or withdraw. `[audio]`
    void give(MediaCue::Kind given, SampleIndex at) noexcept {
        if (given == MediaCue::Kind::refuse) {
            refused_ = true;
        } else {
            passed_ = given == MediaCue::Kind::pass;
            passes_from_ = std::max(opens_from_, later_by(at, gate_.silence));
        }
    }
    /// What it waits for can be so no more: it expires. `[audio]`
    void give_up() noexcept { expires_at_ = 0; }
    /// Whether the leg's own listener detects, now, what the gate waits for. `[audio]`
    void set_heard(bool heard) noexcept { heard_ = heard; }
    /// The earliest sample at which a pass opens the gate. `[audio]`
    [[nodiscard]] SampleIndex opens_from() const noexcept { return opens_from_; }

    [[nodiscard]] State state(SampleIndex now) const noexcept {
        const bool passes = (passed_ && now >= passes_from_) || (heard_ && now >= opens_from_);
        return refused_             ? State::refused
               : passes             ? State::passed
               : now >= expires_at_ ? State::expired
                                    : State::waits;
    }
    /// When the state changes if no cue comes; `unlimited` for never. `[audio]`
    [[nodiscard]] SampleIndex next_change() const noexcept {
        const SampleIndex passes = passed_ ? std::min(passes_from_, expires_at_) : expires_at_;
        return heard_ ? std::min(opens_from_, passes) : passes;
    }

  private:
    Gate gate_;
    SampleIndex opens_from_;
    SampleIndex expires_at_;
    SampleIndex passes_from_ = 0;
    bool passed_ = false;
    bool heard_ = false;
    bool refused_ = false;
};

} // namespace keytone
