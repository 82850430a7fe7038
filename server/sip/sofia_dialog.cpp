// SPDX-License-Identifier: MIT
#include "server/sip/sofia_dialog.hpp"

#include "server/sip/sip_bodies.hpp"
#include "server/sip/sofia_guard.hpp"
#include "server/sip/sofia_home.hpp"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_tag.h>
#include <strings.h>

#include <utility>

namespace keytone::server {

namespace {

constexpr const char* sdp_type = "application/sdp";
constexpr const char* relay_type = "application/dtmf-relay";

std::string text_of(const url_t* url) {
    const SofiaHome home = make_sofia_home();
    const char* const text = url_as_string(home.get(), url);
    return text == nullptr ? std::string() : std::string(text);
}

std::string_view body_of(const sip_t* sip) {
    if (sip == nullptr || sip->sip_payload == nullptr || sip->sip_payload->pl_data == nullptr) {
        return {};
    }
    return {sip->sip_payload->pl_data, static_cast<std::size_t>(sip->sip_payload->pl_len)};
}

bool has_type(const sip_t* sip, const char* type) {
    return sip != nullptr && sip->sip_content_type != nullptr && sip->sip_content_type->c_type != nullptr &&
           strcasecmp(sip->sip_content_type->c_type, type) == 0;
}

std::optional<MediaDescription> description_of(const sip_t* sip) {
    if (!has_type(sip, sdp_type)) {
        return std::nullopt;
    }
    auto read = read_session_description(body_of(sip));
    return read ? std::optional(*std::move(read)) : std::nullopt;
}

// One line a header, as the library takes them. They were checked: sip_text.hpp.
std::string lines_of(const std::vector<SipHeader>& headers) {
    std::string lines;
    for (const SipHeader& header : headers) {
        lines += header.name + ": " + header.value + "\n";
    }
    return lines;
}

std::vector<SipHeader> own_headers_of(const sip_t& request) {
    std::vector<SipHeader> headers;
    for (const sip_unknown_t* header = request.sip_unknown; header != nullptr; header = header->un_next) {
        if (header->un_name != nullptr && strncasecmp(header->un_name, "X-", 2) == 0) {
            headers.push_back({header->un_name, header->un_value == nullptr ? "" : header->un_value});
        }
    }
    return headers;
}

// The library keeps the pointer: only what lives for ever may be given.
const char* phrase(int status) {
    const char* const known = sip_status_phrase(status);
    return known == nullptr ? "Refused" : known;
}

} // namespace

void SofiaDialog::tell(decltype(SignallingFact::what) what) {
    facts_.push({id_, std::chrono::steady_clock::now(), std::move(what)});
}

void SofiaDialog::tell_end(DialogEnded::How how, int status) {
    if (state_ != State::over) {
        state_ = State::over;
        tell(DialogEnded{how, status});
    }
}

std::string SofiaDialog::own_text() {
    return write_session_description(own_, static_cast<std::uint64_t>(id_), ++sdp_version_);
}

void SofiaDialog::invite(const Invitation& invitation) {
    own_ = invitation.own;
    credentials_ = invitation.credentials;
    handle_ = nua_handle(agent_, reinterpret_cast<nua_hmagic_t*>(this), SIPTAG_TO_STR(invitation.to.c_str()),
                         TAG_END());
    const std::string route = invitation.proxy ? "<" + *invitation.proxy + ";lr>" : "";
    const std::string lines = lines_of(invitation.headers);
    const std::string body = own_text();
    nua_invite(handle_, NUTAG_URL(invitation.to.c_str()), SIPTAG_FROM_STR(invitation.from.c_str()),
               TAG_IF(!route.empty(), NUTAG_INITIAL_ROUTE_STR(route.c_str())),
               TAG_IF(!lines.empty(), SIPTAG_HEADER_STR(lines.c_str())), SIPTAG_CONTENT_TYPE_STR(sdp_type),
               SIPTAG_PAYLOAD_STR(body.c_str()), TAG_END());
}

bool SofiaDialog::take_invite(nua_handle_t* handle, const sip_t& request) {
    if (request.sip_payload != nullptr) {
        offer_ = description_of(&request);
        if (!offer_ || !answer_to(*offer_, MediaDescription{})) {
            nua_respond(handle, SIP_488_NOT_ACCEPTABLE, TAG_END());
            return false;
        }
    }
    handle_ = handle;
    state_ = State::incoming;
    tell(IncomingCall{text_of(request.sip_from->a_url), text_of(request.sip_to->a_url),
                      own_headers_of(request), offer_});
    return true;
}

void SofiaDialog::ring() {
    if (state_ == State::incoming) {
        nua_respond(handle_, SIP_180_RINGING, TAG_END());
    }
}

void SofiaDialog::accept(const MediaDescription& own) {
    if (state_ != State::incoming) {
        return;
    }
    offers_in_answer_ = !offer_;
    own_ = offer_ ? answer_to(*offer_, own).value_or(own) : own;
    state_ = State::confirmed;
    const std::string body = own_text();
    nua_respond(handle_, SIP_200_OK, SIPTAG_CONTENT_TYPE_STR(sdp_type), SIPTAG_PAYLOAD_STR(body.c_str()),
                TAG_END());
}

void SofiaDialog::end(int status) {
    const State before = std::exchange(state_, State::over);
    switch (before) {
    case State::calling:
        nua_cancel(handle_, TAG_END());
        break;
    case State::incoming:
        nua_respond(handle_, status, phrase(status), TAG_END());
        break;
    case State::confirmed:
        nua_bye(handle_, TAG_END());
        break;
    case State::over:
        return;
    }
    tell(DialogEnded{DialogEnded::How::by_us, 0});
}

void SofiaDialog::refer(const std::string& target, const std::vector<SipHeader>& headers) {
    if (state_ != State::confirmed) {
        tell(ReferResponse{0});
        return;
    }
    const std::string lines = lines_of(headers);
    const std::string named = "<" + target + ">";
    nua_refer(handle_, SIPTAG_REFER_TO_STR(named.c_str()),
              TAG_IF(!lines.empty(), SIPTAG_HEADER_STR(lines.c_str())), TAG_END());
}

void SofiaDialog::press(Key key, Milliseconds length) {
    if (state_ != State::confirmed) {
        return;
    }
    const std::string body = write_dtmf_relay({key, length});
    nua_info(handle_, SIPTAG_CONTENT_TYPE_STR(relay_type), SIPTAG_PAYLOAD_STR(body.c_str()), TAG_END());
}

void SofiaDialog::take(nua_event_t kind, int status, const sip_t* sip) {
    switch (kind) {
    case nua_r_invite:
        take_response(status, sip);
        break;
    case nua_r_refer:
        take_refer_response(status, sip);
        break;
    case nua_i_invite:
        take_change(*sip, false);
        break;
    case nua_i_update:
        take_change(*sip, true);
        break;
    case nua_i_ack:
        take_ack(sip);
        break;
    case nua_i_info:
        take_info(*sip);
        break;
    case nua_i_notify:
        take_notify(*sip);
        break;
    case nua_i_options:
        nua_respond(handle_, SIP_200_OK, NUTAG_WITH_THIS(agent_), TAG_END());
        break;
    case nua_i_refer: // Nobody else decides whom we call.
        nua_respond(handle_, SIP_603_DECLINE, NUTAG_WITH_THIS(agent_), TAG_END());
        break;
    case nua_i_bye:
        tell_end(DialogEnded::How::by_far_side);
        break;
    case nua_i_cancel:
        tell_end(DialogEnded::How::cancelled);
        break;
    default:
        break;
    }
}

void SofiaDialog::terminated(int status) {
    tell_end(DialogEnded::How::failed, status);
}

void SofiaDialog::take_response(int status, const sip_t* sip) {
    if (state_ == State::over) {
        if (status >= 200 && status < 300) {
            nua_bye(handle_, TAG_END()); // It crossed our CANCEL.
        }
        return;
    }
    if (status >= 200) {
        take_final(status, sip);
    } else if (status >= 180 && state_ == State::calling) {
        tell(Progress{status, description_of(sip)});
    }
}

void SofiaDialog::take_final(int status, const sip_t* sip) {
    if (status >= 300) {
        const bool is_challenge = status == 401 || status == 407;
        if (is_challenge && authenticate(sip)) {
            return;
        }
        if (state_ == State::calling) {
            // Without a message it is the library that says so: nobody answered.
            tell_end(sip == nullptr ? DialogEnded::How::failed : DialogEnded::How::refused, status);
        }
        return;
    }
    if (state_ != State::calling) {
        return; // a refresh of ours
    }
    if (auto far = description_of(sip)) {
        state_ = State::confirmed;
        tell(Answered{*std::move(far)});
    } else {
        tell_end(DialogEnded::How::failed, 488);
        nua_bye(handle_, TAG_END());
    }
}

// A re-INVITE or an UPDATE. Without a description it is a refresh (RFC 4028), or asks for our offer.
void SofiaDialog::take_change(const sip_t& request, bool by_update) {
    if (!has_usable_targets(request)) {
        nua_respond(handle_, SIP_400_BAD_REQUEST, NUTAG_WITH_THIS(agent_), TAG_END());
        return;
    }
    if (request.sip_payload == nullptr) {
        if (by_update) {
            nua_respond(handle_, SIP_200_OK, NUTAG_WITH_THIS(agent_), TAG_END());
            return;
        }
        offers_in_answer_ = true;
        const std::string body = own_text();
        nua_respond(handle_, SIP_200_OK, NUTAG_WITH_THIS(agent_), SIPTAG_CONTENT_TYPE_STR(sdp_type),
                    SIPTAG_PAYLOAD_STR(body.c_str()), TAG_END());
        return;
    }
    const auto offer = description_of(&request);
    MediaDescription own = own_;
    own.codecs = MediaDescription{}.codecs;
    own.telephone_event = MediaDescription{}.telephone_event;
    own.comfort_noise = MediaDescription{}.comfort_noise;
    own.sends = true;
    own.receives = true;
    const auto answer = offer ? answer_to(*offer, own) : std::nullopt;
    if (!answer) {
        nua_respond(handle_, SIP_488_NOT_ACCEPTABLE, NUTAG_WITH_THIS(agent_), TAG_END());
        return;
    }
    own_ = *answer;
    const std::string body = own_text();
    nua_respond(handle_, SIP_200_OK, NUTAG_WITH_THIS(agent_), SIPTAG_CONTENT_TYPE_STR(sdp_type),
                SIPTAG_PAYLOAD_STR(body.c_str()), TAG_END());
    if (state_ == State::confirmed) {
        tell(MediaChanged{*offer});
    }
}

void SofiaDialog::take_ack(const sip_t* sip) {
    if (!std::exchange(offers_in_answer_, false) || state_ != State::confirmed) {
        return;
    }
    if (auto far = description_of(sip)) {
        tell(MediaChanged{*std::move(far)});
    } else {
        end(488);
    }
}

void SofiaDialog::take_info(const sip_t& request) {
    const auto key = has_type(&request, relay_type) ? read_dtmf_relay(body_of(&request)) : std::nullopt;
    if (!key && request.sip_payload != nullptr) {
        nua_respond(handle_, SIP_415_UNSUPPORTED_MEDIA, NUTAG_WITH_THIS(agent_),
                    SIPTAG_ACCEPT_STR(relay_type), TAG_END());
        return;
    }
    nua_respond(handle_, SIP_200_OK, NUTAG_WITH_THIS(agent_), TAG_END());
    if (key && state_ == State::confirmed) {
        tell(KeyByInfo{key->key, key->length});
    }
}

void SofiaDialog::take_refer_response(int status, const sip_t* sip) {
    const bool is_challenge = status == 401 || status == 407;
    if (status < 200 || state_ == State::over || (is_challenge && authenticate(sip))) {
        return;
    }
    tell(ReferResponse{status});
}

void SofiaDialog::take_notify(const sip_t& request) {
    if (state_ == State::over) {
        return;
    }
    const auto status = read_sipfrag_status(body_of(&request));
    const sip_subscription_state_t* const subscription = request.sip_subscription_state;
    const bool is_last = subscription != nullptr && subscription->ss_substate != nullptr &&
                         strcasecmp(subscription->ss_substate, "terminated") == 0;
    tell(ReferProgress{status.value_or(0), is_last});
}

bool SofiaDialog::authenticate(const sip_t* sip) {
    if (!credentials_ || has_authenticated_ || sip == nullptr) {
        return false;
    }
    const sip_www_authenticate_t* const challenge =
        sip->sip_www_authenticate != nullptr ? sip->sip_www_authenticate : sip->sip_proxy_authenticate;
    if (challenge == nullptr || challenge->au_params == nullptr) {
        return false;
    }
    const char* const realm = msg_params_find(challenge->au_params, "realm=");
    if (realm == nullptr) {
        return false;
    }
    has_authenticated_ = true;
    // The realm is in quotes already.
    const std::string auth = std::string(challenge->au_scheme) + ":" + realm + ":" + credentials_->user +
                             ":" + credentials_->password;
    nua_authenticate(handle_, NUTAG_AUTH(auth.c_str()), TAG_END());
    return true;
}

} // namespace keytone::server
