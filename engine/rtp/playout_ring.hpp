// SPDX-License-Identifier: MIT
//
// What came of a stream and was not played yet, by its timestamp:
//
//     timestamp    begin()                              end()
//                  | audio | silent | unknown | audio   |
//                                     never came, or not yet
#pragma once

#include "dsp/g711.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/units.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace keytone {

/// The samples of a little more than a second at 8 kHz, each known or not. Timestamps are extended beyond 32
/// bits and not negative. A plain value; its memory is allocated at construction.
class PlayoutRing {
  public:
    enum class State : std::uint8_t {
        unknown, ///< Nothing came that says what it is.
        audio,   ///< It came.
        silent,  ///< The sender sent nothing here.
    };
    /// Samples of one state, one after the other.
    struct Run {
        State state;
        SampleCount count;
    };

    static constexpr SampleCount capacity = 8192;
    /// The part of it that is kept for move_back().
    static constexpr SampleCount reserve = 2048;
    /// The longest packet: 120 ms at 8 kHz.
    static constexpr std::size_t max_packet = 960;

    /// `[control]`
    PlayoutRing() : samples_(capacity), states_(capacity, State::unknown) {}

    /// Empty, and begins at `first`. `[audio]`
    void reset(SampleIndex first) noexcept;
    /// The next sample to be played. `[any]`
    [[nodiscard]] SampleIndex begin() const noexcept { return begin_; }
    /// Behind the last known sample; begin() when there is none. `[any]`
    [[nodiscard]] SampleIndex end() const noexcept { return end_; }
    /// What is written has to end there. `[any]`
    [[nodiscard]] SampleIndex limit() const noexcept { return begin_ + capacity - reserve; }

    /// At most max_packet codes, from `at` on, up to limit(). Samples that were played, or came before, stay
    /// as they are. `[audio]`
    void write(SampleIndex at, G711Law law, std::span<const std::uint8_t> codes) noexcept;
    /// Marks what is unknown from `from` to before `until` as silent: nothing was sent there. Beyond limit()
    /// nothing is marked. `[audio]`
    void silence(SampleIndex from, SampleIndex until) noexcept;

    /// What is at begin() + `offset`, 0 or more, and for how long, up to `most`. `[audio]`
    [[nodiscard]] Run run(SampleCount offset, SampleCount most) const noexcept;
    /// Copies samples from begin() on. Those that are not audio are 0. `[audio]`
    void read(std::span<std::int16_t> out) const noexcept;
    /// Moves begin() on, and forgets the samples before it. `[audio]`
    void move_on(SampleCount count) noexcept;
    /// Moves begin() back, to unknown samples, but no further than `reserve` before the furthest begin().
    /// `[audio]`
    void move_back(SampleCount count) noexcept;

  private:
    [[nodiscard]] static std::size_t place(SampleIndex at) noexcept {
        return static_cast<std::size_t>(at) % static_cast<std::size_t>(capacity);
    }

    std::vector<std::int16_t> samples_; // those that are not audio are 0
    std::vector<State> states_;
    SampleIndex begin_ = 0;
    SampleIndex end_ = 0;
    SampleIndex furthest_ = 0; // the furthest begin_ so far
};

} // namespace keytone
