// SPDX-License-Identifier: MIT
#include "server/store/call_table.hpp"

#include <algorithm>
#include <array>

namespace keytone::server {

namespace {

constexpr std::array<std::string_view, 2> directions{"inbound", "outbound"};
constexpr std::array<std::string_view, 4> states{"begun", "in_progress", "transferred", "ended"};

std::string select(const char* rest) {
    return "SELECT " + std::string(call_columns) + " FROM calls " + rest;
}

std::vector<StoredCall> read_all(Query query) {
    std::vector<StoredCall> calls;
    while (query.next()) {
        calls.push_back(read_call(query));
    }
    return calls;
}

} // namespace

std::string_view name(CallDirection direction) {
    return directions[static_cast<std::size_t>(direction)];
}

std::string_view name(StoredState state) {
    return states[static_cast<std::size_t>(state)];
}

std::optional<StoredState> stored_state(std::string_view word) {
    const auto* const found = std::ranges::find(states, word);
    return found == states.end() ? std::nullopt
                                 : std::optional(static_cast<StoredState>(found - states.begin()));
}

StoredCall read_call(const Query& query) {
    StoredCall call;
    call.session = query.text(0);
    call.call = query.text(1);
    call.agent_id = query.text(2);
    call.agent_name = query.text(3);
    call.from = query.text(4);
    call.to = query.text(5);
    call.direction = query.text(6) == directions[1] ? CallDirection::outbound : CallDirection::inbound;
    call.state = stored_state(query.text(7)).value_or(StoredState::ended);
    call.began_ms = query.number(8);
    call.answered_ms = query.number_or_none(9);
    call.ended_ms = query.number_or_none(10);
    call.variables = query.text(11);
    call.recording = query.text(12);
    return call;
}

void CallTable::put(const StoredCall& call) {
    Query(database_,
          ("INSERT INTO calls(" + std::string(call_columns) +
           ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
           " ON CONFLICT(session) DO UPDATE SET state = excluded.state, answered_ms = excluded.answered_ms,"
           " ended_ms = excluded.ended_ms, recording = excluded.recording")
              .c_str(),
          call.session, call.call, call.agent_id, call.agent_name, call.from, call.to, name(call.direction),
          name(call.state), call.began_ms, call.answered_ms, call.ended_ms, call.variables, call.recording)
        .run();
}

void CallTable::put_events(std::string_view session, std::string_view lines) {
    Query(database_,
          "INSERT INTO call_events(session, lines) VALUES(?, ?)"
          " ON CONFLICT(session) DO UPDATE SET lines = excluded.lines",
          session, lines)
        .run();
}

std::optional<std::string> CallTable::events(std::string_view session) const {
    Query query(database_, "SELECT lines FROM call_events WHERE session = ?", session);
    return query.next() ? std::optional(query.text(0)) : std::nullopt;
}

std::vector<StoredCall> CallTable::unreported() const {
    std::vector<StoredCall> calls =
        read_all({database_, select("WHERE state <> 'ended' AND session NOT IN (SELECT session FROM reports)"
                                    " ORDER BY began_ms")
                                 .c_str()});
    for (StoredCall& call : calls) {
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
