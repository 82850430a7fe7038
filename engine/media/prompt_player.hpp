// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"
#include "engine/media/fade.hpp"
#include "engine/media_action.hpp"

#include <cstdint>
#include <span>

namespace keytone {

/// One prompt as it plays, from its first sample to its last, to its longest length, or to where it is cut.
/// Where it ends early it falls over `fade` samples before that end.
class PromptPlayer {
  public:
    /// `[audio]`
    PromptPlayer(const PlayPrompt& prompt, SampleIndex start, SampleCount fade) noexcept;

    /// Falls from `at` on and ends `fade` samples later, if it would not end sooner. A fall that has begun
    /// goes on as it is. `[audio]`
    void cut(SampleIndex at) noexcept;
    /// Adds what plays from `first` on; all of it lies between the start and end(). `[audio]`
    void add_to(std::span<std::int16_t> sent, SampleIndex first) const noexcept;

    /// Behind the last sample that plays. `[audio]`
    [[nodiscard]] SampleIndex end() const noexcept { return end_; }
    /// Whether it is longer than it may be. `[audio]`
    [[nodiscard]] bool too_long() const noexcept { return too_long_; }
    /// Samples behind end(), which will not play. `[audio]`
    [[nodiscard]] SampleCount lost() const noexcept { return std::ssize(samples_) - (end_ - start_); }

  private:
    std::span<const std::int16_t> samples_;
    SampleIndex start_;
    SampleIndex end_;
    SampleCount fade_length_;
    Fade fall_; // up to end_, where that is early
    bool too_long_;
    bool falls_;
};

} // namespace keytone
