// SPDX-License-Identifier: MIT
//
// Call progress, and who answers: heard on a leg only as long as somebody needs it.
//
//     policy   attend ──────────────► bridge        leg b from its dial on; who, from its answer on
//     gate            start ──► end                 ringback_end, answered_by
//     host     from the first sample on             CallRules::hear_all
#pragma once

#include "dsp/listener/answer_listener.hpp"
#include "dsp/listener/line_front.hpp"
#include "dsp/listener/line_listener.hpp"
#include "dsp/listener/progress_listener.hpp"
#include "dsp/listener/progress_tone.hpp"
#include "dsp/progress/country_tones.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/media/report_outbox.hpp"
#include "engine/media_action.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// Listens further than the line listener does. Idle, it costs nothing.
class CallHearing {
  public:
    /// What is listened to where nobody asks, and whose tones.
    struct Config {
        bool hear_all = false; ///< CallRules::hear_all.
        Country country = Country::any();
    };

    /// `outbox` must outlive this. `[control]`
    CallHearing(Leg leg, SampleRate rate, const Config& config, ReportOutbox& outbox);

    /// Sets where the leg's clock is at the line's first sample. `[audio]`
    void start_at(SampleIndex position) noexcept { first_sample_ = position; }

    /// The policy needs it from the leg's sample `at` on: call progress, and with `who`, who answered here.
    /// `[audio]`
    void attend(bool who, SampleIndex at) noexcept;
    /// The legs are connected: the policy needs it no more. `[audio]`
    void disregard() noexcept;
    /// A gate that may need it begins to wait at `at`. `[audio]`
    void gate_began(const Gate& gate, SampleIndex at) noexcept;
    /// No gate waits any more. `[audio]`
    void gate_ended() noexcept;

    /// Whether anything is listened to. `[audio]`
    [[nodiscard]] bool attends() const noexcept { return progress_needs_.any() || who_needs_.any(); }
    /// A frame of the line, for call progress. `[audio]`
    void hear_progress(const LineFront::Frame& frame) noexcept;
    /// A frame of the line ended at the leg's sample `end`, as `listener` heard it. `[audio]`
    void hear_frame(const LineListener& listener, SampleIndex end) noexcept;
    /// A beep ended, known at the end of the frame that ends at `known`. `[audio]`
    void hear_beep(SampleIndex known) noexcept;

    /// Whether what the gate waits for is so: that it rang and rings no more; that the right one answered.
    /// `[audio]`
    [[nodiscard]] bool is_so(const Gate& gate) const noexcept;
    /// Whether it can be so no more: somebody else answered. `[audio]`
    [[nodiscard]] bool is_otherwise(const Gate& gate) const noexcept;

  private:
    /// Who needs something.
    struct Needs {
        bool policy = false;
        bool gate = false;
        [[nodiscard]] bool any() const noexcept { return policy || gate; }
    };

    void begin_who(SampleIndex at) noexcept;
    void begin_progress() noexcept;
    void hear_tone(const ProgressEvent& event) noexcept;
    void report(const std::optional<Answer>& answer, SampleIndex known) noexcept;

    Leg leg_;
    ReportOutbox& outbox_;
    bool hear_all_;
    SampleCount frame_;
    SampleIndex first_sample_ = 0;
    Needs progress_needs_;
    ProgressListener progress_;
    Needs who_needs_;
    AnswerListener answer_;
    SampleIndex who_since_ = 0;
    std::optional<AnsweredBy> who_;
    bool rings_ = false;
    SampleIndex rang_until_ = -1; ///< -1: it has not rung.
};

} // namespace keytone
