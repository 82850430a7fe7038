// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/error.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/progress/tone_pattern.hpp"
#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// How a pattern is sent.
struct ProgressSound {
    Dbm0 level{-10};      ///< Of all that sounds together, -60 to +3.14 dBm0. E.180 has -10 ± 5.
    Milliseconds edge{2}; ///< Raised-cosine rise and fall of each step that sounds, 0 or more.
};

/// Sends a pattern without an end. Each sample depends on its index alone, not on how the calls cut the
/// stream, and steps keep their exact times for hours. A plain value.
class ProgressGenerator {
  public:
    /// Errors: level_out_of_range, level_clips, edge_out_of_range. An empty pattern is silence. `[any]`
    static Result<ProgressGenerator, Error> create(const TonePattern& pattern, const ProgressSound& sound,
                                                   SampleRate rate) noexcept;

    /// Fills `out`. `[audio]`
    void generate(std::span<std::int16_t> out) noexcept KEYTONE_NONBLOCKING;
    /// The same in floating point, full scale being 1. `[audio]`
    void generate(std::span<float> out) noexcept KEYTONE_NONBLOCKING;
    /// Begins again at sample 0. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

  private:
    /// One step of one round, as it sounds.
    struct Step {
        std::size_t place = 0;
        std::int64_t round = 0;
        SampleIndex begin = 0;
        SampleIndex end = 0;
    };
    /// A sine: its phase at sample 0 of the stream, and each sample's advance; 2^64 is a turn.
    struct Sine {
        std::uint64_t start = 0;
        std::uint64_t step = 0;
        float peak = 0.0F;
    };

    ProgressGenerator(const TonePattern& pattern, const ProgressSound& sound, SampleRate rate) noexcept;
    void enter(std::size_t place, std::int64_t round) noexcept;
    void go_on() noexcept;
    void make_sines() noexcept;
    [[nodiscard]] SampleIndex sample_at(double milliseconds, std::int64_t round) const noexcept;
    [[nodiscard]] std::uint64_t kept_phase(double hertz) const noexcept;
    void render(std::span<float> out) const noexcept;

    TonePattern pattern_;
    SampleRate rate_;
    SampleCount edge_;
    float peak_;
    double lead_ms_ = 0.0;  ///< Before the first round.
    double round_ms_ = 0.0; ///< A round; 0: there is no second one.
    SampleIndex position_ = 0;
    Step step_;
    std::array<Sine, 2> sines_{};
    Sine modulation_;
};

} // namespace keytone
