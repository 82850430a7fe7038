// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/events/key_merger.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/listener/call_listener.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/media/call_hearing.hpp"
#include "engine/media/report_outbox.hpp"
#include "engine/media_action.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// Detects and reports what comes in on one leg. The reports do not depend on how the audio is cut.
///
/// Keys come as tones, or beside the samples as telephone events. Both are merged: each key is reported once,
/// when its end is known and its time has come.
class LegHearing {
  public:
    using LineSink = FunctionRef<void(const LineEvent&)>;
    /// A telephone event begins or ends at this sample of the leg's clock: told before the frame with that
    /// sample is heard, unless the event comes later.
    using EventSink = FunctionRef<void(KeyReport::Kind, SampleIndex at)>;
    /// Each part of a frame, after it was heard.
    using PartSink = FunctionRef<void(std::span<const std::int16_t>)>;

    /// `outbox` must outlive this. `[control]`
    LegHearing(Leg leg, SampleRate rate, const DtmfLimits& limits, ReportOutbox& outbox,
               const CallHearing::Config& call = {});

    // What is heard only where somebody needs it: the functions of CallHearing. `[audio]`
    void attend(bool who, SampleIndex at) noexcept { call_.attend(listener_, who, at); }
    void disregard() noexcept { call_.disregard(listener_); }
    void gate_began(const Gate& gate, SampleIndex at) noexcept { call_.gate_began(listener_, gate, at); }
    void gate_ended() noexcept { call_.gate_ended(listener_); }
    [[nodiscard]] bool is_otherwise(const Gate& gate) const noexcept { return call_.is_otherwise(gate); }

    /// Sets where the leg's clock is at the first sample heard. `[audio]`
    void start_at(SampleIndex position) noexcept;
    /// `on_line` is also called for what the line listener detects, with times on the leg's clock. `[audio]`
    /// Meanwhile it fetches from memory what `later` will touch behind its front, unless a key sounds; null:
    /// nothing.
    void hear(std::span<const std::int16_t> samples, LineSink on_line, EventSink on_event, PartSink on_part,
              const LegHearing* later = nullptr) noexcept;
    /// Samples that were lost. For keys they are a loss, for the line listener silence. `[audio]`
    void hear_lost(SampleCount count, LineSink on_line, EventSink on_event) noexcept;
    /// Only fetches what hear() does. `[audio]`
    static void prefetch(const LegHearing* later) noexcept;
    /// Fetches what the next frame touches besides, once the rest is there. `[audio]`
    void prefetch_rest() const noexcept { listener_.prefetch_rest(); }
    /// The end of the front that every frame touches. `[any]`
    [[nodiscard]] const void* front_end() const noexcept { return &rest_of_frame_ + 1; }
    /// A telephone event began or ended. Its onset is a sample of the leg's clock, reduced to 32 bits. An
    /// event in the future waits for its sample, as events arrive ahead of the audio that is played.
    /// `[audio]`
    void hear_event(const KeyReport& event, EventSink on_event) noexcept;
    /// Nothing more will come: reports what was still held back. `[audio]`
    void finish() noexcept;

    /// The next sample after `now` at which the line listener may report something. `[audio]`
    [[nodiscard]] SampleIndex next_line_event(SampleIndex now) const noexcept {
        return now + line_frame_ - (now - first_sample_) % line_frame_;
    }
    // The state at the end of the last whole frame, on the leg's clock:

    /// The end of that frame. `[audio]`
    [[nodiscard]] SampleIndex heard_to() const noexcept { return first_sample_ + listener_.heard_to(); }
    /// Since when the far side has been quiet; nothing while it is not quiet. `[audio]`
    [[nodiscard]] std::optional<SampleIndex> quiet_since() const noexcept;
    /// The far side's last words; nothing when call progress came after them. `[audio]`
    [[nodiscard]] std::optional<LineSounds::Sound> last_words() const noexcept;
    /// Whether the state that a listening gate waits for holds at `now`; for a beep, which is no state, only
    /// where the gate remembers.
    /// Words that began before our own keys ended, at `last_tone_end`, are not counted: they were what the
    /// keys answered. `[audio]`
    [[nodiscard]] bool is_so(const Gate& gate, SampleIndex last_tone_end, SampleIndex now) const noexcept;
    /// When the silence will have lasted long enough, if nothing is heard until then; `unlimited` for other
    /// gates, and while there is sound. `[audio]`
    [[nodiscard]] SampleIndex silence_known_at(const Gate& gate, SampleIndex last_tone_end) const noexcept;

  private:
    /// Keys of 40 ms with pauses of 40 ms, reported up to 240 ms ahead.
    static constexpr std::size_t max_waiting = 6;
    /// An event that is further ahead is on another clock, and is taken at once.
    static constexpr Milliseconds max_ahead{1000};

    [[nodiscard]] SampleCount silence_of(const Gate& gate) const noexcept {
        return gate.silence > 0 ? gate.silence : silence_length_;
    }
    static void prefetch_listener(const LegHearing* later) noexcept;
    static void prefetch_detector(const LegHearing* later) noexcept;
    void listen(std::span<const std::int16_t> samples, LineSink on_line) noexcept;
    [[nodiscard]] bool has_beeped(const Gate& gate) const noexcept;
    void take_events(EventSink on_event) noexcept;
    [[nodiscard]] bool waits(const KeyReport& event, SampleIndex until) const noexcept;
    void take_oldest_event(EventSink on_event) noexcept;
    [[nodiscard]] SampleIndex at(const KeyReport& event) const noexcept;
    void report_tone(const DtmfReport& heard) noexcept;
    void report_key(const KeyReport& key) noexcept;
    void put_key(Key key, SampleIndex begin, SampleIndex end, std::optional<double> snr_db) noexcept;
    void report(const LineEvent& event) noexcept;

    // What a frame touches while nothing happens comes first: front_end().
    SampleCount heard_ = 0;
    std::size_t waiting_count_ = 0;
    SampleCount line_frame_;
    SampleCount rest_of_frame_; // of which nothing was heard yet
    Leg leg_;
    SampleRate rate_;
    ReportOutbox& outbox_;
    SampleIndex first_sample_ = 0;
    SampleIndex last_beep_ = -1;     // where it ended; -1: none
    SampleCount silence_length_;     // where a gate does not state one
    std::optional<KeyReport> event_; // the one that sounds
    CallListener listener_;
    DtmfDetector detector_;
    KeyMerger merger_;
    std::array<std::optional<KeyReport>, max_waiting> waiting_; // telephone events, as they came
    CallHearing call_;
};

} // namespace keytone
