// SPDX-License-Identifier: MIT
//
// How calls begin.
#include "engine/json/outcome_json.hpp"
#include "server/control/agent_call.hpp"
#include "server/media/tick_schedule.hpp"
#include "server/program/call_service.hpp"
#include "server/store/secret.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;

/// How long a call may wait for the store.
constexpr auto longest_waiting = 500ms;
/// Bytes of a far side's URI that a line of the log shows, at most.
constexpr std::size_t most_shown = 200;

std::string shown(const std::string& uri) {
    return uri.substr(0, most_shown);
}

} // namespace

void CallService::take(DialogId dialog, IncomingCall call) {
    const std::string id = next_id();
    if (phase_ != Phase::serving) {
        return refuse(dialog, call, id, 503, "the service is ending");
    }
    AgentProfilePtr agent;
    if (!pick_agent(call, agent)) {
        return refuse(dialog, call, id, 404,
                      "no agent has this number, and there is no [answer] or [agent] in the configuration");
    }
    if (active_ >= options_.max_calls) {
        return refuse(dialog, call, id, 503, "there are sip.max_calls calls already");
    }
    Waiting waiting;
    waiting.file = open_file(id, std::move(agent), CallDirection::inbound, call.from, call.to, {});
    waiting.dialog = dialog;
    waiting.incoming = std::move(call);
    admit(std::move(waiting));
}

// Whether anybody has the call: an agent, or, where `agent` is null, the scenario.
bool CallService::pick_agent(const IncomingCall& call, AgentProfilePtr& agent) const {
    if (parts_.agents != nullptr) {
        agent = parts_.directory->picked_by(party_of(call.to));
        if (!agent && parts_.answer == nullptr) {
            agent = parts_.directory->configured();
        }
    }
    return agent || parts_.answer != nullptr;
}

CallService::CallFile CallService::open_file(const std::string& id, AgentProfilePtr agent,
                                             CallDirection direction, const std::string& from,
                                             const std::string& to, std::string variables) {
    CallFile file;
    file.names = {id, new_uuid(), agent ? agent->stored.id : options_.agent, party_of(from), party_of(to)};
    file.direction = direction;
    file.began_ms = unix_ms();
    file.variables = std::move(variables);
    file.agent = std::move(agent);
    if (parts_.desk != nullptr) {
        file.events = std::make_shared<CallEvents>();
    }
    if (parts_.reporter != nullptr) {
        StoredCall stored;
        stored.session = file.names.session;
        stored.call = id;
        stored.agent_id = file.names.agent_id;
        stored.agent_name = file.agent ? file.agent->stored.name : options_.agent;
        stored.from = file.names.from;
        stored.to = file.names.to;
        stored.direction = direction;
        stored.variables = file.variables;
        file.account = std::make_unique<CallAccount>(*parts_.reporter, std::move(stored), file.events);
    }
    return file;
}

void CallService::admit(Waiting waiting) {
    ++active_;
    if (!waiting.file.account) {
        return begin(std::move(waiting));
    }
    show_waiting(waiting.file);
    waiting.until = Clock::now() + longest_waiting;
    waiting_.push_back(std::move(waiting));
}

void CallService::begin_kept() {
    while (!waiting_.empty()) {
        Waiting& first = waiting_.front();
        const bool is_kept = first.file.account->is_kept();
        if (!is_kept && Clock::now() < first.until) {
            return;
        }
        if (!is_kept) {
            parts_.log.put({LogLevel::warning, "store.slow",
                            "the call goes on before the store has it: give store.path a faster disk",
                            first.file.names.call});
        }
        Waiting ready = std::move(first);
        waiting_.pop_front();
        begin(std::move(ready));
    }
}

void CallService::begin(Waiting waiting) {
    std::optional<std::string> error;
    try {
        error = run(waiting);
    } catch (const std::exception& exception) { // There is no memory for this call: the others go on.
        error = exception.what();
    }
    if (!error) {
        if (waiting.reply) {
            waiting.reply(calls_.back()->file.names);
        }
        return step(*calls_.back());
    }
    if (waiting.target.empty()) {
        refuse(waiting.dialog, waiting.incoming, waiting.file.names.call, 503, *error);
    } else {
        parts_.log.put({LogLevel::warning, "call.unplaced", *error, waiting.file.names.call});
    }
    give_up(waiting, DialogEnded{DialogEnded::How::failed}, *error);
}

// Errors: why there can be no call.
std::optional<std::string> CallService::run(Waiting& waiting) {
    auto running = std::make_unique<Running>();
    const CallFile& file = waiting.file;
    const bool is_placed = !waiting.target.empty();
    const std::string from = is_placed ? options_.call.setup.from : waiting.incoming.from;
    const std::string to = is_placed ? waiting.target : waiting.incoming.to;
    running->from = shown(from);
    if (auto error = connect(*running, waiting)) {
        return error;
    }
    LogEntry began{
        LogLevel::info, "call.began", {}, file.names.call, {{"from", running->from}, {"to", shown(to)}}};
    if (is_placed) {
        began.details["direction"] = name(CallDirection::outbound);
    }
    if (file.agent) {
        began.details["agent"] = file.names.agent_id;
    }
    if (file.account) {
        began.details["session"] = file.names.session;
    }
    parts_.log.put(began);
    running->file = std::move(waiting.file);
    running->due = Clock::now() + TickSchedule::tick;
    by_id_.emplace(running->file.names.call, running.get());
    calls_.push_back(std::move(running));
    return std::nullopt;
}

// Makes the call, and answers or places it.
std::optional<std::string> CallService::connect(Running& running, const Waiting& waiting) {
    const CallFile& file = waiting.file;
    const auto on_outcome = [this, names = file.names, account = file.account.get(), events = file.events,
                             awaited = running.awaited](const Outcome& outcome) {
        parts_.log.put(outcome, names.call);
        if (account != nullptr) {
            account->take(outcome);
        }
        if (events) {
            std::string line = json::outcome_line(without_secrets(outcome), {names.call, names.session});
            line.pop_back(); // its end
            awaited->take(outcome, line);
            events->add(std::move(line));
        }
    };
    std::shared_ptr<CallRecording> recording;
    if (parts_.recordings != nullptr && file.account && (!file.agent || file.agent->record)) {
        recording = parts_.recordings->open(file.names.session, file.names.call);
        file.account->record(recording);
    }
    if (file.agent) {
        AgentCallOptions options{options_.call.setup,
                                 file.names.call,
                                 std::shared_ptr<const AgentConfig>(file.agent, &file.agent->config),
                                 options_.call.dial_allow,
                                 on_outcome,
                                 [this, id = file.names.call](const char* event, const std::string& what) {
                                     parts_.log.put({LogLevel::info, event, what, id});
                                 }};
        options.session = file.names.session;
        options.variables = file.variables;
        options.recording = recording;
        auto call = std::make_unique<AgentCall>(std::move(options), *parts_.agents, *parts_.prompts,
                                                parts_.signalling, least_busy());
        auto error = waiting.target.empty() ? call->take(waiting.dialog, waiting.incoming)
                                            : call->place(waiting.target);
        running.call = std::move(call);
        return error;
    }
    ScenarioCallOptions options = options_.call;
    options.id = file.names.call;
    options.records = parts_.writer != nullptr;
    options.on_outcome = on_outcome;
    options.recording = recording;
    auto made = ScenarioCall::create(*parts_.answer, std::move(options), *parts_.prompts, parts_.signalling,
                                     least_busy());
    if (!made) {
        return made.error();
    }
    running.call = *std::move(made);
    return running.call->take(waiting.dialog, waiting.incoming);
}

// The caller has hung up before the answer.
void CallService::forget(DialogId dialog, const DialogEnded& end) {
    const auto found = std::ranges::find_if(waiting_, [dialog](const Waiting& waiting) {
        return waiting.target.empty() && waiting.dialog == dialog;
    });
    if (found != waiting_.end()) {
        parts_.log.put({LogLevel::info, "call.missed", word_of(end), found->file.names.call});
        give_up(*found, end, {});
        waiting_.erase(found);
    }
}

// A call that has not begun never will.
void CallService::give_up(Waiting& waiting, const DialogEnded& end, const std::string& why) {
    --active_;
    CallFile& file = waiting.file;
    if (file.events) {
        file.events->close();
    }
    if (file.account) {
        file.account->close(end);
    }
    if (file.direction == CallDirection::outbound) {
        limits_.give_back(file.names.agent_id);
    }
    if (waiting.reply) {
        waiting.reply(ApiFault{503, "no_room", "the call cannot be placed: " + why});
    }
    show_waiting(file, true);
}

void CallService::refuse(DialogId dialog, const IncomingCall& call, const std::string& id, int status,
                         const std::string& why) {
    if (parts_.metrics != nullptr) {
        parts_.metrics->refused.fetch_add(1, std::memory_order_relaxed);
    }
    parts_.signalling.end(dialog, status); // Does nothing where the dialog was ended already.
    parts_.log.put({LogLevel::warning,
                    "call.refused",
                    why,
                    id,
                    {{"status", status}, {"from", shown(call.from)}, {"to", shown(call.to)}}});
}

} // namespace keytone::server
