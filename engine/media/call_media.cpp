// SPDX-License-Identifier: MIT
#include "engine/media/call_media.hpp"

#include "dsp/prefetch.hpp"
#include "engine/media/leg_clock.hpp"

namespace keytone {

namespace {

bool suppresses_keys(const CallMediaConfig& config) {
    return config.mix_bridge && config.mute_bridged_keys;
}

SampleCount held_back(const CallMediaConfig& config, Leg leg) {
    return suppresses_keys(config) ? config.rate[leg].samples(DtmfSuppressor::look_ahead) : 0;
}

LegPipeline::Config leg_config(const CallMediaConfig& config, Leg leg) {
    return {.leg = leg,
            .rate = config.rate[leg],
            .limits = config.limits,
            .keys = config.keys[leg],
            .call = config.call,
            .suppresses_keys = suppresses_keys(config),
            .op_capacity = config.op_capacity,
            .cue_capacity = config.cue_capacity};
}

} // namespace

CallMedia::CallMedia(const CallMediaConfig& config)
    : rate_(config.rate),
      op_capacity_(config.op_capacity),
      outbox_(config.report_capacity, both_legs.size() * config.op_capacity),
      bridge_(config.rate, config.bridge_delay, config.max_block, config.mix_bridge,
              {held_back(config, Leg::a), held_back(config, Leg::b)}),
      legs_{LegPipeline(leg_config(config, Leg::a), outbox_, bridge_),
            LegPipeline(leg_config(config, Leg::b), outbox_, bridge_)} {}

bool CallMedia::try_push(Leg leg, const MediaOp& op) noexcept {
    // free_ops() is limited by the room for reports; the ring has as many places.
    if (free_ops(leg) == 0 || !pipeline(leg).try_push(op)) {
        return false;
    }
    ++ops_under_way_[leg];
    return true;
}

bool CallMedia::try_push(Leg leg, const MediaCue& cue) noexcept {
    return pipeline(leg).try_push(cue);
}

bool CallMedia::try_pop(MediaReport& report) noexcept {
    if (!outbox_.try_pop(report)) {
        return false;
    }
    if (ends_op(report.kind)) {
        --ops_under_way_[report.leg];
    }
    return true;
}

void CallMedia::process(Leg leg, std::span<const std::int16_t> heard, std::span<std::int16_t> sent,
                        Upcoming<CallMedia> upcoming) noexcept {
    if (upcoming.later != nullptr && leg == Leg::a) {
        prefetch_early(&upcoming.later->clocks_, upcoming.later->bridge_.often_touched_end()); // both legs'
    }
    const auto leg_of = [leg](const CallMedia* call) {
        return call != nullptr ? &call->pipeline(leg) : nullptr;
    };
    Clock& clock = clocks_[static_cast<std::size_t>(leg)];
    if (!clock.runs.load(std::memory_order_relaxed)) {
        start(leg);
    }
    clock.block_begin.store(pipeline(leg).position(), std::memory_order_relaxed);
    pipeline(leg).process(heard, sent, {leg_of(upcoming.later), leg_of(upcoming.soon)});
    clock.next.store(pipeline(leg).position(), std::memory_order_release);
}

void CallMedia::start(Leg leg) noexcept {
    Clock& clock = clocks_[static_cast<std::size_t>(leg)];
    const SampleIndex begin = would_begin_at(leg);
    pipeline(leg).start_at(begin);
    clock.next.store(begin, std::memory_order_relaxed);
    clock.runs.store(true, std::memory_order_release);
}

SampleIndex CallMedia::position(Leg leg) const noexcept {
    const Clock& clock = clocks_[static_cast<std::size_t>(leg)];
    return clock.runs.load(std::memory_order_acquire) ? clock.next.load(std::memory_order_acquire)
                                                      : would_begin_at(leg);
}

SampleIndex CallMedia::would_begin_at(Leg leg) const noexcept {
    const Leg far = other(leg);
    const Clock& clock = clocks_[static_cast<std::size_t>(far)];
    return same_instant(clock.block_begin.load(std::memory_order_relaxed), rate_[far], rate_[leg]);
}

} // namespace keytone
