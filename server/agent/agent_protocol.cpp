// SPDX-License-Identifier: MIT
#include "server/agent/agent_protocol.hpp"

#include "server/agent/keytone_protocol.hpp"
#include "server/agent/twilio_protocol.hpp"

namespace keytone::server {

std::unique_ptr<AgentProtocol> make_agent_protocol(const AgentConfig& config, const AgentCallInfo& call) {
    if (config.shape == AgentShape::twilio) {
        return std::make_unique<TwilioProtocol>(TwilioNames::random(), call);
    }
    return std::make_unique<KeytoneProtocol>(config.rate, call);
}

} // namespace keytone::server
