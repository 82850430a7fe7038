// SPDX-License-Identifier: MIT
//
// Where a key begins and ends, to a fraction of a millisecond, also in the midst of speech. Both tones are
// fitted to a stretch that surely holds them, and continued over the edge; where they begin or stop to
// explain the samples is the edge:
//
//     samples       speechkkkkkkkkkkkkkkkkkkkkspeech
//     fitted                  |<-- 30 ms -->|
//     explained     ----------/-------------\----------     greatest sum: the edge
#pragma once

#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// The last samples of a stream, averaged to 8 to 12 kHz, and the edges of keys in them. A plain value. All
/// positions are samples of the stream; those that are no longer kept are taken for silence.
class KeyEdges {
  public:
    /// An edge, and how surely it is one.
    struct Edge {
        SampleIndex at;
        /// Power of all else over that of the tones, where these were fitted.
        float rest = 0.0F;
    };

    /// A stretch of two tones.
    struct Stretch {
        SampleIndex begin; ///< The first sample,
        SampleIndex end;   ///< and the one behind the last.
        Dbm0 low_level;
        Dbm0 high_level;
        float rest;           ///< Power of all else over that of the tones.
        bool is_quiet_before; ///< Beyond are zeros: what sounded there was silenced.
        bool is_quiet_behind;
    };

    explicit KeyEdges(SampleRate rate) noexcept;

    /// Keeps the next samples. `[audio]`
    void hear(std::span<const std::int16_t> samples) noexcept KEYTONE_NONBLOCKING;
    /// The next samples are zeros. `[audio]`
    void hear_silence(SampleCount count) noexcept KEYTONE_NONBLOCKING;
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    /// Samples that are heard at once: the edges are found in what was heard before, in whole pieces.
    [[nodiscard]] SampleCount piece() const noexcept { return SampleCount{piece_} * divisor_; }

    /// Where a key of these tones begins, which is about at `about` and still sounds. `[audio]`
    [[nodiscard]] Edge begin(SampleIndex about, Hertz low, Hertz high) const noexcept KEYTONE_NONBLOCKING;
    /// Where the key that began at `begin` ends, about at `about`. `[audio]`
    [[nodiscard]] Edge end(SampleIndex begin, SampleIndex about, Hertz low,
                           Hertz high) const noexcept KEYTONE_NONBLOCKING;

    /// As far as two tones that sound somewhere from `from` to before `to` explain the samples, there and
    /// up to 80 ms beyond. `[audio]`
    [[nodiscard]] Stretch explained(SampleIndex from, SampleIndex to, Hertz low,
                                    Hertz high) const noexcept KEYTONE_NONBLOCKING;
    /// The same of tones that a codec has bent, so that they explain little: what is loud of the samples from
    /// `from` to before `to`. `[audio]`
    [[nodiscard]] Stretch loud_part(SampleIndex from, SampleIndex to, Hertz low,
                                    Hertz high) const noexcept KEYTONE_NONBLOCKING;

  private:
    static constexpr std::size_t kept = 2048; // averages: at least 170 ms

    struct Tones;
    struct Explained;

    [[nodiscard]] std::int64_t known() const noexcept { return heard_ - heard_ % piece_; }
    [[nodiscard]] float at(std::int64_t index) const noexcept;
    [[nodiscard]] Tones fit(std::int64_t from, std::int64_t to, Hertz low, Hertz high) const noexcept;
    [[nodiscard]] Explained explained_to(const Tones& tones, std::int64_t from,
                                         std::int64_t to) const noexcept;
    [[nodiscard]] float power(std::int64_t from, std::int64_t to) const noexcept;
    [[nodiscard]] Stretch stretch_of(const Tones& tones, std::int64_t begin, std::int64_t end) const noexcept;
    [[nodiscard]] std::int64_t averages(double ms) const noexcept;

    std::int32_t divisor_; // samples of one average
    double average_hz_;
    std::int32_t piece_;     // averages of a millisecond, rounded down
    std::int32_t sum_ = 0;   // of the current average
    std::int32_t added_ = 0; // its samples so far
    std::int64_t heard_ = 0; // averages
    std::array<std::int16_t, kept> averages_{};
};

} // namespace keytone
