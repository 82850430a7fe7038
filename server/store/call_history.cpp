// SPDX-License-Identifier: MIT
#include "server/store/call_history.hpp"

#include <limits>

namespace keytone::server {

namespace {

// What read_past_call() reads, in its order.
std::string rows(const char* rest) {
    return "SELECT " + std::string(call_columns) +
           ", coalesce(body ->> '$.data.call.status', '') AS status,"
           " coalesce(body ->> '$.data.call.disposition', '')"
           " FROM calls LEFT JOIN reports USING (session) " +
           rest;
}

PastCall read_past_call(const Query& query) {
    return {read_call(query), query.text(call_column_count), query.text(call_column_count + 1)};
}

} // namespace

std::optional<PastCall> CallHistory::find(std::string_view call_or_session) const {
    Query query(database_, rows("WHERE session = ?1 OR call = ?1 LIMIT 1").c_str(), call_or_session);
    return query.next() ? std::optional(read_past_call(query)) : std::nullopt;
}

std::vector<PastCall> CallHistory::list(const HistoryQuery& asked) const {
    Query query(database_,
                rows("WHERE began_ms < ?1 AND (?2 = '' OR state = ?2)"
                     " AND (?3 = '' OR status = ?3) AND (?4 = 0 OR state <> 'ended')"
                     " ORDER BY began_ms DESC, session DESC LIMIT ?5")
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
