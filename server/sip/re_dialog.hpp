// SPDX-License-Identifier: MIT
//
// One dialog of the SIP library. On the library's thread only.
//
//     invite()        calling ──200──► confirmed ──BYE──► over
//                        └──CANCEL, 3xx-6xx──────────────► over
//     take_invite()   incoming ──accept()──► confirmed
//                        └──CANCEL, end()────────────────► over
#pragma once

#include "server/sip/fact_queue.hpp"
#include "server/sip/re_credentials.hpp"
#include "server/sip/re_library.hpp"
#include "server/sip/re_referral.hpp"
#include "server/sip/re_session_timer.hpp"
#include "server/sip/signalling.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// The methods that we accept: RFC 3261, 20.5.
inline constexpr const char* allow_line = "Allow: INVITE,ACK,CANCEL,BYE,UPDATE,INFO,OPTIONS,REFER,NOTIFY\r\n";
/// The shortest session that we agree to: min_session_expires.
inline constexpr const char* min_se_line = "Min-SE: 90\r\n";

/// What all dialogs of a user agent share.
struct ReAgent {
    ::sip* sip = nullptr;
    ::sipsess_sock* sessions = nullptr;
    ::sipevent_sock* events = nullptr;
    FactQueue* facts = nullptr;
    int family = 0; ///< Of the address that it listens on: AF_INET, AF_INET6.
    std::chrono::seconds session_timer{1800};
    SrtpPolicy srtp = SrtpPolicy::off;
    std::function<void(DialogId)> let_go; ///< The dialog is over: destroys it later.
};

class ReDialog {
  public:
    /// `agent` outlives it.
    ReDialog(DialogId id, const ReAgent& agent);
    ReDialog(const ReDialog&) = delete;
    ReDialog& operator=(const ReDialog&) = delete;
    ~ReDialog();

    /// Orders: signalling.hpp. An order that does not fit the state is ignored; REFER fails.
    void invite(const Invitation& invitation);
    void accept(const MediaDescription& own);
    void end(int status);
    void refer(const std::string& target, const std::vector<SipHeader>& headers);
    void press(Key key, Milliseconds length);

    /// A call that comes in, with its offer and the user who gave a password; false where no dialog can be
    /// made.
    bool take_invite(const sip_msg& request, std::optional<MediaDescription> offer, std::string user);
    /// Whether a request belongs to it.
    [[nodiscard]] bool is_of(const sip_msg& request) const;
    /// Refuses a re-INVITE or an UPDATE of this dialog with 422 where the session would be too brief; else
    /// false.
    bool refuse_too_brief(const sip_msg& request);
    /// Answers an UPDATE of this dialog.
    void take_update(const sip_msg& request);

  private:
    struct Handlers;
    enum class State { calling, incoming, confirmed, over };

    void connect();
    [[nodiscard]] std::optional<std::string> first_hop() const;
    void tell(const sip_msg* message, decltype(SignallingFact::what) what);
    void tell_end(DialogEnded::How how, const sip_msg* message = nullptr, int status = 0);
    void close();

    std::optional<std::string> answer_offer(const sip_msg& request);
    int on_offer(mbuf** body, const sip_msg& message);
    int on_answer(const sip_msg& message);
    void on_progress(const sip_msg& message);
    void on_established(const sip_msg& message);
    void on_info(const sip_msg& request);
    void on_close(int error, const sip_msg* message);

    [[nodiscard]] const std::string& new_own_text();
    [[nodiscard]] std::string body_type() const;

    DialogId id_;
    const ReAgent& agent_;
    Reference<ReCredentials> credentials_;
    Reference<sipsess> session_;
    ReReferral referral_;
    State state_ = State::calling;
    std::chrono::steady_clock::time_point last_told_;
    Invitation invitation_; ///< Of a call that is placed.
    MediaDescription own_;
    std::vector<SrtpCrypto> keys_; ///< All of ours: a later offer may choose another of them.
    bool secured_ = false;         ///< By SRTP; it stays so.
    std::string own_text_;         ///< As it was sent last.
    std::uint64_t own_version_ = 0;
    std::optional<MediaDescription> offer_; ///< Of a call that came in.
    std::optional<MediaDescription> far_;   ///< The answer, before the dialog is confirmed.
    ReSessionTimer timer_;
};

} // namespace keytone::server
