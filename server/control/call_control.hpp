// SPDX-License-Identifier: MIT
//
// One call: what the network says of its two dialogs becomes the policy's facts, what the policy wants
// becomes messages and streams.
//
//     Signalling ──facts──► CallControl ──facts──► LiveCall (policy)
//                ◄─orders──             ◄─intents─
//                           streams opened, changed, closed
#pragma once

#include "dsp/result.hpp"
#include "engine/leg.hpp"
#include "engine/outcome.hpp"
#include "engine/session.hpp"
#include "server/control/call_facts.hpp"
#include "server/control/call_meter.hpp"
#include "server/media/live_call.hpp"
#include "server/media/media_thread.hpp"
#include "server/media/rtp_port.hpp"
#include "server/recording/call_recording.hpp"
#include "server/sip/signalling.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace keytone::server {

/// What the calls of one server have in common.
struct CallSetup {
    std::string media_address = "127.0.0.1"; ///< Where RTP is received: a number.
    PortRange ports{};
    SrtpPolicy srtp = SrtpPolicy::off;
    std::string from;  ///< The caller, where keytone calls: a SIP URI.
    std::string trunk; ///< Where numbers are dialled: host or host:port.
    std::optional<SipCredentials> credentials;
    KeysOut keys = KeysOut::automatic;
    std::chrono::seconds silence{60}; ///< A leg that no packet comes from for so long has failed.
    Metrics* metrics = nullptr;       ///< Where the calls are counted; outlives them.
};

class CallControl {
  public:
    /// `signalling` and `media` outlive it, and so does `options.agent`. `recording` gets leg a's sound, and
    /// is told what happens; null: none. `[control]`
    CallControl(CallSetup setup, SessionConfig session, const LiveCallOptions& options,
                Signalling& signalling, MediaThread& media,
                std::shared_ptr<CallRecording> recording = nullptr);
    /// Waits until release() says so. `[control]`
    ~CallControl();
    CallControl(const CallControl&) = delete;
    CallControl& operator=(const CallControl&) = delete;

    /// Leg a is called: a SIP URI. Errors: no port, no room. `[control]`
    std::optional<std::string> place(const std::string& to);
    /// Leg a calls: it is answered at once. The same errors; on one the caller is refused with 503.
    /// `[control]`
    std::optional<std::string> take(DialogId dialog, const IncomingCall& call);

    /// Refuses a caller that was not taken, with 503. `[control]`
    void refuse(DialogId dialog);

    /// Whether the dialog is one of this call's. `[control]`
    [[nodiscard]] bool owns(DialogId dialog) const;
    /// What the network said of one of its dialogs. `[control]`
    void take(const SignallingFact& fact);
    /// What the agent asks for. `[control]`
    void submit(const CallEvent& event) { call_->submit(event); }
    /// Does what the policy wants, and looks after the streams; returns the outcomes since the last time.
    /// `[control]`
    std::vector<Outcome> step();
    /// The facts that were submitted since the last time. `[control]`
    [[nodiscard]] std::vector<CallEvent> take_facts() { return std::exchange(facts_, {}); }
    /// Ends both legs, whatever the policy has decided. `[control]`
    void end();
    /// Ends both legs if they are not over yet. True once the media thread has let go of the call, some 50 ms
    /// after the first time. `[control]`
    [[nodiscard]] bool release();

    [[nodiscard]] LiveCall& call() { return *call_; }
    /// Whether a leg's dialog is over, or never was. `[control]`
    [[nodiscard]] bool is_over(Leg leg) const { return !legs_[leg].dialog; }
    /// A leg's dialog, while it has one. `[control]`
    [[nodiscard]] const std::optional<DialogId>& dialog(Leg leg) const { return legs_[leg].dialog; }
    /// Why leg a was never connected, or how it ended. `[control]`
    [[nodiscard]] const std::optional<DialogEnded>& caller_end() const { return caller_end_; }
    /// Where leg a was answered, on its clock. `[control]`
    [[nodiscard]] std::optional<SampleIndex> answered_at() const { return answered_at_; }

  private:
    /// A leg's dialog and stream.
    struct LegState {
        std::optional<DialogId> dialog;
        std::optional<RtpPort> port; ///< Until the stream is opened.
        MediaDescription own;
        bool has_stream = false;
        std::optional<StreamParameters> change; ///< That the stream has not got yet.
        bool on_hold = false;
        bool is_given_up = false; ///< No packets came, or SRTP was not agreed on.
        double told_s = 0.0;      ///< When the last fact was: none is told behind a later one.
        AskedBy asked = AskedBy::dial;
        std::string attempt; ///< Names the intent that asked for it.
    };

    std::optional<std::string> open_port(Leg leg);
    std::optional<std::string> start_media();
    void invite(Leg leg, const std::string& to, std::vector<SipHeader> headers);
    void take(Leg leg, const SignallingFact& fact, const Progress& progress);
    void take(Leg leg, const SignallingFact& fact, const Answered& answer);
    void take(Leg leg, const SignallingFact& fact, const DialogEnded& end);
    void tell_answer(Leg leg, std::chrono::steady_clock::time_point at);
    bool connect(Leg leg, const MediaDescription& far);
    void give_up(Leg leg);
    void tell(Fact fact, std::chrono::steady_clock::time_point at);
    void obey(const Outcome& outcome, const Intent& intent);
    void dial(const Outcome& outcome, const Intent& intent);
    void refer(const Outcome& outcome, const Intent& intent);
    void press_keys(Leg leg);
    void fail_attempt(Leg leg, const std::string& attempt);
    void settle_stream(Leg leg);
    void watch(Leg leg);
    void meter();

    CallSetup setup_;
    Signalling& signalling_;
    MediaThread& media_;
    std::shared_ptr<CallRecording> recording_; ///< Outlives call_, which has its tap.
    CallMeter meter_;
    std::shared_ptr<LiveCall> call_;
    bool is_on_media_ = false;
    bool is_ending_ = false;
    bool is_removed_ = false; ///< The media thread was told.
    std::optional<std::chrono::steady_clock::time_point> streams_end_;
    PerLeg<LegState> legs_;
    std::optional<DialogEnded> caller_end_;
    std::optional<SampleIndex> answered_at_;
    std::string refer_attempt_;
    std::vector<CallEvent> facts_;
};

} // namespace keytone::server
