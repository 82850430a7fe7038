// SPDX-License-Identifier: MIT
//
//     [control]  ops, cues ─► rings ─► leg a, leg b ─► reports ─► [control]
//     [audio]                 heard ─►      ▲      ─► sent
//                                          bridge
#pragma once

#include "dsp/dtmf_limits.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/prefetch.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/media/call_bridge.hpp"
#include "engine/media/leg_pipeline.hpp"
#include "engine/media/report_outbox.hpp"
#include "engine/media_action.hpp"
#include "engine/media_report.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// The settings of a call's audio side.
struct CallMediaConfig {
    PerLeg<SampleRate> rate{SampleRate::narrowband(), SampleRate::narrowband()};
    Milliseconds bridge_delay{20}; ///< Between what one leg hears and the other sends; at least max_block.
    Milliseconds max_block{20};    ///< The longest block of the host, once the legs are bridged.
    bool mix_bridge = false;       ///< Whether the op Bridge connects the legs here; otherwise the host does.
    /// Whether the keys of one leg are kept from the other while the bridge connects them. This adds
    /// DtmfSuppressor::look_ahead to the delay of both.
    bool mute_bridged_keys = false;
    CallHearing::Config call{};
    PerLeg<KeyForm> keys{};
    DtmfLimits limits{};
    std::size_t op_capacity = 12;     ///< Ops of a leg whose last report was not popped yet.
    std::size_t cue_capacity = 8;     ///< Cues of a leg that the audio side has not read yet.
    std::size_t report_capacity = 68; ///< Reports; ops need four for each of op_capacity.
};

/// Both legs of a call, as the audio thread runs them: engine/threads.md.
class CallMedia {
  public:
    /// `[control]`
    explicit CallMedia(const CallMediaConfig& config);

    /// False when full: then nothing changes. Room for ops is freed by the last report of each op.
    /// `[control]`
    bool try_push(Leg leg, const MediaOp& op) noexcept;
    bool try_push(Leg leg, const MediaCue& cue) noexcept;
    /// How many pushes will succeed at least. `[control]`
    [[nodiscard]] std::size_t free_ops(Leg leg) const noexcept { return op_capacity_ - ops_under_way_[leg]; }
    [[nodiscard]] std::size_t free_cues(Leg leg) const noexcept { return pipeline(leg).free_cues(); }
    /// False when there is no report. `[control]`
    bool try_pop(MediaReport& report) noexcept;

    /// `heard`: what came in, as long as `sent`, or empty when it was lost. `sent`: on entry the agent's own
    /// audio (zeros if there is none), on return what goes out. A leg that is processed for the first time
    /// while the other is running begins where the other's latest block began. `[audio]`
    void process(Leg leg, std::span<const std::int16_t> heard, std::span<std::int16_t> sent,
                 Upcoming<CallMedia> upcoming = {}) noexcept KEYTONE_NONBLOCKING;

    /// A key of the leg came as a telephone event: Session::hear_key_event(). `[audio]`
    void hear_key_event(Leg leg, const KeyReport& event) noexcept KEYTONE_NONBLOCKING {
        // A key that began over the bridge also ends there, even if the legs were disconnected meanwhile.
        if (event.kind == KeyReport::Kind::end || pipeline(leg).passes_keys_on()) {
            pipeline(other(leg)).pass_on(event);
        }
        pipeline(leg).hear_key_event(event);
    }
    /// How the leg sends its keys, from the next digit string on. `[audio]`
    void set_key_form(Leg leg, KeyForm form) noexcept KEYTONE_NONBLOCKING {
        pipeline(leg).set_key_form(form);
    }
    /// The next packet of the leg's keys, where it sends them as events; call it after each process() until
    /// there is none. `[audio]`
    [[nodiscard]] std::optional<TelephoneEventPacket> next_key_event(Leg leg) noexcept KEYTONE_NONBLOCKING {
        return pipeline(leg).next_key_event();
    }
    /// The next sample that the host will ask for. For a leg that was not asked for yet: where it would
    /// begin. `[any]`
    [[nodiscard]] SampleIndex position(Leg leg) const noexcept;
    /// Reports that were dropped because nobody popped them; never one about the life of an op. `[any]`
    [[nodiscard]] std::uint64_t reports_lost() const noexcept { return outbox_.lost(); }
    /// Samples that a bridged leg sent as silence because the other had not heard them in time. `[any]`
    [[nodiscard]] std::uint64_t bridge_samples_missing() const noexcept { return bridge_.samples_missing(); }

  private:
    /// Written by the audio thread only.
    struct Clock {
        std::atomic<SampleIndex> next{0};
        std::atomic<SampleIndex> block_begin{0};
        std::atomic<bool> runs{false};
    };

    [[nodiscard]] LegPipeline& pipeline(Leg leg) noexcept { return legs_[static_cast<std::size_t>(leg)]; }
    [[nodiscard]] const LegPipeline& pipeline(Leg leg) const noexcept {
        return legs_[static_cast<std::size_t>(leg)];
    }
    [[gnu::noinline]] void start(Leg leg) noexcept; // once: not in the way of each block
    [[nodiscard]] SampleIndex would_begin_at(Leg leg) const noexcept;

    PerLeg<SampleRate> rate_;
    std::size_t op_capacity_;
    PerLeg<std::size_t> ops_under_way_; // used by the control thread only
    ReportOutbox outbox_;
    alignas(prefetched_at_once) std::array<Clock, 2> clocks_; // with the bridge's front, three cache lines
    CallBridge bridge_;
    std::array<LegPipeline, 2> legs_;
};

} // namespace keytone
