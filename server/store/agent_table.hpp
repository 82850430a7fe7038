// SPDX-License-Identifier: MIT
#pragma once

#include "server/store/call_table.hpp"
#include "server/store/database.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// An agent as its owner has set it.
struct StoredAgent {
    std::string id; ///< 1 to 64 of A-Z a-z 0-9 . _ -
    std::string name;
    std::string settings; ///< A JSON object.
    UnixMs created_ms = 0;
    UnixMs updated_ms = 0;
};

/// All throw StoreError.
class AgentTable {
  public:
    /// How many there may be.
    static constexpr std::size_t most = 10'000;

    explicit AgentTable(Database& database) : database_(database) {}

    /// Writes it, whether it is there already or not; when it was made stays. False, and nothing is done,
    /// where it would be one too many.
    bool put(const StoredAgent& agent);
    [[nodiscard]] std::optional<StoredAgent> find(std::string_view id) const;
    /// False where there is none.
    bool remove(std::string_view id);
    /// All, by their ids.
    [[nodiscard]] std::vector<StoredAgent> list() const;

  private:
    Database& database_;
};

} // namespace keytone::server
