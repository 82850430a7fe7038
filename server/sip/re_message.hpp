// SPDX-License-Identifier: MIT
//
// What keytone reads of the SIP library's messages. On the library's thread only.
#pragma once

#include "server/sip/media_description.hpp"
#include "server/sip/re_library.hpp"
#include "server/sip/session_timer.hpp"
#include "server/sip/signalling.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// The user of each dialog's Contact.
inline constexpr const char* contact_user = "keytone";

/// One line for each, with CRLF.
std::string lines_of(const std::vector<SipHeader>& headers);

/// When a message came: over UDP by the kernel's stamp, as the thread may get to it late; else now. Only for
/// the message that was received last, while it is being handled.
std::chrono::steady_clock::time_point arrival_of(const sip_msg& message);

/// Whether the CSeq names the method, and the body is complete: RFC 3261, 8.1.1.5 and 18.3.
bool is_whole(const sip_msg& request);
/// The first extension that it requires and we lack; nothing where there is none.
std::optional<std::string> lacking_extension(const sip_msg& request);
/// Its headers whose name begins with X-.
std::vector<SipHeader> own_headers_of(const sip_msg& request);
/// The session description; nothing where there is none that can be read.
std::optional<MediaDescription> description_of(const sip_msg& message, SrtpPolicy policy);

/// The Session-Expires; nothing where there is none.
std::optional<SessionExpires> session_expires_of(const sip_msg& message);
/// Whether the sender supports session timers: RFC 4028, 7.1.
bool knows_session_timers(const sip_msg& message);
/// Whether a request is to be refused with 422: RFC 4028, 9.
bool asks_too_brief_a_session(const sip_msg& request);

/// Changes a response in `bytes` before the library reads it, where the library would go wrong. It follows
/// redirects: their targets are removed, as the far side does not decide whom we call. It gives up on a
/// challenge by another algorithm than MD5, even beside one by MD5 (RFC 8760): the one by MD5 replaces it.
void amend_response(char* bytes, std::size_t size);

} // namespace keytone::server
