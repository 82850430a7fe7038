// SPDX-License-Identifier: MIT
#pragma once

#include "server/store/database.hpp"

#include <string>
#include <string_view>

namespace keytone::server {

/// Keys that this service alone has. All throw StoreError.
class SecretTable {
  public:
    explicit SecretTable(Database& database) : database_(database) {}

    /// The secret of a name, which is made when it is first asked for: 256 random bits in hexadecimal digits.
    std::string get(std::string_view name);

  private:
    Database& database_;
};

} // namespace keytone::server
