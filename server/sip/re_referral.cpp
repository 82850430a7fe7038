// SPDX-License-Identifier: MIT
#include "server/sip/re_referral.hpp"

#include "server/sip/re_message.hpp"
#include "server/sip/sip_bodies.hpp"

namespace keytone::server {

void ReReferral::send(sipevent_sock* events, sip_dialog* dialog, ReCredentials* credentials,
                      const std::string& target, const std::vector<SipHeader>& headers) {
    const std::string lines = "Refer-To: <" + target + ">\r\n" + lines_of(headers);
    sipsub* subscription = nullptr;
    const int error = sipevent_drefer(
        &subscription, events, dialog, contact_user, give_credentials, credentials, true,
        [](::sip* sip, const sip_msg* request, void* self) {
            static_cast<ReReferral*>(self)->on_notify(sip, *request);
        },
        [](int, const sip_msg* message, const sipevent_substate*, void* self) {
            static_cast<ReReferral*>(self)->on_close(message);
        },
        this, "%s", lines.c_str());
    subscription_.reset(subscription);
    if (error != 0) {
        tell_(nullptr, ReferResponse{0});
    }
}

void ReReferral::on_notify(::sip* sip, const sip_msg& request) {
    sip_treply(nullptr, sip, &request, 200, "OK");
    const auto status = read_sipfrag_status(rest_of(request.mb));
    const sip_hdr* const state = sip_msg_hdr(&request, SIP_HDR_SUBSCRIPTION_STATE);
    const bool is_last = state != nullptr && view(state->val).starts_with("terminated");
    tell_(&request, ReferProgress{status.value_or(0), is_last});
}

// The REFER was refused, or is over. The NOTIFY that ended it was reported before.
void ReReferral::on_close(const sip_msg* message) {
    if (message != nullptr && !message->req && message->scode >= 300) {
        tell_(message, ReferResponse{message->scode});
    }
}

} // namespace keytone::server
