// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"
#include "engine/media_action.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace keytone {

/// The cues of one leg that are not due yet, earliest first; cues for the same sample in the order in which
/// they came. When it is full, the others stay in the ring: late, but never lost.
class Scheduler {
  public:
    static constexpr std::size_t capacity = 8;

    [[nodiscard]] bool full() const noexcept { return size_ == capacity; }
    [[nodiscard]] bool is_empty() const noexcept { return size_ == 0; }
    /// May not be called when full(). `[audio]`
    void add(const MediaCue& cue) noexcept {
        std::size_t place = size_++;
        for (; place > 0 && cues_[place - 1].at > cue.at; --place) {
            cues_[place] = cues_[place - 1];
        }
        cues_[place] = cue;
    }
    /// The place of the earliest cue, whether there is one or not. `[audio]`
    [[nodiscard]] const MediaCue& front() const noexcept { return cues_[0]; }
    /// When the earliest cue is due; `unlimited` when there is none. `[audio]`
    [[nodiscard]] SampleIndex next_due() const noexcept { return size_ > 0 ? cues_[0].at : unlimited; }
    /// The earliest cue, if it is due by `now`. `[audio]`
    std::optional<MediaCue> pop_due(SampleIndex now) noexcept {
        if (size_ == 0 || cues_[0].at > now) {
            return std::nullopt;
        }
        const MediaCue due = cues_[0];
        --size_;
        std::copy_n(cues_.begin() + 1, size_, cues_.begin());
        return due;
    }

  private:
    std::size_t size_ = 0;
    std::array<MediaCue, capacity> cues_{};
};

} // namespace keytone
