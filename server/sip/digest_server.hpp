// SPDX-License-Identifier: MIT
//
// Callers by name and password: digest authentication, RFC 7616 with MD5 as SIP has it (RFC 3261, 22). It
// does not store its challenges: a nonce carries its time and is signed. It stores only nonces of callers who
// knew their password.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace keytone::server {

/// The realm that the passwords belong to.
inline constexpr std::string_view digest_realm = "keytone";

/// MD5 of `name:realm:password`: all that a server needs of a password. RFC 7616, 3.4.2.
using DigestKey = std::array<std::uint8_t, 16>;
/// `[any]`
DigestKey digest_key(std::string_view name, std::string_view password);
/// From 32 hexadecimal digits; nothing where it is none. `[any]`
std::optional<DigestKey> read_digest_key(std::string_view digits);

using DigestUsers = std::unordered_map<std::string, DigestKey>;

/// Asks callers who they are.
class DigestServer {
  public:
    using Time = std::chrono::steady_clock::time_point;

    enum class Verdict {
        accepted,
        unasked, ///< No answer to a challenge of ours: send one.
        stale,   ///< The password is right, the nonce old or used before: send a new one.
        refused, ///< The name is unknown, or the password wrong.
    };
    struct Judgement {
        Verdict verdict;
        std::string user; ///< The caller's name, if accepted.
    };

    static constexpr std::chrono::seconds nonce_life{60};
    /// How many nonces in use are stored. Beyond that the oldest count as old.
    static constexpr std::size_t most_used = 16384;

    explicit DigestServer(DigestUsers users);

    /// The value of WWW-Authenticate. `[any]`, one thread at a time
    [[nodiscard]] std::string challenge(bool is_stale, Time now) const;
    /// Of the value of Authorization, from a request of this method.
    Judgement judge(std::string_view authorization, std::string_view method, Time now);

  private:
    using Nonce = std::pair<std::int64_t, std::uint64_t>; ///< When it was issued, in ms; a random number.

    [[nodiscard]] std::string write(const Nonce& nonce) const;
    [[nodiscard]] std::optional<Nonce> read(std::string_view text) const;
    [[nodiscard]] bool use(const Nonce& nonce, std::uint32_t count, Time now);

    DigestUsers users_;
    std::array<std::uint8_t, 32> secret_{};
    std::map<Nonce, std::uint32_t> used_; ///< With the last count of each.
    std::int64_t newest_forgotten_ms_ = INT64_MIN;
};

} // namespace keytone::server
