// SPDX-License-Identifier: MIT
//
// Who may use the API: whoever sends a token that the store has the hash of.
#pragma once

#include "server/api/failed_tries.hpp"
#include "server/api/http_message.hpp"
#include "server/api/route.hpp"
#include "server/store/token_table.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// The user and the password of basic authorization (RFC 7617); nothing where the header is none. `[any]`
struct BasicCredentials {
    std::string user;
    std::string password;
};
std::optional<BasicCredentials> read_basic(std::string_view authorization);
/// The token of `Bearer …` (RFC 6750, 2.1); nothing where the header is none. `[any]`
std::optional<std::string> read_bearer(std::string_view authorization);

/// `[http]`
class Authorization {
  public:
    using Clock = std::chrono::steady_clock;

    /// So long a token that was revoked may go on, and one that was made waits.
    static constexpr std::chrono::milliseconds refresh{1000};

    explicit Authorization(Database& database) : tokens_(database) {}

    /// The answer to a request that the route does not let in: 401, 429 after too many of those from one
    /// address; nothing where it may go on. A token that is right is let in however many others of its
    /// address were wrong: a proxy may stand for many. Throws StoreError.
    std::optional<HttpResponse> refusal(const Route& route, const std::vector<std::string>& names,
                                        const HttpRequest& request, Clock::time_point now);

  private:
    bool knows(std::string_view token, Clock::time_point now);

    TokenTable tokens_;
    std::vector<TokenHash> hashes_;
    std::optional<Clock::time_point> read_at_;
    FailedTries failed_;
};

} // namespace keytone::server
