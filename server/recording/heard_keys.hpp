// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/suppressor/key_redactor.hpp"
#include "dsp/units.hpp"
#include "server/media/recording_tap.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace keytone::server {

/// Where the other side presses keys as tones, in what is to be recorded of it. The writer's thread.
class HeardKeys {
  public:
    /// The next block; what lies between the one before and this was lost, and is silence.
    void hear(const RecordedBlock& block);
    /// Nothing comes any more.
    void finish();

    /// Up to here it is known where keys sound: 1.5 s behind what was heard.
    [[nodiscard]] SampleIndex settled() const;
    /// Silences them, in frames of two samples (heard, sent) whose first one is leg a's sample `begin`.
    void silence(SampleIndex begin, std::span<std::int16_t> frames) const;
    /// Forgets what is over before this sample, which is settled.
    void forget_before(SampleIndex sample);

  private:
    KeyRedactor redactor_{SampleRate::narrowband()};
    std::optional<SampleIndex> first_; ///< Leg a's sample at which the redactor's clock begins.
    SampleIndex next_ = 0;
    bool is_over_ = false;
};

} // namespace keytone::server
