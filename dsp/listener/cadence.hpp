// SPDX-License-Identifier: MIT
//
// Which country's tone a row of bursts is. The bursts and pauses are compared
// with each pattern at each of its places; only the last of them count, so that
// it does not matter where listening began:
//
//     heard      ██░██░██░░░░…            the last pause may still go on
//     pattern    ██░██░░░░██░██░░░░       the United Kingdom's ringback:
//     complete as soon as the long pause
//                   ↑ from here           is long enough
#pragma once

#include "dsp/listener/burst_spectrum.hpp"
#include "dsp/listener/progress_tone.hpp"
#include "dsp/progress/country_tones.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace keytone {

/// How exactly a tone has to be that of the table. keytone's own limits.
struct CadenceTolerance {
    /// Networks are within 1 % or better; the measurement adds as much.
    double frequency_percent = 1.6;
    Hertz frequency{2};
    /// A modulation's frequency: Japan's is 15 to 20 Hz.
    Hertz modulation{5};
    /// Of each burst and pause. Half again as much as what networks keep to.
    double time_percent = 15.0;
    /// Where a burst begins and ends is known to a frame of 10 ms.
    Milliseconds time{22};
    /// A burst may be longer by this much: a tone that lasts longer was none of a
    /// cadence.
    double burst_percent = 10.0;
    /// A tone without a pause is a dial tone from here on, where no other tone
    /// begins in the same way.
    Milliseconds min_dial{550};
};

/// Bursts of one tone, and the pauses between them, in milliseconds.
class BurstRow {
  public:
    static constexpr std::size_t most = 12;

    struct Burst {
        SampleIndex begin = 0;
        SampleIndex end = 0;
    };

    /// Adds a burst; the oldest one is forgotten.
    void add(const Burst& burst) noexcept;
    void clear() noexcept { *this = {}; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] const Burst& at(std::size_t i) const noexcept { return bursts_.at(i); }
    [[nodiscard]] const Burst& last() const noexcept { return bursts_.at(size_ - 1); }
    /// The first sample of the first one, forgotten ones included.
    [[nodiscard]] SampleIndex first_begin() const noexcept { return first_begin_; }
    /// How many there were, forgotten ones included.
    [[nodiscard]] std::int32_t all() const noexcept { return all_; }

  private:
    std::size_t size_ = 0;
    SampleIndex first_begin_ = 0;
    std::int32_t all_ = 0;
    std::array<Burst, most> bursts_{};
};

/// What has passed since the last burst.
struct Pause {
    SampleCount length = 0;
    bool over = false; ///< Something sounds again.
};

/// What a row of bursts is.
struct CadenceMatch {
    ProgressTone tone;
    Country country;
    float error;          ///< 0: exactly as in the table; 1: as far from it as allowed.
    std::int16_t pairs;   ///< Bursts of a cycle.
    Milliseconds longest; ///< Pause of the pattern, with the tolerance.
};

/// What is known of a row, and when to look again.
struct CadenceView {
    std::optional<CadenceMatch> match{};
    /// The length of the pause at which something else may be known; 0: nothing
    /// more.
    Milliseconds look_again{0};
};

/// What a tone without a pause is, and how long it has to last until it is
/// that.
struct SteadyMatch {
    ProgressTone tone;
    Country country;
    Milliseconds length;
};

/// Compares what is heard with the tones of one country, or of all. A plain
/// value.
class CadenceTable {
  public:
    CadenceTable(Country scope, const CadenceTolerance& tolerance, double samples_a_ms) noexcept;

    [[nodiscard]] CadenceView view(const BurstRow& row, const BurstTone& tone,
                                   const Pause& pause) const noexcept;
    /// For a tone that has begun. `stutters`: after three short bursts of it.
    [[nodiscard]] std::optional<SteadyMatch> steady(const BurstTone& tone, bool stutters) const noexcept;

  private:
    struct Fit {
        bool compatible = false;
        bool complete = false;
        float error = 0.0F;
        double wait_ms = 0.0; // until the pause is long enough
    };

    [[nodiscard]] bool matches(const ToneSound& sound, const BurstTone& tone) const noexcept;
    [[nodiscard]] double slack(double milliseconds) const noexcept;
    [[nodiscard]] Fit fit(const TonePattern& pattern, std::size_t least, const BurstRow& row,
                          const Pause& pause) const noexcept;
    [[nodiscard]] Fit fit_at(const TonePattern& pattern, std::size_t turn, std::size_t count,
                             const BurstRow& row, const Pause& pause) const noexcept;
    /// Whether all that was heard may be the begin of this pattern, at most so
    /// far from it.
    [[nodiscard]] bool may_become(const TonePattern& pattern, std::size_t least, const BurstRow& row,
                                  const Pause& pause, float most_error) const noexcept;
    [[nodiscard]] ProgressTone common_kind(ProgressTone tone, const TonePattern& pattern,
                                           const BurstRow& row) const noexcept;
    template <class Visit>
    void for_each(const BurstTone& tone, const Visit& visit) const noexcept;

    Country scope_;
    CadenceTolerance tolerance_;
    double samples_a_ms_;
};

} // namespace keytone
