// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace keytone::server {

/// The SIP URI of what a call asks to be dialled: a number at the trunk, `host` or `host:port`; a URI as it
/// is. `[any]`
std::string sip_target(std::string_view number_or_uri, std::string_view trunk);
/// The host and port of a SIP URI: `pbx.example:5080` of `sip:100@pbx.example:5080;transport=tcp`. `[any]`
std::string host_of(std::string_view uri);

} // namespace keytone::server
