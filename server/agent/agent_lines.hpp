// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "server/agent/agent_config.hpp"
#include "server/agent/agent_line.hpp"
#include "server/agent/agent_sound.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace keytone::server {

struct DialIn;

enum class Adoption : std::uint8_t {
    taken,
    no_such_call, ///< Or one whose agent's part is over.
    has_socket,   ///< Its agent is there already.
};

/// The agents of all calls. Each has one of the threads for its socket, from beginning to end: `[socket]`.
class AgentLines {
  public:
    virtual ~AgentLines() = default;

    /// Dials the agent of a call, or waits until it dials in. `[control]`
    virtual std::shared_ptr<AgentLine> open(std::shared_ptr<const AgentConfig> agent,
                                            const AgentCallInfo& call, std::shared_ptr<AgentSound> sound) = 0;
    /// The agent of a call has dialled in. What is wrong with the upgrade is answered here; a call that is
    /// not there, or has its socket, is the caller's to answer: `dial_in` is untouched then. Called on the
    /// thread of its socket. `[any]`
    virtual Adoption adopt(const std::string& call, DialIn&& dial_in) = 0;
    /// The calls whose lines have news since the last time, each once. `[control]`
    virtual std::vector<std::string> take_ready() = 0;
};

struct AgentLinesSetup {
    std::string ca;             ///< Certificates that `wss` agents are checked by; empty: the system's.
    std::function<void()> wake; ///< Called when take_ready() has something to tell. `[socket]`
    std::size_t threads = 1;
    Metrics* metrics = nullptr; ///< Outlives them.
};

/// Closes all sockets when it is destroyed, which takes WebSocket::longest_connect at most; the calls are
/// over by then. Errors: the file of certificates. `[control]`
Result<std::unique_ptr<AgentLines>, std::string> make_agent_lines(const AgentLinesSetup& setup);

} // namespace keytone::server
