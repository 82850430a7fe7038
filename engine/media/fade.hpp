// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/generator/envelope.hpp"
#include "dsp/units.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace keytone {

/// A raised-cosine ramp of a gain, up to 1 or down to 0, at a position on a leg's clock:
///
///     rise  0 0 0 ../ 1 1 1      fall  1 1 1 \.. 0 0 0
///              begin end                begin end
class Fade {
  public:
    /// No fade: the gain is 1 at every sample.
    Fade() noexcept : Fade(Direction::rise, std::numeric_limits<SampleIndex>::min(), 0) {}
    /// A `length` of 0 switches at once. `[any]`
    static Fade rise(SampleIndex begin, SampleCount length) noexcept {
        return {Direction::rise, begin, length};
    }
    static Fade fall(SampleIndex begin, SampleCount length) noexcept {
        return {Direction::fall, begin, length};
    }

    [[nodiscard]] SampleIndex begin() const noexcept { return begin_; }
    /// The first sample at full gain, or at gain 0. `[any]`
    [[nodiscard]] SampleIndex end() const noexcept { return begin_ + edge_.edge(); }

    [[nodiscard]] float gain(SampleIndex at) const noexcept {
        if (at < begin_) {
            return direction_ == Direction::rise ? 0.0F : 1.0F;
        }
        if (at >= end()) {
            return direction_ == Direction::rise ? 1.0F : 0.0F;
        }
        return edge_.gain(direction_ == Direction::rise ? at - begin_ : at - begin_ + edge_.edge());
    }
    /// Scales `samples`, the first of which is at `first`. `[audio]`
    void apply(std::span<std::int16_t> samples, SampleIndex first) const noexcept {
        if (direction_ == Direction::rise && first >= end()) {
            return;
        }
        const auto up_to = [&](SampleIndex at) {
            return static_cast<std::size_t>(std::clamp<SampleIndex>(at - first, 0, std::ssize(samples)));
        };
        const std::size_t fade_begin = up_to(begin_);
        const std::size_t fade_end = up_to(end());
        const auto silent =
            direction_ == Direction::rise ? samples.first(fade_begin) : samples.subspan(fade_end);
        std::ranges::fill(silent, std::int16_t{0});
        for (std::size_t i = fade_begin; i < fade_end; ++i) {
            const float faded = gain(first + static_cast<SampleIndex>(i)) * static_cast<float>(samples[i]);
            samples[i] = static_cast<std::int16_t>(std::lround(faded));
        }
    }

  private:
    enum class Direction : std::uint8_t { rise, fall };

    Fade(Direction direction, SampleIndex begin, SampleCount length) noexcept
        : edge_(2 * length, length), begin_(begin), direction_(direction) {}

    Envelope edge_; // a rise and its mirror, with nothing between them
    SampleIndex begin_;
    Direction direction_;
};

} // namespace keytone
