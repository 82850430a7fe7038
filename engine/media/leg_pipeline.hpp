// SPDX-License-Identifier: MIT
//
// One leg of a call. Every block is split at each sample where something happens. There, in this order:
//
//     1  what has played to its end completes
//     2  cues that are due apply
//     3  a gate opens, fails or expires
//     4  the next op starts; then again from 1, until nothing more happens here
//     5  the agent's audio is muted or unmuted
//
// Between two such samples, sound comes in and goes out. A leg on which nothing runs, waits or fades is idle:
// until something is pushed, only the bridge changes what it sends. Neither the samples nor the reports
// depend on how the host cuts the audio into blocks.
#pragma once

#include "dsp/dtmf_limits.hpp"
#include "dsp/dtmf_suppressor.hpp"
#include "dsp/prefetch.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/media/agent_mute.hpp"
#include "engine/media/call_bridge.hpp"
#include "engine/media/cue_memory.hpp"
#include "engine/media/key_events.hpp"
#include "engine/media/leg_hearing.hpp"
#include "engine/media/op_queue.hpp"
#include "engine/media/passed_key.hpp"
#include "engine/media/report_outbox.hpp"
#include "engine/media/running_op.hpp"
#include "engine/media/scheduler.hpp"
#include "engine/media/spsc_ring.hpp"
#include "engine/media_action.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace keytone {

/// Runs the ops of one leg, and combines what they send with the agent's own audio.
class LegPipeline {
  public:
    /// The settings of a pipeline.
    struct Config {
        Leg leg;
        SampleRate rate;
        DtmfLimits limits;
        KeyForm keys = KeyForm::tones;
        CallHearing::Config call = {};
        /// Whether the bridge gets what is heard without its keys, DtmfSuppressor::look_ahead later.
        bool suppresses_keys = false;
        std::size_t op_capacity;
        std::size_t cue_capacity;
    };

    /// `outbox` and `bridge` must outlive this. `[control]`
    LegPipeline(const Config& config, ReportOutbox& outbox, CallBridge& bridge);

    /// False when full: then nothing changes. `[control]`
    bool try_push(const MediaOp& op) noexcept { return count_push(ops_.try_push(op)); }
    bool try_push(const MediaCue& cue) noexcept { return count_push(cues_.try_push(cue)); }
    /// `[control]`
    [[nodiscard]] std::size_t free_cues() const noexcept { return cues_.free(); }

    /// Sets where the clock is at the leg's first sample. Before the first process(). `[audio]`
    void start_at(SampleIndex position) noexcept;
    /// `heard`: what came in; if it is shorter than `sent`, the rest was lost. `sent`: on entry the agent's
    /// own audio, on return what goes out. `[audio]`
    void process(std::span<const std::int16_t> heard, std::span<std::int16_t> sent,
                 Upcoming<LegPipeline> upcoming = {}) noexcept;
    /// A telephone event came: LegHearing::hear_event(). `[audio]`
    void hear_key_event(const KeyReport& event) noexcept;
    /// Whether keys that come in here as telephone events are passed to the other leg. `[audio]`
    [[nodiscard]] bool passes_keys_on() const noexcept {
        return suppressor_ == nullptr && bridge_.connected(leg_, position_);
    }
    /// A key that the other leg heard as telephone events begins or ends here, from the next sample on, in
    /// the form in which this leg sends keys. No effect where it is not connected. `[audio]`
    void pass_on(const KeyReport& event) noexcept;
    /// Takes effect from the next digit string on. `[audio]`
    void set_key_form(KeyForm form) noexcept { key_form_ = form; }
    /// The next packet of its keys that is due, where it sends them as events. `[audio]`
    [[nodiscard]] std::optional<TelephoneEventPacket> next_key_event() noexcept {
        if (!sends_events_) {
            return std::nullopt;
        }
        const auto packet = key_events_.next(position_);
        sends_events_ = packet || !key_events_.all_sent();
        return packet;
    }
    /// The next sample that process() will be asked for. `[audio]`
    [[nodiscard]] SampleIndex position() const noexcept { return position_; }

  private:
    bool count_push(bool pushed) noexcept {
        if (pushed) {
            pushes_.store(pushes_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        }
        return pushed;
    }
    [[nodiscard]] bool is_idle() const noexcept;
    void take_in() noexcept;
    void settle() noexcept;
    void complete_what_ended() noexcept;
    void report_tones() noexcept;
    void apply_due_cues() noexcept;
    void apply(const MediaCue& cue) noexcept;
    void cut(OpKey before, CutScope scope) noexcept;
    void settle_gate() noexcept;
    bool start_next() noexcept;
    void start(const MediaOp& op) noexcept;
    void hang_up() noexcept;
    void mute_agent() noexcept;

    void take_front() noexcept;
    [[nodiscard]] bool fails_with_its_action(const MediaOp& op) const noexcept;
    [[nodiscard]] SampleIndex earliest_start(const MediaOp& op) const noexcept;
    [[nodiscard]] std::optional<AgentMute::ComingTone> coming_tone() const noexcept;
    [[nodiscard]] SampleIndex next_event() const noexcept;

    void hear(std::span<const std::int16_t> heard, std::size_t lost, const LegPipeline* later) noexcept;
    void prefetch_rest() const noexcept;
    void heard_on_line(const LineEvent& event) noexcept;
    void heard_event(KeyReport::Kind kind, SampleIndex at) noexcept;
    void pass_to_bridge(std::span<const std::int16_t> heard) noexcept;
    [[gnu::noinline]] void suppress_keys(std::span<const std::int16_t> heard) noexcept;
    void pass_loss_to_bridge(SampleCount count) noexcept;
    void pass_without_keys(std::span<const std::int16_t> heard) noexcept;
    void give(GateWatch& gate, MediaCue::Kind given, AnsweredBy by, SampleIndex at) const noexcept;
    void set_speech(SampleIndex until) noexcept;
    void send(std::span<std::int16_t> sent) noexcept;
    void press_key_event(const TonePlayer& tones) noexcept;
    [[nodiscard]] GateWatch* waiting_gate() noexcept { return running_ ? running_->gate() : nullptr; }
    void end_running(MediaReport::Kind kind, SampleCount lost = 0, bool expired = false,
                     bool refused = false) noexcept;
    void report_unstarted(const MediaOp& op) noexcept;
    void report_masked(const std::optional<AgentMute::Range>& range) noexcept;

    // What a tick touches while the leg is idle comes first, and lies together.
    Leg leg_;
    bool hung_up_ = false;
    bool idle_ = false;
    bool sends_events_ = false;            // key_events_ may have a packet, now or later
    std::atomic<std::uint32_t> pushes_{0}; // written by the control thread only
    std::uint32_t taken_in_ = 0;           // of these
    SampleRate rate_;
    ReportOutbox& outbox_;
    CallBridge& bridge_;
    std::unique_ptr<DtmfSuppressor> suppressor_; // null: the bridge gets what is heard
    SampleIndex position_ = 0;
    LegHearing hearing_;

    // What it touches otherwise.
    KeyForm key_form_;
    std::uint32_t failed_action_ = 0; // actions count from 1
    SampleCount fade_length_;
    SampleIndex pressed_at_ = -1;      // where the last key event began
    SampleIndex quiet_until_ = 0;      // the gap after the last tone
    SampleIndex front_tone_begin_ = 0; // first tone of the front op, from its start
    SampleIndex last_tone_end_ = 0;    // what the line did before does not count for a gate
    SampleIndex speech_until_ = 0;     // the host's speech plays until then at the latest; 0: none does
    std::size_t cues_arrived_ = 0;
    AgentMute mute_;
    OpQueue ops_;
    SpscRing<MediaCue> cues_;
    std::optional<RunningOp> running_;
    PassedKey passed_key_; // of the other leg's
    Scheduler scheduler_;  // its front: cues mostly take effect at once
    CueMemory memory_;
    KeyEvents key_events_;
    SampleIndex first_heard_ = 0;  // the suppressor's clock begins there
    SampleCount still_before_ = 0; // what the suppressor puts out before that
};

} // namespace keytone
