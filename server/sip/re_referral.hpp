// SPDX-License-Identifier: MIT
#pragma once

#include "server/sip/re_credentials.hpp"
#include "server/sip/re_library.hpp"
#include "server/sip/signalling.hpp"

#include <functional>
#include <string>
#include <vector>

namespace keytone::server {

/// A dialog's REFER, and what NOTIFYs say of it: RFC 3515. On the SIP library's thread only.
class ReReferral {
  public:
    /// `tell` is called with the message that the fact comes from; null where REFER could not be sent.
    using Tell = std::function<void(const sip_msg* message, decltype(SignallingFact::what) what)>;

    explicit ReReferral(Tell tell) : tell_(std::move(tell)) {}
    ReReferral(const ReReferral&) = delete;
    ReReferral& operator=(const ReReferral&) = delete;

    /// Sends a REFER. It takes the place of one that is under way.
    void send(sipevent_sock* events, sip_dialog* dialog, ReCredentials* credentials,
              const std::string& target, const std::vector<SipHeader>& headers);
    /// No further fact is reported.
    void end() { subscription_.reset(); }

  private:
    void on_notify(::sip* sip, const sip_msg& request);
    void on_close(const sip_msg* message);

    Tell tell_;
    Reference<sipsub> subscription_;
};

} // namespace keytone::server
