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
// With a store a call is answered, or placed, once its row is on the disk: what was answered is reported,
// whatever happens to the service. Until then it rings, for a moment at most.
//
// Its parts: call_service.cpp has the loop, call_admission.cpp how calls begin, call_orders.cpp what the desk
// asks for and is shown.
#pragma once

#include "server/agent/agent_lines.hpp"
#include "server/control/kept_prompts.hpp"
#include "server/control/scenario_call.hpp"
#include "server/control/served_call.hpp"
#include "server/media/media_thread.hpp"
#include "server/profiles/agent_directory.hpp"
#include "server/program/awaited_replies.hpp"
#include "server/program/call_account.hpp"
#include "server/program/call_reporter.hpp"
#include "server/program/call_writer.hpp"
#include "server/program/placement_limits.hpp"
#include "server/program/service_desk.hpp"
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
    const simulation::Scenario* answer = nullptr; ///< Runs each call that comes in and picks no agent.
    AgentLines* agents = nullptr;                 ///< For the agents of `directory`; null: there are none.
    KeptPrompts* prompts = nullptr;               ///< For both.
    CallWriter* writer = nullptr;                 ///< Null: nothing is written.
    CallReporter* reporter = nullptr;             ///< Null: nothing is stored, and nothing reported.
    const AgentDirectory* directory = nullptr;    ///< Not null where `agents` is not.
    ServiceDesk* desk = nullptr;                  ///< Null: nobody asks.
    Recordings* recordings = nullptr;             ///< Null: nothing is recorded. Needs the reporter.
    Metrics* metrics = nullptr;                   ///< Null: nothing is counted.
};

struct ServiceOptions {
    ScenarioCallOptions call; ///< For every call; its id, its outcomes and its record are the service's own.
    std::size_t max_calls = 2500;
    std::string agent; ///< The scenario's name, for reports.
    // Of calls that are placed, for each agent: at once, and in any 60 s.
    std::size_t max_placed = 100;
    std::size_t placed_per_minute = 60;
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

    /// What is known of a call from its first moment on.
    struct CallFile {
        CallNames names;
        CallDirection direction = CallDirection::inbound;
        UnixMs began_ms = 0;
        std::optional<UnixMs> answered_ms{};
        std::string variables{};              ///< A JSON object, or empty.
        AgentProfilePtr agent;                ///< Null: the scenario's call.
        std::shared_ptr<CallEvents> events;   ///< Null without a desk.
        std::unique_ptr<CallAccount> account; ///< Null without a store.
    };

    /// A call that waits until the store has it: it rings, or is to be placed.
    struct Waiting {
        CallFile file;
        DialogId dialog{};       ///< Of one that has come in.
        IncomingCall incoming{}; ///< The same.
        std::string target{};    ///< Of one that is to be placed: a SIP URI.
        ApiReply<CallNames> reply{};
        Clock::time_point until; ///< Then it goes on in any case.
    };

    /// A call, from then on until the media thread has let go of it.
    struct Running {
        CallFile file;
        std::string from; ///< For the log.
        std::unique_ptr<ServedCall> call;
        std::shared_ptr<AwaitedReplies> awaited = std::make_shared<AwaitedReplies>();
        PerLeg<std::optional<DialogId>> dialogs; ///< As they stand in by_dialog_.
        Clock::time_point due;
        std::string_view state; ///< As the desk was told.
        Clock::time_point next_view;
        bool is_concluded = false;
    };

    void obey(int orders);
    void end_all();
    void take(const SignallingFact& fact);

    // How calls begin: call_admission.cpp.
    void take(DialogId dialog, IncomingCall call);
    [[nodiscard]] bool pick_agent(const IncomingCall& call, AgentProfilePtr& agent) const;
    CallFile open_file(const std::string& id, AgentProfilePtr agent, CallDirection direction,
                       const std::string& from, const std::string& to, std::string variables);
    void admit(Waiting waiting);
    void begin_kept();
    void begin(Waiting waiting);
    std::optional<std::string> run(Waiting& waiting);
    std::optional<std::string> connect(Running& running, const Waiting& waiting);
    void forget(DialogId dialog, const DialogEnded& end);
    void give_up(Waiting& waiting, const DialogEnded& end, const std::string& why);
    void refuse(DialogId dialog, const IncomingCall& call, const std::string& id, int status,
                const std::string& why);

    // What the desk asks for, and is shown: call_orders.cpp.
    void take_orders();
    void obey(ServiceDesk::Start& order);
    void obey(ServiceDesk::Transfer& order);
    void obey(ServiceDesk::Submit& order);
    void obey(ServiceDesk::End& order);
    Result<Waiting, ApiFault> prepare(const CallStart& start);
    template <class Order>
    Running* running_of(const Order& order);
    void show(Running& running, bool has_ended = false);
    void show_waiting(const CallFile& file, bool has_ended = false);
    void tend_desk();

    void step_due();
    void step_ready();
    void step(Running& running);
    void conclude(Running& running);
    void find_dialogs(Running& running);
    MediaThread& least_busy();
    std::string next_id();
    static const char* word_of(const std::optional<DialogEnded>& end);

    ServiceParts parts_;
    ServiceOptions options_;
    Phase phase_ = Phase::serving;
    Clock::time_point drained_by_;
    std::deque<std::unique_ptr<Running>> calls_; ///< By the time that each is due.
    std::unordered_map<DialogId, Running*> by_dialog_;
    std::unordered_map<std::string, Running*> by_id_; ///< Those that are not concluded.
    std::deque<Waiting> waiting_;                     ///< The oldest first.
    std::size_t active_ = 0; ///< Calls that wait, and of the others those that are not concluded.
    PlacementLimits limits_;
    Clock::time_point next_tending_;
    std::uint64_t last_number_ = 0;
};

} // namespace keytone::server
