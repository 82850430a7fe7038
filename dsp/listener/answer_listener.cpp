// SPDX-License-Identifier: MIT
#include "dsp/listener/answer_listener.hpp"

namespace keytone {

namespace {

/// Whether nobody can have answered while it sounds.
bool is_of_network(ProgressTone tone) {
    return tone == ProgressTone::dial || tone == ProgressTone::second_dial ||
           tone == ProgressTone::ringback || tone == ProgressTone::busy || tone == ProgressTone::congestion ||
           tone == ProgressTone::number_unobtainable;
}

} // namespace

bool AnswerListener::hears_while(ProgressTone sounding) noexcept {
    const bool rings = is_of_network(sounding) && classifier_.answer().by == AnsweredBy::unknown;
    if (rings) {
        begin_again();
    }
    return !rings;
}

std::optional<Answer> AnswerListener::checked(const Answer& answer, const LineListener& line,
                                              SampleIndex since) noexcept {
    // A machine may be known before its first pause, and words after one only.
    if (answer.by == AnsweredBy::human) {
        const auto words = line.last_words();
        if (!words || words->end <= since) {
            begin_again();
            return std::nullopt;
        }
    }
    // Ringing has pauses of seconds, and is known for what it is only after one.
    if (answer.by == AnsweredBy::unknown && !line.quiet_since()) {
        begin_again();
        return std::nullopt;
    }
    return shifted(answer);
}

void AnswerListener::reset() noexcept {
    classifier_.reset();
    heard_ = 0;
    skipped_ = 0;
}

void AnswerListener::begin_again() noexcept {
    classifier_.reset();
    skipped_ = heard_;
}

std::optional<Answer> AnswerListener::shifted(std::optional<Answer> answer) const noexcept {
    if (answer) {
        answer->begin += answer->length > 0 ? skipped_ : 0;
        answer->known += skipped_;
    }
    return answer;
}

} // namespace keytone
