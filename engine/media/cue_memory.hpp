// SPDX-License-Identifier: MIT
#pragma once

#include "engine/media_action.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace keytone {

/// What the host said before the gate it was meant for was reached: the last pass or refuse of each kind that
/// only the host can give. Each opens or fails one gate.
class CueMemory {
  public:
    /// Other kinds are dropped: what the line did before a gate says nothing about it. `[audio]`
    void remember(const MediaCue& cue) noexcept {
        if (static_cast<std::size_t>(cue.cue) < last_.size()) {
            last_[static_cast<std::size_t>(cue.cue)] = {cue.kind, cue.at};
        }
    }
    /// The last pass or refuse, unless it is older than `known_since`; then forgets it. `[audio]`
    std::optional<MediaCue::Kind> take(CueKind kind, SampleIndex known_since) noexcept {
        const auto index = static_cast<std::size_t>(kind);
        if (index >= last_.size() || !last_[index] || last_[index]->at < known_since) {
            return std::nullopt;
        }
        const MediaCue::Kind given = last_[index]->given;
        last_[index].reset();
        return given;
    }

  private:
    struct Given {
        MediaCue::Kind given;
        SampleIndex at;
    };
    static_assert(static_cast<std::size_t>(CueKind::drained) == 0 &&
                  static_cast<std::size_t>(CueKind::answered) == 1 &&
                  static_cast<std::size_t>(CueKind::released) == 2);

    std::array<std::optional<Given>, 3> last_{};
};

} // namespace keytone
