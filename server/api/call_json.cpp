// SPDX-License-Identifier: MIT
#include "server/api/call_json.hpp"

#include "tools/console/iso_time.hpp"

#include <chrono>
#include <optional>

namespace keytone::server {

using tools::Json;

std::string state_of(const FoundCall& call) {
    if (call.live) {
        return call.live->state;
    }
    return call.past.call.state == StoredState::begun ? "ringing" : std::string(name(call.past.call.state));
}

Json call_json(const FoundCall& call) {
    const StoredCall& stored = call.past.call;
    const auto time = [](const std::optional<UnixMs>& ms) {
        return ms ? Json(tools::iso_time(*ms)) : Json();
    };
    const auto answered = call.live && call.live->answered_ms ? call.live->answered_ms : stored.answered_ms;
    const auto ended = call.live && call.live->ended_ms ? call.live->ended_ms : stored.ended_ms;
    Json json;
    json["call_id"] = stored.call;
    json["session_id"] = stored.session;
    json["agent_id"] = stored.agent_id;
    json["from_number"] = stored.from;
    json["to_number"] = stored.to;
    json["direction"] = name(stored.direction);
    json["state"] = state_of(call);
    json["status"] = call.past.status.empty() ? Json() : Json(call.past.status);
    json["disposition"] = call.past.disposition.empty() ? Json() : Json(call.past.disposition);
    json["began_at"] = tools::iso_time(stored.began_ms);
    json["answered_at"] = time(answered);
    json["ended_at"] = time(ended);
    if (call.live) {
        json["jitter_ms"] = tools::to_hundredths(call.live->jitter_ms);
        json["packets_in"] = call.live->packets_in;
        json["packets_lost"] = call.live->packets_lost;
        json["packets_late"] = call.live->packets_late;
    }
    return json;
}

} // namespace keytone::server
