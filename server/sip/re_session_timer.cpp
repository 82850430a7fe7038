// SPDX-License-Identifier: MIT
#include "server/sip/re_session_timer.hpp"

#include "server/sip/re_message.hpp"

#include <cstdint>
#include <utility>

namespace keytone::server {

using Refresher = SessionExpires::Refresher;

ReSessionTimer::ReSessionTimer(std::function<void()> refresh, std::function<void()> expire)
    : refresh_(std::move(refresh)), expire_(std::move(expire)) {
    tmr_init(&timer_);
}

void ReSessionTimer::ask(std::chrono::seconds interval) {
    // We refresh: for our INVITE we are the UAC. In our answer to a re-INVITE the UAC is the far side, which
    // sent it.
    expires_ = SessionExpires{interval, Refresher::uac};
}

bool ReSessionTimer::ask_longer(const sip_msg& response) {
    const sip_hdr* const least = sip_msg_hdr(&response, SIP_HDR_MIN_SE);
    const auto wanted = least == nullptr ? std::nullopt : read_session_expires(view(least->val));
    if (!wanted || !expires_ || std::exchange(was_too_brief_, true)) {
        return false;
    }
    expires_->interval = wanted->interval;
    return true;
}

// A response without Session-Expires means that there is no session timer: RFC 4028, 7.2 and 9.
void ReSessionTimer::take_response(const sip_msg& response) {
    is_answer_ = false;
    expires_ = session_expires_of(response);
    if (expires_) {
        refreshes_ = expires_->refresher != Refresher::uas;
        expires_->refresher = refreshes_ ? Refresher::uac : Refresher::uas;
    }
}

// The UAC is the far side. A proxy may have asked for the timer, which the far side does not support: then we
// refresh.
void ReSessionTimer::take_request(const sip_msg& request) {
    is_answer_ = true;
    expires_ = session_expires_of(request);
    if (expires_) {
        refreshes_ = expires_->refresher == Refresher::uas || !knows_session_timers(request);
        expires_->refresher = refreshes_ ? Refresher::uas : Refresher::uac;
    }
}

void ReSessionTimer::start() {
    stop();
    if (!expires_ || expires_->interval < min_session_expires) {
        return;
    }
    const auto wait = refreshes_ ? refresh_after(expires_->interval) : give_up_after(expires_->interval);
    tmr_start(
        &timer_, static_cast<std::uint64_t>(std::chrono::milliseconds(wait).count()),
        [](void* self) { static_cast<ReSessionTimer*>(self)->on_time(); }, this);
}

void ReSessionTimer::stop() {
    tmr_cancel(&timer_);
}

void ReSessionTimer::on_time() {
    if (!refreshes_) { // The far side is gone: RFC 4028, 10.
        expire_();     // May destroy this.
        return;
    }
    start(); // again, in case no answer comes
    refresh_();
}

std::string ReSessionTimer::headers() const {
    if (!expires_) {
        return {};
    }
    // Where the far side refreshes, our answer has to require that it does: RFC 4028, 9.
    return std::string(is_answer_ && !refreshes_ ? "Require: timer\r\n" : "") +
           "Supported: timer\r\nSession-Expires: " + write_session_expires(*expires_) + "\r\n" +
           (was_too_brief_ ? "Min-SE: " + std::to_string(expires_->interval.count()) + "\r\n" : "");
}

} // namespace keytone::server
