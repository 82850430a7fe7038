// SPDX-License-Identifier: MIT
//
// Where a recording is silent, so that nobody reads sensitive digits from it:
//
//     sent    ───[ digits that were sent ]─────────────────────────
//     heard   ───[ the same time, and their echo ]── 1.5 s ──]─────
//     heard and sent   ───[ a key that is as secret: an echo taken for a key ]───
//     heard            ───[ any other key, where heard keys are not to stay ]───
//
// A digit string is silent from its first sample to its last: its rhythm would tell how many digits there
// are.
#pragma once

#include "dsp/units.hpp"
#include "engine/outcome.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace keytone::server {

/// A stretch of leg a's samples.
struct SilentSpan {
    SampleIndex begin = 0;
    SampleIndex sent_end = 0;  ///< What was sent is silent up to here,
    SampleIndex heard_end = 0; ///< and what was heard up to here.
    // Of the digit string that it is for; empty for a key that was heard.
    std::string id;
    std::uint32_t op = 0;
};

/// All of one call, from its outcomes.
class SensitiveSpans {
  public:
    /// What is silent on either side of a sensitive key, for the filters of lines and codecs.
    static constexpr SampleCount margin = 160; // 20 ms

    /// Whether keys that are heard stay, where they are not sensitive.
    explicit SensitiveSpans(bool keeps_heard_keys) : keeps_heard_keys_(keeps_heard_keys) {}

    /// Takes the call's next outcome. Returns a span that is known only after its beginning: that may be
    /// written already, and empty where there is none.
    SilentSpan take(const Outcome& outcome);
    /// Forgets what is over before this sample.
    void forget_before(SampleIndex sample);
    /// Silences, in frames of two samples (heard, sent) whose first one is leg a's sample `begin`.
    void silence(SampleIndex begin, std::span<std::int16_t> frames) const;

  private:
    void hear_key(const Outcome& outcome);
    void plan(const Outcome& outcome, const OpPlanned& plan);
    void end(const Outcome& outcome, const OpEnded& end);

    bool keeps_heard_keys_;
    std::vector<SilentSpan> spans_;
};

} // namespace keytone::server
