// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"
#include "engine/media/fade.hpp"
#include "engine/media_action.hpp"

#include <cstdint>
#include <span>

namespace keytone {

/// One prompt as it is played, from its first sample to its last, to its greatest length, or to where it is
/// cut. Where it ends early, it fades out over the `fade` samples before that end.
class PromptPlayer {
  public:
    /// `[audio]`
    PromptPlayer(const PlayPrompt& prompt, SampleIndex start, SampleCount fade) noexcept;

    /// Fades out from `at` on and ends `fade` samples later, if it does not end sooner. A fade that has begun
    /// goes on unchanged. `[audio]`
    void cut(SampleIndex at) noexcept;
    /// Adds what is played from `first` on; all of it is between the start and end(). `[audio]`
    void add_to(std::span<std::int16_t> sent, SampleIndex first) const noexcept;

    /// The sample after the last one that is played. `[audio]`
    [[nodiscard]] SampleIndex end() const noexcept { return end_; }
    /// Whether the prompt is longer than it may be. `[audio]`
    [[nodiscard]] bool too_long() const noexcept { return too_long_; }
    /// Samples after end(), which will not be played. `[audio]`
    [[nodiscard]] SampleCount lost() const noexcept { return std::ssize(samples_) - (end_ - start_); }

  private:
    std::span<const std::int16_t> samples_;
    SampleIndex start_;
    SampleIndex end_;
    SampleCount fade_length_;
    Fade fall_; // ends at end_, where that is early
    bool too_long_;
    bool falls_;
};

} // namespace keytone
