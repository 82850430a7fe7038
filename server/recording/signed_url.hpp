// SPDX-License-Identifier: MIT
//
// Who knows a recording's URL may hear it, until it expires:
//
//     https://keytone.example/recordings/1b4e28ba-….wav?expires=1796000000&signature=3f0a…
//                            └──────── signed: path, line end, expires ────────┘
//
// The signature is HMAC-SHA256 (RFC 2104) by a key that only the store has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace keytone::server {

/// Whether it is a session's name as new_uuid() makes them: 36 characters, lower case, and so no path.
/// `[any]`
bool is_session_name(std::string_view name);

/// Signs and checks the URLs of recordings. `[any]`
class UrlSigner {
  public:
    static constexpr std::int64_t life_s = std::int64_t{7} * 24 * 3600;

    /// `base`: how others reach the service, as `https://keytone.example`.
    UrlSigner(std::string base, std::string key);

    /// The path of a session's recording.
    static std::string path_of(std::string_view session);
    /// The URL of a session's recording, good from `now_s` (Unix time) on for life_s.
    [[nodiscard]] std::string sign(std::string_view session, std::int64_t now_s) const;
    /// The session that a request asks for, where its signature is right and has not expired. `path` and the
    /// two values as they stand in the request; anything else than what sign() wrote is refused.
    [[nodiscard]] std::optional<std::string> check(std::string_view path, std::string_view expires,
                                                   std::string_view signature, std::int64_t now_s) const;

  private:
    [[nodiscard]] std::string signature_of(std::string_view path, std::string_view expires) const;

    std::string base_;
    std::string key_;
};

} // namespace keytone::server
