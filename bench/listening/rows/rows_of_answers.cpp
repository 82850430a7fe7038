// SPDX-License-Identifier: MIT
//
// Who answered? Greetings of people and of machines, as they arrive over lines with noise and codecs, some of
// them tuned with, some of them of other voices, texts and packages.
#include "bench/accuracy/codecs/codecs.hpp"
#include "bench/listening/greetings.hpp"
#include "bench/listening/rows/rows.hpp"
#include "dsp/listener/answer_classifier.hpp"
#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/line_listener.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace keytone::listening {

namespace {

using accuracy::Figure;
using accuracy::Line;
using accuracy::Random;

constexpr double most_machines_percent = 3.0; // of people
constexpr double most_people_percent = 5.0;   // of machines
constexpr double in_time_s = 3.5;
constexpr double frames_a_second = 100.0;

/// What was decided about one call.
struct Decision {
    AnsweredBy first = AnsweredBy::unknown;
    AnsweredBy last = AnsweredBy::unknown;
    double from_answer_s = 1e9; ///< Of the first one.
    double from_greeting_s = 1e9;
};

Decision decide(const accuracy::Pcm& samples, double delay_ms) {
    LineListener listener(SampleRate::narrowband());
    BeepListener beeps(SampleRate::narrowband());
    AnswerClassifier classifier;
    Decision decision;
    const auto take = [&](const std::optional<Answer>& answer) {
        if (answer && decision.first == AnsweredBy::unknown) {
            decision.first = answer->by;
            decision.from_answer_s = answer->known / frames_a_second;
            decision.from_greeting_s = decision.from_answer_s - delay_ms / 1000.0;
        }
    };
    const auto frame = static_cast<std::size_t>(listener.frame());
    for (std::size_t at = 0; at + frame <= samples.size(); at += frame) {
        beeps.process(listener, std::span(samples).subspan(at, frame), [&](const LineEvent& event) {
            if (event.kind == LineEvent::Kind::beep_ended) {
                take(classifier.add_beep());
            }
        });
        take(classifier.add(listener.last_frame()));
    }
    decision.last = classifier.answer().by;
    return decision;
}

/// The calls of one kind.
struct Group {
    int calls = 0;
    int first_wrong = 0;
    int wrong = 0;
    int unknown = 0;
    int in_time = 0;
    std::vector<double> from_answer_s{};
    std::vector<double> from_greeting_s{};

    void add(AnsweredBy by, const Decision& decision) {
        const auto is_wrong = [&](AnsweredBy who) { return who != AnsweredBy::unknown && who != by; };
        ++calls;
        first_wrong += is_wrong(decision.first) ? 1 : 0;
        wrong += is_wrong(decision.last) ? 1 : 0;
        unknown += decision.last == AnsweredBy::unknown ? 1 : 0;
        in_time += decision.from_greeting_s <= in_time_s ? 1 : 0;
        from_answer_s.push_back(decision.from_answer_s);
        from_greeting_s.push_back(decision.from_greeting_s);
    }
    [[nodiscard]] double percent(int part) const { return calls == 0 ? 0.0 : 100.0 * part / calls; }
};

std::string middle_text(std::vector<double> seconds) {
    const auto middle = seconds.begin() + std::ssize(seconds) / 2;
    std::ranges::nth_element(seconds, middle);
    return accuracy::number_text(*middle, 2) + " s";
}

std::string figure_text(double percent) {
    return accuracy::number_text(percent, 2) + " %";
}

void add_lines(Outcome& outcome, AnsweredBy by, const std::string& what, const Group& group, bool asked) {
    const bool person = by == AnsweredBy::human;
    const double most = person ? most_machines_percent : most_people_percent;
    const double wrong = group.percent(group.wrong);
    const std::string taken = person ? ", taken for machines" : ", taken for people";
    outcome.lines.push_back({.what = what + taken,
                             .asked = asked ? "≤ " + accuracy::number_text(most, 0) + " %" : "—",
                             .keytone = Figure{wrong, figure_text(wrong)},
                             .spandsp = {},
                             .met = asked ? std::optional(wrong <= most) : std::nullopt,
                             .remark = std::to_string(group.calls) + " calls; at first " +
                                       figure_text(group.percent(group.first_wrong)) + "; unknown " +
                                       figure_text(group.percent(group.unknown))});
    if (asked) {
        const double in_time = group.percent(group.in_time);
        outcome.lines.push_back({.what = what + ", decided within 3.5 s of the greeting's begin",
                                 .asked = "most",
                                 .keytone = Figure{in_time, figure_text(in_time)},
                                 .spandsp = {},
                                 .met = in_time > 50.0,
                                 .remark = "half of them after " + middle_text(group.from_greeting_s) +
                                           ", and " + middle_text(group.from_answer_s) + " of the answer"});
    }
}

} // namespace

Outcome rows_of_answers(const Setting& setting) {
    const Greetings found =
        greetings(static_cast<std::size_t>(setting.digits), setting.speech, setting.cache);
    const std::vector<accuracy::Codec> codecs = accuracy::codecs();
    std::vector<Decision> decisions(found.all.size());
    setting.work.for_each(found.all.size(), [&](std::size_t i) {
        Random random(7919 * (i + 1));
        const AnsweredCall call = answered_call(found.all[i], setting.cache, random);
        const std::size_t codec = random.below(codecs.size() + 1); // the last: linear samples
        const accuracy::Pcm samples = accuracy::to_pcm(call.samples);
        const bool coded = codec < codecs.size() && codecs[codec].pass != nullptr;
        decisions[i] = decide(coded ? codecs[codec].pass(samples) : samples, call.delay_ms);
    });
    std::map<std::pair<AnsweredBy, std::string>, Group> groups;
    for (std::size_t i = 0; i < found.all.size(); ++i) {
        const Greeting& greeting = found.all[i];
        const std::string who = greeting.by == AnsweredBy::human ? "people" : "machines";
        groups[{greeting.by, who + (greeting.held_out ? ", held out" : ", tuned with")}].add(greeting.by,
                                                                                             decisions[i]);
        groups[{greeting.by, who + ": " + greeting.kind + (greeting.held_out ? ", held out" : "")}].add(
            greeting.by, decisions[i]);
    }
    Outcome outcome;
    for (const auto& [key, group] : groups) {
        add_lines(outcome, key.first, key.second, group, key.second.find(':') == std::string::npos);
    }
    for (const std::string& missing : found.missing) {
        outcome.lines.push_back(
            {.what = "greetings", .asked = "—", .keytone = {}, .spandsp = {}, .met = {}, .remark = missing});
    }
    return outcome;
}

} // namespace keytone::listening
