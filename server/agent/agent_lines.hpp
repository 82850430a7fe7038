// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "server/agent/agent_config.hpp"
#include "server/agent/agent_line.hpp"
#include "server/agent/agent_sound.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace keytone::server {

/// The agents of all calls, on one thread for their sockets: `[socket]`.
class AgentLines {
  public:
    virtual ~AgentLines() = default;

    /// Dials the agent of a call. `[control]`
    virtual std::shared_ptr<AgentLine> open(const AgentCallInfo& call, std::shared_ptr<AgentSound> sound) = 0;
    /// The calls whose lines have news since the last time, each once. `[control]`
    virtual std::vector<std::string> take_ready() = 0;
    [[nodiscard]] virtual const AgentConfig& config() const = 0;
};

/// `wake` is called when take_ready() has something to tell. `[socket]` Closes all sockets when it is
/// destroyed, which takes WebSocket::longest_connect at most; the calls are over by then. Errors: the file of
/// certificates. `[control]`
Result<std::unique_ptr<AgentLines>, std::string>
make_agent_lines(AgentConfig config, std::function<void()> wake, Metrics* metrics = nullptr);

} // namespace keytone::server
