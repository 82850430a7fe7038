// SPDX-License-Identifier: MIT
#pragma once

#include "engine/policy/call_policy.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace keytone::test {

/// The audio side of one leg, as engine/media_action.hpp specifies it, in whole samples and without audio: it
/// runs ops first in, first out, applies cues, and reports.
class ScriptedLeg {
  public:
    ScriptedLeg(Leg leg, SampleRate rate) : leg_(leg), rate_(rate) {}

    void push(const PlannedOp& op) { queue_.push_back(op); }
    void push(const MediaCue& cue);
    void let_last(const std::string& words, SampleCount length) { lengths_[words] = length; }

    /// The next sample at which something happens; `limit` at the latest.
    [[nodiscard]] SampleIndex next_event(SampleIndex limit) const;
    /// Advances to that sample, and does what is to be done there. Nothing happens in between.
    void go_to(SampleIndex sample);
    /// The reports since the last call.
    std::vector<MediaReport> take_reports() { return std::exchange(reports_, {}); }
    [[nodiscard]] SampleIndex position() const { return position_; }

  private:
    struct Tone {
        char digit;
        SampleIndex begin;
        SampleIndex end;
    };
    struct Running {
        PlannedOp op;
        SampleIndex begin;
        SampleIndex end;         ///< `unlimited` for a gate.
        SampleIndex full_end;    ///< The end if it were neither cut nor too long.
        std::vector<Tone> tones; ///< Not yet reported.
        bool cut = false;
        bool passed = false;
        bool refused = false;
    };

    void settle();
    void end_what_is_over();
    void apply_cues();
    void set_speech(SampleIndex until);
    void cut(const MediaCue& cue);
    void settle_gate();
    bool start_next();
    void start(const PlannedOp& op);
    void cancel_cut_ops();
    void report_tones(SampleIndex until);
    void end_running(MediaReport::Kind kind, bool expired = false, bool refused = false);
    [[nodiscard]] SampleIndex earliest_start(const PlannedOp& op) const;
    [[nodiscard]] SampleCount sounding_length(const PlannedOp& op) const;
    [[nodiscard]] std::vector<Tone> tones_of(const PlannedOp& op) const;
    [[nodiscard]] bool is_cut(const PlannedOp& op) const;

    Leg leg_;
    SampleRate rate_;
    SampleIndex position_ = 0;
    std::deque<PlannedOp> queue_;
    std::vector<MediaCue> cues_;                        ///< Earliest first.
    std::array<std::optional<MediaCue>, 4> remembered_; // the events, which happen once
    std::optional<Running> running_;
    OpKey cut_before_{};
    OpKey speech_cut_before_{};
    SampleIndex quiet_until_ = 0;
    SampleIndex speech_until_ = 0;
    std::uint32_t failed_action_ = 0;
    bool hung_up_ = false;
    std::uint32_t tone_index_ = 0;
    std::map<std::string, SampleCount> lengths_;
    std::vector<MediaReport> reports_;
};

} // namespace keytone::test
