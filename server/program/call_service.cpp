// SPDX-License-Identifier: MIT
#include "server/program/call_service.hpp"

#include "server/media/tick_schedule.hpp"
#include "server/sip/registration_text.hpp"
#include "tools/console/json_line.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;

/// How long it may take until an order to end is seen.
constexpr auto longest_wait = 100ms;
/// How often it is seen whether the store has a call that waits for it.
constexpr auto store_wait = 1ms;

nlohmann::ordered_json figures_of(const StreamFigures& figures) {
    return {{"in", figures.packets_in},
            {"out", figures.packets_out},
            {"lost", figures.lost},
            {"late", figures.late},
            {"jitter_ms", std::lround(figures.jitter.value)}};
}

} // namespace

CallService::CallService(ServiceParts parts, ServiceOptions options)
    : parts_(parts), options_(std::move(options)), limits_(options_.max_placed, options_.placed_per_minute) {}

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
        if (!waiting_.empty()) {
            until = std::min(until, Clock::now() + store_wait);
        }
        if (parts_.desk != nullptr && parts_.desk->is_busy()) {
            until = Clock::now();
        }
        if (const auto fact = parts_.signalling.next(until)) {
            take(*fact);
        }
        take_orders();
        begin_kept();
        step_ready();
        step_due();
        tend_desk();
    }
    if (parts_.desk != nullptr) {
        parts_.desk->close();
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
    for (Waiting& waiting : waiting_) {
        if (waiting.target.empty()) {
            refuse(waiting.dialog, waiting.incoming, waiting.file.names.call, 503, "the service is ending");
        }
        give_up(waiting, DialogEnded{DialogEnded::How::by_us}, "the service is ending");
    }
    waiting_.clear();
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
    if (running.file.account) {
        running.file.account->settle(running.call->caller_end());
    }
    if (running.call->is_over()) {
        conclude(running);
    } else {
        show(running);
    }
    find_dialogs(running);
}

void CallService::conclude(Running& running) {
    running.is_concluded = true;
    --active_;
    by_id_.erase(running.file.names.call);
    CallResult result = running.call->finish();
    LogEntry entry{
        LogLevel::info, "call.ended", word_of(result.end), running.file.names.call, {{"from", running.from}}};
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
    running.awaited->close();
    if (running.file.events) {
        running.file.events->close();
    }
    if (running.file.account) {
        running.file.account->close(result.end);
    }
    if (running.file.direction == CallDirection::outbound) {
        limits_.give_back(running.file.names.agent_id);
    }
    show(running, true);
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

const char* CallService::word_of(const std::optional<DialogEnded>& end) {
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
