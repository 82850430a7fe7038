// SPDX-License-Identifier: MIT
#include "server/agent/agent_sound.hpp"

#include <algorithm>
#include <utility>

namespace keytone::server {

namespace {

/// Blocks in the ring of what is to be played: 1.28 s, so that the sockets' thread may be late by a second.
constexpr std::size_t items_held = 64;
/// The same for what was heard: 640 ms.
constexpr std::size_t heard_held = 32;
/// Samples that are in the ring before a block is handed on that is not full.
constexpr SampleCount enough = 480;
/// Speech that has just begun is held back for one tick, unless so much of it is there: an agent that sends
/// 20 ms each 20 ms is not always on time.
constexpr SampleCount head_start = 320;

} // namespace

AgentSound::AgentSound() : items_(items_held), reached_(most_marks), heard_(heard_held) {}

// ---- The sockets' side

void AgentSound::put(std::span<const std::int16_t> samples) {
    if (samples.empty()) {
        return;
    }
    if (!backlog_.empty() && !backlog_.back().samples.empty() && backlog_.back().samples.size() < block) {
        // Small pieces share a vector.
        auto& last = backlog_.back().samples;
        last.insert(last.end(), samples.begin(), samples.end());
    } else {
        backlog_.push_back({{samples.begin(), samples.end()}});
    }
    backlog_samples_ += static_cast<SampleCount>(samples.size());
    pump();
}

bool AgentSound::mark(std::string name) {
    if (names_.size() == most_marks) {
        return false;
    }
    names_.push_back(std::move(name));
    backlog_.emplace_back();
    pump();
    return true;
}

void AgentSound::clear() {
    epoch_.fetch_add(1);
    std::erase_if(backlog_, [](const Waiting& waiting) { return !waiting.samples.empty(); });
    for (Waiting& mark : backlog_) {
        mark.cleared = true;
    }
    backlog_samples_ = 0;
    pump();
}

void AgentSound::pump() {
    const std::uint32_t epoch = epoch_.load();
    while (!backlog_.empty()) {
        if (!backlog_.front().samples.empty()) {
            if (!push_samples()) {
                return;
            }
        } else {
            Item mark{};
            mark.epoch = backlog_.front().cleared ? epoch - 1 : epoch;
            if (!items_.try_push(mark)) {
                return;
            }
            backlog_.pop_front();
        }
    }
}

// One block of what is at the backlog's front, which ends before the next mark. False where it has to wait.
bool AgentSound::push_samples() {
    Item item{};
    item.epoch = epoch_.load();
    std::size_t available = 0;
    for (const Waiting& waiting : backlog_) {
        if (waiting.samples.empty() || available >= block) {
            break;
        }
        available += waiting.samples.size() - waiting.taken;
    }
    const bool is_followed_by_mark = backlog_samples_ != static_cast<SampleCount>(available);
    if (items_.free() == 0 ||
        (available < block && !is_followed_by_mark && put_.load() - taken_.load() > enough)) {
        return false;
    }
    while (item.count < block && !backlog_.empty() && !backlog_.front().samples.empty()) {
        Waiting& front = backlog_.front();
        const std::size_t count = std::min(block - item.count, front.samples.size() - front.taken);
        std::copy_n(front.samples.begin() + static_cast<std::ptrdiff_t>(front.taken), count,
                    item.samples.begin() + item.count);
        item.count = static_cast<std::uint16_t>(item.count + count);
        front.taken += count;
        if (front.taken == front.samples.size()) {
            backlog_.pop_front();
        }
    }
    backlog_samples_ -= item.count;
    put_.fetch_add(item.count);
    return items_.try_push(item);
}

SampleCount AgentSound::buffered() const {
    return backlog_samples_ + put_.load() - taken_.load();
}

std::optional<PlayedMark> AgentSound::next_mark() {
    Reached reached{};
    if (!reached_.try_pop(reached)) {
        return std::nullopt;
    }
    PlayedMark played{std::move(names_.front()), reached.sample, reached.cleared};
    names_.pop_front();
    return played;
}

std::optional<HeardBlock> AgentSound::next_heard() {
    HeardBlock heard; // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
    return heard_.try_pop(heard) ? std::optional(heard) : std::nullopt;
}

// ---- The media thread's side

bool AgentSound::is_to_wait() noexcept {
    if (!is_starved_ || has_waited_ || put_.load() - taken_.load() >= head_start) {
        is_starved_ = false;
        has_waited_ = false;
        return false;
    }
    has_waited_ = true;
    return true;
}

void AgentSound::speak(Leg leg, std::span<std::int16_t> out) noexcept {
    if (leg != Leg::a) {
        return;
    }
    const std::uint32_t epoch = epoch_.load();
    std::size_t at = 0;
    bool is_held_back = false;
    for (; has_item_ || items_.try_pop(item_); item_taken_ = 0, has_item_ = false) {
        has_item_ = true;
        const bool is_cleared = item_.epoch != epoch;
        if (item_.count == 0) { // There is room for all marks that there may be.
            reached_.try_push({spoken_ + static_cast<SampleIndex>(at), is_cleared});
            continue;
        }
        if (is_cleared) {
            taken_.fetch_add(static_cast<SampleCount>(item_.count - item_taken_));
            continue;
        }
        is_held_back = at < out.size() && is_to_wait();
        if (is_held_back) {
            break;
        }
        const std::size_t count = std::min(item_.count - item_taken_, out.size() - at);
        std::copy_n(item_.samples.begin() + static_cast<std::ptrdiff_t>(item_taken_), count,
                    out.begin() + static_cast<std::ptrdiff_t>(at));
        at += count;
        item_taken_ += count;
        taken_.fetch_add(static_cast<SampleCount>(count));
        if (item_taken_ < item_.count) {
            break;
        }
    }
    if (at < out.size() && !is_held_back) {
        is_starved_ = true;
    }
    spoken_ += static_cast<SampleIndex>(out.size());
}

void AgentSound::hear(Leg leg, std::span<const std::int16_t> heard) noexcept {
    if (leg != Leg::a || is_deaf_.load(std::memory_order_relaxed)) {
        return;
    }
    HeardBlock told{listened_, {}};
    std::copy_n(heard.begin(), std::min(heard.size(), told.samples.size()), told.samples.begin());
    if (!heard_.try_push(told)) {
        heard_lost_.fetch_add(1);
    }
    listened_ += static_cast<SampleIndex>(heard.size());
}

} // namespace keytone::server
