// SPDX-License-Identifier: MIT
//
// Call progress, and who answers: heard on a leg only as long as somebody needs it.
//
//     policy   attend ──────────────► bridge        leg b from its dial on; who, from its answer on
//     gate            start ──► end                 ringback_end, answered_by
//     host     from the first sample on             CallRules::hear_all
#pragma once

#include "dsp/listener/call_listener.hpp"
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

/// Decides what a leg's CallListener listens for besides the line, and reports what it hears of that.
class CallHearing {
  public:
    /// What is listened for where nobody asks, and whose tones.
    struct Config {
        bool hear_all = false; ///< CallRules::hear_all.
        Country country = Country::any();
    };

    /// `outbox` must outlive this. `listener` is that of the leg, here and in all that follows. `[control]`
    CallHearing(Leg leg, const Config& config, ReportOutbox& outbox, CallListener& listener);

    /// Sets where the leg's clock is at the line's first sample. `[audio]`
    void start_at(SampleIndex position) noexcept { first_sample_ = position; }

    /// The policy needs it from the leg's sample `at` on: call progress, and with `who`, who answered here.
    /// `[audio]`
    void attend(CallListener& listener, bool who, SampleIndex at) noexcept;
    /// The legs are connected: the policy needs it no more. `[audio]`
    void disregard(CallListener& listener) noexcept;
    /// A gate that may need it begins to wait at `at`. `[audio]`
    void gate_began(CallListener& listener, const Gate& gate, SampleIndex at) noexcept;
    /// No gate waits any more. `[audio]`
    void gate_ended(CallListener& listener) noexcept;

    /// A tone began or ended, by the listener's clock. `[audio]`
    void hear_tone(const ProgressEvent& event) noexcept;
    /// Who answered, as was known at the leg's sample `known`. `[audio]`
    void hear_answer(const Answer& answer, SampleIndex known) noexcept;

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

    void begin_who(CallListener& listener, SampleIndex at) noexcept;
    void begin_progress(CallListener& listener) noexcept;
    void end_what_nobody_needs(CallListener& listener) const noexcept;

    Leg leg_;
    ReportOutbox& outbox_;
    bool hear_all_;
    SampleCount frame_;
    SampleIndex first_sample_ = 0;
    Needs progress_needs_;
    Needs who_needs_;
    SampleIndex who_since_ = 0;
    std::optional<AnsweredBy> who_;
    bool rings_ = false;
    SampleIndex rang_until_ = -1; ///< -1: it has not rung.
};

} // namespace keytone
