// SPDX-License-Identifier: MIT
//
// One dialog as the SIP library tells of it. On the library's thread alone.
//
//     invite()        calling ──200──► confirmed ──BYE──► over
//                        └──CANCEL, 3xx-6xx──────────────► over
//     take_invite()   incoming ──accept()──► confirmed
//                        └──CANCEL, end()────────────────► over
#pragma once

#include "server/sip/fact_queue.hpp"
#include "server/sip/re_library.hpp"
#include "server/sip/session_timer.hpp"
#include "server/sip/signalling.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// What we take: RFC 3261, 20.5.
inline constexpr const char* allow_line = "Allow: INVITE,ACK,CANCEL,BYE,UPDATE,INFO,OPTIONS,REFER,NOTIFY\r\n";

/// What all dialogs of a user agent share.
struct ReAgent {
    ::sip* sip = nullptr;
    ::sipsess_sock* sessions = nullptr;
    ::sipevent_sock* events = nullptr;
    FactQueue* facts = nullptr;
    std::chrono::seconds session_timer{1800};
    SrtpPolicy srtp = SrtpPolicy::off;
    std::function<void(DialogId)> let_go; ///< The dialog is over: destroys it later.
};

/// An object of the library's: who we are is asked for after a dialog's end, too, when its BYE is answered.
struct ReCredentials {
    std::optional<SipCredentials> known;
};

/// What a message says of the session's time; nothing where it does not.
std::optional<SessionExpires> session_expires_of(const sip_msg& message);

class ReDialog {
  public:
    /// `agent` outlives it.
    ReDialog(DialogId id, const ReAgent& agent);
    ReDialog(const ReDialog&) = delete;
    ReDialog& operator=(const ReDialog&) = delete;
    ~ReDialog();

    /// Orders: signalling.hpp. What does not fit the state is left undone.
    void invite(const Invitation& invitation);
    void accept(const MediaDescription& own);
    void end(int status);
    void refer(const std::string& target, const std::vector<SipHeader>& headers);
    void press(Key key, Milliseconds length);

    /// A call that comes in, with what it offers; false where there can be no dialog.
    bool take_invite(const sip_msg& request, std::optional<MediaDescription> offer);
    /// A redirect: nobody else decides whom we call.
    void take_redirect(int status);
    /// An UPDATE; false where it is another dialog's.
    bool take_update(const sip_msg& request);
    [[nodiscard]] bool has_call_id(std::string_view call_id) const;

  private:
    struct Handlers;
    enum class State { calling, incoming, confirmed, over };

    void connect();
    void tell(decltype(SignallingFact::what) what);
    void tell_end(DialogEnded::How how, int status = 0);
    void close();

    std::optional<std::string> answer_offer(const sip_msg& request);
    void take_session_expires(const sip_msg& message, bool is_ours);
    void start_timer();
    void on_timer();

    int on_offer(mbuf** body, const sip_msg& message);
    int on_answer(const sip_msg& message);
    void on_progress(const sip_msg& message);
    void on_established();
    void on_info(const sip_msg& request);
    void on_close(int error, const sip_msg* message);
    void on_notify(const sip_msg& request);
    void on_refer_close(const sip_msg* message);

    [[nodiscard]] const std::string& new_own_text();
    [[nodiscard]] std::string body_type() const;

    DialogId id_;
    const ReAgent& agent_;
    Reference<ReCredentials> credentials_;
    Reference<sipsess> session_;
    Reference<sipsub> referral_;
    State state_ = State::calling;
    Invitation invitation_; ///< Of a call that is placed.
    MediaDescription own_;
    std::vector<SrtpCrypto> keys_; ///< All of ours: another offer may choose another one.
    bool secured_ = false;         ///< By SRTP; it stays so.
    std::string own_text_;         ///< As it was sent last.
    std::uint64_t own_version_ = 0;
    std::optional<MediaDescription> offer_; ///< Of a call that came in.
    std::optional<MediaDescription> far_;   ///< The answer, before the dialog is confirmed.

    std::optional<SessionExpires> expires_;
    bool refreshes_ = false;     ///< It is ours to do.
    bool was_too_brief_ = false; ///< 422: once.
    tmr timer_{};
};

} // namespace keytone::server
