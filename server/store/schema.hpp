// SPDX-License-Identifier: MIT
//
// The tables of the store:
//
//     calls ──1:1── reports ──1:n── deliveries ──n:1── endpoints    agents    tokens    secrets    alive
//       └──1:1── call_events
//
// A call has one report at most: the table itself sees to it. Times are milliseconds since 1970, in UTC.
#pragma once

#include "server/store/database.hpp"

namespace keytone::server {

/// The version of the tables as this program has them; a file says its own in `user_version`.
inline constexpr int schema_version = 3;

/// Makes the tables, or brings those of an older version up to `version`, in one transaction. Throws
/// StoreError: also where the file is of a newer version.
void migrate(Database& database, int version = schema_version);

} // namespace keytone::server
