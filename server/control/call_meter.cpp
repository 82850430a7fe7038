// SPDX-License-Identifier: MIT
#include "server/control/call_meter.hpp"

#include <algorithm>
#include <cstddef>
#include <variant>

namespace keytone::server {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr double ms_a_second = 1000.0;

CallStage stage_of(const CallState& state) {
    switch (state.phase) {
    case CallPhase::before:
        return CallStage::ringing;
    case CallPhase::in_progress:
    case CallPhase::ending: {
        const LegPhase other = state.legs[Leg::b];
        return other == LegPhase::dialled || other == LegPhase::answered ? CallStage::transferring
                                                                         : CallStage::in_progress;
    }
    case CallPhase::transferred:
        return CallStage::transferred;
    case CallPhase::ended:
        return CallStage::ended;
    }
    return CallStage::ended;
}

std::size_t place(Leg leg) {
    return leg == Leg::a ? 0 : 1;
}

// What a count has grown by. One that fell is that of another stream.
std::uint64_t growth(std::uint64_t now, std::uint64_t before) {
    return now >= before ? now - before : now;
}

} // namespace

void CallMeter::take(const Outcome& outcome) {
    if (metrics_ == nullptr) {
        return;
    }
    if (std::holds_alternative<ToneCompleted>(outcome.what)) {
        metrics_->keys_sent[place(outcome.leg)].fetch_add(1, relaxed);
    } else if (std::holds_alternative<DigitHeard>(outcome.what)) {
        metrics_->keys_heard[place(outcome.leg)].fetch_add(1, relaxed);
    }
}

void CallMeter::note(const CallState& state) {
    enter(stage_of(state));
}

void CallMeter::enter(std::optional<CallStage> stage) {
    const auto add = [this](std::optional<CallStage> changed, std::int64_t count) {
        if (changed && *changed != CallStage::ended) {
            metrics_->calls[static_cast<std::size_t>(*changed)].fetch_add(count, relaxed);
        }
    };
    if (metrics_ != nullptr && stage != stage_) {
        add(stage_, -1);
        add(stage, 1);
        stage_ = stage;
    }
}

bool CallMeter::is_due(std::chrono::steady_clock::time_point now) {
    if (metrics_ == nullptr || now < next_look_) {
        return false;
    }
    next_look_ = now + between_looks;
    return true;
}

void CallMeter::note(Leg leg, const StreamFigures& figures) {
    if (metrics_ == nullptr) {
        return;
    }
    Counted& counted = counted_[leg];
    const std::uint64_t received = growth(figures.packets_in, counted.in);
    metrics_->packets_in.fetch_add(received, relaxed);
    metrics_->packets_out.fetch_add(growth(figures.packets_out, counted.out), relaxed);
    metrics_->packets_late.fetch_add(growth(figures.late, counted.late), relaxed);
    if (figures.packets_in < counted.in) {
        counted.lost = 0;
    }
    // Duplicates make the figure fall: a counter cannot.
    metrics_->packets_lost.fetch_add(
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, figures.lost - counted.lost)), relaxed);
    if (received > 0) {
        metrics_->jitter.add(figures.jitter.value / ms_a_second);
    }
    counted = {figures.packets_in, figures.packets_out, std::max(counted.lost, figures.lost), figures.late};
}

} // namespace keytone::server
