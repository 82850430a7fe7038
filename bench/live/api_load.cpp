// SPDX-License-Identifier: MIT
#include "bench/live/api_load.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace keytone::bench {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t transfer_every = 10;
constexpr std::chrono::steady_clock::duration longest_wait = 100ms;
constexpr auto last_patience = 10s; // for the answers that are still to come

double seconds(std::chrono::steady_clock::duration time) {
    return std::chrono::duration<double>(time).count();
}

} // namespace

ApiLoad::ApiLoad(Setup setup) : setup_(std::move(setup)) {
    for (std::size_t i = 0; i < connections; ++i) {
        lanes_.push_back({std::make_unique<ApiConnection>(setup_.port), std::nullopt});
    }
    begun_ = due_ = Clock::now();
    thread_ = std::thread([this] { run(); });
}

ApiLoad::~ApiLoad() {
    stop();
}

ApiFigures ApiLoad::stop() {
    if (thread_.joinable()) {
        stops_.store(true);
        thread_.join();
        figures_.per_second = static_cast<double>(delays_ms_.size()) / seconds(Clock::now() - begun_);
        figures_.delays = delays_of(std::move(delays_ms_));
    }
    return figures_;
}

std::string ApiLoad::next_request() {
    const std::size_t number = asked_++;
    const std::string target = "/api/v2/calls/" + setup_.calls[number * 7 % setup_.calls.size()];
    return number % transfer_every == transfer_every - 1
               ? api_request("POST", target + "/transfer", setup_.token, R"({"to":"+15303195426"})")
               : api_request("GET", target, setup_.token);
}

void ApiLoad::run() {
    thread_number_.store(gettid());
    std::array<pollfd, connections> waits{};
    const auto are_waiting = [this] {
        return std::ranges::any_of(lanes_, [](const Lane& lane) { return lane.due.has_value(); });
    };
    const auto ends = [this] { return stops_.load(std::memory_order_relaxed); };
    std::optional<Clock::time_point> ends_by;
    while (!ends() || are_waiting()) {
        if (!ends()) {
            ask(Clock::now());
        } else if (!ends_by) {
            ends_by = Clock::now() + last_patience;
        }
        for (std::size_t i = 0; i < connections; ++i) {
            waits[i] = {lanes_[i].due ? lanes_[i].connection->descriptor() : -1, POLLIN, 0};
        }
        const bool is_full =
            std::ranges::all_of(lanes_, [](const Lane& lane) { return lane.due.has_value(); });
        const Clock::duration patience =
            is_full || setup_.rate == 0.0 || ends()
                ? longest_wait
                : std::clamp<Clock::duration>(due_ - Clock::now(), 0ms, longest_wait);
        const timespec wait{0, std::chrono::nanoseconds(patience).count()};
        if (ppoll(waits.data(), waits.size(), &wait, nullptr) <= 0) {
            if (ends_by && Clock::now() > *ends_by) {
                break;
            }
            continue;
        }
        const auto now = Clock::now();
        for (std::size_t i = 0; i < connections; ++i) {
            if (waits[i].revents != 0) {
                take(lanes_[i], now);
            }
        }
    }
}

void ApiLoad::ask(Clock::time_point now) {
    for (Lane& lane : lanes_) {
        if (lane.due || !lane.connection->is_open()) {
            continue;
        }
        if (setup_.rate > 0.0) {
            if (due_ > now) {
                return;
            }
            lane.due = due_; // An answer that comes late delays those behind it: their time counts from here.
            due_ +=
                std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1.0 / setup_.rate));
        } else {
            lane.due = now;
        }
        lane.connection->send(next_request());
    }
}

void ApiLoad::take(Lane& lane, Clock::time_point now) {
    if (const auto answer = lane.connection->read()) {
        ++figures_.by_status[answer->status];
        delays_ms_.push_back(1000.0 * seconds(now - *lane.due));
        lane.due.reset();
    } else if (!lane.connection->is_open()) { // It is used no more.
        ++figures_.unanswered;
        lane.due.reset();
    }
}

} // namespace keytone::bench
