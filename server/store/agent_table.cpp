// SPDX-License-Identifier: MIT
#include "server/store/agent_table.hpp"

namespace keytone::server {

namespace {

StoredAgent read_agent(const Query& query) {
    return {query.text(0), query.text(1), query.text(2), query.number(3), query.number(4)};
}

} // namespace

bool AgentTable::put(const StoredAgent& agent) {
    Query(database_,
          "INSERT INTO agents(id, name, settings, created_ms, updated_ms) SELECT ?1, ?2, ?3, ?4, ?5"
          " WHERE (SELECT count(*) FROM agents) < ?6 OR EXISTS (SELECT 1 FROM agents WHERE id = ?1)"
          " ON CONFLICT(id) DO UPDATE SET name = excluded.name, settings = excluded.settings,"
          " updated_ms = excluded.updated_ms",
          agent.id, agent.name, agent.settings, agent.created_ms, agent.updated_ms,
          static_cast<std::int64_t>(most))
        .run();
    return database_.changed() > 0;
}

std::optional<StoredAgent> AgentTable::find(std::string_view id) const {
    Query query(database_, "SELECT id, name, settings, created_ms, updated_ms FROM agents WHERE id = ?", id);
    return query.next() ? std::optional(read_agent(query)) : std::nullopt;
}

bool AgentTable::remove(std::string_view id) {
    Query(database_, "DELETE FROM agents WHERE id = ?", id).run();
    return database_.changed() > 0;
}

std::vector<StoredAgent> AgentTable::list() const {
    Query query(database_, "SELECT id, name, settings, created_ms, updated_ms FROM agents ORDER BY id");
    std::vector<StoredAgent> agents;
    while (query.next()) {
        agents.push_back(read_agent(query));
    }
    return agents;
}

} // namespace keytone::server
