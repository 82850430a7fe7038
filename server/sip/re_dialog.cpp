// SPDX-License-Identifier: MIT
#include "server/sip/re_dialog.hpp"

#include "server/sip/host_lookup.hpp"
#include "server/sip/re_message.hpp"
#include "server/sip/sip_bodies.hpp"
#include "server/sip/sip_reason.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

namespace keytone::server {

namespace {

constexpr std::string_view sdp_type = "application/sdp";
constexpr const char* relay_type = "application/dtmf-relay";
/// The last headers of a response that refuses a call.
constexpr const char* no_more_lines = "Content-Length: 0\r\n\r\n";
constexpr const char* overload_lines = "Retry-After: 5\r\nContent-Length: 0\r\n\r\n";
/// How often a dialog gives its credentials: each time, as it is challenged now and then. The library itself
/// ends a series of challenges that has no end.
constexpr int always = std::numeric_limits<int>::max();

} // namespace

/// What the library calls, for calls in and out.
struct ReDialog::Handlers {
    static ReDialog& of(void* self) { return *static_cast<ReDialog*>(self); }

    static int offer(mbuf** body, const sip_msg* message, void* self) {
        return of(self).on_offer(body, *message);
    }
    static int answer(const sip_msg* message, void* self) { return of(self).on_answer(*message); }
    static void progress(const sip_msg* message, void* self) { of(self).on_progress(*message); }
    static void established(const sip_msg* message, void* self) { of(self).on_established(*message); }
    static void info(::sip* /*stack*/, const sip_msg* request, void* self) { of(self).on_info(*request); }
    /// The far side does not decide whom we call.
    static void refer(::sip* stack, const sip_msg* request, void* /*self*/) {
        sip_reply(stack, request, 603, reason_phrase(603));
    }
    static void close(int error, const sip_msg* message, void* self) { of(self).on_close(error, message); }
};

ReDialog::ReDialog(DialogId id, const ReAgent& agent)
    : id_(id),
      agent_(agent),
      credentials_(make_credentials(std::nullopt, 0)),
      referral_([this](const sip_msg* message, decltype(SignallingFact::what) what) {
          if (state_ == State::confirmed) {
              tell(message, std::move(what));
          }
      }),
      timer_(
          [this] {
              if (state_ == State::confirmed) {
                  const auto body = buffer_of(own_text_);
                  sipsess_modify(session_.get(), body.get());
              }
          },
          [this] {
              if (state_ == State::confirmed) {
                  tell_end(DialogEnded::How::failed, nullptr, 408);
                  close();
              }
          }) {}

ReDialog::~ReDialog() {
    close();
}

void ReDialog::close() {
    timer_.stop();
    referral_.end();
    session_.reset(); // sends CANCEL or BYE, as the state requires
}

// `message`: the one that the fact comes from; null where there was none.
void ReDialog::tell(const sip_msg* message, decltype(SignallingFact::what) what) {
    const auto at = message == nullptr ? std::chrono::steady_clock::now() : arrival_of(*message);
    last_told_ = std::max(last_told_, at); // A kernel's stamp may lie before a time that the thread took.
    agent_.facts->push({id_, last_told_, std::move(what)});
}

void ReDialog::tell_end(DialogEnded::How how, const sip_msg* message, int status) {
    if (std::exchange(state_, State::over) != State::over) {
        timer_.stop();
        tell(message, DialogEnded{how, status});
        agent_.let_go(id_);
    }
}

const std::string& ReDialog::new_own_text() {
    own_text_ = write_session_description(own_, static_cast<std::uint64_t>(id_), ++own_version_);
    return own_text_;
}

// The library writes it in front of each description that it sends, also in answers to re-INVITEs: it is the
// one place for the headers of the session timer.
std::string ReDialog::body_type() const {
    std::string type = std::string(sdp_type) + "\r\n" + timer_.headers();
    type.resize(type.size() - 2); // The library ends the line itself.
    return type;
}

void ReDialog::invite(const Invitation& invitation) {
    invitation_ = invitation;
    credentials_ = make_credentials(invitation.credentials, always);
    own_ = invitation.own;
    timer_.ask(agent_.session_timer);
    keys_ = own_.crypto;
    connect();
}

// Where the INVITE goes first: to the address that the system has for the proxy or the name that is called;
// else to the proxy, if there is one.
std::optional<std::string> ReDialog::first_hop() const {
    const auto by_hosts =
        route_by_hosts(read_hosts(), invitation_.proxy.value_or(invitation_.to), agent_.family);
    return by_hosts ? by_hosts : invitation_.proxy;
}

void ReDialog::connect() {
    const std::string headers = allow_line + lines_of(invitation_.headers);
    const std::string type = body_type();
    const auto body = buffer_of(new_own_text());
    const auto hop = first_hop();
    std::vector<const char*> routes;
    if (hop) {
        routes.push_back(hop->c_str());
    }
    sipsess* session = nullptr;
    const int error = sipsess_connect(
        &session, agent_.sessions, invitation_.to.c_str(), nullptr, invitation_.from.c_str(), contact_user,
        routes.data(), static_cast<std::uint32_t>(routes.size()), type.c_str(), body.get(), give_credentials,
        credentials_.get(), true, Handlers::offer, Handlers::answer, Handlers::progress,
        Handlers::established, Handlers::info, Handlers::refer, Handlers::close, this, "%s", headers.c_str());
    session_.reset(session);
    if (error != 0) {
        tell_end(DialogEnded::How::failed);
    }
}

bool ReDialog::take_invite(const sip_msg& request, std::optional<MediaDescription> offer, std::string user) {
    state_ = State::incoming;
    offer_ = std::move(offer);
    timer_.take_request(request);
    const std::string type = body_type();
    sipsess* session = nullptr;
    const int error = sipsess_accept(&session, agent_.sessions, &request, 180, "Ringing", contact_user,
                                     type.c_str(), nullptr, give_credentials, credentials_.get(), true,
                                     Handlers::offer, Handlers::answer, Handlers::established, Handlers::info,
                                     Handlers::refer, Handlers::close, this, nullptr);
    session_.reset(session);
    if (error != 0) {
        return false;
    }
    tell(&request, IncomingCall{std::string(view(request.from.auri)), std::string(view(request.to.auri)),
                                own_headers_of(request), offer_, std::move(user)});
    return true;
}

void ReDialog::accept(const MediaDescription& own) {
    if (state_ != State::incoming) {
        return;
    }
    own_ = offer_ ? answer_to(*offer_, own).value_or(own) : own;
    keys_ = own.crypto;
    secured_ = offer_ && !own_.crypto.empty();
    const auto body = buffer_of(new_own_text());
    if (sipsess_answer(session_.get(), 200, "OK", body.get(), "%s", allow_line) != 0) {
        tell_end(DialogEnded::How::failed);
        return;
    }
    state_ = State::confirmed;
    timer_.start();
}

void ReDialog::end(int status) {
    if (state_ == State::over) {
        return;
    }
    if (state_ == State::incoming) {
        sipsess_reject(session_.get(), static_cast<std::uint16_t>(status), reason_phrase(status), "%s",
                       status == 503 ? overload_lines : no_more_lines);
    }
    tell_end(DialogEnded::How::by_us);
    close();
}

void ReDialog::refer(const std::string& target, const std::vector<SipHeader>& headers) {
    if (state_ != State::confirmed) {
        tell(nullptr, ReferResponse{0});
        return;
    }
    referral_.send(agent_.events, sipsess_dialog(session_.get()), credentials_.get(), target, headers);
}

void ReDialog::press(Key key, Milliseconds length) {
    if (state_ == State::confirmed) {
        const auto body = buffer_of(write_dtmf_relay({key, length}));
        sipsess_info(
            session_.get(), relay_type, body.get(), [](int, const sip_msg*, void*) {}, nullptr);
    }
}

bool ReDialog::is_of(const sip_msg& request) const {
    return session_ != nullptr && sip_dialog_cmp(sipsess_dialog(session_.get()), &request);
}

bool ReDialog::refuse_too_brief(const sip_msg& request) {
    if (!asks_too_brief_a_session(request) ||
        !sip_dialog_rseq_valid(sipsess_dialog(session_.get()), &request)) {
        return false;
    }
    sip_treplyf(nullptr, nullptr, agent_.sip, &request, false, 422, reason_phrase(422),
                "%sContent-Length: 0\r\n\r\n", min_se_line);
    return true;
}

void ReDialog::take_update(const sip_msg& request) {
    sip_dialog* const dialog = sipsess_dialog(session_.get());
    if (!sip_dialog_rseq_valid(dialog, &request)) {
        sip_reply(agent_.sip, &request, 500, "Server Internal Error");
        return;
    }
    if (sip_msg_hdr(&request, SIP_HDR_CONTACT) != nullptr) {
        sip_dialog_update(dialog, &request);
    }
    timer_.take_request(request);
    timer_.start();
    std::string body;
    if (!rest_of(request.mb).empty()) {
        auto answer = answer_offer(request);
        if (!answer) {
            sip_reply(agent_.sip, &request, 488, reason_phrase(488));
            return;
        }
        body = *std::move(answer);
    }
    sip_contact contact;
    sip_contact_set(&contact, contact_user, &request.dst, request.tp);
    const std::string type = body.empty() ? timer_.headers() : "Content-Type: " + body_type() + "\r\n";
    sip_treplyf(nullptr, nullptr, agent_.sip, &request, false, 200, "OK", "%H%sContent-Length: %zu\r\n\r\n%b",
                sip_contact_print, &contact, type.c_str(), body.size(), body.data(), body.size());
}

// Our answer to the offer of a re-INVITE or an UPDATE, which the far side's media follow from now on.
std::optional<std::string> ReDialog::answer_offer(const sip_msg& request) {
    const auto offer = description_of(request, agent_.srtp);
    MediaDescription own;
    own.address = own_.address;
    own.port = own_.port;
    own.crypto = keys_;
    own.srtp = secured_ ? SrtpPolicy::required : own_.srtp;
    const auto answer = offer ? answer_to(*offer, own) : std::nullopt;
    if (!answer) {
        return std::nullopt;
    }
    if (*answer != own_) {
        own_ = *answer;
        static_cast<void>(new_own_text());
    }
    if (state_ == State::confirmed) {
        tell(&request, MediaChanged{*offer});
    }
    return own_text_;
}

int ReDialog::on_offer(mbuf** body, const sip_msg& message) {
    *body = nullptr;
    timer_.take_request(message);
    timer_.start();
    if (rest_of(message.mb).empty()) {
        *body = buffer_of(own_text_).release(); // The ACK has the answer.
        return 0;
    }
    const auto answer = answer_offer(message);
    if (!answer) {
        return EPROTO;
    }
    *body = buffer_of(*answer).release();
    return 0;
}

// Answers our INVITE, our refresh, or, in the ACK, our offer.
int ReDialog::on_answer(const sip_msg& message) {
    auto far = description_of(message, agent_.srtp);
    if (state_ == State::calling) {
        timer_.take_response(message);
        far_ = std::move(far);
        secured_ = far_ && choose_crypto(keys_, far_->crypto).has_value();
        return far_ ? 0 : EPROTO;
    }
    if (!message.req) {
        timer_.take_response(message);
        timer_.start();
    } else if (far && state_ == State::confirmed) {
        tell(&message, MediaChanged{*std::move(far)});
    }
    return 0;
}

void ReDialog::on_progress(const sip_msg& message) {
    if (state_ == State::calling && message.scode >= 180) {
        tell(&message, Progress{message.scode, description_of(message, agent_.srtp)});
    }
}

void ReDialog::on_established(const sip_msg& message) {
    if (state_ == State::calling && far_) {
        state_ = State::confirmed;
        timer_.start();
        tell(&message, Answered{*far_});
    }
}

void ReDialog::on_info(const sip_msg& request) {
    const auto key = msg_ctype_cmp(&request.ctyp, "application", "dtmf-relay")
                         ? read_dtmf_relay(rest_of(request.mb))
                         : std::nullopt;
    if (!key && !rest_of(request.mb).empty()) {
        sip_reply(agent_.sip, &request, 415, "Unsupported Media Type");
        return;
    }
    sip_reply(agent_.sip, &request, 200, "OK");
    if (key && state_ == State::confirmed) {
        tell(&request, KeyByInfo{key->key, key->length});
    }
}

void ReDialog::on_close(int error, const sip_msg* message) {
    const int status = message == nullptr ? 0 : message->scode;
    // The second INVITE has a new Call-ID. RFC 4028, 7.3, asks for the old one, but the library cannot repeat
    // it.
    if (state_ == State::calling && status == 422 && timer_.ask_longer(*message)) {
        session_.reset();
        connect();
        return;
    }
    if (status >= 300 && state_ == State::calling) {
        tell_end(DialogEnded::How::refused, message, status);
    } else if (error == ECONNRESET && state_ == State::incoming) {
        tell_end(DialogEnded::How::cancelled);
    } else if (error == ECONNRESET && state_ == State::confirmed) {
        tell_end(DialogEnded::How::by_far_side);
    } else {
        tell_end(DialogEnded::How::failed, message, status);
    }
    close();
}

} // namespace keytone::server
