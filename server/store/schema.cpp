// SPDX-License-Identifier: MIT
#include "server/store/schema.hpp"

#include <array>
#include <string>

namespace keytone::server {

namespace {

// What leads from each version to the next; a file that exists somewhere never changes its step.
constexpr std::array steps{
    // 1: calls and their reports
    R"(
CREATE TABLE calls(
    session TEXT PRIMARY KEY, call TEXT NOT NULL, agent_id TEXT NOT NULL, agent_name TEXT NOT NULL,
    from_number TEXT NOT NULL, to_number TEXT NOT NULL, direction TEXT NOT NULL, state TEXT NOT NULL,
    began_ms INTEGER NOT NULL, answered_ms INTEGER, ended_ms INTEGER) STRICT;
CREATE TABLE reports(
    id INTEGER PRIMARY KEY, session TEXT NOT NULL UNIQUE REFERENCES calls(session) ON DELETE CASCADE,
    made_ms INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE endpoints(
    id INTEGER PRIMARY KEY, label TEXT NOT NULL UNIQUE, url TEXT NOT NULL, secret TEXT NOT NULL,
    enabled INTEGER NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
    last_ms INTEGER, last_status TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE deliveries(
    report INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE,
    endpoint INTEGER NOT NULL REFERENCES endpoints(id) ON DELETE CASCADE,
    state TEXT NOT NULL, attempts INTEGER NOT NULL, due_ms INTEGER NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY(report, endpoint)) STRICT;
CREATE TABLE tokens(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
)",
    // 2: when the service was last seen to live; deliveries are found by the time they are due
    R"(
CREATE TABLE alive(id INTEGER PRIMARY KEY CHECK(id = 1), at_ms INTEGER NOT NULL) STRICT;
CREATE INDEX calls_by_state ON calls(state, ended_ms);
CREATE INDEX deliveries_due ON deliveries(endpoint, due_ms) WHERE state = 'pending';
)",
    // 3: agents; what calls were asked with and what happened in them; keys that sign
    R"(
CREATE TABLE agents(
    id TEXT PRIMARY KEY, name TEXT NOT NULL, settings TEXT NOT NULL, created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL) STRICT;
ALTER TABLE calls ADD COLUMN variables TEXT NOT NULL DEFAULT '';
ALTER TABLE calls ADD COLUMN recording TEXT NOT NULL DEFAULT '';
CREATE INDEX calls_by_beginning ON calls(began_ms);
CREATE INDEX calls_by_name ON calls(call);
CREATE TABLE call_events(
    session TEXT PRIMARY KEY REFERENCES calls(session) ON DELETE CASCADE, lines TEXT NOT NULL) STRICT;
CREATE TABLE secrets(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
)",
};
static_assert(steps.size() == schema_version);

} // namespace

void migrate(Database& database, int version) {
    const auto version_of = [&database] {
        Query query(database, "PRAGMA user_version");
        query.next();
        return static_cast<int>(query.number(0));
    };
    if (version_of() == version) {
        return;
    }
    Transaction transaction(database); // Another program may do the same at this moment.
    const int found = version_of();
    if (found > version || found < 0) {
        throw StoreError(database.path() + ": was written by a newer keytone-server (version " +
                             std::to_string(found) + " of its tables, this program knows " +
                             std::to_string(version) + "): use that one",
                         SQLITE_ERROR);
    }
    for (int step = found; step < version; ++step) {
        database.run(steps[static_cast<std::size_t>(step)]);
    }
    database.run(("PRAGMA user_version = " + std::to_string(version)).c_str());
    transaction.commit();
}

} // namespace keytone::server
