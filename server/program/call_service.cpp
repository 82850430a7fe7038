// SPDX-License-Identifier: MIT
#include "server/program/call_service.hpp"

#include "server/control/agent_call.hpp"
#include "server/media/tick_schedule.hpp"
#include "server/sip/registration_text.hpp"
#include "tools/console/json_line.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;

/// How long it may take until an order to end is seen.
constexpr auto longest_wait = 100ms;
/// How often it is seen whether the store has a call that rings; and how long that may take.
constexpr auto ringing_wait = 1ms;
constexpr auto longest_ringing = 500ms;
/// Bytes of a far side's URI that a line of the log shows, at most.
constexpr std::size_t most_shown = 200;

std::string shown(const std::string& uri) {
    return uri.substr(0, most_shown);
}

const char* word_of(const std::optional<DialogEnded>& end) {
    if (!end) {
        return "unknown";
    }
    switch (end->how) {
    case DialogEnded::How::by_far_side:
        return "by_far_side";
    case DialogEnded::How::cancelled:
        return "cancelled";
    case DialogEnded::How::refused:
        return "refused";
    case DialogEnded::How::by_us:
        return "by_us";
    case DialogEnded::How::failed:
        return "failed";
    }
    return "unknown";
}

nlohmann::ordered_json figures_of(const StreamFigures& figures) {
    return {{"in", figures.packets_in},
            {"out", figures.packets_out},
            {"lost", figures.lost},
            {"late", figures.late},
            {"jitter_ms", std::lround(figures.jitter.value)}};
}

} // namespace

CallService::CallService(ServiceParts parts, ServiceOptions options)
    : parts_(parts), options_(std::move(options)) {}

CallService::~CallService() = default;

void CallService::run(const std::function<int()>& orders) {
    while (phase_ != Phase::ending || !calls_.empty()) {
        if (parts_.metrics != nullptr) {
            parts_.metrics->control_turn_ns.store(Clock::now().time_since_epoch().count(),
                                                  std::memory_order_relaxed);
        }
        obey(orders());
        auto until = Clock::now() + longest_wait;
        if (!calls_.empty()) {
            until = std::min(until, calls_.front()->due);
        }
        if (!ringing_.empty()) {
            until = std::min(until, Clock::now() + ringing_wait);
        }
        if (const auto fact = parts_.signalling.next(until)) {
            take(*fact);
        }
        answer_kept();
        step_ready();
        step_due();
    }
}

void CallService::obey(int orders) {
    if (orders > 0 && phase_ == Phase::serving) {
        phase_ = Phase::draining;
        drained_by_ = Clock::now() + options_.drain;
        parts_.log.put({LogLevel::info,
                        "service.draining",
                        "no call is taken any more",
                        {},
                        {{"calls", active_}, {"seconds", options_.drain.count()}}});
    }
    if (phase_ == Phase::draining && (orders > 1 || active_ == 0 || Clock::now() >= drained_by_)) {
        end_all();
    }
}

void CallService::end_all() {
    phase_ = Phase::ending;
    if (active_ > 0) {
        parts_.log.put(
            {LogLevel::info, "service.ending", "running calls are ended", {}, {{"calls", active_}}});
    }
    for (const auto& running : calls_) {
        running->call->end();
    }
    for (Ringing& ringing : ringing_) {
        refuse(ringing.dialog, ringing.incoming, ringing.id, 503, "the service is ending");
        ringing.account->close(DialogEnded{DialogEnded::How::by_us});
    }
    active_ -= ringing_.size();
    ringing_.clear();
}

// ---- Facts

void CallService::take(const SignallingFact& fact) {
    if (const auto* const call = std::get_if<IncomingCall>(&fact.what)) {
        return take(fact.dialog, *call);
    }
    if (const auto* const change = std::get_if<RegistrationChanged>(&fact.what)) {
        parts_.log.put({change->is_registered ? LogLevel::info : LogLevel::error,
                        "registration",
                        tell_registration(*change),
                        {},
                        {{"registered", change->is_registered}, {"status", change->status}}});
        return;
    }
    if (const auto found = by_dialog_.find(fact.dialog); found != by_dialog_.end()) {
        Running& running = *found->second;
        running.call->take(fact);
        step(running);
    } else if (const auto* const end = std::get_if<DialogEnded>(&fact.what)) {
        forget(fact.dialog, *end);
    }
}

void CallService::take(DialogId dialog, const IncomingCall& call) {
    const std::string id = next_id();
    if (phase_ != Phase::serving) {
        return refuse(dialog, call, id, 503, "the service is ending");
    }
    if (parts_.answer == nullptr && parts_.agents == nullptr) {
        return refuse(dialog, call, id, 404, "there is no [answer] or [agent] in the configuration");
    }
    if (active_ >= options_.max_calls) {
        return refuse(dialog, call, id, 503, "there are sip.max_calls calls already");
    }
    if (parts_.reporter != nullptr) {
        return keep(dialog, call, id);
    }
    ++active_;
    begin(dialog, call, id, nullptr);
}

// ---- Calls that ring

void CallService::keep(DialogId dialog, const IncomingCall& call, const std::string& id) {
    StoredCall stored;
    stored.call = id;
    stored.agent_id = options_.agent;
    stored.agent_name = options_.agent;
    stored.from = party_of(call.from);
    stored.to = party_of(call.to);
    ++active_;
    ringing_.push_back({id, dialog, call, std::make_unique<CallAccount>(*parts_.reporter, std::move(stored)),
                        Clock::now() + longest_ringing});
}

void CallService::answer_kept() {
    while (!ringing_.empty()) {
        Ringing& first = ringing_.front();
        const bool is_kept = first.account->is_kept();
        if (!is_kept && Clock::now() < first.until) {
            return;
        }
        if (!is_kept) {
            parts_.log.put({LogLevel::warning, "store.slow",
                            "the call is answered before the store has it: give store.path a faster disk",
                            first.id});
        }
        Ringing ready = std::move(first);
        ringing_.pop_front();
        begin(ready.dialog, ready.incoming, ready.id, std::move(ready.account));
    }
}

// The caller has hung up before the answer.
void CallService::forget(DialogId dialog, const DialogEnded& end) {
    const auto found = std::ranges::find(ringing_, dialog, &Ringing::dialog);
    if (found != ringing_.end()) {
        found->account->close(end);
        parts_.log.put({LogLevel::info, "call.missed", word_of(end), found->id});
        ringing_.erase(found);
        --active_;
    }
}

// ---- Calls that are answered

void CallService::begin(DialogId dialog, const IncomingCall& call, const std::string& id,
                        std::unique_ptr<CallAccount> account) {
    std::optional<std::string> error;
    try {
        error = answer(dialog, call, id, account);
    } catch (const std::exception& exception) { // There is no memory for this call: the others go on.
        error = exception.what();
    }
    if (error) {
        --active_;
        refuse(dialog, call, id, 503, *error);
        if (account) {
            account->close(DialogEnded{DialogEnded::How::failed});
        }
        return;
    }
    step(*calls_.back());
}

// Errors: why the call cannot be answered.
std::optional<std::string> CallService::answer(DialogId dialog, const IncomingCall& call,
                                               const std::string& id, std::unique_ptr<CallAccount>& account) {
    auto made = make_call(id, account.get());
    if (!made) {
        return made.error();
    }
    auto running = std::make_unique<Running>();
    running->id = id;
    running->from = shown(call.from);
    running->call = *std::move(made);
    if (auto error = running->call->take(dialog, call)) {
        return error;
    }
    LogEntry began{LogLevel::info, "call.began", {}, id, {{"from", running->from}, {"to", shown(call.to)}}};
    if (account) {
        began.details["session"] = account->session();
    }
    parts_.log.put(began);
    running->account = std::move(account);
    by_id_.emplace(id, running.get());
    running->due = Clock::now() + TickSchedule::tick;
    calls_.push_back(std::move(running));
    return std::nullopt;
}

Result<std::unique_ptr<ServedCall>, std::string> CallService::make_call(const std::string& id,
                                                                        CallAccount* account) {
    const auto on_outcome = [this, id, account](const Outcome& outcome) {
        parts_.log.put(outcome, id);
        if (account != nullptr) {
            account->take(outcome);
        }
    };
    std::shared_ptr<CallRecording> recording;
    if (parts_.recordings != nullptr && account != nullptr) {
        recording = parts_.recordings->open(account->session(), id);
        account->record(recording);
    }
    if (parts_.agents != nullptr) {
        AgentCallOptions options{options_.call.setup,
                                 id,
                                 options_.call.dial_allow,
                                 on_outcome,
                                 [this, id](const char* event, const std::string& what) {
                                     parts_.log.put({LogLevel::info, event, what, id});
                                 },
                                 recording};
        return std::unique_ptr<ServedCall>(std::make_unique<AgentCall>(
            std::move(options), *parts_.agents, *parts_.prompts, parts_.signalling, least_busy()));
    }
    ScenarioCallOptions options = options_.call;
    options.id = id;
    options.records = parts_.writer != nullptr;
    options.on_outcome = on_outcome;
    options.recording = recording;
    auto made = ScenarioCall::create(*parts_.answer, std::move(options), *parts_.prompts, parts_.signalling,
                                     least_busy());
    if (!made) {
        return made.error();
    }
    return std::unique_ptr<ServedCall>(*std::move(made));
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

// ---- Time

void CallService::step_due() {
    const auto now = Clock::now();
    while (!calls_.empty() && calls_.front()->due <= now) {
        std::unique_ptr<Running> running = std::move(calls_.front());
        calls_.pop_front();
        step(*running);
        if (running->is_concluded && running->call->release()) {
            continue;
        }
        running->due = now + TickSchedule::tick;
        calls_.push_back(std::move(running));
    }
}

void CallService::step_ready() {
    if (parts_.agents == nullptr) {
        return;
    }
    for (const std::string& id : parts_.agents->take_ready()) {
        if (const auto found = by_id_.find(id); found != by_id_.end()) {
            step(*found->second);
        }
    }
}

void CallService::step(Running& running) {
    if (running.is_concluded) {
        return;
    }
    running.call->step();
    if (running.account) {
        running.account->settle(running.call->caller_end());
    }
    if (running.call->is_over()) {
        conclude(running);
    }
    find_dialogs(running);
}

void CallService::conclude(Running& running) {
    running.is_concluded = true;
    --active_;
    by_id_.erase(running.id);
    CallResult result = running.call->finish();
    LogEntry entry{LogLevel::info, "call.ended", word_of(result.end), running.id, {{"from", running.from}}};
    entry.details["answered"] = result.answered;
    entry.details["seconds"] = tools::to_hundredths(result.seconds);
    if (result.end && result.end->status != 0) {
        entry.details["status"] = result.end->status;
    }
    entry.details["leg_a"] = figures_of(result.figures[Leg::a]);
    if (result.figures[Leg::b].packets_out > 0) {
        entry.details["leg_b"] = figures_of(result.figures[Leg::b]);
    }
    if (result.is_cut) {
        entry.details["record_cut"] = "answer.memory_mb is used up";
    }
    if (result.recorded_lost > 0) {
        entry.details["record_lacks_ms"] = 20 * result.recorded_lost;
    }
    parts_.log.put(entry);
    if (running.account) {
        running.account->close(result.end);
    }
    if (parts_.writer != nullptr) {
        parts_.writer->put(std::move(result));
    }
}

void CallService::find_dialogs(Running& running) {
    for (const Leg leg : both_legs) {
        std::optional<DialogId> dialog;
        if (!running.is_concluded) {
            dialog = running.call->dialog(leg);
        }
        std::optional<DialogId>& known = running.dialogs[leg];
        if (known == dialog) {
            continue;
        }
        if (known) {
            by_dialog_.erase(*known);
        }
        if (dialog) {
            by_dialog_.emplace(*dialog, &running);
        }
        known = dialog;
    }
}

MediaThread& CallService::least_busy() {
    const auto least = std::ranges::min_element(
        parts_.media, {}, [](const std::unique_ptr<MediaThread>& thread) { return thread->calls(); });
    return **least;
}

// A time and a number: no other process that writes to the same folder is likely to have it, too.
std::string CallService::next_id() {
    std::string time = iso_time(std::chrono::system_clock::now());
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    return time + "-" + std::to_string(++last_number_);
}

} // namespace keytone::server
