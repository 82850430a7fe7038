// SPDX-License-Identifier: MIT
#include "dsp/decimator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

namespace keytone {

/// Windowed sinc, cut off at 4 kHz half-way between the pass band (3100 Hz) and its image (4900 Hz); one row
/// of coefficients for each phase at which an output can fall between two inputs.
struct DecimationFilter {
    explicit DecimationFilter(int rate_hz);

    [[nodiscard]] std::size_t taps() const { return 2 * static_cast<std::size_t>(half_width) + 1; }
    [[nodiscard]] std::span<const std::int16_t> row(int phase) const {
        return std::span(coefficients).subspan(static_cast<std::size_t>(phase) * taps(), taps());
    }

    int input_cycle;
    int output_cycle;
    int half_width;
    std::vector<std::int16_t> coefficients; // Q15
};

namespace {

constexpr int output_rate_hz = 8000;
constexpr double cutoff_hz = 4000.0;
constexpr double transition_hz = 1800.0;
constexpr double stop_band_db = 56.0;
constexpr double unity = 32768.0;

// Kaiser's rules for a window that reaches `stop_band_db`.
constexpr double kaiser_beta = 0.1102 * (stop_band_db - 8.7);
int kaiser_half_width(int rate_hz) {
    const double radians = 2.0 * std::numbers::pi * transition_hz / rate_hz;
    return static_cast<int>(std::ceil((stop_band_db - 7.95) / (2.285 * radians) / 2.0));
}

double kaiser(double position) {
    return position * position >= 1.0
               ? 0.0
               : std::cyl_bessel_i(0.0, kaiser_beta * std::sqrt(1.0 - position * position)) /
                     std::cyl_bessel_i(0.0, kaiser_beta);
}

double sinc(double x) {
    return x == 0.0 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

const DecimationFilter* filter_for(SampleRate rate) {
    static const DecimationFilter from_16k(16000);
    static const DecimationFilter from_32k(32000);
    static const DecimationFilter from_44k1(44100);
    static const DecimationFilter from_48k(48000);
    switch (rate.hz()) {
    case 16000:
        return &from_16k;
    case 32000:
        return &from_32k;
    case 44100:
        return &from_44k1;
    case 48000:
        return &from_48k;
    default:
        return nullptr;
    }
}

} // namespace

DecimationFilter::DecimationFilter(int rate_hz)
    : input_cycle(rate_hz / std::gcd(rate_hz, output_rate_hz)),
      output_cycle(output_rate_hz / std::gcd(rate_hz, output_rate_hz)),
      half_width(kaiser_half_width(rate_hz)) {
    for (int phase = 0; phase < output_cycle; ++phase) {
        std::vector<double> row;
        for (int n = -half_width; n <= half_width; ++n) {
            const double distance = static_cast<double>(n) - static_cast<double>(phase) / output_cycle;
            row.push_back(sinc(2.0 * cutoff_hz / rate_hz * distance) * kaiser(distance / (half_width + 1)));
        }
        const double sum = std::accumulate(row.begin(), row.end(), 0.0);
        for (const double coefficient : row) {
            coefficients.push_back(static_cast<std::int16_t>(std::lround(unity * coefficient / sum)));
        }
    }
}

Decimator::Decimator(SampleRate rate) : filter_(filter_for(rate)) {
    reset();
}

void Decimator::reset() noexcept {
    phase_ = 0;
    if (filter_ != nullptr) {
        // The first output stands for the first input: what came before it is silence.
        held_ = static_cast<std::uint16_t>(filter_->half_width);
        needed_ = static_cast<std::uint16_t>(filter_->taps());
        std::fill_n(history_.begin(), held_, std::int16_t{0});
    } else {
        held_ = 0;
        needed_ = 0;
    }
}

int Decimator::input_cycle() const noexcept {
    return filter_ != nullptr ? filter_->input_cycle : 1;
}
int Decimator::output_cycle() const noexcept {
    return filter_ != nullptr ? filter_->output_cycle : 1;
}
int Decimator::lookahead() const noexcept {
    return filter_ != nullptr ? filter_->half_width : 0;
}

std::size_t Decimator::process(std::span<const std::int16_t>& in, std::span<std::int16_t> out) noexcept {
    if (filter_ == nullptr) {
        const std::size_t count = std::min(in.size(), out.size());
        std::copy_n(in.begin(), count, out.begin());
        in = in.subspan(count);
        return count;
    }
    const std::size_t taps = filter_->taps();
    std::size_t written = 0;
    while (written < out.size()) {
        if (needed_ > capacity) {
            const std::size_t kept_from = needed_ - taps;
            std::copy(history_.begin() + static_cast<std::ptrdiff_t>(kept_from),
                      history_.begin() + static_cast<std::ptrdiff_t>(held_), history_.begin());
            held_ = static_cast<std::uint16_t>(held_ - kept_from);
            needed_ = static_cast<std::uint16_t>(taps);
        }
        const std::size_t taken = std::min<std::size_t>(in.size(), needed_ - held_);
        std::copy_n(in.begin(), taken, history_.begin() + static_cast<std::ptrdiff_t>(held_));
        held_ = static_cast<std::uint16_t>(held_ + taken);
        in = in.subspan(taken);
        if (held_ < needed_) {
            break;
        }
        const std::int16_t* x = history_.data() + (needed_ - taps);
        const auto row = filter_->row(phase_);
        std::int32_t sum = 1 << 14; // half a step, to round
        for (std::size_t n = 0; n < taps; ++n) {
            sum += std::int32_t{x[n]} * row[n];
        }
        out[written++] = static_cast<std::int16_t>(std::clamp(sum >> 15, -32768, 32767));
        phase_ += filter_->input_cycle;
        needed_ = static_cast<std::uint16_t>(needed_ + phase_ / filter_->output_cycle);
        phase_ %= filter_->output_cycle;
    }
    return written;
}

} // namespace keytone
