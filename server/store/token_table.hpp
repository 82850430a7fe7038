// SPDX-License-Identifier: MIT
//
// Bearer tokens: who may use the API. The store has their hashes alone.
#pragma once

#include "server/store/call_table.hpp"
#include "server/store/database.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

struct ListedToken {
    std::string name;
    UnixMs created_ms = 0;
};

/// What is kept of a token.
struct TokenHash {
    std::string name;
    std::string hash; ///< SHA-256, hexadecimal.
};

/// All throw StoreError.
class TokenTable {
  public:
    static constexpr std::string_view prefix = "kt_live_";
    static constexpr std::size_t most = 100;

    explicit TokenTable(Database& database) : database_(database) {}

    /// A new token of 256 bits, which nobody can ask for again. Nothing where the name is taken, or there are
    /// as many as may be: `fault` says which.
    std::optional<std::string> create(const std::string& name, UnixMs now, std::string& fault);
    [[nodiscard]] std::vector<ListedToken> list() const;
    /// False where there is none of that name.
    bool revoke(const std::string& name);
    [[nodiscard]] std::vector<TokenHash> hashes() const;
    /// The name of a token, nothing where it is none. How long this takes does not tell how much of a token
    /// was right.
    [[nodiscard]] std::optional<std::string> name_of(std::string_view token) const {
        return name_of(token, hashes());
    }
    /// The same by hashes that were read before; throws nothing.
    [[nodiscard]] static std::optional<std::string> name_of(std::string_view token,
                                                            std::span<const TokenHash> hashes);

  private:
    Database& database_;
};

} // namespace keytone::server
