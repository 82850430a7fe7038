// SPDX-License-Identifier: MIT
#include "engine/io/offline_resampler.hpp"

#include <samplerate.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <new>
#include <utility>

namespace keytone::io {
namespace {

struct DeleteConverter {
    void operator()(SRC_STATE* converter) const { src_delete(converter); }
};

// Samples passed at a time. Fixed: results must not depend on how the caller cuts the stream.
constexpr std::size_t piece_samples = 4096;

} // namespace

struct OfflineResampler::State {
    int from_hz;
    int to_hz;
    std::unique_ptr<SRC_STATE, DeleteConverter> converter; // none when the rates are equal
    SampleCount added = 0;
    SampleCount taken = 0;
    std::vector<float> pending; // fewer than a piece
    std::vector<float> result;

    void convert(std::span<const float> samples, bool is_last);
};

OfflineResampler::OfflineResampler(int from_hz, int to_hz) : state_(std::make_unique<State>()) {
    state_->from_hz = from_hz;
    state_->to_hz = to_hz;
    if (from_hz != to_hz) {
        int error = 0;
        state_->converter.reset(src_new(SRC_SINC_MEDIUM_QUALITY, 1, &error));
        if (state_->converter == nullptr) {
            throw std::bad_alloc(); // the only failure possible with one channel
        }
    }
}
OfflineResampler::OfflineResampler(OfflineResampler&&) noexcept = default;
OfflineResampler& OfflineResampler::operator=(OfflineResampler&&) noexcept = default;
OfflineResampler::~OfflineResampler() = default;

void OfflineResampler::State::convert(std::span<const float> samples, bool is_last) {
    std::array<float, piece_samples> block{};
    SRC_DATA data{};
    data.src_ratio = static_cast<double>(to_hz) / from_hz;
    data.end_of_input = is_last ? 1 : 0;
    do {
        data.data_in = samples.data();
        data.input_frames = static_cast<long>(samples.size());
        data.data_out = block.data();
        data.output_frames = static_cast<long>(block.size());
        if (src_process(converter.get(), &data) != 0) {
            return; // never happens, as the rates are within bounds; the length below is right nevertheless
        }
        samples = samples.subspan(static_cast<std::size_t>(data.input_frames_used));
        result.insert(result.end(), block.begin(), block.begin() + data.output_frames_gen);
    } while (!samples.empty() || data.output_frames_gen > 0);
}

void OfflineResampler::add(std::span<const float> samples) {
    State& state = *state_;
    state.added += static_cast<SampleCount>(samples.size());
    if (state.converter == nullptr) {
        state.result.insert(state.result.end(), samples.begin(), samples.end());
        return;
    }
    while (!samples.empty()) {
        const auto taken = samples.first(std::min(samples.size(), piece_samples - state.pending.size()));
        state.pending.insert(state.pending.end(), taken.begin(), taken.end());
        samples = samples.subspan(taken.size());
        if (state.pending.size() == piece_samples) {
            state.convert(state.pending, false);
            state.pending.clear();
        }
    }
}

std::vector<float> OfflineResampler::take() {
    state_->taken += static_cast<SampleCount>(state_->result.size());
    return std::exchange(state_->result, {});
}

std::vector<float> OfflineResampler::finish() {
    State& state = *state_;
    if (state.converter != nullptr) {
        state.convert(state.pending, true);
        state.pending.clear();
        // The converter may give one sample more or fewer.
        const SampleCount length = (state.added * state.to_hz + state.from_hz / 2) / state.from_hz;
        state.result.resize(static_cast<std::size_t>(std::max<SampleCount>(0, length - state.taken)), 0.0F);
    }
    return take();
}

std::vector<std::int16_t> to_pcm16(std::span<const float> samples) {
    std::vector<std::int16_t> rounded(samples.size());
    std::ranges::transform(samples, rounded.begin(), [](float sample) {
        return static_cast<std::int16_t>(std::lrint(std::clamp(sample * 32768.0F, -32768.0F, 32767.0F)));
    });
    return rounded;
}

std::vector<float> from_pcm16(std::span<const std::int16_t> samples) {
    std::vector<float> scaled(samples.size());
    std::ranges::transform(samples, scaled.begin(),
                           [](std::int16_t sample) { return static_cast<float>(sample) / 32768.0F; });
    return scaled;
}

} // namespace keytone::io
