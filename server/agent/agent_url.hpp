// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"

#include <string>
#include <string_view>

namespace keytone::server {

/// Where an agent listens: `wss://agent.example:8443/calls?key=1`.
struct AgentUrl {
    bool secure = false; ///< wss: TLS.
    std::string host;    ///< A name, or an address without brackets.
    std::string port;    ///< 80 and 443 where the URL has none.
    std::string target;  ///< Path and query; `/` where the URL has none.
    std::string text;    ///< The URL as it was written.

    /// What the Host header says: the host in brackets where it is IPv6, and a port that is not the usual
    /// one.
    [[nodiscard]] std::string authority() const;
};

/// RFC 6455, 3. Errors: what is wrong and the remedy, for a line that begins with the key's name. `[any]`
Result<AgentUrl, std::string> parse_agent_url(std::string_view text);

} // namespace keytone::server
