// SPDX-License-Identifier: MIT
//
// One dialog as the library tells of it. On the library's thread alone.
//
//     invite()        calling ──200──► confirmed ──BYE──► over
//                        └──CANCEL, 3xx-6xx──────────────► over
//     take_invite()   incoming ──accept()──► confirmed
//                        └──CANCEL, end()────────────────► over
#pragma once

#include "server/sip/fact_queue.hpp"
#include "server/sip/signalling.hpp"

#include <sofia-sip/nua.h>
#include <sofia-sip/sip.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keytone::server {

class SofiaDialog {
  public:
    /// `agent` and `facts` outlive it.
    SofiaDialog(DialogId id, nua_t* agent, FactQueue& facts) : id_(id), agent_(agent), facts_(facts) {}

    [[nodiscard]] DialogId id() const { return id_; }

    /// Orders: signalling.hpp. What does not fit the state is left undone.
    void invite(const Invitation& invitation);
    void ring();
    void accept(const MediaDescription& own);
    void end(int status);
    void refer(const std::string& target, const std::vector<SipHeader>& headers);
    void press(Key key, Milliseconds length);

    /// A call that comes in; false where it was refused at once, and there is no dialog.
    bool take_invite(nua_handle_t* handle, const sip_t& request);
    /// Any other event of the dialog, but its end.
    void take(nua_event_t kind, int status, const sip_t* sip);
    /// The library has let go of it.
    void terminated(int status);

  private:
    enum class State { calling, incoming, confirmed, over };

    void tell(decltype(SignallingFact::what) what);
    void tell_end(DialogEnded::How how, int status = 0);
    void take_response(int status, const sip_t* sip);
    void take_final(int status, const sip_t* sip);
    void take_change(const sip_t& request, bool by_update);
    void take_ack(const sip_t* sip);
    void take_info(const sip_t& request);
    void take_refer_response(int status, const sip_t* sip);
    void take_notify(const sip_t& request);
    bool authenticate(const sip_t* sip);
    [[nodiscard]] std::string own_text();

    DialogId id_;
    nua_t* agent_;
    FactQueue& facts_;
    nua_handle_t* handle_ = nullptr;
    State state_ = State::calling;
    MediaDescription own_;
    std::optional<MediaDescription> offer_; ///< Of a call that came in.
    std::optional<SipCredentials> credentials_;
    bool has_authenticated_ = false; ///< A second challenge is a refusal.
    bool offers_in_answer_ = false;  ///< The ACK has the answer.
    std::uint64_t sdp_version_ = 0;
};

} // namespace keytone::server
