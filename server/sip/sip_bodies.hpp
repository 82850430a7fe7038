// SPDX-License-Identifier: MIT
//
// Small bodies that are neither SIP nor SDP.
#pragma once

#include "dsp/keys.hpp"
#include "dsp/units.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace keytone::server {

/// A key as INFO carries it: `application/dtmf-relay`, lines `Signal=5` and `Duration=160`.
struct RelayedKey {
    Key key;
    Milliseconds length;
};

/// Nothing for what names no key. Without a length it is 100 ms; 10 s at most. `[any]`
std::optional<RelayedKey> read_dtmf_relay(std::string_view body);
/// `[any]`
std::string write_dtmf_relay(const RelayedKey& key);
/// The status of `message/sipfrag`, whose first line is a response's: RFC 3515, 2.4.5. Nothing where there is
/// none. `[any]`
std::optional<int> read_sipfrag_status(std::string_view body);

} // namespace keytone::server
