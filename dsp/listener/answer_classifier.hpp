// SPDX-License-Identifier: MIT
//
// Who answered a call: a person, a machine, a fax, or the network with an announcement. People greet with a
// word or a sentence and then wait; machines talk on, and beep.
//
// One letter for each 100 ms from the answer on: `.` silence or the line's noise, `#` voice, `-` a tone.
//
//     ......####...........h             a word, then silence: human, `pause_after_word` after it
//     ..##########..####..........h      a sentence: a pause of its own, `pause_after_sentence`
//     ..################################m      still talking after `max_human_greeting`: machine
//     ..####...........h ... ---b        a beep after a decision: the decision is revised, to machine
//     .....---b                          a beep first: machine
//     ..................................u    no voice for `max_wait`: unknown, until one is heard
//
// Rules of decisions:
//   - A fax's tone decides for fax, special information tones for special_information, at once and for good.
//   - `unknown` is a decision too, after `max_wait`. The first other decision replaces it.
//   - `human` is replaced by machine, once, when a beep is heard within `max_time_to_beep` of the answer; by
//     nothing else: from now on a conversation is heard.
//   - `machine` is final.
#pragma once

#include "dsp/listener/line_frame.hpp"
#include "dsp/listener/progress_tone.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/units.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace keytone {

using namespace literals;

/// What makes a person of a greeting. The limits are keytone's own, found on a part of the greetings that
/// docs/listening.md describes.
struct AnswerLimits {
    /// A person has greeted by then, and listens.
    Milliseconds max_human_greeting{3300};
    /// Silence after a greeting, which ends it: after a word, and after more. Between the sentences of a
    /// machine's greeting there is less, but people who record one pause for a second.
    Milliseconds pause_after_word{1100};
    Milliseconds pause_after_sentence{1400};
    /// A greeting up to this long is a word.
    Milliseconds max_word{900};
    /// Without any voice, nobody is known to be there.
    Milliseconds max_wait{5000};
    /// Voice for less than this is a click, or somebody's breath.
    Milliseconds min_voice{60};
    /// Silence between two words. What is shorter is within a word.
    Milliseconds min_gap{100};
    /// Voice is at most this much softer than the loudest 30 ms so far. Noise around a person is softer.
    Decibels max_below_loudest{20};
    /// A later beep is one of a conversation.
    Milliseconds max_time_to_beep{60000};
};

/// Why.
enum class AnswerReason : std::uint8_t {
    no_voice,       ///< Nothing was said: unknown.
    short_greeting, ///< A greeting of a person's length, and silence: human.
    long_greeting,  ///< A longer one: machine.
    beep,           ///< machine.
    tone,           ///< fax, special_information.
};

/// Who answered, and what was heard until it was decided. Times are in frames from the answer on.
struct Answer {
    AnsweredBy by = AnsweredBy::unknown;
    AnswerReason reason = AnswerReason::no_voice;
    std::int32_t known = 0;  ///< Frames heard when it was decided.
    std::int32_t begin = 0;  ///< The greeting's first frame.
    std::int32_t length = 0; ///< Frames of the greeting, its gaps included; 0: none.
    std::int32_t voice = 0;  ///< Frames of voice in it.
    std::int32_t words = 0;  ///< Stretches of voice, `min_gap` apart.
    std::int32_t pause = 0;  ///< Frames of the longest gap between words.
    bool revised = false;    ///< It replaces a decision.
};

/// Decides who answered one call, from frames that LineListener has heard. Made or reset at the answer. It
/// counts frames, so that it depends neither on the sampling rate nor on how the stream is cut. A plain
/// value.
class AnswerClassifier {
  public:
    explicit AnswerClassifier(const AnswerLimits& limits = {}) noexcept;

    /// The next frame, and what it decides. `[audio]`
    std::optional<Answer> add(const LineFrame& frame) noexcept KEYTONE_NONBLOCKING {
        return hear(frame) ? decide_by_voice() : std::nullopt;
    }
    /// A beep ended, and what it decides. `[audio]`
    std::optional<Answer> add_beep() noexcept KEYTONE_NONBLOCKING;
    /// A tone of a network or a machine, and what it decides: fax tones and special information do, busy,
    /// ringing and others do not. `[audio]`
    std::optional<Answer> add_tone(ProgressTone tone) noexcept KEYTONE_NONBLOCKING;
    /// Forgets the call. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING { state_ = {}; }

    /// The decision so far; `unknown` with `known` 0 before the first. `[any]`
    [[nodiscard]] const Answer& answer() const noexcept { return state_.answer; }
    /// Whether nothing can change the decision any more. `[any]`
    [[nodiscard]] bool settled() const noexcept;

  private:
    /// The limits in frames.
    struct Settings {
        std::int32_t max_human_greeting;
        std::int32_t pause_after_word;
        std::int32_t pause_after_sentence;
        std::int32_t max_word;
        std::int32_t max_wait;
        std::int32_t min_voice;
        std::int32_t min_gap;
        std::int32_t max_time_to_beep;
        float softest_over_loudest;
    };
    struct State {
        std::int32_t heard = 0;
        std::int32_t run = 0;    // frames of voice in a row
        std::int32_t begin = -1; // of the greeting
        std::int32_t end = 0;    // of its voice so far
        std::int32_t voice = 0;
        std::int32_t words = 0;
        std::int32_t pause = 0;
        float loudest = 0.0F;          // 30 ms so far, by their softest frame
        std::array<float, 2> before{}; // the powers of the two frames before
        Answer answer{};
    };

    /// Whether the frame decides something.
    [[nodiscard]] bool hear(const LineFrame& frame) noexcept;
    [[nodiscard]] bool is_voice(const LineFrame& frame) noexcept;
    void add_voice() noexcept;
    void begin_voice() noexcept;
    [[nodiscard]] bool undecided() const noexcept { return state_.answer.by == AnsweredBy::unknown; }
    std::optional<Answer> decide_by_voice() noexcept;
    std::optional<Answer> decide(AnsweredBy by, AnswerReason reason) noexcept;

    Settings settings_;
    State state_;
};

// A click of one or two frames is not in the level to compare with.
inline bool AnswerClassifier::is_voice(const LineFrame& frame) noexcept {
    State& state = state_;
    if (!frame.active || frame.tone) {
        state.before = {};
        return false;
    }
    state.loudest = std::max(state.loudest, std::min({frame.power, state.before[0], state.before[1]}));
    state.before = {state.before[1], frame.power};
    return frame.power >= settings_.softest_over_loudest * state.loudest;
}

inline void AnswerClassifier::add_voice() noexcept {
    State& state = state_;
    ++state.run;
    if (state.run < settings_.min_voice) {
        return;
    }
    if (state.run == settings_.min_voice) {
        begin_voice();
    } else {
        ++state.voice;
    }
    state.end = state.heard;
}

inline bool AnswerClassifier::hear(const LineFrame& frame) noexcept {
    State& state = state_;
    ++state.heard;
    if (!undecided()) {
        return false;
    }
    if (is_voice(frame)) {
        add_voice();
    } else {
        state.run = 0;
    }
    if (state.begin < 0) {
        return state.heard == settings_.max_wait && state.answer.known == 0;
    }
    const std::int32_t length = state.end - state.begin;
    if (state.run > 0 || length > settings_.max_human_greeting) {
        return length > settings_.max_human_greeting;
    }
    return state.heard - state.end >=
           (length <= settings_.max_word ? settings_.pause_after_word : settings_.pause_after_sentence);
}

} // namespace keytone
