// SPDX-License-Identifier: MIT
#include "server/sip/session_timer.hpp"

#include <algorithm>
#include <charconv>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;

constexpr long longest_session_s = 86'400;
constexpr auto least_margin = 32s; // RFC 4028, 10: or a third of the interval, if less

} // namespace

std::optional<SessionExpires> read_session_expires(std::string_view value) {
    long seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error != std::errc{} || seconds < 0) {
        return std::nullopt;
    }
    SessionExpires read{std::chrono::seconds(std::min(seconds, longest_session_s))};
    const std::string_view parameters = value.substr(static_cast<std::size_t>(end - value.data()));
    if (parameters.find("refresher=uac") != std::string_view::npos) {
        read.refresher = SessionExpires::Refresher::uac;
    } else if (parameters.find("refresher=uas") != std::string_view::npos) {
        read.refresher = SessionExpires::Refresher::uas;
    }
    return read;
}

std::string write_session_expires(const SessionExpires& expires) {
    const std::string interval = std::to_string(expires.interval.count());
    switch (expires.refresher) {
    case SessionExpires::Refresher::uac:
        return interval + ";refresher=uac";
    case SessionExpires::Refresher::uas:
        return interval + ";refresher=uas";
    case SessionExpires::Refresher::unsaid:
        break;
    }
    return interval;
}

std::chrono::seconds refresh_after(std::chrono::seconds interval) {
    return interval / 2;
}

std::chrono::seconds give_up_after(std::chrono::seconds interval) {
    return interval - std::min<std::chrono::seconds>(least_margin, interval / 3);
}

} // namespace keytone::server
