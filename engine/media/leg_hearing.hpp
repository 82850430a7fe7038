// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/line_listener.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/media/report_outbox.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// What comes in on one leg, heard and reported. The reports do not depend on how it is cut.
class LegHearing {
  public:
    using LineSink = FunctionRef<void(const LineEvent&)>;

    /// `outbox` outlives this. `[control]`
    LegHearing(Leg leg, SampleRate rate, const DtmfLimits& limits, ReportOutbox& outbox);

    /// Where the leg's clock stands at the first sample heard. `[audio]`
    void start_at(SampleIndex position) noexcept { first_sample_ = position; }
    /// `on_line` is called for what the line itself does, too, with times on the leg's clock. `[audio]`
    void hear(std::span<const std::int16_t> samples, LineSink on_line) noexcept;
    /// Samples that never came. For keys they are a loss, for the line silence. `[audio]`
    void hear_lost(SampleCount count, LineSink on_line) noexcept;
    /// Nothing more will come: reports what was held back. `[audio]`
    void finish() noexcept;

    /// The next sample behind `now` at which the line can have something to say. `[audio]`
    [[nodiscard]] SampleIndex next_line_event(SampleIndex now) const noexcept {
        return now + line_frame_ - (now - first_sample_) % line_frame_;
    }
    /// Whether the far side is heard, as the last event says. `[audio]`
    [[nodiscard]] bool sounding() const noexcept { return listener_.sounding(); }

  private:
    [[nodiscard]] std::size_t part_of_frame(SampleCount available) const noexcept;
    void listen(std::span<const std::int16_t> samples, LineSink on_line) noexcept;
    void report(const DtmfReport& heard) noexcept;
    void report(const LineEvent& event) noexcept;

    Leg leg_;
    ReportOutbox& outbox_;
    DtmfDetector detector_;
    LineListener listener_;
    SampleCount line_frame_;
    SampleIndex first_sample_ = 0;
    SampleCount heard_ = 0;
};

} // namespace keytone
