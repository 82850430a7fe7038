// SPDX-License-Identifier: MIT
#include "tools/simulation/call_timeline.hpp"

#include <array>
#include <cstdio>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace keytone::simulation {

namespace {

std::string in_seconds(double seconds) {
    std::array<char, 32> text{};
    static_cast<void>(std::snprintf(text.data(), text.size(), "%.3g s", seconds));
    return text.data();
}

/// Collects the data for a picture, outcome by outcome.
class TimelineBuilder {
  public:
    explicit TimelineBuilder(const CallRecord& call) : rate_(call.rate) {
        timeline_.seconds = call.seconds();
        for (const Leg leg : both_legs) {
            io::TimelineLane lane;
            lane.title = leg == Leg::a ? "leg a: the caller" : "leg b: where the caller is transferred to";
            lane.rate_hz = call.rate[leg].hz();
            lane.sent = call.audio[leg].sent;
            lane.heard = call.audio[leg].heard;
            timeline_.lanes.push_back(std::move(lane));
        }
    }

    void add(const Outcome& outcome) {
        outcome_ = &outcome;
        std::visit([this](const auto& what) { show(what); }, outcome.what);
    }

    io::Timeline finish(const std::string& title) {
        for (const Leg leg : both_legs) {
            change_state(leg, timeline_.seconds, "");
        }
        if (!leg_b_used_) {
            timeline_.lanes.pop_back();
        }
        timeline_.title = title;
        timeline_.summary = summary_;
        return std::move(timeline_);
    }

  private:
    using OpId = std::tuple<std::string, std::uint32_t>;

    struct RunningOp {
        double begin_s;
        std::string text;
    };

    [[nodiscard]] double at_s(SampleIndex sample) const { return rate_[outcome_->leg].seconds(sample); }
    io::TimelineLane& lane() { return timeline_.lanes[static_cast<std::size_t>(outcome_->leg)]; }

    void mark(const std::string& text, bool is_failure = false) {
        timeline_.marks.push_back({at_s(outcome_->sample), text, is_failure});
    }

    /// Sets the leg's state from `begin_s` on.
    void change_state(Leg leg, double begin_s, const std::string& state) {
        State& current = states_[leg];
        if (!current.text.empty()) {
            timeline_.lanes[static_cast<std::size_t>(leg)].states.push_back(
                {current.begin_s, begin_s, current.text});
        }
        current = {begin_s, state};
        leg_b_used_ = leg_b_used_ || (leg == Leg::b && !state.empty());
    }

    template <class Other>
    void show(const Other&) {}

    void show(const ActionFailed& failed) {
        mark(std::string(name(failed.why.code)), true);
        summary_ = std::string(outcome_->name) + " failed: " + failed.why.message;
    }
    void show(const ActionRejected& rejected) { mark(std::string(name(rejected.why.code)), true); }
    void show(const ActionCompleted& completed) {
        if (completed.code == Code::message_left) {
            summary_ = "a machine answered, and was left a message";
        } else if (outcome_->name == "transfer" && summary_.empty()) {
            summary_ = "the caller was transferred";
        } else if (completed.code == Code::truncated) {
            summary_ = "the call was hung up before all was said";
        }
    }
    void show(const OpPlanned& planned) {
        if (planned.anchor.offset > 0) {
            lane().pauses.push_back({at_s(planned.anchor.sample),
                                     at_s(planned.anchor.sample + planned.anchor.offset),
                                     in_seconds(rate_[outcome_->leg].seconds(planned.anchor.offset))});
        }
    }
    void show(const OpStarted& started) {
        running_[{outcome_->id, started.op}] = {at_s(outcome_->sample), started.text.value_or("")};
    }
    void show(const OpEnded& ended) {
        const auto op = running_.find({outcome_->id, ended.op});
        if (op == running_.end()) {
            return;
        }
        const io::TimelineSpan span{op->second.begin_s, at_s(ended.end), op->second.text};
        if (ended.name == "prompt") {
            lane().prompts.push_back(span);
        } else if (ended.name == "silence" || ended.name == "wait" || ended.name == "answer" ||
                   ended.name == "beep") {
            lane().pauses.push_back(
                {span.begin_s, span.end_s,
                 ended.name == "silence" ? in_seconds(span.end_s - span.begin_s) : "listens"});
        }
        running_.erase(op);
    }
    void show(const ToneCompleted& tone) {
        lane().keys.push_back({at_s(tone.begin), at_s(tone.end), std::string(1, tone.digit)});
    }
    void show(const SpeechMasked& masked) {
        lane().mutes.push_back({at_s(masked.begin), at_s(masked.end), ""});
    }
    void show(const DigitHeard& heard) { mark(std::string("hears ") + heard.digit); }
    void show(const ProgressHeard& heard) {
        if (!heard.over) {
            mark("hears " + std::string(name_of(heard.tone)));
        }
    }
    void show(const AnswerHeard& heard) { mark("answered by: " + std::string(name_of(heard.by))); }
    void show(const Intent& intent) {
        switch (intent.what) {
        case Intent::Do::speak:
            return;
        case Intent::Do::dial:
        case Intent::Do::sip_invite:
            change_state(Leg::b, at_s(outcome_->sample), "dialled");
            return mark((intent.what == Intent::Do::dial ? "dial " : "INVITE ") + intent.to.value_or(""));
        case Intent::Do::sip_refer:
            return mark("REFER to " + intent.to.value_or(""));
        case Intent::Do::bridge:
            for (const Leg leg : both_legs) {
                change_state(leg, at_s(outcome_->sample), "connected");
            }
            return mark("bridge");
        case Intent::Do::hangup:
            change_state(outcome_->leg, at_s(outcome_->sample), "");
            return mark(std::string("hang up ") + character(outcome_->leg));
        }
    }
    void show(const LegChanged& changed) {
        const double now_s = at_s(outcome_->sample);
        if (changed.state == LegChanged::State::ringing) {
            change_state(outcome_->leg, now_s, "ringing");
        } else if (changed.state == LegChanged::State::answered) {
            change_state(outcome_->leg, now_s, outcome_->leg == Leg::a ? "with the agent" : "answered");
            mark(std::string(1, character(outcome_->leg)) + " answers");
        } else if (changed.state == LegChanged::State::ended) {
            change_state(outcome_->leg, now_s, "");
            mark(std::string(1, character(outcome_->leg)) + " hung up");
        }
    }

    struct State {
        double begin_s = 0.0;
        std::string text;
    };

    PerLeg<SampleRate> rate_;
    io::Timeline timeline_;
    const Outcome* outcome_ = nullptr;
    std::map<OpId, RunningOp> running_;
    PerLeg<State> states_;
    std::string summary_;
    bool leg_b_used_ = false;
};

} // namespace

io::Timeline call_timeline(const std::string& title, const CallRecord& call) {
    TimelineBuilder builder(call);
    for (const Outcome& outcome : call.outcomes) {
        builder.add(outcome);
    }
    return builder.finish(title);
}

} // namespace keytone::simulation
