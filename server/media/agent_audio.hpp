// SPDX-License-Identifier: MIT
#pragma once

#include "engine/leg.hpp"

#include <cstdint>
#include <span>

namespace keytone::server {

/// The agent's ears and mouth, on the media thread. A host that carries the agent's audio implements it, with
/// rings to its own threads.
class AgentAudio {
  public:
    virtual ~AgentAudio() = default;

    /// The agent's own samples for the leg, zeros on entry. `[audio]`
    virtual void speak(Leg leg, std::span<std::int16_t> out) noexcept = 0;
    /// What the leg heard; zeros where it was lost. `[audio]`
    virtual void hear(Leg leg, std::span<const std::int16_t> heard) noexcept = 0;
};

} // namespace keytone::server
