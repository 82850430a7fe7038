// SPDX-License-Identifier: MIT
//
// Where the keys of a recording are, found without haste: the recording is heard several times, each time as
// the time before left it.
//
//     recording ─► KeySpans ─ 0.5 s ─► silenced ─► KeySpans ─ 0.5 s ─► silenced ─► ...
//
// What speech hid of a key, or what was taken for its echo, shows when the rest of the key is gone.
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/suppressor/key_spans.hpp"
#include "dsp/units.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace keytone {

/// For files: it allocates.
class KeyRedactor {
  public:
    /// How often the recording is heard.
    static constexpr std::size_t stages = 3;
    /// The delay of each: a key's end is known long before.
    static constexpr Milliseconds stage_delay{500};

    explicit KeyRedactor(SampleRate rate, const DtmfLimits& limits = suppression_limits());

    /// Hears the next samples.
    void hear(std::span<const std::int16_t> samples);
    /// The recording is over.
    void finish();

    /// All that sounds before this sample is known.
    [[nodiscard]] SampleIndex settled() const noexcept { return stages_.back().first; }
    /// Calls `sink` for each span that was not forgotten, also for those that are not settled.
    void for_each(FunctionRef<void(const KeySpan&)> sink) const;
    /// Drops the spans that are over before `sample`, which is settled; `sink` gets each of them once.
    void forget_before(SampleIndex sample, FunctionRef<void(const KeySpan&)> sink);

    [[nodiscard]] std::int32_t fade_samples() const noexcept { return stages_.front().keys.fade_samples(); }

  private:
    struct Stage {
        KeySpans keys;
        std::vector<std::int16_t> waiting{}; // heard, but not settled
        SampleIndex first = 0;               // the index of the first of them
    };

    void hear(std::size_t stage, std::span<const std::int16_t> samples);
    void pass_on(std::size_t stage, std::size_t count);

    SampleCount delay_;
    std::vector<Stage> stages_;
};

} // namespace keytone
