// SPDX-License-Identifier: MIT
#pragma once

#include "engine/media_action.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace keytone {

/// What the host reported before the gate that it was meant for was reached: the last pass or refuse of each
/// kind. An event opens or fails one gate; a state holds until it is withdrawn.
class CueMemory {
  public:
    /// A beep is dropped: a beep before a gate says nothing about the gate. `[audio]`
    void remember(const MediaCue& cue) noexcept {
        if (cue.cue == CueKind::beep) {
            return;
        }
        Given& last = last_[static_cast<std::size_t>(cue.cue)];
        if (cue.kind == MediaCue::Kind::withdraw) {
            last.count = 0;
            return;
        }
        // Speech that was queued in several pieces also drains in several pieces.
        const bool adds = cue.cue == CueKind::drained && cue.kind == last.given;
        last = {cue.kind, static_cast<std::uint16_t>(adds ? last.count + 1 : 1), cue.by, cue.at};
    }
    /// One pass or refuse.
    struct Given {
        MediaCue::Kind given = MediaCue::Kind::pass;
        std::uint16_t count = 0; // of gates that it is meant for
        AnsweredBy by = AnsweredBy::unknown;
        SampleIndex at = 0;
    };
    /// The last one of this kind, unless it is older than `known_since`. `[audio]`
    std::optional<Given> take(CueKind kind, SampleIndex known_since) noexcept {
        Given& last = last_[static_cast<std::size_t>(kind)];
        if (last.count == 0) {
            return std::nullopt;
        }
        if (last.at < known_since) {
            last.count = is_state(kind) ? last.count : 0;
            return std::nullopt;
        }
        const Given taken = last;
        if (!is_state(kind)) {
            --last.count;
        }
        return taken;
    }

  private:
    std::array<Given, cue_kinds> last_{};
};

} // namespace keytone
