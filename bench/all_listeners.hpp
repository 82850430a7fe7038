// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/listener/answer_listener.hpp"
#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/line_listener.hpp"
#include "dsp/listener/progress_listener.hpp"
#include "dsp/sample_rate.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone::bench {

/// All that listens to one line but the detector of keys: the line, beeps, call progress of any country, and
/// who answered, which is asked anew once it is known.
class AllListeners {
  public:
    void hear(std::span<const std::int16_t> samples) {
        const auto take_event = [this](const LineEvent& event) { take(event); };
        for (LineFront::Frame heard; !samples.empty() && beeps_.next(line_, samples, heard, take_event);) {
            progress_.hear(heard,
                           [this](const ProgressEvent& event) { take(answer_.hear_tone(event.tone)); });
            take(answer_.hear(line_, since_, progress_.sounding()));
        }
    }
    /// How often something was reported of the line.
    [[nodiscard]] std::size_t sounds() const { return sounds_; }
    [[nodiscard]] std::size_t answers() const { return answers_; }

  private:
    void take(const LineEvent& event) {
        ++sounds_;
        if (event.kind == LineEvent::Kind::beep_ended) {
            take(answer_.hear_beep());
        }
    }
    void take(const std::optional<Answer>& answer) {
        if (answer) {
            ++answers_;
            answer_.reset();
            since_ = line_.heard_to();
        }
    }

    static constexpr SampleRate rate = SampleRate::narrowband();
    LineListener line_{rate};
    BeepListener beeps_{rate};
    ProgressListener progress_{rate};
    AnswerListener answer_;
    SampleIndex since_ = 0;
    std::size_t sounds_ = 0;
    std::size_t answers_ = 0;
};

} // namespace keytone::bench
