// SPDX-License-Identifier: MIT
//
// What of the SIP library's messages concerns us. On the library's thread alone.
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

/// A line each, with its end.
std::string lines_of(const std::vector<SipHeader>& headers);

/// When it came: by the kernel's clock over UDP, as the thread may get to it late; else now. Of the message
/// that was received last, while it is being handled.
std::chrono::steady_clock::time_point arrival_of(const sip_msg& message);

/// Its CSeq names its method, and its body is all there: RFC 3261, 8.1.1.5 and 18.3.
bool is_whole(const sip_msg& request);
/// The first extension that it requires and we lack; nothing where there is none.
std::optional<std::string> lacking_extension(const sip_msg& request);
/// Its headers whose name begins with X-.
std::vector<SipHeader> own_headers_of(const sip_msg& request);
/// What it says of audio; nothing where it says none that can be read.
std::optional<MediaDescription> description_of(const sip_msg& message, SrtpPolicy policy);

/// What it says of the session's time; nothing where it does not.
std::optional<SessionExpires> session_expires_of(const sip_msg& message);
/// Whoever sent it knows session timers: RFC 4028, 7.1.
bool knows_session_timers(const sip_msg& message);
/// A request is to be refused with 422: RFC 4028, 9.
bool asks_too_brief_a_session(const sip_msg& request);

/// Amends a message before the library goes on to read it from `bytes`, where it would go wrong:
/// - it follows redirects: their targets are taken out, as nobody else decides whom we call;
/// - it gives up on a challenge by another sum than MD5, even beside one by MD5 (RFC 8760): that one stands
/// for
///   both.
void amend_response(char* bytes, std::size_t size);

} // namespace keytone::server
