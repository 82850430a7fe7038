// SPDX-License-Identifier: MIT
//
// One gate, from its start:
//
//     start           start + min_length                start + max_length
//       |------- pass -----> opens |  pass: opens there        | expires
//       |  refuse: fails there     |  refuse: fails there      |
//
// Of several at one sample, a refusal goes before a pass, and a pass before the expiry.
#pragma once

#include "dsp/units.hpp"
#include "engine/media/leg_clock.hpp"
#include "engine/media_action.hpp"

#include <algorithm>
#include <cstdint>

namespace keytone {

/// A gate that waits.
class GateWatch {
  public:
    enum class State : std::uint8_t { waits, passed, refused, expired };

    /// `[audio]`
    GateWatch(const Gate& gate, SampleIndex start) noexcept
        : gate_(gate),
          opens_from_(later_by(start, gate.min_length)),
          expires_at_(later_by(start, gate.max_length)) {}

    [[nodiscard]] const Gate& gate() const noexcept { return gate_; }
    /// `given`: pass or refuse. `[audio]`
    void give(MediaCue::Kind given) noexcept { (given == MediaCue::Kind::pass ? passed_ : refused_) = true; }
    /// The earliest sample at which a pass opens it. `[audio]`
    [[nodiscard]] SampleIndex opens_from() const noexcept { return opens_from_; }

    [[nodiscard]] State state(SampleIndex now) const noexcept {
        return refused_                        ? State::refused
               : passed_ && now >= opens_from_ ? State::passed
               : now >= expires_at_            ? State::expired
                                               : State::waits;
    }
    /// When the state changes if no cue comes; `unlimited` for never. `[audio]`
    [[nodiscard]] SampleIndex next_change() const noexcept {
        return passed_ ? std::min(opens_from_, expires_at_) : expires_at_;
    }

  private:
    Gate gate_;
    SampleIndex opens_from_;
    SampleIndex expires_at_;
    bool passed_ = false;
    bool refused_ = false;
};

} // namespace keytone
