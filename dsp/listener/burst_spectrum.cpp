// SPDX-License-Identifier: MIT
//
// The samples are weighted by a Hann window, so that a line is five bins wide and nothing else. Bins are
// computed by Goertzel's recursion, several side by side.
#include "dsp/listener/burst_spectrum.hpp"

#include "dsp/arithmetic/turns.hpp"
#include "dsp/simd/listener_kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace keytone {

namespace {

constexpr double lowest_hz = 310.0;
constexpr double highest_hz = 660.0;
constexpr double beyond_highest = 4.0; // bins, to the end of the highest line
constexpr float bin_error = 0.01F;     // of a bin's energy, at most
constexpr int line_reach = 2;          // bins to either side of a line's peak that are the line's
// From the lowest to the highest frequency, and a line's reach, in 200 ms.
constexpr std::size_t most_bins = 96; // a multiple of simd::bins_at_once
constexpr std::size_t fewest_samples = 48;
// A line that has less than this share of the strongest one's power is none.
constexpr float least_of_strongest = 0.1F;
// A third line that is weaker than this, beside the second, is noise.
constexpr float least_of_second = 0.25F;
// The outer lines of a modulated tone are this alike, as powers, and lie this evenly.
constexpr float most_uneven = 4.0F;
constexpr float most_uneven_hz = 6.0F;

struct Line {
    float hz;
    float power;
    int bin;
};

struct Bins {
    std::array<float, most_bins> energy{}; // |X|²
    int first = 0;                         // the number of the first bin
    int count = 0;
};

int first_bin(double count, double sample_hz) {
    return static_cast<int>(lowest_hz * count / sample_hz) - line_reach;
}

/// The most that the bins hold of `energy`, the lowest of them being at so many `turns` a sample. `around` is
/// the sum of products of each sample with the next one: of a spectrum, the energies times the cosines. The
/// bins' are at most that of the lowest one, and all others' at most 1.
float most_in_bins(float energy, float around, double turns) {
    return std::min(energy, (energy - around) / (1.0F - cosine_of_turns(turns)));
}

Bins bins_of(std::span<const float> samples, double sample_hz) {
    const auto count = static_cast<double>(samples.size());
    Bins bins;
    bins.first = first_bin(count, sample_hz);
    const int last = static_cast<int>(highest_hz * count / sample_hz) + 1 + line_reach;
    bins.count = std::min(last - bins.first + 1, static_cast<int>(most_bins));
    const std::size_t groups =
        (static_cast<std::size_t>(std::max(bins.count, 0)) + simd::bins_at_once - 1) / simd::bins_at_once;
    simd::listener_kernels().bins(samples.data(), samples.size(), bins.first, groups, bins.energy.data());
    return bins;
}

/// How much the averaging of four samples has weakened this frequency, as a ratio of powers.
float averaging_gain(double hz, double stream_hz) {
    // The average of four is cos(w/2) cos(w).
    const float gain = cosine_of_turns(0.5 * hz / stream_hz) * cosine_of_turns(hz / stream_hz);
    return gain * gain;
}

/// Whether a bin is none of these lines'.
bool apart(std::span<const Line> found, int bin) {
    return std::ranges::all_of(found,
                               [&](const Line& line) { return std::abs(line.bin - bin) > line_reach; });
}

/// The strongest line that is away from those already found.
Line strongest(const Bins& bins, std::span<const Line> found, double bin_hz) {
    Line best{0.0F, 0.0F, -1};
    for (int bin = line_reach; bin < bins.count - line_reach; ++bin) {
        const auto at = [&](int i) { return bins.energy.at(static_cast<std::size_t>(i)); };
        if (at(bin) <= best.power || at(bin) < at(bin - 1) || at(bin) < at(bin + 1) || !apart(found, bin)) {
            continue;
        }
        best = {0.0F, at(bin), bin};
    }
    if (best.bin < 0) {
        return best;
    }
    const auto amplitude = [&](int i) { return std::sqrt(bins.energy.at(static_cast<std::size_t>(i))); };
    const float middle = amplitude(best.bin);
    const float below = amplitude(best.bin - 1);
    const float above = amplitude(best.bin + 1);
    // Between two bins of a Hann window, the ratio of their amplitudes is linear enough in the place.
    const float ratio = std::max(below, above) / middle;
    const float aside = (2.0F * ratio - 1.0F) / (1.0F + ratio);
    const float place = static_cast<float>(bins.first + best.bin) + (above >= below ? aside : -aside);
    best.hz = place * static_cast<float>(bin_hz);
    best.power = 0.0F;
    for (int i = best.bin - line_reach; i <= best.bin + line_reach; ++i) {
        // What two lines share is the stronger one's.
        best.power += apart(found, i) ? bins.energy.at(static_cast<std::size_t>(i)) : 0.0F;
    }
    return best;
}

BurstTone pair_of(const Line& a, const Line& b) {
    return {BurstTone::Kind::pair, std::min(a.hz, b.hz), std::max(a.hz, b.hz), 0.0F};
}

/// The strongest line comes first; they are sorted.
BurstTone tone_of(std::array<Line, 3>& lines, std::size_t count) {
    if (count == 1) {
        return {BurstTone::Kind::single, lines[0].hz, 0.0F, 0.0F};
    }
    if (count == 2) {
        return pair_of(lines[0], lines[1]);
    }
    if (lines[2].power < least_of_second * lines[1].power) {
        return pair_of(lines[0], lines[1]);
    }
    std::ranges::sort(lines, {}, &Line::hz);
    const float below = lines[1].hz - lines[0].hz;
    const float above = lines[2].hz - lines[1].hz;
    const float uneven = std::max(lines[0].power, lines[2].power) / std::min(lines[0].power, lines[2].power);
    if (std::abs(below - above) > most_uneven_hz || uneven > most_uneven) {
        return {};
    }
    return {BurstTone::Kind::modulated, lines[1].hz, 0.5F * (below + above), 0.0F};
}

} // namespace

BurstTone burst_tone(std::span<const std::int16_t> samples, double stream_hz, float power,
                     float least_share) noexcept {
    const std::size_t count = std::min(samples.size(), static_cast<std::size_t>(most_burst_samples));
    if (count < fewest_samples || !(power > 0.0F)) {
        return {};
    }
    const double sample_hz = stream_hz / burst_decimation;
    const double bin_hz = sample_hz / static_cast<double>(count);
    std::array<float, most_burst_samples + simd::bins_at_once> weighted; // as many as there are are read
    const simd::Weighed weighed = simd::listener_kernels().weigh(samples.data(), count, weighted.data());
    const float least_gain = averaging_gain(highest_hz + beyond_highest * bin_hz, stream_hz);
    const float around = weighed.neighbours + weighted[0] * weighted.at(count - 1);
    const double lowest = first_bin(static_cast<double>(count), sample_hz) / static_cast<double>(count);
    if (most_in_bins(weighed.samples, around, lowest) <
        (1.0F - bin_error) * least_share * least_gain * weighed.weights * power) {
        return {};
    }
    const Bins bins = bins_of(std::span(weighted).first(count), sample_hz);
    std::array<Line, 3> lines{};
    std::size_t found = 0;
    float share = 0.0F;
    while (found < lines.size()) {
        Line line = strongest(bins, std::span(lines).first(found), bin_hz);
        if (line.bin < 0) {
            break;
        }
        line.power *= 2.0F / (static_cast<float>(count) * weighed.weights *
                              averaging_gain(static_cast<double>(line.hz), stream_hz));
        if (found > 0 && line.power < least_of_strongest * lines[0].power) {
            break;
        }
        share += line.power / power;
        lines[found++] = line;
    }
    if (found == 0) {
        return {};
    }
    BurstTone tone = tone_of(lines, found);
    tone.share = share;
    return tone;
}

} // namespace keytone
