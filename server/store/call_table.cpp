// SPDX-License-Identifier: MIT
#include "server/store/call_table.hpp"

#include <array>

namespace keytone::server {

namespace {

constexpr std::array<std::string_view, 2> directions{"inbound", "outbound"};
constexpr std::array<std::string_view, 4> states{"begun", "in_progress", "transferred", "ended"};

} // namespace

std::string_view name(CallDirection direction) {
    return directions[static_cast<std::size_t>(direction)];
}

std::string_view name(StoredState state) {
    return states[static_cast<std::size_t>(state)];
}

void CallTable::put(const StoredCall& call) {
    Query(database_,
          "INSERT INTO calls(session, call, agent_id, agent_name, from_number, to_number, direction, state,"
          " began_ms, answered_ms, ended_ms) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          " ON CONFLICT(session) DO UPDATE SET state = excluded.state, answered_ms = excluded.answered_ms,"
          " ended_ms = excluded.ended_ms",
          call.session, call.call, call.agent_id, call.agent_name, call.from, call.to, name(call.direction),
          name(call.state), call.began_ms, call.answered_ms, call.ended_ms)
        .run();
}

std::vector<StoredCall> CallTable::unreported() const {
    Query query(database_,
                "SELECT session, call, agent_id, agent_name, from_number, to_number, direction, began_ms,"
                " answered_ms FROM calls WHERE state <> 'ended'"
                " AND session NOT IN (SELECT session FROM reports) ORDER BY began_ms");
    std::vector<StoredCall> calls;
    while (query.next()) {
        StoredCall& call = calls.emplace_back();
        call.session = query.text(0);
        call.call = query.text(1);
        call.agent_id = query.text(2);
        call.agent_name = query.text(3);
        call.from = query.text(4);
        call.to = query.text(5);
        call.direction = query.text(6) == directions[1] ? CallDirection::outbound : CallDirection::inbound;
        call.began_ms = query.number(7);
        call.answered_ms = query.number_or_none(8);
        call.state = call.answered_ms ? StoredState::in_progress : StoredState::begun;
    }
    return calls;
}

void CallTable::end_all(UnixMs now) {
    Query(database_,
          "UPDATE calls SET state = 'ended', ended_ms = coalesce(ended_ms, ?) WHERE state <> 'ended'", now)
        .run();
}

void CallTable::note_alive(UnixMs now) {
    Query(database_,
          "INSERT INTO alive(id, at_ms) VALUES(1, ?) ON CONFLICT(id) DO UPDATE SET at_ms = excluded.at_ms",
          now)
        .run();
}

std::optional<UnixMs> CallTable::last_alive() const {
    Query query(database_, "SELECT at_ms FROM alive");
    return query.next() ? std::optional(query.number(0)) : std::nullopt;
}

std::int64_t CallTable::forget_before(UnixMs time, std::int64_t most) {
    Query(database_,
          "DELETE FROM calls WHERE session IN"
          " (SELECT session FROM calls WHERE state = 'ended' AND ended_ms < ? LIMIT ?)",
          time, most)
        .run();
    return database_.changed();
}

} // namespace keytone::server
