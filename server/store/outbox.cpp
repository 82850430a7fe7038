// SPDX-License-Identifier: MIT
#include "server/store/outbox.hpp"

namespace keytone::server {

bool Outbox::put(const std::string& session, const std::string& body, UnixMs now) {
    Query(database_,
          "INSERT INTO reports(session, made_ms, body) VALUES(?, ?, ?) ON CONFLICT(session) DO NOTHING",
          session, now, body)
        .run();
    if (database_.changed() == 0) {
        return false;
    }
    Query(database_,
          "INSERT INTO deliveries(report, endpoint, state, attempts, due_ms, outcome)"
          " SELECT r.id, e.id, 'pending', 0, ?, '' FROM reports r, endpoints e"
          " WHERE r.session = ? AND e.enabled = 1",
          now, session)
        .run();
    return true;
}

std::vector<DueDelivery> Outbox::due(std::int64_t endpoint, UnixMs now, UnixMs horizon,
                                     std::size_t most) const {
    Query query(database_,
                "SELECT d.report, c.call, e.label, e.url, e.secret, r.body, d.attempts FROM deliveries d"
                " JOIN reports r ON r.id = d.report JOIN calls c ON c.session = r.session"
                " JOIN endpoints e ON e.id = d.endpoint"
                " WHERE d.endpoint = ? AND d.state = 'pending' AND (d.due_ms <= ? OR d.due_ms > ?)"
                " ORDER BY d.due_ms LIMIT ?",
                endpoint, now, horizon, static_cast<std::int64_t>(most));
    std::vector<DueDelivery> found;
    while (query.next()) {
        found.push_back({{query.number(0), endpoint},
                         query.text(1),
                         query.text(2),
                         query.text(3),
                         query.text(4),
                         query.text(5),
                         static_cast<int>(query.number(6))});
    }
    return found;
}

std::vector<std::int64_t> Outbox::endpoints() const {
    Query query(database_, "SELECT id FROM endpoints e WHERE EXISTS"
                           " (SELECT 1 FROM deliveries WHERE endpoint = e.id AND state = 'pending')");
    std::vector<std::int64_t> found;
    while (query.next()) {
        found.push_back(query.number(0));
    }
    return found;
}

OutboxDepth Outbox::depth() const {
    Query query(database_,
                "SELECT count(*), min(r.made_ms) FROM deliveries d JOIN reports r ON r.id = d.report"
                " WHERE d.state = 'pending'");
    query.next();
    return {query.number(0), query.number_or_none(1)};
}

void Outbox::note(DeliveryId id, bool is_delivered, const std::string& outcome, std::optional<UnixMs> next_ms,
                  UnixMs now) {
    const char* const state = is_delivered ? "delivered" : next_ms ? "pending" : "failed";
    Query(database_,
          "UPDATE deliveries SET state = ?, attempts = attempts + 1, due_ms = ?, outcome = ?"
          " WHERE report = ? AND endpoint = ?",
          std::string_view(state), next_ms.value_or(now), outcome, id.report, id.endpoint)
        .run();
    Query(database_, "UPDATE endpoints SET last_ms = ?, last_status = ? WHERE id = ?", now, outcome,
          id.endpoint)
        .run();
}

std::vector<ListedDelivery> Outbox::list(std::int64_t most) const {
    Query query(database_,
                "SELECT r.id, r.session, c.call, r.made_ms, coalesce(e.label, ''),"
                " coalesce(d.state, 'no endpoint'), coalesce(d.attempts, 0), coalesce(d.outcome, '')"
                " FROM (SELECT * FROM reports ORDER BY id DESC LIMIT ?) r"
                " JOIN calls c ON c.session = r.session LEFT JOIN deliveries d ON d.report = r.id"
                " LEFT JOIN endpoints e ON e.id = d.endpoint ORDER BY r.id DESC, e.label",
                most);
    std::vector<ListedDelivery> found;
    while (query.next()) {
        found.push_back({query.number(0), query.text(1), query.text(2), query.number(3), query.text(4),
                         query.text(5), static_cast<int>(query.number(6)), query.text(7)});
    }
    return found;
}

bool Outbox::resend(std::int64_t report, UnixMs now) {
    Query known(database_, "SELECT 1 FROM reports WHERE id = ?", report);
    if (!known.next()) {
        return false;
    }
    Query(database_,
          "INSERT INTO deliveries(report, endpoint, state, attempts, due_ms, outcome)"
          " SELECT ?, id, 'pending', 0, ?, '' FROM endpoints WHERE enabled = 1"
          " ON CONFLICT(report, endpoint) DO UPDATE SET state = 'pending', attempts = 0,"
          " due_ms = excluded.due_ms",
          report, now)
        .run();
    return true;
}

std::int64_t Outbox::resend_failed(UnixMs now) {
    Query query(database_, "SELECT r.id FROM reports r WHERE NOT EXISTS"
                           " (SELECT 1 FROM deliveries WHERE report = r.id)"
                           " UNION SELECT report FROM deliveries WHERE state = 'failed'");
    std::vector<std::int64_t> reports;
    while (query.next()) {
        reports.push_back(query.number(0));
    }
    for (const std::int64_t report : reports) {
        // Where it has failed at one endpoint, another may have it.
        Query(database_,
              "INSERT INTO deliveries(report, endpoint, state, attempts, due_ms, outcome)"
              " SELECT ?, id, 'pending', 0, ?, '' FROM endpoints WHERE enabled = 1"
              " ON CONFLICT(report, endpoint) DO UPDATE SET state = 'pending', attempts = 0,"
              " due_ms = excluded.due_ms WHERE deliveries.state = 'failed'",
              report, now)
            .run();
    }
    return static_cast<std::int64_t>(reports.size());
}

} // namespace keytone::server
