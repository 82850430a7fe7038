// SPDX-License-Identifier: MIT
#include "server/store/endpoint_table.hpp"

#include "server/store/secret.hpp"

#include <algorithm>

namespace keytone::server {

bool EndpointTable::is_label(std::string_view label) {
    const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !label.empty() && label.size() <= most_label_bytes && is_word(label.front()) &&
           std::ranges::all_of(label, [&](char c) { return is_word(c) || c == '-'; });
}

std::optional<std::string> EndpointTable::add(const std::string& label, const std::string& url, UnixMs now,
                                              std::string& fault) {
    Transaction transaction(database_);
    const auto known = list();
    for (const ListedEndpoint& endpoint : known) {
        if (endpoint.label == label) {
            fault = "there is an endpoint of that label: remove it first, or choose another label";
            return std::nullopt;
        }
    }
    if (known.size() >= most) {
        fault = "there are " + std::to_string(most) + " endpoints already: remove one";
        return std::nullopt;
    }
    std::string secret = new_secret(prefix);
    Query(database_,
          "INSERT INTO endpoints(label, url, secret, enabled, created_ms, updated_ms)"
          " VALUES(?, ?, ?, 1, ?, ?)",
          label, url, secret, now, now)
        .run();
    transaction.commit();
    return secret;
}

std::vector<ListedEndpoint> EndpointTable::list() const {
    Query query(database_, "SELECT id, label, url, enabled, created_ms, updated_ms, last_ms, last_status"
                           " FROM endpoints ORDER BY label");
    std::vector<ListedEndpoint> found;
    while (query.next()) {
        found.push_back({query.number(0), query.text(1), query.text(2), query.number(3) != 0, query.number(4),
                         query.number(5), query.number_or_none(6), query.text(7)});
    }
    return found;
}

std::optional<ListedEndpoint> EndpointTable::find(std::int64_t id) const {
    auto all = list(); // They are five at most.
    const auto found = std::ranges::find(all, id, &ListedEndpoint::id);
    return found == all.end() ? std::nullopt : std::optional(std::move(*found));
}

std::optional<std::string> EndpointTable::put_default(const std::string& url, UnixMs now,
                                                      std::string& fault) {
    const std::string label(default_label);
    std::string secret = new_secret(prefix);
    Query(database_, "UPDATE endpoints SET url = ?, secret = ?, enabled = 1, updated_ms = ? WHERE label = ?",
          url, secret, now, label)
        .run();
    return database_.changed() > 0 ? std::optional(std::move(secret)) : add(label, url, now, fault);
}

bool EndpointTable::change(const std::string& label, std::optional<bool> enabled,
                           const std::optional<std::string>& new_label, UnixMs now) {
    Query(database_,
          "UPDATE OR IGNORE endpoints SET enabled = coalesce(?, enabled), label = ?, updated_ms = ?"
          " WHERE label = ?",
          enabled ? std::optional<std::int64_t>(*enabled ? 1 : 0) : std::nullopt, new_label.value_or(label),
          now, label)
        .run();
    return database_.changed() > 0;
}

bool EndpointTable::remove(const std::string& label) {
    Query(database_, "DELETE FROM endpoints WHERE label = ?", label).run();
    return database_.changed() > 0;
}

std::optional<std::string> EndpointTable::rotate(const std::string& label, UnixMs now) {
    std::string secret = new_secret(prefix);
    Query(database_, "UPDATE endpoints SET secret = ?, updated_ms = ? WHERE label = ?", secret, now, label)
        .run();
    return database_.changed() > 0 ? std::optional(std::move(secret)) : std::nullopt;
}

} // namespace keytone::server
