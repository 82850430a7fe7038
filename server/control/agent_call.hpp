// SPDX-License-Identifier: MIT
//
// A call whose agent is a program at a socket:
//
//     ringing      it calls: until the socket is there, or `answer_after` is over
//                  it is called: until the far side answers, or nobody does
//     talking      what the agent asks for is submitted, outcomes are told
//        │ the socket is lost              │ it is there again
//     alone        for `grace` ────────────┘
//        │ grace is over
//     giving up    `message`, then end_call; no message where an agent of Twilio's has closed its stream
//
// What the agent asks for is submitted in its order, each request once the speech that it needs is made.
// Once the agent's part is over (the caller was handed on, or a side hung up) its socket is closed.
#pragma once

#include "server/agent/agent_line.hpp"
#include "server/agent/agent_lines.hpp"
#include "server/agent/agent_sound.hpp"
#include "server/control/call_control.hpp"
#include "server/control/kept_prompts.hpp"
#include "server/control/served_call.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace keytone::server {

/// How one is run.
struct AgentCallOptions {
    CallSetup setup;
    std::string id;
    std::shared_ptr<const AgentConfig> agent;
    /// Whom transfers may dial: CallRules::dial_allow.
    std::optional<std::vector<std::string>> dial_allow;
    std::function<void(const Outcome&)> on_outcome; ///< Told as it happens.
    /// Something about its socket: an event's name, and what happened.
    std::function<void(const char* event, const std::string& what)> on_agent;
    std::string session{};                      ///< As reports have it; empty: it has none.
    std::string variables{};                    ///< That it was placed with: a JSON object; empty: none.
    std::shared_ptr<CallRecording> recording{}; ///< Of the agent's part; null: none.
};

class AgentCall final : public ServedCall {
  public:
    /// `lines`, `prompts`, `signalling` and `media` outlive it. `[control]`
    AgentCall(AgentCallOptions options, AgentLines& lines, KeptPrompts& prompts, Signalling& signalling,
              MediaThread& media);
    /// Its agent's socket is closed. `[control]`
    ~AgentCall() override;
    AgentCall(const AgentCall&) = delete;
    AgentCall& operator=(const AgentCall&) = delete;

    /// The far side is called, a SIP URI, and the agent is dialled, so that it is there at the answer.
    /// Errors: no port, no room. `[control]`
    std::optional<std::string> place(const std::string& to);
    /// The call rings, and its agent is dialled. There is no error yet: where there is no room for the call,
    /// it is refused with 503 instead of answered.
    std::optional<std::string> take(DialogId dialog, const IncomingCall& call) override;
    void take(const SignallingFact& fact) override;
    [[nodiscard]] const std::optional<DialogId>& dialog(Leg leg) const override;
    [[nodiscard]] const std::optional<DialogEnded>& caller_end() const override {
        return unanswered_end_ ? unanswered_end_ : control_.caller_end();
    }
    [[nodiscard]] bool submit(const CallEvent& event) override;
    [[nodiscard]] LiveCall& live() override { return control_.call(); }
    void step() override;
    void end() override;
    [[nodiscard]] bool is_over() const override;
    CallResult finish() override;
    [[nodiscard]] bool release() override { return control_.release(); }

  private:
    using Clock = std::chrono::steady_clock;

    void take_news();
    void ask(CallEvent event);
    void submit_asked(bool is_last = false);
    [[nodiscard]] bool is_prepared(const Request& request);
    void answer_when_due();
    void tell(const Outcome& outcome);
    void watch_agent();
    void watch_far_side();
    void give_up_agent();
    void note_figures() const;
    void note(const char* event, const std::string& what) const;

    AgentCallOptions options_;
    AgentLines& lines_;
    KeptPrompts& prompts_;
    std::shared_ptr<AgentSound> sound_ = std::make_shared<AgentSound>(); ///< Outlives control_, which has it.
    CallControl control_;
    std::shared_ptr<AgentLine> line_;
    std::deque<CallEvent> asked_; ///< Not submitted yet.

    std::optional<DialogId> ringing_; ///< Not answered yet.
    IncomingCall incoming_;
    Clock::time_point answer_by_; ///< Whoever answers.
    bool is_called_ = false;      ///< The far side is, and has not answered.
    std::optional<DialogEnded> unanswered_end_;
    bool is_there_ = false;
    bool is_done_ = false;          ///< It has ended its stream: nobody has to be told.
    Clock::time_point alone_since_; ///< While it is not there.
    bool is_part_over_ = false;     ///< The agent's.
    bool is_given_up_ = false;
    std::string end_id_;                       ///< Of the end_call that gives up.
    std::optional<Clock::time_point> ends_by_; ///< Once it is ending.
};

} // namespace keytone::server
