// SPDX-License-Identifier: MIT
//
//     192, 96, 88.2 kHz  -- first: to a quarter, or a half -->  48, 44.1 kHz  -- last -->  8 kHz
//
// The first stage only stops what would fold onto the voice band: a few taps suffice.
#include "dsp/detector/decimator.hpp"

#include "dsp/arithmetic/windowed_sinc.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

namespace keytone {

/// One row of coefficients for each phase at which an output can fall between two inputs.
struct DecimationFilter {
    [[nodiscard]] std::size_t taps() const { return 2 * static_cast<std::size_t>(half_width) + 1; }
    [[nodiscard]] const std::int16_t* row(int phase) const {
        return coefficients.data() + static_cast<std::size_t>(phase) * taps();
    }

    int input_cycle;
    int output_cycle;
    int half_width;
    std::vector<std::int16_t> coefficients; // Q15
};

namespace {

constexpr int output_rate_hz = 8000;
constexpr int highest_last_hz = 48000; // what the last stage takes
constexpr double cutoff_hz = 4000.0;
constexpr double transition_hz = 1800.0;
constexpr double stop_band_db = 56.0;
constexpr double unity = 32768.0;

constexpr KaiserWindow window(stop_band_db);
// Kaiser's rule: how many taps reach the stop band. An output that falls between two inputs lies off the
// middle of its filter, by almost a sample at most.
int kaiser_half_width(int rate_hz, int output_cycle) {
    const double radians = 2.0 * std::numbers::pi * transition_hz / rate_hz;
    const double off_middle = 1.0 - 1.0 / output_cycle;
    return static_cast<int>(std::ceil((stop_band_db - 7.95) / (2.285 * radians) / 2.0 + off_middle));
}

// A windowed sinc, cut off at 4 kHz half-way between the pass band (3100 Hz) and its image (4900 Hz).
DecimationFilter voice_band_filter(int rate_hz) {
    const int common = std::gcd(rate_hz, output_rate_hz);
    DecimationFilter filter{.input_cycle = rate_hz / common,
                            .output_cycle = output_rate_hz / common,
                            .half_width = kaiser_half_width(rate_hz, output_rate_hz / common),
                            .coefficients = {}};
    for (int phase = 0; phase < filter.output_cycle; ++phase) {
        std::vector<double> row;
        for (int n = -filter.half_width; n <= filter.half_width; ++n) {
            const double distance = static_cast<double>(n) - static_cast<double>(phase) / filter.output_cycle;
            row.push_back(sinc(2.0 * cutoff_hz / rate_hz * distance) *
                          window(distance / (filter.half_width + 1)));
        }
        const double sum = std::accumulate(row.begin(), row.end(), 0.0);
        for (const double coefficient : row) {
            filter.coefficients.push_back(static_cast<std::int16_t>(std::lround(unity * coefficient / sum)));
        }
    }
    return filter;
}

// The maximally flat half-band filter of seven taps: from 88.2 kHz, it attenuates 3100 Hz by 0.004 dB and
// what would fold onto that by 67 dB. A quarter is a half of a half, in one filter.
DecimationFilter part_filter(int divisor) {
    constexpr std::array<int, 7> half{-1, 0, 9, 16, 9, 0, -1};
    constexpr int half_sum = 32;
    std::vector<int> taps(half.begin(), half.end());
    int sum = half_sum;
    if (divisor == 4) {
        taps.assign(half.size() + 2 * (half.size() - 1), 0);
        for (std::size_t i = 0; i < half.size(); ++i) {
            for (std::size_t k = 0; k < half.size(); ++k) {
                taps[i + 2 * k] += half[i] * half[k];
            }
        }
        sum *= half_sum;
    }
    DecimationFilter filter{.input_cycle = divisor,
                            .output_cycle = 1,
                            .half_width = static_cast<int>(taps.size()) / 2,
                            .coefficients = {}};
    for (const int tap : taps) {
        filter.coefficients.push_back(static_cast<std::int16_t>(tap * static_cast<int>(unity) / sum));
    }
    return filter;
}

constexpr int first_divisor(int rate_hz) {
    return (rate_hz + highest_last_hz - 1) / highest_last_hz;
}

template <std::size_t place>
const DecimationFilter* last_made_once() {
    constexpr int rate_hz = SampleRate::offered_hz[place] / first_divisor(SampleRate::offered_hz[place]);
    if constexpr (rate_hz > output_rate_hz) {
        static const DecimationFilter filter = voice_band_filter(rate_hz);
        return &filter;
    }
    return nullptr;
}

const DecimationFilter* last_filter(SampleRate rate) {
    constexpr auto made_by_place = []<std::size_t... places>(std::index_sequence<places...>) {
        return std::array{&last_made_once<places>...};
    }
    (std::make_index_sequence<SampleRate::offered_hz.size()>{});
    return made_by_place[rate.place()]();
}

const DecimationFilter* first_filter(SampleRate rate) {
    static const DecimationFilter to_a_half = part_filter(2);
    static const DecimationFilter to_a_quarter = part_filter(4);
    const int divisor = first_divisor(rate.hz());
    return divisor == 1 ? nullptr : divisor == 2 ? &to_a_half : &to_a_quarter;
}

static_assert(std::ranges::all_of(SampleRate::offered_hz, [](int hz) {
    const int divisor = first_divisor(hz);
    return (divisor == 1 || divisor == 2 || divisor == 4) && hz % divisor == 0;
}));

std::int16_t weighted(const std::int16_t* x, const std::int16_t* weights, std::size_t taps) {
    std::int32_t sum = 1 << 14; // half a step, to round
    for (std::size_t n = 0; n < taps; ++n) {
        sum += std::int32_t{x[n]} * weights[n];
    }
    return static_cast<std::int16_t>(std::clamp(sum >> 15, -32768, 32767));
}

} // namespace

template <std::size_t most_taps>
DecimationStage<most_taps>::DecimationStage(const DecimationFilter* filter) : filter_(filter) {
    reset();
}

template <std::size_t most_taps>
void DecimationStage<most_taps>::reset() noexcept {
    phase_ = 0;
    // The first output stands for the first input: what came before it is silence.
    held_ = filter_ != nullptr ? static_cast<std::uint16_t>(filter_->half_width) : std::uint16_t{0};
    std::fill_n(history_.begin(), held_, std::int16_t{0});
}

template <std::size_t most_taps>
std::size_t DecimationStage<most_taps>::needed(std::size_t outputs) const noexcept {
    const std::int64_t last =
        (phase_ + (static_cast<std::int64_t>(outputs) - 1) * filter_->input_cycle) / filter_->output_cycle;
    return static_cast<std::size_t>(last) + filter_->taps() - held_;
}

// The samples of an output are read in place: in `in`, or, where they begin in the history, in a copy of the
// seam between the two.
template <std::size_t most_taps>
std::size_t DecimationStage<most_taps>::process(std::span<const std::int16_t>& in,
                                                std::span<std::int16_t> out) noexcept {
    if (out.empty()) {
        return 0;
    }
    const std::size_t taps = filter_->taps();
    std::array<std::int16_t, 2 * (most_taps - 1)> seam;
    const std::size_t behind = std::min(in.size(), taps - 1);
    std::copy_n(history_.begin(), held_, seam.begin());
    std::copy_n(in.begin(), behind, seam.begin() + held_);
    const std::size_t given = held_ + in.size();
    const auto at = [&](std::size_t index) {
        return index < held_ ? seam.data() + index : in.data() + (index - held_);
    };

    std::size_t first = 0; // of the next output's samples, counted from the history's first
    std::size_t end = given;
    std::size_t written = 0;
    while (first + taps <= given) {
        out[written++] = weighted(at(first), filter_->row(phase_), taps);
        end = first + taps;
        phase_ += filter_->input_cycle;
        first += static_cast<std::size_t>(phase_ / filter_->output_cycle);
        phase_ %= filter_->output_cycle;
        if (written == out.size()) {
            break;
        }
        end = given;
    }
    std::copy(at(first), at(first) + (end - first), history_.begin());
    in = in.subspan(end - held_);
    held_ = static_cast<std::uint16_t>(end - first);
    return written;
}

Decimator::Decimator(SampleRate rate) : first_(first_filter(rate)), last_(last_filter(rate)) {}

void Decimator::reset() noexcept {
    first_.reset();
    last_.reset();
}

int Decimator::input_cycle() const noexcept {
    return (first_.filter() != nullptr ? first_.filter()->input_cycle : 1) *
           (last_.filter() != nullptr ? last_.filter()->input_cycle : 1);
}
int Decimator::output_cycle() const noexcept {
    return last_.filter() != nullptr ? last_.filter()->output_cycle : 1;
}
int Decimator::lookahead() const noexcept {
    const int of_last = last_.filter() != nullptr ? last_.filter()->half_width : 0;
    return first_.filter() != nullptr ? of_last * first_.filter()->input_cycle + first_.filter()->half_width
                                      : of_last;
}

std::size_t Decimator::process(std::span<const std::int16_t>& in, std::span<std::int16_t> out) noexcept {
    if (last_.filter() == nullptr) {
        const std::size_t count = std::min(in.size(), out.size());
        std::copy_n(in.begin(), count, out.begin());
        in = in.subspan(count);
        return count;
    }
    if (first_.filter() == nullptr) {
        return last_.process(in, out);
    }
    std::array<std::int16_t, 256> between;
    std::size_t written = 0;
    while (written < out.size()) {
        // There is no room to keep what the last stage would not take.
        const std::size_t needed = std::min(between.size(), last_.needed(out.size() - written));
        const std::size_t made = first_.process(in, std::span(between).first(needed));
        std::span<const std::int16_t> rest = std::span(between).first(made);
        written += last_.process(rest, out.subspan(written));
        if (made < needed) {
            break;
        }
    }
    return written;
}

} // namespace keytone
