// SPDX-License-Identifier: MIT
#pragma once

#include "server/sip/re_library.hpp"
#include "server/sip/session_timer.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace keytone::server {

/// The session timer of one dialog: RFC 4028. On the SIP library's thread only.
class ReSessionTimer {
  public:
    /// `refresh` is called when we have to refresh, `expire` when the far side has not done so in time.
    ReSessionTimer(std::function<void()> refresh, std::function<void()> expire);
    ReSessionTimer(const ReSessionTimer&) = delete;
    ReSessionTimer& operator=(const ReSessionTimer&) = delete;
    ~ReSessionTimer() { stop(); }

    /// What our INVITE asks for.
    void ask(std::chrono::seconds interval);
    /// Asks for the longer interval that a 422 requires, once. False where it names none, or is the second.
    bool ask_longer(const sip_msg& response);
    /// What the response to a request of ours settles.
    void take_response(const sip_msg& response);
    /// What a request of the far side's settles, by our answer to it.
    void take_request(const sip_msg& request);
    /// Counts from now, if there is a session timer.
    void start();
    void stop();

    /// The headers of our INVITE or of our answer: lines with CRLF, or empty.
    [[nodiscard]] std::string headers() const;

  private:
    void on_time();

    std::function<void()> refresh_;
    std::function<void()> expire_;
    std::optional<SessionExpires> expires_;
    bool refreshes_ = false;     ///< We do, not the far side.
    bool is_answer_ = false;     ///< The far side asked for what was settled last.
    bool was_too_brief_ = false; ///< A 422 came.
    tmr timer_{};
};

} // namespace keytone::server
