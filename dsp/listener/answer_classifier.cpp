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

std::optional<Answer> AnswerClassifier::decide_by_voice() noexcept {
    if (state_.begin < 0) {
        return decide(AnsweredBy::unknown, AnswerReason::no_voice);
    }
    return state_.end - state_.begin > settings_.max_human_greeting
               ? decide(AnsweredBy::machine, AnswerReason::long_greeting)
               : decide(AnsweredBy::human, AnswerReason::short_greeting);
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

/// The frames before belong to it, too.
void AnswerClassifier::begin_voice() noexcept {
    State& state = state_;
    const std::int32_t begin = state.heard - settings_.min_voice;
    if (state.begin < 0) {
        state.begin = begin;
        state.end = begin;
        state.words = 1;
    } else if (begin - state.end >= settings_.min_gap) {
        ++state.words;
        state.pause = std::max(state.pause, begin - state.end);
    }
    state.voice += settings_.min_voice;
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
