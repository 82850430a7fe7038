// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/listener/call_listener.hpp"
#include "dsp/sample_rate.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone::bench {

/// All that listens to one line but the detector of keys; who answered is asked anew once it is known.
class AllListeners {
  public:
    AllListeners() {
        listener_.begin_progress();
        listener_.begin_answer(0);
    }
    void hear(std::span<const std::int16_t> samples) {
        listener_.process(samples, {.line = [this](const LineEvent& /*event*/) { ++sounds_; },
                                    .progress = [](const ProgressEvent& /*event*/) {},
                                    .answer =
                                        [this](const Answer& /*answer*/) {
                                            ++answers_;
                                            listener_.begin_answer(listener_.heard_to());
                                        }});
    }
    void prefetch() const { listener_.prefetch(); }
    void prefetch_rest() const { listener_.prefetch_rest(); }
    /// How often something was reported of the line.
    [[nodiscard]] std::size_t sounds() const { return sounds_; }
    [[nodiscard]] std::size_t answers() const { return answers_; }

  private:
    std::size_t sounds_ = 0;
    std::size_t answers_ = 0;
    CallListener listener_{SampleRate::narrowband()};
};

} // namespace keytone::bench
