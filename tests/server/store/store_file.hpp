// SPDX-License-Identifier: MIT
#pragma once

#include "server/store/database.hpp"
#include "server/store/schema.hpp"
#include "tests/support/temporary_folder.hpp"

#include <string>

namespace keytone::test {

/// A store of one test.
struct StoreFile {
    explicit StoreFile(int version = server::schema_version) : database(folder.file("store.db")) {
        server::migrate(database, version);
    }

    TemporaryFolder folder;
    server::Database database;

    /// The first value of a query, as text.
    std::string value(const char* query) {
        server::Query found(database, query);
        return found.next() ? found.text(0) : "";
    }
};

} // namespace keytone::test
