// SPDX-License-Identifier: MIT
#include "server/store/call_history.hpp"

#include <limits>

namespace keytone::server {

namespace {

// What read_past_call() reads, in its order.
constexpr std::string_view rows =
    "SELECT c.session, c.call, c.agent_id, c.agent_name, c.from_number, c.to_number, c.direction, c.state,"
    " c.began_ms, c.answered_ms, c.ended_ms, c.variables, c.recording,"
    " coalesce(r.body ->> '$.data.call.status', '') AS status,"
    " coalesce(r.body ->> '$.data.call.disposition', '')"
    " FROM calls c LEFT JOIN reports r ON r.session = c.session ";

PastCall read_past_call(const Query& query) {
    PastCall past;
    StoredCall& call = past.call;
    call.session = query.text(0);
    call.call = query.text(1);
    call.agent_id = query.text(2);
    call.agent_name = query.text(3);
    call.from = query.text(4);
    call.to = query.text(5);
    call.direction =
        query.text(6) == name(CallDirection::outbound) ? CallDirection::outbound : CallDirection::inbound;
    call.state = stored_state(query.text(7)).value_or(StoredState::ended);
    call.began_ms = query.number(8);
    call.answered_ms = query.number_or_none(9);
    call.ended_ms = query.number_or_none(10);
    call.variables = query.text(11);
    call.recording = query.text(12);
    past.status = query.text(13);
    past.disposition = query.text(14);
    return past;
}

} // namespace

std::optional<PastCall> CallHistory::find(std::string_view call_or_session) const {
    Query query(database_, (std::string(rows) + "WHERE c.session = ?1 OR c.call = ?1 LIMIT 1").c_str(),
                call_or_session);
    return query.next() ? std::optional(read_past_call(query)) : std::nullopt;
}

std::vector<PastCall> CallHistory::list(const HistoryQuery& asked) const {
    Query query(database_,
                (std::string(rows) + "WHERE c.began_ms < ?1 AND (?2 = '' OR c.state = ?2)"
                                     " AND (?3 = '' OR status = ?3) AND (?4 = 0 OR c.state <> 'ended')"
                                     " ORDER BY c.began_ms DESC, c.session DESC LIMIT ?5")
                    .c_str(),
                asked.before_ms.value_or(std::numeric_limits<UnixMs>::max()), asked.state, asked.status,
                std::int64_t{asked.is_live ? 1 : 0}, asked.most);
    std::vector<PastCall> found;
    while (query.next()) {
        found.push_back(read_past_call(query));
    }
    return found;
}

std::optional<std::string> CallHistory::report(std::string_view session) const {
    Query query(database_, "SELECT body FROM reports WHERE session = ?", session);
    return query.next() ? std::optional(query.text(0)) : std::nullopt;
}

} // namespace keytone::server
