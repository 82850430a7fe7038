// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "server/media/rtp_port.hpp"
#include "server/sip/re_signalling.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// What the configuration file says; docs/live.md has each key.
struct ServerConfig {
    SignallingConfig sip;
    std::string from;                          ///< `sip.from`; empty: keytone at the address.
    std::string trunk;                         ///< `sip.trunk`: where numbers are dialled.
    std::optional<SipCredentials> credentials; ///< `sip.user`, `sip.password`.
    std::string media_address;                 ///< `rtp.address`; empty: that of `sip.listen`.
    PortRange ports{};                         ///< `rtp.ports`.
    /// `rtp.srtp` is in `sip.srtp`, which refuses by it.
    std::vector<std::string> allowed_targets; ///< `dial.allow`.
};

/// Reads a configuration. `name` is the file's, for the error: one line with the place, the key and the
/// remedy. `[control]`
Result<ServerConfig, std::string> read_server_config(std::string_view text, std::string_view name);

} // namespace keytone::server
