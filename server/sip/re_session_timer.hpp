// SPDX-License-Identifier: MIT
#pragma once

#include "server/sip/re_library.hpp"
#include "server/sip/session_timer.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace keytone::server {

/// The session timer of one dialog: RFC 4028. On the SIP library's thread alone.
class ReSessionTimer {
  public:
    /// `refresh` is called when it is time to, `expire` when the far side did not.
    ReSessionTimer(std::function<void()> refresh, std::function<void()> expire);
    ReSessionTimer(const ReSessionTimer&) = delete;
    ReSessionTimer& operator=(const ReSessionTimer&) = delete;
    ~ReSessionTimer() { stop(); }

    /// What our INVITE asks for.
    void ask(std::chrono::seconds interval);
    /// Asks for longer, as a 422 wants it: once. False where it does not say, or wanted so before.
    bool ask_longer(const sip_msg& response);
    /// What the response to a request of ours settles.
    void take_response(const sip_msg& response);
    /// What a request of the far side's settles, by our answer to it.
    void take_request(const sip_msg& request);
    /// Counts from now, if there is a session timer.
    void start();
    void stop();

    /// Of our INVITE, or of our answer: lines with their ends, or nothing.
    [[nodiscard]] std::string headers() const;

  private:
    void on_time();

    std::function<void()> refresh_;
    std::function<void()> expire_;
    std::optional<SessionExpires> expires_;
    bool refreshes_ = false;     ///< It is ours to do.
    bool is_answer_ = false;     ///< What was settled last was asked by the far side.
    bool was_too_brief_ = false; ///< 422.
    tmr timer_{};
};

} // namespace keytone::server
