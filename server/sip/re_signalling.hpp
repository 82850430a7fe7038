// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "server/sip/address_range.hpp"
#include "server/sip/digest_server.hpp"
#include "server/sip/signalling.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

struct SignallingConfig {
    std::string address = "127.0.0.1"; ///< To listen on, UDP and TCP.
    std::uint16_t port = 0;            ///< 0: any that is free.
    /// Addresses that may call; the loopback where none is given.
    std::vector<AddressRange> callers{};
    DigestUsers users{}; ///< Who may call from anywhere else, with a password.
    std::optional<Registration> registration{};
    std::size_t max_dialogs = 5000;           ///< Further calls are answered with 503.
    std::chrono::seconds session_timer{1800}; ///< That is asked for: RFC 4028.
    SrtpPolicy srtp = SrtpPolicy::off;        ///< Calls that do not fit it are refused with 488.
    /// Called with each message that comes or goes, and both addresses; on the library's thread.
    std::function<void(const std::string& from, const std::string& to, std::string_view bytes)> on_message{};
};

/// Signalling by libre. Errors: the address is none of this machine, or the port is taken. `[control]`
Result<std::unique_ptr<Signalling>, std::string> make_re_signalling(const SignallingConfig& config);

} // namespace keytone::server
