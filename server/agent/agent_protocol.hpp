// SPDX-License-Identifier: MIT
//
// What goes over an agent's socket, in either shape: frames to what they say, and back. No socket, no clock.
#pragma once

#include "dsp/units.hpp"
#include "engine/call_event.hpp"
#include "engine/outcome.hpp"
#include "server/agent/agent_config.hpp"
#include "server/agent/agent_sound.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace keytone::server {

/// A WebSocket message.
struct AgentFrame {
    std::string bytes;
    bool is_text = true;
};

/// The most bytes of a message from the agent.
inline constexpr std::size_t max_agent_frame = std::size_t{1024} * 1024;
/// The most bytes of a mark's name.
inline constexpr std::size_t max_mark_name = 256;

/// What an agent says: samples at 8 kHz, a mark, that all shall be emptied, a request; or why it was not
/// understood, for one frame back.
struct AgentSpeech {
    std::vector<std::int16_t> samples;
};
struct AgentMark {
    std::string name;
};
struct AgentClear {};
struct AgentFault {
    std::string code;    ///< A LineFault's name, or `too_many`.
    std::string message; ///< One line: key, what is wrong, remedy.
};
using AgentSaid = std::variant<AgentSpeech, AgentMark, AgentClear, CallEvent, AgentFault>;

/// One shape, for one call. `[socket]`
class AgentProtocol {
  public:
    virtual ~AgentProtocol() = default;

    /// The first frames of a socket: what is read and written begins anew. `is_again`: the call had a socket
    /// before.
    virtual std::vector<AgentFrame> begin(bool is_again) = 0;
    virtual AgentSaid read_text(std::string_view text) = 0;
    virtual AgentSaid read_binary(std::span<const std::byte> bytes) = 0;

    virtual AgentFrame heard(const HeardBlock& block) = 0;
    virtual AgentFrame mark(const PlayedMark& mark) = 0;
    /// None where the shape does not tell of it.
    virtual std::vector<AgentFrame> outcome(const Outcome& outcome) = 0;
    virtual AgentFrame fault(const AgentFault& fault) = 0;
    /// The last frames: the agent's part of the call is over.
    virtual std::vector<AgentFrame> end() = 0;
};

/// `[any]`
std::unique_ptr<AgentProtocol> make_agent_protocol(const AgentConfig& config, const AgentCallInfo& call);

} // namespace keytone::server
