// SPDX-License-Identifier: MIT
//
// What a call's control knows of SIP: orders go in, facts come out.
//
//     control thread   invite, accept, end, … ─► Signalling ─► network
//                      next() ◄─ facts        ◄─            ◄─
//
// A dialog is named by a number from its first message to its last fact, DialogEnded.
#pragma once

#include "dsp/keys.hpp"
#include "dsp/units.hpp"
#include "server/sip/media_description.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace keytone::server {

/// One dialog, or the attempt at one.
enum class DialogId : std::uint64_t {};

struct SipHeader {
    std::string name;
    std::string value;
};

/// What a server or a trunk recognises us by. RFC 3261, 22.
struct SipCredentials {
    std::string user;
    std::string password;
};

/// Where we want to be called: at a registrar, RFC 3261, 10.
struct Registration {
    std::string registrar; ///< A SIP URI: `sip:sip.example`.
    std::string who;       ///< The same: who is called here, `sip:ada@sip.example`.
    std::optional<SipCredentials> credentials;
    std::chrono::seconds interval{3600}; ///< That is asked for; the registrar may say another.
};

/// A call to be placed.
struct Invitation {
    std::string to;                   ///< A SIP URI.
    std::string from;                 ///< The same: who calls.
    std::optional<std::string> proxy; ///< A SIP URI that it is sent to instead.
    std::optional<SipCredentials> credentials;
    std::vector<SipHeader> headers;
    MediaDescription own; ///< What is offered.
};

/// What the network said.
struct IncomingCall {
    std::string from; ///< URIs.
    std::string to;
    std::vector<SipHeader> headers;        ///< Those whose name begins with X-.
    std::optional<MediaDescription> offer; ///< Nothing where the offer is left to us.
    std::string user; ///< Of a caller who gave a password; empty for one known by address.
};
struct Progress {
    int status;                          ///< 180 to 199.
    std::optional<MediaDescription> far; ///< Early media may come.
};
struct Answered {
    MediaDescription far;
};
/// The far side changed the session: a re-INVITE or an UPDATE, answered already.
struct MediaChanged {
    MediaDescription far;
};
/// The response to a REFER, 0 where it could not be sent; and what a NOTIFY says of it, 0 where it has no
/// status.
struct ReferResponse {
    int status;
};
struct ReferProgress {
    int status;
    bool is_last; ///< The subscription is over.
};
/// A key by SIP INFO.
struct KeyByInfo {
    Key key;
    Milliseconds length;
};
struct DialogEnded {
    enum class How {
        by_far_side, ///< BYE.
        cancelled,   ///< CANCEL, before the answer.
        refused,     ///< `status` says how.
        by_us,
        failed, ///< No answer to what was sent, or none that could be used.
    };

    How how;
    int status = 0;
};

/// Of no dialog: a registration was made, has failed or was lost. registration_text.hpp puts it into words.
struct RegistrationChanged {
    std::string registrar;
    bool is_registered;
    int status;                    ///< Of the last response; 0 where there was none.
    std::chrono::seconds interval; ///< While it is registered.
};

struct SignallingFact {
    DialogId dialog;                          ///< 0 where it is of none.
    std::chrono::steady_clock::time_point at; ///< When the message came.
    std::variant<IncomingCall, Progress, Answered, MediaChanged, ReferResponse, ReferProgress, KeyByInfo,
                 DialogEnded, RegistrationChanged>
        what;
};

/// The network's side of all calls. `[control]`
class Signalling {
  public:
    virtual ~Signalling() = default;

    /// Places a call. Where that fails, its first fact is DialogEnded. The caller has checked URIs and
    /// headers: sip_text.hpp.
    virtual DialogId invite(const Invitation& invitation) = 0;
    /// Answers a call that came in, which rings (180) until then.
    virtual void accept(DialogId dialog, const MediaDescription& own) = 0;
    /// Ends a dialog as its state asks for: `status` for a call that came in and was not taken, CANCEL for
    /// one that is not answered yet, else BYE.
    virtual void end(DialogId dialog, int status = 480) = 0;
    /// Asks the far side to call `target`: RFC 3515. A dialog has one REFER under way at most.
    virtual void refer(DialogId dialog, const std::string& target, const std::vector<SipHeader>& headers) = 0;
    /// Sends a key by INFO.
    virtual void press(DialogId dialog, Key key, Milliseconds length) = 0;
    /// The next fact; waits for one until `until`.
    virtual std::optional<SignallingFact> next(std::chrono::steady_clock::time_point until) = 0;
    /// Ends the wait of next() that is under way, or the next one, before its time: there is something else
    /// to do. `[any]`
    virtual void wake() = 0;
    /// For how long the network's thread has not come to what it was asked the last time; asks it anew.
    /// `[any]`
    virtual std::chrono::nanoseconds lag() { return std::chrono::nanoseconds{0}; }
};

} // namespace keytone::server
