// SPDX-License-Identifier: MIT
//
// A windowed sinc, cut off below the lower rate's half. With d the distance in samples of the lower rate:
//
//     upwards     output(m) = sum over inputs n of   input(n) · h(d),   d = half_width - (m · from / to - n)
//     downwards   the same sum, gathered output by output as the inputs come: each input is added, with
//                 its weight, to the `taps` outputs that it has a part in
//
// Both ways d runs over half_width - phase / phases - j, j = 0 ... taps - 1: one table serves both.
#include "dsp/resampler.hpp"

#include "dsp/arithmetic/windowed_sinc.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace keytone {

struct ResamplingFilter {
    static constexpr std::size_t taps = Resampler::taps;
    static constexpr int half_width = static_cast<int>(taps) / 2;

    ResamplingFilter(int lower_hz, int higher_hz);

    [[nodiscard]] const float* row(int phase) const {
        return weights.data() + static_cast<std::size_t>(phase) * taps;
    }

    int step; // a sample of the higher rate, in 1/phases of one of the lower
    int phases;
    std::vector<float> weights;
};

namespace {

// The pass band ends at 85 % of the lower rate's half, and the stop band begins at that half; by Kaiser's
// rule, 56 taps give 67 dB between them.
constexpr double cutoff = (0.85 + 1.0) / 2.0;
constexpr KaiserWindow window(67.0);

constexpr std::size_t rates = SampleRate::offered_hz.size();

// The filter between the rates at places pair / rates and pair % rates.
template <std::size_t pair>
const ResamplingFilter* made_once() {
    constexpr int lower_hz = SampleRate::offered_hz[pair / rates];
    constexpr int higher_hz = SampleRate::offered_hz[pair % rates];
    if constexpr (lower_hz < higher_hz) {
        static const ResamplingFilter filter(lower_hz, higher_hz);
        return &filter;
    }
    return nullptr;
}

constexpr auto made_by_pair = []<std::size_t... pairs>(std::index_sequence<pairs...>) {
    return std::array{&made_once<pairs>...};
}
(std::make_index_sequence<rates * rates>{});

const ResamplingFilter* filter_for(SampleRate from, SampleRate to) {
    const auto [lower, higher] = std::minmax({from.place(), to.place()});
    return made_by_pair[lower * rates + higher]();
}

std::int16_t to_pcm16(float value) {
    // Adding 0.5 and truncating rounds a positive number to the nearest, without querying the rounding mode.
    constexpr float offset = 32768.5F;
    return static_cast<std::int16_t>(static_cast<int>(std::clamp(value, -32768.0F, 32767.0F) + offset) -
                                     32768);
}

// Eight sums side by side, which fit vector registers; always added in the same order.
float product_sum(const float* a, const float* b, std::size_t count) {
    std::array<float, 8> sums{};
    for (std::size_t i = 0; i < count; i += sums.size()) {
        for (std::size_t lane = 0; lane < sums.size(); ++lane) {
            sums[lane] += a[i + lane] * b[i + lane];
        }
    }
    return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

} // namespace

ResamplingFilter::ResamplingFilter(int lower_hz, int higher_hz)
    : step(lower_hz / std::gcd(lower_hz, higher_hz)), phases(higher_hz / std::gcd(lower_hz, higher_hz)) {
    weights.reserve(static_cast<std::size_t>(phases) * taps);
    for (int phase = 0; phase < phases; ++phase) {
        for (int j = 0; j < static_cast<int>(taps); ++j) {
            const double distance = half_width - j - static_cast<double>(phase) / phases;
            weights.push_back(
                static_cast<float>(cutoff * sinc(cutoff * distance) * window(distance / half_width)));
        }
    }
}

Resampler::Resampler(SampleRate from, SampleRate to)
    : filter_(filter_for(from, to)),
      upwards_(from.hz() < to.hz()),
      gain_(upwards_ ? 1.0F : static_cast<float>(to.hz()) / static_cast<float>(from.hz())) {
    reset();
}

void Resampler::reset() noexcept {
    // Upwards, the first output needs the first input.
    phase_ = upwards_ ? filter_->phases : 0;
    line_.fill(0.0F);
}

SampleCount Resampler::delay() const noexcept {
    return filter_ != nullptr ? ResamplingFilter::half_width : 0;
}

SampleCount Resampler::output_count(SampleCount in) const noexcept {
    if (filter_ == nullptr) {
        return in;
    }
    const SampleCount phases = filter_->phases;
    const SampleCount step = filter_->step;
    // In 1/phases of a sample of the lower rate: how far the outputs may advance, and their spacing.
    const SampleCount room = upwards_ ? (in + 1) * phases - phase_ : in * step - phase_;
    const SampleCount spacing = upwards_ ? step : phases;
    return room > 0 ? (room + spacing - 1) / spacing : 0;
}

std::size_t Resampler::process(std::span<const std::int16_t>& in, std::span<std::int16_t> out) noexcept {
    if (filter_ == nullptr) {
        const std::size_t count = std::min(in.size(), out.size());
        std::copy_n(in.begin(), count, out.begin());
        in = in.subspan(count);
        return count;
    }
    return upwards_ ? interpolate(in, out) : decimate(in, out);
}

std::size_t Resampler::interpolate(std::span<const std::int16_t>& in, std::span<std::int16_t> out) noexcept {
    std::size_t written = 0;
    for (;;) {
        if (phase_ >= filter_->phases) {
            if (in.empty()) {
                return written;
            }
            std::copy_backward(line_.begin(), line_.end() - 1, line_.end());
            line_.front() = static_cast<float>(in.front());
            in = in.subspan(1);
            phase_ -= filter_->phases;
        }
        if (written == out.size()) {
            return written;
        }
        out[written++] = to_pcm16(product_sum(line_.data(), filter_->row(phase_), taps));
        phase_ += filter_->step;
    }
}

std::size_t Resampler::decimate(std::span<const std::int16_t>& in, std::span<std::int16_t> out) noexcept {
    std::size_t written = 0;
    while (!in.empty()) {
        const bool last_of_output = phase_ < filter_->step;
        if (last_of_output && written == out.size()) {
            break;
        }
        const float sample = gain_ * static_cast<float>(in.front());
        in = in.subspan(1);
        const float* weights = filter_->row(phase_);
        for (std::size_t j = 0; j < taps; ++j) {
            line_[j] += sample * weights[j];
        }
        phase_ -= filter_->step;
        if (last_of_output) {
            phase_ += filter_->phases;
            out[written++] = to_pcm16(line_.front());
            std::copy(line_.begin() + 1, line_.end(), line_.begin());
            line_.back() = 0.0F;
        }
    }
    return written;
}

} // namespace keytone
