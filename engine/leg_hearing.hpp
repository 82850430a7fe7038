// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/report_outbox.hpp"

#include <cstdint>
#include <span>

namespace keytone {

/// What comes in on one leg, heard and reported. The reports do not depend on how it is cut.
class LegHearing {
  public:
    /// `outbox` outlives this. `[control]`
    LegHearing(Leg leg, SampleRate rate, const DtmfLimits& limits, ReportOutbox& outbox);

    /// Where the leg's clock stands at the first sample heard. `[audio]`
    void start_at(SampleIndex position) noexcept { first_sample_ = position; }
    /// `[audio]`
    void hear(std::span<const std::int16_t> samples) noexcept;
    /// Samples that never came. Beyond 200 ms on end they count as silence. `[audio]`
    void hear_lost(SampleCount count) noexcept;
    /// Nothing more will come: reports what was held back. `[audio]`
    void finish() noexcept;

  private:
    void report(const DtmfReport& heard) noexcept;

    Leg leg_;
    ReportOutbox& outbox_;
    DtmfDetector detector_;
    SampleCount longest_gap_;
    SampleCount lost_on_end_ = 0;
    SampleIndex first_sample_ = 0;
};

} // namespace keytone
