// SPDX-License-Identifier: MIT
#include "engine/io/picture/spectrogram.hpp"

#include "dsp/levels.hpp"

#include <unsupported/Eigen/FFT>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace keytone::io {
namespace {

constexpr int least_rate_hz = 1000;
constexpr int most_rate_hz = 768000;

// 32 ms separate 697 from 770 Hz and still show a gap of 40 ms.
constexpr double window_s = 0.032;
constexpr double first_column_s = 0.002;

// The next even number without large prime factors, for which the transform is fast.
int smooth_length(double least) {
    for (int length = 2 * static_cast<int>(std::ceil(least / 2));; length += 2) {
        int rest = length;
        for (const int factor : {2, 3, 5}) {
            while (rest % factor == 0) {
                rest /= factor;
            }
        }
        if (rest == 1) {
            return length;
        }
    }
}

} // namespace

struct Spectrogram::Transform {
    explicit Transform(int rate_hz) : length(smooth_length(window_s * rate_hz)) {
        const auto count = static_cast<std::size_t>(length);
        double sum = 0.0;
        for (std::size_t i = 0; i < count; ++i) {
            const double angle = 2.0 * std::numbers::pi * (static_cast<double>(i) + 0.5) / length;
            window.push_back(0.5 - 0.5 * std::cos(angle));
            sum += window.back();
        }
        // In its bin, a sine has half its peak times the window's sum: scaled to its peak, full scale
        // being 1.
        for (double& weight : window) {
            weight *= 2.0 / sum / full_scale_pcm16;
        }
        // Twice the length, half of it zeros, which gives values between the bins.
        input.assign(2 * count, 0.0);
        powers.assign(count + 1, 0.0);
        fft.SetFlag(Eigen::FFT<double>::HalfSpectrum);
    }

    int length;
    std::vector<double> window; // Hann, scaled so that a sine of full scale comes out as 1
    std::vector<double> input;
    std::vector<std::complex<double>> spectrum;
    std::vector<double> powers;
    Eigen::FFT<double> fft;
};

Spectrogram::Spectrogram(int rate_hz, std::size_t max_columns)
    : rate_hz_(std::clamp(rate_hz, least_rate_hz, most_rate_hz)),
      max_columns_(std::max<std::size_t>(2, max_columns / 2 * 2)),
      column_length_(std::max<std::int64_t>(1, std::llround(first_column_s * rate_hz_))),
      next_centre_(column_length_ / 2),
      transform_(std::make_unique<Transform>(rate_hz_)) {
    levels_.assign(max_columns_ * rows, static_cast<float>(floor.value));
    recent_.assign(static_cast<std::size_t>(transform_->length), 0);
}

Spectrogram::Spectrogram(Spectrogram&&) noexcept = default;
Spectrogram& Spectrogram::operator=(Spectrogram&&) noexcept = default;
Spectrogram::~Spectrogram() = default;

double Spectrogram::seconds() const {
    return static_cast<double>(received_) / rate_hz_;
}
double Spectrogram::column_seconds() const {
    return static_cast<double>(column_length_) / rate_hz_;
}

void Spectrogram::process(std::span<const std::int16_t> samples) {
    const SampleIndex half = transform_->length / 2;
    const auto ring = static_cast<SampleIndex>(recent_.size());
    while (!samples.empty()) {
        // Up to the end of the next window.
        const auto part = samples.first(
            std::min(samples.size(), static_cast<std::size_t>(next_centre_ + half - received_)));
        for (const std::int16_t sample : part) {
            recent_[static_cast<std::size_t>(received_++ % ring)] = sample;
        }
        samples = samples.subspan(part.size());
        if (received_ == next_centre_ + half) {
            take(next_centre_);
        }
    }
}

void Spectrogram::finish() {
    // Adds silence after the end, until the windows' middles have passed it.
    const SampleIndex end = received_;
    const SampleIndex half = transform_->length / 2;
    const auto ring = static_cast<SampleIndex>(recent_.size());
    while (next_centre_ < end || (columns_ == 0 && end > 0)) {
        while (received_ < next_centre_ + half) {
            recent_[static_cast<std::size_t>(received_++ % ring)] = 0;
        }
        take(next_centre_);
    }
    received_ = end;
}

// Adds the window around `centre`, whose last sample has just come, and chooses the next one.
void Spectrogram::take(SampleIndex centre) {
    Transform& transform = *transform_;
    const std::size_t length = recent_.size();
    const auto oldest = static_cast<std::size_t>(received_ % static_cast<SampleIndex>(length));
    for (std::size_t i = 0; i < length; ++i) {
        transform.input[i] = transform.window[i] * recent_[(oldest + i) % length];
    }
    transform.fft.fwd(transform.spectrum, transform.input);
    for (std::size_t i = 0; i < transform.powers.size(); ++i) {
        transform.powers[i] = std::norm(transform.spectrum[i]);
    }

    if (static_cast<std::size_t>(centre / column_length_) >= max_columns_) {
        merge_columns();
    }
    const auto index = static_cast<std::size_t>(centre / column_length_);
    columns_ = std::max(columns_, index + 1);
    const auto column = std::span(levels_).subspan(index * rows, rows);
    const double bins_a_row = highest_hz / (rows - 1) / rate_hz_ * static_cast<double>(2 * length);
    const auto last_bin = static_cast<double>(transform.powers.size() - 1);
    for (std::size_t row = 0; row < rows; ++row) {
        const double bin = static_cast<double>(row) * bins_a_row;
        if (bin > last_bin) {
            break;
        }
        const auto below = static_cast<std::size_t>(std::min(bin, last_bin - 1));
        const double part = bin - static_cast<double>(below);
        const double power = (1.0 - part) * transform.powers[below] + part * transform.powers[below + 1];
        const double level = std::max(floor.value, mean_square_level(power / 2.0).value);
        column[row] = std::max(column[row], static_cast<float>(level));
    }
    // Windows that overlap by half miss nothing.
    next_centre_ += std::clamp<std::int64_t>(column_length_, 1, transform.length / 2);
}

void Spectrogram::merge_columns() {
    for (std::size_t i = 0; i < max_columns_ / 2; ++i) {
        for (std::size_t row = 0; row < rows; ++row) {
            levels_[i * rows + row] =
                std::max(levels_[2 * i * rows + row], levels_[(2 * i + 1) * rows + row]);
        }
    }
    std::fill(levels_.begin() + static_cast<std::ptrdiff_t>(max_columns_ / 2 * rows), levels_.end(),
              static_cast<float>(floor.value));
    columns_ = max_columns_ / 2;
    column_length_ *= 2;
}

} // namespace keytone::io
