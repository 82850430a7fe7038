// SPDX-License-Identifier: MIT
#include "dsp/listener/answer_classifier.hpp"

#include "dsp/levels.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

constexpr double frame_ms = 10.0;

std::int32_t frames(Milliseconds duration) {
    return static_cast<std::int32_t>(std::lround(std::clamp(duration.value / frame_ms, 0.0, 1e8)));
}

} // namespace

AnswerClassifier::AnswerClassifier(const AnswerLimits& limits) noexcept
    : settings_{
          .max_human_greeting = frames(limits.max_human_greeting),
          .pause_after_word = frames(limits.pause_after_word),
          .pause_after_sentence = frames(limits.pause_after_sentence),
          .max_word = frames(limits.max_word),
          .max_wait = frames(limits.max_wait),
          .min_voice = std::max(1, frames(limits.min_voice)),
          .min_gap = frames(limits.min_gap),
          .max_time_to_beep = frames(limits.max_time_to_beep),
          .softest_over_loudest = static_cast<float>(power_ratio(Decibels{-limits.max_below_loudest.value})),
      } {}

bool AnswerClassifier::settled() const noexcept {
    const Answer& answer = state_.answer;
    return answer.by == AnsweredBy::human ? state_.heard >= settings_.max_time_to_beep
                                          : answer.by != AnsweredBy::unknown;
}

bool AnswerClassifier::undecided() const noexcept {
    return state_.answer.by == AnsweredBy::unknown;
}

std::optional<Answer> AnswerClassifier::add(const LineFrame& frame) noexcept {
    State& state = state_;
    ++state.heard;
    if (!undecided()) {
        return std::nullopt;
    }
    if (is_voice(frame)) {
        add_voice();
    } else {
        state.run = 0;
    }
    if (state.begin < 0) {
        const bool waited = state.heard == settings_.max_wait && state.answer.known == 0;
        return waited ? decide(AnsweredBy::unknown, AnswerReason::no_voice) : std::nullopt;
    }
    const std::int32_t length = state.end - state.begin;
    if (length > settings_.max_human_greeting) {
        return decide(AnsweredBy::machine, AnswerReason::long_greeting);
    }
    const std::int32_t pause =
        length <= settings_.max_word ? settings_.pause_after_word : settings_.pause_after_sentence;
    if (state.run == 0 && state.heard - state.end >= pause) {
        return decide(AnsweredBy::human, AnswerReason::short_greeting);
    }
    return std::nullopt;
}

std::optional<Answer> AnswerClassifier::add_beep() noexcept {
    return settled() || (!undecided() && state_.answer.revised)
               ? std::nullopt
               : decide(AnsweredBy::machine, AnswerReason::beep);
}

std::optional<Answer> AnswerClassifier::add_tone(ProgressTone tone) noexcept {
    if (!undecided()) {
        return std::nullopt;
    }
    switch (tone) {
    case ProgressTone::fax_calling:
    case ProgressTone::answering:
    case ProgressTone::modem_answering:
    case ProgressTone::fax_preamble:
        return decide(AnsweredBy::fax, AnswerReason::tone);
    case ProgressTone::special_information:
        return decide(AnsweredBy::special_information, AnswerReason::tone);
    default:
        return std::nullopt;
    }
}

// A click of one or two frames is not in the level to compare with.
bool AnswerClassifier::is_voice(const LineFrame& frame) noexcept {
    State& state = state_;
    if (!frame.active || frame.tone) {
        state.before = {};
        return false;
    }
    state.loudest = std::max(state.loudest, std::min({frame.power, state.before[0], state.before[1]}));
    state.before = {state.before[1], frame.power};
    return frame.power >= settings_.softest_over_loudest * state.loudest;
}

void AnswerClassifier::add_voice() noexcept {
    State& state = state_;
    ++state.run;
    if (state.run < settings_.min_voice) {
        return;
    }
    const bool begins = state.run == settings_.min_voice; // the frames before it belong to it, too
    const std::int32_t begin = state.heard - settings_.min_voice;
    if (begins && state.begin < 0) {
        state.begin = begin;
        state.end = begin;
        state.words = 1;
    } else if (begins && begin - state.end >= settings_.min_gap) {
        ++state.words;
        state.pause = std::max(state.pause, begin - state.end);
    }
    state.voice += begins ? settings_.min_voice : 1;
    state.end = state.heard;
}

std::optional<Answer> AnswerClassifier::decide(AnsweredBy by, AnswerReason reason) noexcept {
    const State& state = state_;
    const bool greeted = state.begin >= 0;
    const bool revised = state.answer.known > 0;
    state_.answer = {.by = by,
                     .reason = reason,
                     .known = state.heard,
                     .begin = greeted ? state.begin : 0,
                     .length = greeted ? state.end - state.begin : 0,
                     .voice = state.voice,
                     .words = state.words,
                     .pause = state.pause,
                     .revised = revised};
    return state_.answer;
}

} // namespace keytone
