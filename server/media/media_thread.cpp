// SPDX-License-Identifier: MIT
#include "server/media/media_thread.hpp"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

namespace keytone::server {

namespace {

Instant read_clock() noexcept {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::chrono::seconds(now.tv_sec) + Instant(now.tv_nsec);
}

void sleep_until(Instant at) noexcept {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    const timespec until{static_cast<time_t>(seconds.count()), static_cast<long>((at - seconds).count())};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
    }
}

} // namespace

MediaThread::MediaThread(const MediaThreadOptions& options)
    : max_calls_(options.max_calls),
      commands_(2 * options.max_calls + 2),
      let_go_(options.max_calls + 1),
      io_(options.tap, options.batches),
      metrics_(options.metrics) {
    for (auto& slot : slots_) {
        slot.reserve(max_calls_); // in the end one slot may hold all calls
    }
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), "media"); // for who looks at what the threads cost
    if (options.real_time) {
        const sched_param priority{.sched_priority = sched_get_priority_min(SCHED_FIFO) + 10};
        real_time_ = pthread_setschedparam(thread_.native_handle(), SCHED_FIFO, &priority) == 0;
    }
}

MediaThread::~MediaThread() {
    stops_.store(true);
    thread_.join();
}

// ---- The control side

bool MediaThread::add(std::shared_ptr<LiveCall> call) {
    take_back();
    LiveCall* const added = call.get();
    if (held_.size() == max_calls_ || held_.contains(added)) {
        return false;
    }
    const auto least = std::ranges::min_element(calls_in_slot_);
    const auto slot = static_cast<std::size_t>(least - calls_in_slot_.begin());
    if (!commands_.try_push({Command::Do::add, slot, added})) {
        return false;
    }
    ++*least;
    held_.emplace(added, Held{std::move(call), slot});
    return true;
}

bool MediaThread::remove(const LiveCall& call) {
    take_back();
    const auto held = held_.find(&call);
    return held == held_.end() ||
           commands_.try_push({Command::Do::remove, held->second.slot, held->second.call.get()});
}

bool MediaThread::holds(const LiveCall& call) {
    take_back();
    return held_.contains(&call);
}

void MediaThread::take_back() {
    for (LiveCall* call = nullptr; let_go_.try_pop(call);) {
        const auto held = held_.find(call);
        --calls_in_slot_[held->second.slot];
        held_.erase(held);
    }
}

// ---- The thread

void MediaThread::run() noexcept {
    for (TickSchedule schedule(read_clock()); !stops_.load(std::memory_order_relaxed); go_on(schedule)) {
        sleep_until(schedule.due());
        const Instant now = read_clock();
        if (const std::int64_t left_out = schedule.leave_out(now); left_out > 0) {
            const std::uint64_t skipped = static_cast<std::uint64_t>(left_out) * running();
            skipped_ticks_.fetch_add(skipped, std::memory_order_relaxed);
            if (metrics_ != nullptr) {
                metrics_->skipped_ticks.fetch_add(skipped, std::memory_order_relaxed);
            }
        }
        last_slot_.store(now.count(), std::memory_order_relaxed);
        if (metrics_ != nullptr) {
            metrics_->lateness.add(std::chrono::duration<double>(now - schedule.due()).count());
        }
        if (now - schedule.due() > TickSchedule::slot_length) {
            late_slots_.fetch_add(1, std::memory_order_relaxed);
        }
        obey_all();
        run_slot(slots_[schedule.slot()], schedule.due());
        const std::int64_t took = (read_clock() - now).count();
        longest_slot_.store(std::max(longest_slot_.load(std::memory_order_relaxed), took),
                            std::memory_order_relaxed);
    }
}

/// To the next slot, past some that have no calls: commands can wait for that long.
void MediaThread::go_on(TickSchedule& schedule) const noexcept {
    constexpr int most_passed = 4;
    schedule.next();
    for (int passed = 0; passed < most_passed && slots_[schedule.slot()].empty(); ++passed) {
        schedule.next();
    }
}

/// Runs some calls at a time: enough that one system call reads for many of them, and few enough that the
/// first call's packets do not wait for the last call.
void MediaThread::run_slot(std::span<LiveCall* const> calls, Instant due) noexcept {
    while (!calls.empty()) {
        const auto together = calls.first(std::min(calls.size(), SocketIo::calls_together));
        for (LiveCall* const call : together) {
            call->expect(io_);
        }
        io_.fetch();
        const auto call = [&](std::size_t i) { return i < calls.size() ? calls[i] : nullptr; };
        for (std::size_t i = 0; i < together.size(); ++i) {
            together[i]->tick(due, io_, {call(i + Session::later_ahead), call(i + Session::soon_ahead)});
        }
        io_.flush();
        calls = calls.subspan(together.size());
    }
}

std::size_t MediaThread::running() const noexcept {
    std::size_t calls = 0;
    for (const auto& slot : slots_) {
        calls += slot.size();
    }
    return calls;
}

void MediaThread::obey_all() noexcept {
    for (Command next{}; let_go_.free() > 0 && commands_.try_pop(next);) {
        auto& slot = slots_[next.slot];
        if (next.what == Command::Do::add) {
            slot.push_back(next.call); // within what was reserved
        } else if (std::erase(slot, next.call) > 0) {
            let_go_.try_push(next.call);
        }
    }
}

} // namespace keytone::server
