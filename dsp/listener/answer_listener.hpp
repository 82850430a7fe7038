// SPDX-License-Identifier: MIT
//
// Who answered, where the network may still be ringing: AnswerClassifier knows voices from silence, and what
// rings has the length of a greeting. Nobody has answered as long as call progress sounds, and nobody greets
// without a word:
//
//     ..####......####......##.......h      ringing of two tones, unknown as yet; a word: human
//       |ring|    |ring|    hello
#pragma once

#include "dsp/listener/answer_classifier.hpp"
#include "dsp/listener/line_listener.hpp"
#include "dsp/listener/progress_tone.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/units.hpp"

#include <cstdint>
#include <optional>

namespace keytone {

/// Decides who answered one call, beside the listeners for a line and for its call progress. A plain value.
class AnswerListener {
  public:
    explicit AnswerListener(const AnswerLimits& limits = {}) noexcept : classifier_(limits) {}

    /// A frame ended that `line` has heard; `since` is where the listening began, on its clock. `sounding` is
    /// the tone of the network that sounds now. `[audio]`
    std::optional<Answer> hear(const LineListener& line, SampleIndex since,
                               std::optional<ProgressTone> sounding) noexcept KEYTONE_NONBLOCKING {
        ++heard_;
        if (sounding && !hears_while(*sounding)) {
            return std::nullopt;
        }
        const auto answer = classifier_.add(line.last_frame());
        return answer ? checked(*answer, line, since) : std::nullopt;
    }
    /// A beep ended. `[audio]`
    std::optional<Answer> hear_beep() noexcept KEYTONE_NONBLOCKING { return shifted(classifier_.add_beep()); }
    /// A tone of the network, a fax or a modem became known. `[audio]`
    std::optional<Answer> hear_tone(ProgressTone tone) noexcept KEYTONE_NONBLOCKING {
        return shifted(classifier_.add_tone(tone));
    }
    /// Forgets the call. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

  private:
    [[nodiscard]] std::optional<Answer> shifted(std::optional<Answer> answer) const noexcept;
    void begin_again() noexcept;
    /// Whether somebody may have answered while this sounds; otherwise it begins again.
    [[nodiscard]] bool hears_while(ProgressTone sounding) noexcept;
    [[nodiscard]] std::optional<Answer> checked(const Answer& answer, const LineListener& line,
                                                SampleIndex since) noexcept;

    std::int32_t heard_ = 0;   // frames
    std::int32_t skipped_ = 0; // before the classifier's first
    AnswerClassifier classifier_;
};

} // namespace keytone
