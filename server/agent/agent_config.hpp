// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/sample_rate.hpp"
#include "engine/agent_settings.hpp"
#include "server/agent/agent_url.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace keytone::server {

/// How an agent talks: docs/live.md has both.
enum class AgentShape : std::uint8_t {
    keytone, ///< JSON lines and 16-bit samples.
    twilio,  ///< The messages of Twilio's Media Streams.
};

/// An agent: the table `agent` of the configuration, or what its owner has set by the API.
struct AgentConfig {
    AgentUrl url; ///< Without a host: it is not dialled, but dials in.
    AgentShape shape = AgentShape::keytone;
    SampleRate rate = SampleRate::narrowband();   ///< Of keytone's shape: 8 or 16 kHz.
    std::string ca;                               ///< A file of certificates; empty: the system's.
    std::chrono::milliseconds grace{5000};        ///< How long a call is kept whose agent is gone.
    std::chrono::milliseconds answer_after{5000}; ///< A call is answered then at the latest.
    std::string message = "I am sorry, I cannot go on with this call. Goodbye."; ///< Empty: none.
    std::string prompts;    ///< A folder of recorded prompts; empty: none.
    std::string auth_token; ///< Of Twilio's shape: what the server signs with; empty: it does not.
    bool mute_keys = false; ///< After a transfer neither side hears the other's keys.
    AgentSettings settings;

    [[nodiscard]] bool is_dialled() const { return !url.host.empty(); }
};

/// What an agent is told of its call.
struct AgentCallInfo {
    std::string id;
    std::string from; ///< URIs.
    std::string to;
    std::string session{};   ///< As reports have it; empty: it has none.
    std::string variables{}; ///< That it was placed with: a JSON object; empty: none.
};

} // namespace keytone::server
