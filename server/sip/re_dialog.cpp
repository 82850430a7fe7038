// SPDX-License-Identifier: MIT
#include "server/sip/re_dialog.hpp"

#include "server/sip/sip_bodies.hpp"
#include "server/sip/sip_reason.hpp"

#include <cerrno>
#include <new>
#include <utility>

namespace keytone::server {

namespace {

constexpr const char* contact_user = "keytone";
constexpr std::string_view sdp_type = "application/sdp";
constexpr const char* relay_type = "application/dtmf-relay";

std::optional<MediaDescription> description_of(const sip_msg& message, SrtpPolicy policy) {
    if (rest_of(message.mb).empty() || !msg_ctype_cmp(&message.ctyp, "application", "sdp")) {
        return std::nullopt;
    }
    auto read = read_session_description(rest_of(message.mb), policy);
    return read ? std::optional(*std::move(read)) : std::nullopt;
}

std::string lines_of(const std::vector<SipHeader>& headers) {
    std::string lines;
    for (const SipHeader& header : headers) {
        lines += header.name + ": " + header.value + "\r\n";
    }
    return lines;
}

bool has_prefix_x(std::string_view name) {
    return name.starts_with("X-") || name.starts_with("x-");
}

std::vector<SipHeader> own_headers_of(const sip_msg& request) {
    std::vector<SipHeader> headers;
    for (const le* entry = request.hdrl.head; entry != nullptr; entry = entry->next) {
        const auto* const header = static_cast<const sip_hdr*>(entry->data);
        if (has_prefix_x(view(header->name))) {
            headers.push_back({std::string(view(header->name)), std::string(view(header->val))});
        }
    }
    return headers;
}

int give_credentials(char** user, char** password, const char* /*realm*/, void* credentials) {
    const auto& known = static_cast<const ReCredentials*>(credentials)->known;
    if (!known) {
        return EACCES;
    }
    const int error = str_dup(user, known->user.c_str());
    return error != 0 ? error : str_dup(password, known->password.c_str());
}

Reference<ReCredentials> shared(const std::optional<SipCredentials>& known) {
    void* const room = mem_zalloc(
        sizeof(ReCredentials), [](void* object) { static_cast<ReCredentials*>(object)->~ReCredentials(); });
    return Reference<ReCredentials>(room == nullptr ? nullptr : new (room) ReCredentials{known});
}

} // namespace

std::optional<SessionExpires> session_expires_of(const sip_msg& message) {
    const sip_hdr* const header = sip_msg_hdr(&message, SIP_HDR_SESSION_EXPIRES);
    return header == nullptr ? std::nullopt : read_session_expires(view(header->val));
}

/// What the library calls, for calls in and out.
struct ReDialog::Handlers {
    static ReDialog& of(void* self) { return *static_cast<ReDialog*>(self); }

    static int offer(mbuf** body, const sip_msg* message, void* self) {
        return of(self).on_offer(body, *message);
    }
    static int answer(const sip_msg* message, void* self) { return of(self).on_answer(*message); }
    static void progress(const sip_msg* message, void* self) { of(self).on_progress(*message); }
    static void established(const sip_msg* /*message*/, void* self) { of(self).on_established(); }
    static void info(::sip* /*stack*/, const sip_msg* request, void* self) { of(self).on_info(*request); }
    /// Nobody else decides whom we call.
    static void refer(::sip* stack, const sip_msg* request, void* /*self*/) {
        sip_reply(stack, request, 603, reason_phrase(603));
    }
    static void close(int error, const sip_msg* message, void* self) { of(self).on_close(error, message); }
};

ReDialog::ReDialog(DialogId id, const ReAgent& agent)
    : id_(id), agent_(agent), credentials_(shared(std::nullopt)) {
    tmr_init(&timer_);
}

ReDialog::~ReDialog() {
    close();
}

void ReDialog::close() {
    tmr_cancel(&timer_);
    referral_.reset();
    session_.reset(); // CANCEL or BYE, whatever is due
}

void ReDialog::tell(decltype(SignallingFact::what) what) {
    agent_.facts->push({id_, std::chrono::steady_clock::now(), std::move(what)});
}

void ReDialog::tell_end(DialogEnded::How how, int status) {
    if (std::exchange(state_, State::over) != State::over) {
        tell(DialogEnded{how, status});
        agent_.let_go(id_);
    }
}

const std::string& ReDialog::new_own_text() {
    own_text_ = write_session_description(own_, static_cast<std::uint64_t>(id_), ++own_version_);
    return own_text_;
}

// The library writes it in front of each description that it sends, answers to re-INVITEs among them: the one
// place for what the session's time is said by.
std::string ReDialog::body_type() const {
    const std::string type(sdp_type);
    return expires_ ? type + "\r\nSupported: timer\r\nSession-Expires: " + write_session_expires(*expires_)
                    : type;
}

void ReDialog::invite(const Invitation& invitation) {
    invitation_ = invitation;
    credentials_ = shared(invitation.credentials);
    own_ = invitation.own;
    keys_ = own_.crypto;
    // By us: we are the UAC of the INVITE. In our answers to re-INVITEs the UAC is the other, who asked.
    expires_ = SessionExpires{agent_.session_timer, SessionExpires::Refresher::uac};
    connect();
}

void ReDialog::connect() {
    std::string headers = allow_line + lines_of(invitation_.headers);
    if (was_too_brief_) { // RFC 4028, 7.3
        headers += "Min-SE: " + std::to_string(expires_->interval.count()) + "\r\n";
    }
    const std::string type = body_type();
    const auto body = buffer_of(new_own_text());
    std::vector<const char*> routes;
    if (invitation_.proxy) {
        routes.push_back(invitation_.proxy->c_str());
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

bool ReDialog::take_invite(const sip_msg& request, std::optional<MediaDescription> offer) {
    state_ = State::incoming;
    offer_ = std::move(offer);
    take_session_expires(request, false);
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
    tell(IncomingCall{std::string(view(request.from.auri)), std::string(view(request.to.auri)),
                      own_headers_of(request), offer_});
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
    start_timer();
}

void ReDialog::end(int status) {
    if (state_ == State::over) {
        return;
    }
    if (state_ == State::incoming) {
        sipsess_reject(session_.get(), static_cast<std::uint16_t>(status), reason_phrase(status), nullptr);
    }
    tell_end(DialogEnded::How::by_us);
    close();
}

void ReDialog::refer(const std::string& target, const std::vector<SipHeader>& headers) {
    if (state_ != State::confirmed) {
        tell(ReferResponse{0});
        return;
    }
    const std::string lines = "Refer-To: <" + target + ">\r\n" + lines_of(headers);
    sipsub* referral = nullptr;
    const int error = sipevent_drefer(
        &referral, agent_.events, sipsess_dialog(session_.get()), contact_user, give_credentials,
        credentials_.get(), true,
        [](::sip*, const sip_msg* request, void* self) { static_cast<ReDialog*>(self)->on_notify(*request); },
        [](int, const sip_msg* message, const sipevent_substate*, void* self) {
            static_cast<ReDialog*>(self)->on_refer_close(message);
        },
        this, "%s", lines.c_str());
    referral_.reset(referral);
    if (error != 0) {
        tell(ReferResponse{0});
    }
}

void ReDialog::press(Key key, Milliseconds length) {
    if (state_ == State::confirmed) {
        const auto body = buffer_of(write_dtmf_relay({key, length}));
        sipsess_info(
            session_.get(), relay_type, body.get(), [](int, const sip_msg*, void*) {}, nullptr);
    }
}

bool ReDialog::has_call_id(std::string_view call_id) const {
    return session_ != nullptr && sipsess_dialog(session_.get()) != nullptr &&
           sip_dialog_callid(sipsess_dialog(session_.get())) == call_id;
}

void ReDialog::take_redirect(int status) {
    if (state_ == State::calling) {
        tell_end(DialogEnded::How::refused, status);
        close();
    }
}

bool ReDialog::take_update(const sip_msg& request) {
    if (session_ == nullptr || !sip_dialog_cmp(sipsess_dialog(session_.get()), &request)) {
        return false;
    }
    sip_dialog* const dialog = sipsess_dialog(session_.get());
    if (!sip_dialog_rseq_valid(dialog, &request)) {
        sip_reply(agent_.sip, &request, 500, "Server Internal Error");
        return true;
    }
    if (sip_msg_hdr(&request, SIP_HDR_CONTACT) != nullptr) {
        sip_dialog_update(dialog, &request);
    }
    take_session_expires(request, false);
    start_timer();
    std::string body;
    if (!rest_of(request.mb).empty()) {
        auto answer = answer_offer(request);
        if (!answer) {
            sip_reply(agent_.sip, &request, 488, reason_phrase(488));
            return true;
        }
        body = *std::move(answer);
    }
    sip_contact contact;
    sip_contact_set(&contact, contact_user, &request.dst, request.tp);
    const std::string type =
        body.empty() ? (expires_ ? "Session-Expires: " + write_session_expires(*expires_) + "\r\n" : "")
                     : "Content-Type: " + body_type() + "\r\n";
    sip_treplyf(nullptr, nullptr, agent_.sip, &request, false, 200, "OK", "%H%sContent-Length: %zu\r\n\r\n%b",
                sip_contact_print, &contact, type.c_str(), body.size(), body.data(), body.size());
    return true;
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
        tell(MediaChanged{*offer});
    }
    return own_text_;
}

int ReDialog::on_offer(mbuf** body, const sip_msg& message) {
    *body = nullptr;
    take_session_expires(message, false);
    start_timer();
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

// To our INVITE; to our refresh; or in the ACK to what we offered.
int ReDialog::on_answer(const sip_msg& message) {
    auto far = description_of(message, agent_.srtp);
    if (state_ == State::calling) {
        take_session_expires(message, true);
        far_ = std::move(far);
        secured_ = far_ && choose_crypto(keys_, far_->crypto).has_value();
        return far_ ? 0 : EPROTO;
    }
    if (!message.req) {
        take_session_expires(message, true);
        start_timer();
    } else if (far && state_ == State::confirmed) {
        tell(MediaChanged{*std::move(far)});
    }
    return 0;
}

void ReDialog::on_progress(const sip_msg& message) {
    if (state_ == State::calling && message.scode >= 180) {
        tell(Progress{message.scode, description_of(message, agent_.srtp)});
    }
}

void ReDialog::on_established() {
    if (state_ == State::calling && far_) {
        state_ = State::confirmed;
        start_timer();
        tell(Answered{*far_});
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
        tell(KeyByInfo{key->key, key->length});
    }
}

void ReDialog::on_close(int error, const sip_msg* message) {
    const int status = message == nullptr ? 0 : message->scode;
    const sip_hdr* const least = message == nullptr ? nullptr : sip_msg_hdr(message, SIP_HDR_MIN_SE);
    if (state_ == State::calling && status == 422 && least != nullptr &&
        !std::exchange(was_too_brief_, true)) {
        if (const auto wanted = read_session_expires(view(least->val))) {
            expires_->interval = wanted->interval;
            session_.reset();
            connect();
            return;
        }
    }
    if (status >= 300 && state_ == State::calling) {
        tell_end(DialogEnded::How::refused, status);
    } else if (error == ECONNRESET && state_ == State::incoming) {
        tell_end(DialogEnded::How::cancelled);
    } else if (error == ECONNRESET && state_ == State::confirmed) {
        tell_end(DialogEnded::How::by_far_side);
    } else {
        tell_end(DialogEnded::How::failed, status);
    }
    close();
}

void ReDialog::on_notify(const sip_msg& request) {
    sip_treply(nullptr, agent_.sip, &request, 200, "OK");
    if (state_ != State::confirmed) {
        return;
    }
    const auto status = read_sipfrag_status(rest_of(request.mb));
    const sip_hdr* const subscription = sip_msg_hdr(&request, SIP_HDR_SUBSCRIPTION_STATE);
    const bool is_last = subscription != nullptr && view(subscription->val).starts_with("terminated");
    tell(ReferProgress{status.value_or(0), is_last});
}

// Refused, or over. The NOTIFY that ended it was told before.
void ReDialog::on_refer_close(const sip_msg* message) {
    if (message != nullptr && !message->req && message->scode >= 300 && state_ == State::confirmed) {
        tell(ReferResponse{message->scode});
    }
}

// `is_ours`: the response to a request of ours, else a request of the far side's.
void ReDialog::take_session_expires(const sip_msg& message, bool is_ours) {
    const auto read = session_expires_of(message);
    if (!read) {
        refreshes_ = false;
        expires_.reset(); // Who does not speak of it has none: RFC 4028, 7.2 and 9.
        return;
    }
    using Refresher = SessionExpires::Refresher;
    // In a request of the far side's the UAC is the far side.
    const bool by_uac = read->refresher != Refresher::uas;
    refreshes_ = is_ours ? by_uac : !by_uac;
    expires_ = SessionExpires{read->interval, by_uac ? Refresher::uac : Refresher::uas};
}

void ReDialog::start_timer() {
    tmr_cancel(&timer_);
    if (!expires_ || expires_->interval < min_session_expires) {
        return;
    }
    const auto wait = refreshes_ ? refresh_after(expires_->interval) : give_up_after(expires_->interval);
    tmr_start(
        &timer_, static_cast<std::uint64_t>(std::chrono::milliseconds(wait).count()),
        [](void* self) { static_cast<ReDialog*>(self)->on_timer(); }, this);
}

void ReDialog::on_timer() {
    if (state_ != State::confirmed) {
        return;
    }
    if (!refreshes_) { // The far side is gone: RFC 4028, 10.
        tell_end(DialogEnded::How::failed, 408);
        close();
        return;
    }
    const auto body = buffer_of(own_text_);
    sipsess_modify(session_.get(), body.get());
    start_timer(); // again, should no answer come
}

} // namespace keytone::server
