// SPDX-License-Identifier: MIT
#include "server/store/token_table.hpp"

#include "server/store/secret.hpp"

namespace keytone::server {

std::optional<std::string> TokenTable::create(const std::string& name, UnixMs now, std::string& fault) {
    Transaction transaction(database_);
    const auto known = list();
    for (const ListedToken& token : known) {
        if (token.name == name) {
            fault = "there is a token of that name: revoke it first, or choose another name";
            return std::nullopt;
        }
    }
    if (known.size() >= most) {
        fault = "there are " + std::to_string(most) + " tokens already: revoke one";
        return std::nullopt;
    }
    std::string token = new_secret(prefix);
    Query(database_, "INSERT INTO tokens(name, hash, created_ms) VALUES(?, ?, ?)", name, sha256_hex(token),
          now)
        .run();
    transaction.commit();
    return token;
}

std::vector<ListedToken> TokenTable::list() const {
    Query query(database_, "SELECT name, created_ms FROM tokens ORDER BY name");
    std::vector<ListedToken> found;
    while (query.next()) {
        found.push_back({query.text(0), query.number(1)});
    }
    return found;
}

bool TokenTable::revoke(const std::string& name) {
    Query(database_, "DELETE FROM tokens WHERE name = ?", name).run();
    return database_.changed() > 0;
}

std::vector<TokenHash> TokenTable::hashes() const {
    Query query(database_, "SELECT name, hash FROM tokens");
    std::vector<TokenHash> found;
    while (query.next()) {
        found.push_back({query.text(0), query.text(1)});
    }
    return found;
}

std::optional<std::string> TokenTable::name_of(std::string_view token, std::span<const TokenHash> hashes) {
    const std::string hash = sha256_hex(token);
    std::optional<std::string> found;
    for (const TokenHash& each : hashes) { // All of them, whichever it is.
        if (same_in_constant_time(each.hash, hash)) {
            found = each.name;
        }
    }
    return found;
}

} // namespace keytone::server
