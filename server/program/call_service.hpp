// SPDX-License-Identifier: MIT
//
// Many calls on one control thread:
//
//     serving             calls are taken
//        │ SIGTERM
//     draining            503 for further calls; those that run go on
//        │ no call left, the time is over, or SIGTERM again
//     ending              BYE and CANCEL
//        │ no call left
//     run() returns
//
// A fact goes to its call at once, and so does what its agent asks for; besides, each call is stepped every
// 20 ms, as often as its media thread has something new to tell. The calls stand in a queue by the time that
// each is due, so that one look at its front is all that a wait costs.
//
// With a store a call is answered once its row is on the disk: what was answered is reported, whatever
// happens to the service. Until then it rings, for a moment at most.
#pragma once

#include "server/agent/agent_lines.hpp"
#include "server/control/scenario_call.hpp"
#include "server/control/served_call.hpp"
#include "server/media/media_thread.hpp"
#include "server/program/call_account.hpp"
#include "server/program/call_reporter.hpp"
#include "server/program/call_writer.hpp"
#include "server/program/service_log.hpp"
#include "server/sip/signalling.hpp"
#include "tools/simulation/scenario.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace keytone::server {

/// What a service is made of; all of it outlives the service.
struct ServiceParts {
    Signalling& signalling;
    std::vector<std::unique_ptr<MediaThread>>& media; ///< One at least.
    ServiceLog& log;
    const simulation::Scenario* answer = nullptr; ///< Runs each call that comes in.
    AgentLines* agents = nullptr;                 ///< The same. Where both are null: 404.
    PromptSource* prompts = nullptr;              ///< For them.
    CallWriter* writer = nullptr;                 ///< Null: nothing is written.
    CallReporter* reporter = nullptr;             ///< Null: nothing is stored, and nothing reported.
    Recordings* recordings = nullptr;             ///< Null: nothing is recorded. Needs the reporter.
    Metrics* metrics = nullptr;                   ///< Null: nothing is counted.
};

struct ServiceOptions {
    ScenarioCallOptions call; ///< For every call; its id, its outcomes and its record are the service's own.
    std::size_t max_calls = 2500;
    std::string agent;              ///< Its name, for reports.
    std::chrono::seconds drain{30}; ///< How long running calls may go on after the order to end.
};

class CallService {
  public:
    CallService(ServiceParts parts, ServiceOptions options);
    /// Only once run() has returned. `[control]`
    ~CallService();
    CallService(const CallService&) = delete;
    CallService& operator=(const CallService&) = delete;

    /// Serves until it is told to end, and all calls are over. `orders` returns how often it was told: after
    /// the first time running calls may end by themselves, after the second they are ended. `[control]`
    void run(const std::function<int()>& orders);

  private:
    using Clock = std::chrono::steady_clock;
    enum class Phase : std::uint8_t { serving, draining, ending };

    /// A call, from its INVITE until the media thread has let go of it.
    struct Running {
        std::string id;
        std::string from;
        std::unique_ptr<ServedCall> call;
        std::unique_ptr<CallAccount> account;    ///< Null without a store.
        PerLeg<std::optional<DialogId>> dialogs; ///< As they stand in by_dialog_.
        Clock::time_point due;
        bool is_concluded = false;
    };

    /// A call that rings until the store has it.
    struct Ringing {
        std::string id;
        DialogId dialog;
        IncomingCall incoming;
        std::unique_ptr<CallAccount> account;
        Clock::time_point until; ///< Then it is answered in any case.
    };

    void obey(int orders);
    void end_all();
    void take(const SignallingFact& fact);
    void take(DialogId dialog, const IncomingCall& call);
    void keep(DialogId dialog, const IncomingCall& call, const std::string& id);
    void answer_kept();
    void forget(DialogId dialog, const DialogEnded& end);
    void begin(DialogId dialog, const IncomingCall& call, const std::string& id,
               std::unique_ptr<CallAccount> account);
    std::optional<std::string> answer(DialogId dialog, const IncomingCall& call, const std::string& id,
                                      std::unique_ptr<CallAccount>& account);
    Result<std::unique_ptr<ServedCall>, std::string> make_call(const std::string& id, CallAccount* account);
    void refuse(DialogId dialog, const IncomingCall& call, const std::string& id, int status,
                const std::string& why);
    void step_due();
    void step_ready();
    void step(Running& running);
    void conclude(Running& running);
    void find_dialogs(Running& running);
    MediaThread& least_busy();
    std::string next_id();

    ServiceParts parts_;
    ServiceOptions options_;
    Phase phase_ = Phase::serving;
    Clock::time_point drained_by_;
    std::deque<std::unique_ptr<Running>> calls_; ///< By the time that each is due.
    std::unordered_map<DialogId, Running*> by_dialog_;
    std::unordered_map<std::string, Running*> by_id_; ///< Those that are not concluded.
    std::deque<Ringing> ringing_;                     ///< The oldest first.
    std::size_t active_ = 0; ///< Calls that ring, and of the others those that are not concluded.
    std::uint64_t last_number_ = 0;
};

} // namespace keytone::server
