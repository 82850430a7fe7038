// SPDX-License-Identifier: MIT
#include "server/store/secret_table.hpp"

#include "server/store/secret.hpp"

namespace keytone::server {

std::string SecretTable::get(std::string_view name) {
    // Of two programs that make it at once the first one's stays.
    Query(database_, "INSERT INTO secrets(name, value) VALUES(?, ?) ON CONFLICT(name) DO NOTHING", name,
          new_secret(""))
        .run();
    Query query(database_, "SELECT value FROM secrets WHERE name = ?", name);
    query.next();
    return query.text(0);
}

} // namespace keytone::server
