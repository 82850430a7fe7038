// SPDX-License-Identifier: MIT
#include "server/sip/re_message.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <ctime>

namespace keytone::server {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;
using std::chrono::seconds;

/// An older stamp was made before the system's clock was set.
constexpr seconds oldest_arrival{10};

bool has_prefix_x(std::string_view name) {
    return name.starts_with("X-") || name.starts_with("x-");
}

template <class Take>
void each_header(const sip_msg& message, Take take) {
    for (const le* entry = message.hdrl.head; entry != nullptr; entry = entry->next) {
        take(*static_cast<const sip_hdr*>(entry->data));
    }
}

// Tells a request from a response as the library does: `METHOD URI SIP/2.0`.
bool is_request(std::string_view message) {
    const std::string_view line = message.substr(0, message.find_first_of("\r\n"));
    const auto method_end = line.find(' ');
    const auto uri_end = method_end == std::string_view::npos ? method_end : line.find(' ', method_end + 1);
    return uri_end != std::string_view::npos && line.substr(uri_end + 1) == "SIP/2.0";
}

/// Changes a message at the places that were found in its decoded copy.
struct Amend {
    char* bytes;
    const char* copy;

    void fill(const pl& place, char with) const { std::fill_n(bytes + (place.p - copy), place.l, with); }
    void put(const pl& place, std::string_view text) const {
        fill(place, ' ');
        std::ranges::copy(text, bytes + (place.p - copy));
    }
};

void take_targets_out(const sip_msg& response, const Amend& amend) {
    each_header(response, [&](const sip_hdr& header) {
        if (header.id == SIP_HDR_CONTACT) {
            amend.fill(header.val, '-'); // no URI: there is no scheme
        }
    });
}

bool is_challenge(const sip_hdr& header) {
    return header.id == SIP_HDR_WWW_AUTHENTICATE || header.id == SIP_HDR_PROXY_AUTHENTICATE;
}

bool is_by_md5(const sip_hdr& header) {
    httpauth_digest_chall challenge{};
    return httpauth_digest_challenge_decode(&challenge, &header.val) == 0 &&
           (!pl_isset(&challenge.algorithm) || pl_strcasecmp(&challenge.algorithm, "MD5") == 0);
}

void make_all_md5(const sip_msg& response, const Amend& amend) {
    const sip_hdr* known = nullptr;
    each_header(response, [&](const sip_hdr& header) {
        if (known == nullptr && is_challenge(header) && is_by_md5(header)) {
            known = &header;
        }
    });
    each_header(response, [&](const sip_hdr& header) {
        if (known != nullptr && header.id == known->id && !is_by_md5(header) &&
            known->val.l <= header.val.l) {
            amend.put(header.val, view(known->val));
        }
    });
}

} // namespace

std::string lines_of(const std::vector<SipHeader>& headers) {
    std::string lines;
    for (const SipHeader& header : headers) {
        lines += header.name + ": " + header.value + "\r\n";
    }
    return lines;
}

Clock::time_point arrival_of(const sip_msg& message) {
    const auto now = Clock::now();
    if (message.tp != SIP_TRANSP_UDP) {
        return now;
    }
    const int socket = udp_sock_fd(static_cast<const udp_sock*>(message.sock), sa_af(&message.dst));
    timespec stamp{};
    timespec clock{};
    // The first call fails, and turns on the stamping of the socket's datagrams.
    if (socket < 0 || ioctl(socket, SIOCGSTAMPNS, &stamp) != 0 ||
        clock_gettime(CLOCK_REALTIME, &clock) != 0) {
        return now;
    }
    const auto age = seconds(clock.tv_sec - stamp.tv_sec) + nanoseconds(clock.tv_nsec - stamp.tv_nsec);
    return age < seconds(0) || age > oldest_arrival ? now : now - age;
}

bool is_whole(const sip_msg& request) {
    return view(request.cseq.met) == view(request.met) &&
           (!pl_isset(&request.clen) || pl_u32(&request.clen) <= mbuf_get_left(request.mb));
}

std::optional<std::string> lacking_extension(const sip_msg& request) {
    std::optional<std::string> lacking;
    each_header(request, [&](const sip_hdr& header) {
        if (!lacking && header.id == SIP_HDR_REQUIRE && view(header.val) != "timer") {
            lacking = view(header.val);
        }
    });
    return lacking;
}

std::vector<SipHeader> own_headers_of(const sip_msg& request) {
    std::vector<SipHeader> headers;
    each_header(request, [&](const sip_hdr& header) {
        if (has_prefix_x(view(header.name))) {
            headers.push_back({std::string(view(header.name)), std::string(view(header.val))});
        }
    });
    return headers;
}

std::optional<MediaDescription> description_of(const sip_msg& message, SrtpPolicy policy) {
    if (rest_of(message.mb).empty() || !msg_ctype_cmp(&message.ctyp, "application", "sdp")) {
        return std::nullopt;
    }
    auto read = read_session_description(rest_of(message.mb), policy);
    return read ? std::optional(*std::move(read)) : std::nullopt;
}

std::optional<SessionExpires> session_expires_of(const sip_msg& message) {
    const sip_hdr* const header = sip_msg_hdr(&message, SIP_HDR_SESSION_EXPIRES);
    return header == nullptr ? std::nullopt : read_session_expires(view(header->val));
}

bool knows_session_timers(const sip_msg& message) {
    return sip_msg_hdr_has_value(&message, SIP_HDR_SUPPORTED, "timer");
}

bool asks_too_brief_a_session(const sip_msg& request) {
    const auto expires = session_expires_of(request);
    return expires && expires->interval < min_session_expires && knows_session_timers(request);
}

void amend_response(char* bytes, std::size_t size) {
    const std::string_view message(bytes, size);
    if (is_request(message)) {
        return;
    }
    // The library accepts any word as a response's version, and any digits in front of 302. So it decodes the
    // message here, too.
    const auto copy = buffer_of(message);
    sip_msg* decoded = nullptr;
    if (copy == nullptr || sip_msg_decode(&decoded, copy.get()) != 0) {
        return;
    }
    const Reference<sip_msg> response(decoded);
    const Amend amend{bytes, reinterpret_cast<const char*>(copy->buf)};
    if (response->scode >= 300 && response->scode < 400) {
        take_targets_out(*response, amend);
    } else if (response->scode == 401 || response->scode == 407) {
        make_all_md5(*response, amend);
    }
}

} // namespace keytone::server
