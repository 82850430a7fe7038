// SPDX-License-Identifier: MIT
#include "tools/simulation/call_story.hpp"

#include "engine/unicode.hpp"

#include <array>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

namespace keytone::simulation {

namespace {

/// Describes one call.
class Storyteller {
  public:
    explicit Storyteller(const PerLeg<SampleRate>& rate) : rate_(rate) {}

    void tell(const Outcome& outcome) {
        outcome_ = &outcome;
        if (!std::holds_alternative<ToneCompleted>(outcome.what) &&
            !std::holds_alternative<KeyEvidence>(outcome.what)) {
            finish_keys();
        }
        std::visit(*this, outcome.what);
    }

    std::vector<std::string> take() {
        finish_keys();
        std::ranges::stable_sort(lines_, {}, &Line::at_s);
        std::vector<std::string> texts;
        for (Line& told : lines_) {
            texts.push_back(std::move(told.text));
        }
        return texts;
    }

    void operator()(const ActionAccepted& accepted) {
        say("the agent asks for " + what_for() + in_words(accepted.warnings));
    }
    void operator()(const ActionRejected& rejected) {
        say("refused, " + what_for() + ": " + rejected.why.message + " [" + code(rejected.why.code) + "]");
    }
    void operator()(const ActionStarted&) {}
    void operator()(const ActionCompleted& completed) {
        std::string words = what_for() + " is done";
        if (completed.code == Code::already_ended) {
            words += ": the call was over already";
        } else if (completed.code == Code::truncated) {
            words += completed.lost > 0
                         ? ", but " + seconds(completed.lost) + " were never sent: the time for it was over"
                         : ", but the host's speech had not drained: the time for it was over";
        } else if (completed.code == Code::message_left) {
            words += ": a machine answered, and was told; the caller is still there";
        }
        say(words);
    }
    void operator()(const ActionFailed& failed) {
        say("FAILED, " + what_for() + ": " + failed.why.message + " [" + code(failed.why.code) + "]" +
            (failed.leg_alive ? "; the caller is still there" : ""));
    }
    void operator()(const ActionCancelled& cancelled) {
        say("given up, " + what_for() + " [" + code(cancelled.code) + "]");
    }
    void operator()(const OpPlanned& planned) {
        if (planned.anchor.offset > 0) {
            line(outcome_->leg, planned.anchor.sample,
                 "keys are due at " + at(outcome_->sample) + ", " + seconds(planned.anchor.offset) +
                     " after the answer");
        }
    }
    void operator()(const OpStarted& started) {
        if (started.text) {
            say("says: \"" + *started.text + "\"");
        } else if (started.name == "wait") {
            say("listens, before it presses keys");
        } else if (started.name == "beep") {
            say("listens for the machine's beep");
        } else if (started.name == "answer") {
            say("listens who answered");
        }
    }
    void operator()(const OpEnded&) {}
    void operator()(const ToneCompleted& tone) {
        if (keys_.empty()) {
            keys_leg_ = outcome_->leg;
            keys_begin_ = tone.begin;
        }
        keys_ += tone.digit;
        keys_end_ = tone.end;
        keys_cut_ = keys_cut_ || tone.cut;
    }
    void operator()(const KeyEvidence&) {}
    void operator()(const Intent& intent) {
        switch (intent.what) {
        case Intent::Do::speak:
            return say("the host is to say: \"" + intent.text.value_or("") + "\"");
        case Intent::Do::dial:
            return say("dials " + intent.to.value_or(""));
        case Intent::Do::sip_invite:
            return say("invites " + intent.to.value_or("") + headers(intent));
        case Intent::Do::sip_refer:
            return say("refers the caller to " + intent.to.value_or("") + headers(intent));
        case Intent::Do::bridge:
            return say("connects both legs");
        case Intent::Do::hangup:
            return say("is hung up");
        }
    }
    void operator()(const SpeechMasked& masked) {
        say("the agent's own speech is muted for " + seconds(masked.end - masked.begin));
    }
    void operator()(const DigitHeard& heard) { say(std::string("hears the key ") + heard.digit); }
    void operator()(const LineHeard&) {}
    void operator()(const ProgressHeard& heard) {
        if (!heard.over) {
            const bool has_kind = heard.information != SpecialInformation::none;
            say("hears the tone " + std::string(name_of(heard.tone)) +
                (has_kind ? ", " + std::string(name_of(heard.information)) : ""));
        }
    }
    void operator()(const AnswerHeard& heard) {
        say("who answered: " + std::string(name_of(heard.by)) + ", as it sounds");
    }
    void operator()(const LegChanged& changed) {
        switch (changed.state) {
        case LegChanged::State::ringing:
            return say("rings");
        case LegChanged::State::early_media:
            return say("plays something before it answers");
        case LegChanged::State::answered:
            return say("answers");
        case LegChanged::State::ended:
            return say("hung up");
        }
    }
    void operator()(const FactIgnored& ignored) {
        say("ignored, " + std::string(name(ignored.fact)) + ": " + ignored.reason);
    }
    void operator()(const ReportsLost& lost) { say(std::to_string(lost.count) + " reports were lost"); }
    void operator()(const TransferResponse& response) {
        say("answers the request with " + std::to_string(response.status) + ": " + response.message);
    }
    void operator()(const SessionCompleted& completed) {
        std::array<char, 64> text{};
        static_cast<void>(std::snprintf(text.data(), text.size(), "%.2f s", completed.duration_s));
        say("the agent's part is over after " + std::string(text.data()) +
            (completed.transferred ? ": the caller was handed over" : ": the caller was not handed over"));
    }

  private:
    static std::string_view in_words(Warning warning) {
        switch (warning) {
        case Warning::not_e164:
            return "the number does not say its country: it may not arrive";
        case Warning::empty_ignored:
            return "an empty text counts as left out";
        case Warning::pause_ignored:
            return "pauseSeconds does nothing without an extension";
        }
        return "";
    }
    static std::string in_words(const std::vector<Warning>& warnings) {
        std::string text;
        for (const Warning warning : warnings) {
            text += (text.empty() ? " (" : "; ") + std::string(in_words(warning));
        }
        return text.empty() ? text : text + ")";
    }

    struct Line {
        double at_s;
        std::string text;
    };

    [[nodiscard]] std::string what_for() const {
        return std::string(outcome_->name) + " (" + outcome_->id + ")";
    }
    static std::string code(Code code) { return std::string(name(code)); }
    [[nodiscard]] std::string seconds(SampleCount count) const {
        std::array<char, 32> text{};
        static_cast<void>(
            std::snprintf(text.data(), text.size(), "%.3g s", rate_[outcome_->leg].seconds(count)));
        return text.data();
    }
    [[nodiscard]] std::string at(SampleIndex sample) const {
        std::array<char, 32> text{};
        static_cast<void>(
            std::snprintf(text.data(), text.size(), "%.3f s", rate_[outcome_->leg].seconds(sample)));
        return text.data();
    }
    [[nodiscard]] std::string headers(const Intent& intent) const {
        std::string text;
        for (const Intent::Header& header : intent.headers) {
            text += ", " + header.name + ": " + (outcome_->sensitive ? "?" : header.value);
        }
        return text;
    }

    void say(const std::string& words) { line(outcome_->leg, outcome_->sample, words); }

    void line(Leg leg, SampleIndex sample, const std::string& words) {
        std::array<char, 32> time{};
        static_cast<void>(std::snprintf(time.data(), time.size(), "%8.3f s  %c  ", rate_[leg].seconds(sample),
                                        character(leg)));
        // Speech may have several lines; in the story it is on one.
        lines_.push_back({rate_[leg].seconds(sample), without_controls(time.data() + words, ' ')});
    }

    /// Describes the keys that were collected.
    void finish_keys() {
        if (!keys_.empty()) {
            std::array<char, 32> end{};
            static_cast<void>(
                std::snprintf(end.data(), end.size(), "%.3f s", rate_[keys_leg_].seconds(keys_end_)));
            line(keys_leg_, keys_begin_,
                 "presses " + keys_ + ", the last until " + end.data() + (keys_cut_ ? ", cut short" : ""));
            keys_.clear();
            keys_cut_ = false;
        }
    }

    PerLeg<SampleRate> rate_;
    const Outcome* outcome_ = nullptr;
    std::vector<Line> lines_;
    std::string keys_;
    Leg keys_leg_ = Leg::a;
    SampleIndex keys_begin_ = 0;
    SampleIndex keys_end_ = 0;
    bool keys_cut_ = false;
};

} // namespace

std::vector<std::string> tell_story(const std::vector<Outcome>& outcomes, const PerLeg<SampleRate>& rate) {
    Storyteller teller(rate);
    for (const Outcome& outcome : outcomes) {
        teller.tell(outcome);
    }
    return teller.take();
}

} // namespace keytone::simulation
