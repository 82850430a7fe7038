// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_edges.hpp"

#include "dsp/arithmetic/phase.hpp"
#include "dsp/arithmetic/sine.hpp"
#include "dsp/levels.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

constexpr std::size_t terms = 4; // a sine and a cosine of each tone

constexpr double longest_fit_ms = 30.0;
constexpr double shortest_fit_ms = 8.0;
// A stretch is looked for around the strongest part of this length.
constexpr double core_ms = 16.0;
// A window's loud part begins and ends with a piece of this length that has this share of the window's power.
constexpr double loud_piece_ms = 2.0;
constexpr float least_loud = 0.2F;
constexpr double least_inside_ms = 2.0; // a fit ends so far before the edge that is looked for
// The edge is looked for so far inside the key, and as far outside as the tones go on; a stretch without them
// as long as this ends the search.
constexpr double most_inside_ms = 15.0;
constexpr double most_outside_ms = 80.0;
constexpr double longest_pause_ms = 8.0;
// Of each sample the tones must explain more than this share of their power: speech at the edge sometimes
// goes on like them for a millisecond.
constexpr float least_explained = 0.4F;
constexpr double longest_luck_ms = 4.0;
constexpr int rounds = 3; // each fit is made up to the edge that the one before gave

} // namespace

/// Two tones: `amounts` of the sines and cosines, whose phase is 0 at `origin`.
struct KeyEdges::Tones {
    std::int64_t origin = 0;
    std::array<std::uint64_t, 2> steps{};
    std::array<float, terms> amounts{};
    float rest = 0.0F;

    [[nodiscard]] std::array<float, terms> terms_at(std::int64_t index) const noexcept {
        std::array<float, terms> values{};
        for (std::size_t tone = 0; tone < steps.size(); ++tone) {
            const std::uint64_t phase = steps[tone] * static_cast<std::uint64_t>(index - origin);
            values[2 * tone] = sine_of_phase(phase);
            values[2 * tone + 1] = sine_of_phase(phase + quarter_turn);
        }
        return values;
    }
    [[nodiscard]] float power() const noexcept {
        return 0.5F * (amounts[0] * amounts[0] + amounts[1] * amounts[1] + amounts[2] * amounts[2] +
                       amounts[3] * amounts[3]);
    }
    [[nodiscard]] Dbm0 level(std::size_t tone) const noexcept {
        const float peak = std::hypot(amounts[2 * tone], amounts[2 * tone + 1]);
        return sine_level(static_cast<double>(peak) / full_scale_pcm16);
    }
    [[nodiscard]] float at(std::int64_t index) const noexcept {
        const auto values = terms_at(index);
        return amounts[0] * values[0] + amounts[1] * values[1] + amounts[2] * values[2] +
               amounts[3] * values[3];
    }
};

/// Up to where two tones explain the samples.
struct KeyEdges::Explained {
    std::int64_t most;
    std::int64_t surely;
};

KeyEdges::KeyEdges(SampleRate rate) noexcept
    : divisor_(rate.hz() / 8000),
      average_hz_(static_cast<double>(rate.hz()) / divisor_),
      piece_(rate.hz() / divisor_ / 1000) {}

void KeyEdges::reset() noexcept {
    sum_ = 0;
    added_ = 0;
    heard_ = 0;
    averages_.fill(0);
}

void KeyEdges::hear(std::span<const std::int16_t> samples) noexcept {
    for (const std::int16_t sample : samples) {
        sum_ += sample;
        if (++added_ == divisor_) {
            averages_[static_cast<std::size_t>(heard_) % kept] = static_cast<std::int16_t>(sum_ / divisor_);
            sum_ = 0;
            added_ = 0;
            ++heard_;
        }
    }
}

void KeyEdges::hear_silence(SampleCount count) noexcept {
    constexpr std::array<std::int16_t, 192> nothing{};
    // Of a longer silence, all that is kept is silence.
    const SampleCount all = static_cast<SampleCount>(kept + 1) * divisor_;
    if (count > all) {
        const SampleCount skipped = (count - all) / divisor_;
        heard_ += skipped;
        count -= skipped * divisor_;
    }
    for (; count > 0; count -= std::ssize(nothing)) {
        hear(std::span(nothing).first(
            static_cast<std::size_t>(std::min<SampleCount>(count, std::ssize(nothing)))));
    }
}

float KeyEdges::at(std::int64_t index) const noexcept {
    const bool is_kept = index >= 0 && index < heard_ && index >= heard_ - static_cast<std::int64_t>(kept);
    return is_kept ? static_cast<float>(averages_[static_cast<std::size_t>(index) % kept]) : 0.0F;
}

std::int64_t KeyEdges::averages(double ms) const noexcept {
    return static_cast<std::int64_t>(std::lround(ms * average_hz_ / 1000.0));
}

/// Least squares over [from, to).
KeyEdges::Tones KeyEdges::fit(std::int64_t from, std::int64_t to, Hertz low, Hertz high) const noexcept {
    Tones tones{from, {phase_step(low.value, average_hz_), phase_step(high.value, average_hz_)}, {}, 0.0F};
    // The products of all terms, and, in the last column, of the terms and the samples.
    std::array<std::array<double, terms + 1>, terms> products{};
    double power = 0.0;
    for (std::int64_t index = from; index < to; ++index) {
        const auto values = tones.terms_at(index);
        const auto sample = static_cast<double>(at(index));
        power += sample * sample;
        for (std::size_t row = 0; row < terms; ++row) {
            for (std::size_t column = row; column < terms; ++column) {
                products[row][column] +=
                    static_cast<double>(values[row]) * static_cast<double>(values[column]);
            }
            products[row][terms] += static_cast<double>(values[row]) * sample;
        }
    }
    // The matrix is symmetric, and far from singular over 8 ms of tones 200 Hz apart.
    const auto sums = products;
    for (std::size_t row = 0; row < terms; ++row) {
        for (std::size_t column = 0; column < row; ++column) {
            products[row][column] = products[column][row];
        }
    }
    for (std::size_t pivot = 0; pivot < terms; ++pivot) {
        for (std::size_t row = pivot + 1; row < terms; ++row) {
            const double factor = products[row][pivot] / products[pivot][pivot];
            for (std::size_t column = pivot; column <= terms; ++column) {
                products[row][column] -= factor * products[pivot][column];
            }
        }
    }
    double explained = 0.0;
    for (std::size_t row = terms; row-- > 0;) {
        double amount = products[row][terms];
        for (std::size_t column = row + 1; column < terms; ++column) {
            amount -= products[row][column] * static_cast<double>(tones.amounts[column]);
        }
        tones.amounts[row] = static_cast<float>(amount / products[row][row]);
        explained += static_cast<double>(tones.amounts[row]) * sums[row][terms];
    }
    tones.rest = explained > 0.0 ? static_cast<float>(std::max(power - explained, 0.0) / explained) : 1.0F;
    return tones;
}

/// Goes from `from` to before `to`, in either direction, and returns the sample up to which the tones explain
/// most, and up to which they surely do.
KeyEdges::Explained KeyEdges::explained_to(const Tones& tones, std::int64_t from,
                                           std::int64_t to) const noexcept {
    const std::int64_t step = from < to ? 1 : -1;
    const float asked = least_explained * tones.power();
    const float least = -tones.power() * static_cast<float>(averages(longest_pause_ms));
    float since = 0.0F;  // what was explained since `most`,
    float surely = 0.0F; // and what of it was more than asked, since `found`
    std::int64_t most = from;
    std::int64_t found = from;
    for (std::int64_t index = from; index != to && since > least; index += step) {
        const float tone = tones.at(index);
        const float explained = tone * (2.0F * at(index) - tone);
        since += explained;
        if (since > 0.0F) {
            since = 0.0F;
            most = index + step;
        }
        surely += explained - asked;
        if (surely > 0.0F) {
            surely = 0.0F;
            found = index + step;
        }
    }
    const std::int64_t luck = averages(longest_luck_ms);
    return {most, step > 0 ? std::max(found, most - luck) : std::min(found, most + luck)};
}

KeyEdges::Edge KeyEdges::begin(SampleIndex about, Hertz low, Hertz high) const noexcept {
    const std::int64_t last_fit = known() - averages(shortest_fit_ms);
    const std::int64_t earliest = about / divisor_ - averages(most_outside_ms);
    std::int64_t edge = about / divisor_;
    std::int64_t sure = edge;
    float rest = 1.0F;
    for (int round = 0; round < rounds; ++round) {
        const std::int64_t from = std::min(edge + averages(least_inside_ms), last_fit);
        const Tones tones = fit(from, std::min(from + averages(longest_fit_ms), known()), low, high);
        rest = tones.rest;
        const std::int64_t inside = std::min(edge + averages(most_inside_ms), last_fit);
        if (inside <= earliest) {
            break;
        }
        // The sample from which on they do: going backwards, one after the last that was not explained.
        const Explained explained = explained_to(tones, inside, earliest);
        sure = explained.surely + 1;
        const std::int64_t found = explained.most + 1;
        if (found == edge) {
            break;
        }
        edge = found;
    }
    return {sure * divisor_, rest};
}

KeyEdges::Edge KeyEdges::end(SampleIndex begin, SampleIndex about, Hertz low, Hertz high) const noexcept {
    const std::int64_t first = begin / divisor_ + averages(least_inside_ms);
    const std::int64_t latest = std::min(about / divisor_ + averages(most_outside_ms), known());
    std::int64_t edge = about / divisor_;
    std::int64_t sure = edge;
    float rest = 1.0F;
    for (int round = 0; round < rounds; ++round) {
        const std::int64_t to = std::max(edge - averages(least_inside_ms), first + averages(shortest_fit_ms));
        const Tones tones = fit(std::max(first, to - averages(longest_fit_ms)), to, low, high);
        rest = tones.rest;
        const std::int64_t inside = std::max(to - averages(most_inside_ms), first);
        if (inside >= latest) {
            break;
        }
        const Explained explained = explained_to(tones, inside, latest);
        sure = explained.surely;
        const std::int64_t found = explained.most;
        if (found == edge) {
            break;
        }
        edge = found;
    }
    return {sure * divisor_, rest};
}

float KeyEdges::power(std::int64_t from, std::int64_t to) const noexcept {
    float sum = 0.0F;
    for (std::int64_t index = from; index < to; ++index) {
        sum += at(index) * at(index);
    }
    return sum / static_cast<float>(to - from);
}

KeyEdges::Stretch KeyEdges::stretch_of(const Tones& tones, std::int64_t begin,
                                       std::int64_t end) const noexcept {
    // What is beyond, behind the fade of what was silenced there.
    const std::int64_t gap = piece_;
    return {begin * divisor_,
            end * divisor_,
            tones.level(0),
            tones.level(1),
            tones.rest,
            power(begin - 2 * gap, begin - gap) == 0.0F,
            power(end + gap, end + 2 * gap) == 0.0F};
}

KeyEdges::Stretch KeyEdges::explained(SampleIndex from, SampleIndex to, Hertz low,
                                      Hertz high) const noexcept {
    const std::int64_t last = std::min(to / divisor_, known());
    const std::int64_t core = averages(core_ms);
    Tones tones;
    std::int64_t middle = from / divisor_;
    for (std::int64_t begin = from / divisor_; begin + core <= last; begin += piece_) {
        const Tones part = fit(begin, begin + core, low, high);
        if (part.power() > tones.power()) {
            tones = part;
            middle = begin + core / 2;
        }
    }
    const std::int64_t half_fit = averages(longest_fit_ms / 2.0);
    const std::int64_t earliest = from / divisor_ - averages(most_outside_ms);
    const std::int64_t latest = std::min(last + averages(most_outside_ms), known());
    std::int64_t begin = middle;
    std::int64_t end = middle;
    for (int round = 0; round < rounds; ++round) {
        begin = explained_to(tones, middle, earliest).surely + 1;
        end = explained_to(tones, middle, latest).surely;
        if (end - begin < averages(shortest_fit_ms)) {
            break;
        }
        middle = (begin + end) / 2;
        tones = fit(std::max(begin, middle - half_fit), std::min(end, middle + half_fit), low, high);
    }
    return stretch_of(tones, begin, end);
}

KeyEdges::Stretch KeyEdges::loud_part(SampleIndex from, SampleIndex to, Hertz low,
                                      Hertz high) const noexcept {
    std::int64_t begin = from / divisor_;
    std::int64_t end = std::min(to / divisor_, known());
    const float least = least_loud * power(begin, end);
    const std::int64_t piece = averages(loud_piece_ms);
    while (end - begin > piece && power(begin, begin + piece) < least) {
        ++begin;
    }
    while (end - begin > piece && power(end - piece, end) < least) {
        --end;
    }
    return stretch_of(fit(begin, end, low, high), begin, end);
}

} // namespace keytone
