// SPDX-License-Identifier: MIT
//
// Calls of two legs as a server has them, a tick every 20 ms. Every leg hears speech, from a place of its
// own; one call in ten hears keys, from a moment of its own; one in ten sends keys, one in five plays a
// prompt, one in four is bridged.
#pragma once

#include "engine/leg.hpp"
#include "engine/prompt.hpp"
#include "engine/session.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace keytone::bench {

/// What the calls hear. Must outlive them.
struct LoadSound {
    using Samples = std::vector<std::int16_t>;

    /// From the begin of a key to that of the next: 100 ms of each and of the gap. Calls' keys begin at
    /// different times within it.
    static constexpr std::size_t key_period = 1600;

    /// The calls run for `ticks`.
    LoadSound(Samples conversation, std::size_t ticks);

    Samples speech;       ///< Long enough that no two legs hear the same at once.
    std::size_t keys = 0; ///< In `keyed`.
    Samples keyed;        ///< A caller who presses keys all the time.
};

/// N calls on one thread.
class LoadedCalls {
  public:
    static constexpr std::size_t tick_samples = 160;
    static constexpr std::size_t idle_ticks = 50; ///< Until then calls are answered, requests submitted.

    LoadedCalls(std::size_t count, PromptSource& prompts, const LoadSound& sound);

    /// The control side's part before a tick: within the first half second each call is asked for its work.
    void submit(std::size_t now);
    /// The audio side's: every leg's next 20 ms.
    void process(std::size_t now);
    /// The control side's part after it.
    void take_outcomes();

    /// Calls that did not hear the keys that were sent.
    [[nodiscard]] std::size_t wrong() const;

  private:
    /// One call, and where in the conversation its legs are.
    struct Call {
        std::unique_ptr<Session> session;
        PerLeg<std::size_t> place;
        bool hears_keys;
        std::size_t keys_place = 0; ///< In LoadSound::keyed, where it begins.
        std::size_t heard = 0;
    };

    Call make(std::size_t index, PromptSource& prompts) const;
    void process(Call& call, Leg leg, std::size_t now, std::span<std::int16_t> sent,
                 Upcoming<Session> upcoming) const;

    const LoadSound& sound_;
    std::vector<Call> calls_;
};

} // namespace keytone::bench
