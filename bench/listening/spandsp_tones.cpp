// SPDX-License-Identifier: MIT
#include "bench/listening/spandsp_tones.hpp"

#include <spandsp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace keytone::listening {

namespace {

constexpr int rate_hz = 8000;
// Made at this level, which leaves no rounding that counts, and then scaled.
constexpr int made_dbm0 = -3;
constexpr int pair_dbm0 = made_dbm0 - 3; // of each of two
constexpr int depth_percent = 90;

struct Free {
    void operator()(tone_gen_descriptor_t* tone) const { tone_gen_descriptor_free(tone); }
    void operator()(tone_gen_state_t* state) const { tone_gen_free(state); }
    void operator()(modem_connect_tones_tx_state_t* state) const { modem_connect_tones_tx_free(state); }
    void operator()(fsk_tx_state_t* state) const { fsk_tx_free(state); }
};

/// `ms` of these frequencies. SpanDSP takes whole hertz and milliseconds: the rest is done by resampling.
std::vector<float> burst(const ToneFrequencies& hz, double ms, double frequency_factor) {
    const auto whole = [](double value) { return static_cast<int>(std::lround(value)); };
    const double first = std::round(hz.first);
    const double ratio = hz.first * frequency_factor / first; // what is made is played so much faster
    const int length = std::max(1, whole(ms * ratio));
    const int second = whole(hz.second);
    const std::unique_ptr<tone_gen_descriptor_t, Free> tone(tone_gen_descriptor_init(
        nullptr, whole(first), second > 0 && !hz.modulated ? pair_dbm0 : made_dbm0,
        hz.modulated ? -second : second, hz.modulated ? depth_percent : pair_dbm0, length, 0, 0, 0, 0));
    const std::unique_ptr<tone_gen_state_t, Free> state(tone_gen_init(nullptr, tone.get()));
    accuracy::Pcm samples(static_cast<std::size_t>(length) * rate_hz / 1000);
    samples.resize(static_cast<std::size_t>(
        std::max(0, tone_gen(state.get(), samples.data(), static_cast<int>(samples.size())))));
    return accuracy::resampled(accuracy::from_pcm(samples), 1.0 / ratio);
}

/// Adds it at the level of `form`.
void add(std::vector<float>& samples, std::vector<float> sound, const ToneForm& form) {
    const double power = accuracy::mean_square(sound);
    const auto gain =
        static_cast<float>(power > 0.0 ? std::sqrt(accuracy::mean_square(form.dbm0) / power) : 0.0);
    std::ranges::transform(sound, std::back_inserter(samples), [&](float sample) { return gain * sample; });
}

void add_silence(std::vector<float>& samples, double ms) {
    samples.resize(samples.size() + accuracy::sample_count(ms, rate_hz));
}

int next_flag_bit(void* user) {
    auto& at = *static_cast<std::size_t*>(user);
    constexpr std::array<int, 8> flag{0, 1, 1, 1, 1, 1, 1, 0};
    return flag.at(at++ % flag.size());
}

int code_of(ModemTone tone) {
    switch (tone) {
    case ModemTone::fax_calling:
        return MODEM_CONNECT_TONES_FAX_CNG;
    case ModemTone::answering:
        return MODEM_CONNECT_TONES_ANS;
    case ModemTone::answering_reversed:
        return MODEM_CONNECT_TONES_ANS_PR;
    case ModemTone::modulated:
        return MODEM_CONNECT_TONES_ANSAM;
    case ModemTone::modulated_reversed:
        return MODEM_CONNECT_TONES_ANSAM_PR;
    case ModemTone::flags:
        break;
    }
    return MODEM_CONNECT_TONES_FAX_PREAMBLE;
}

accuracy::Pcm made_by_modem(ModemTone tone, std::size_t count) {
    accuracy::Pcm samples(count);
    std::size_t at = 0;
    if (tone == ModemTone::flags) {
        const std::unique_ptr<fsk_tx_state_t, Free> modem(
            fsk_tx_init(nullptr, &preset_fsk_specs[FSK_V21CH2], next_flag_bit, &at));
        fsk_tx(modem.get(), samples.data(), static_cast<int>(count));
        return samples;
    }
    const std::unique_ptr<modem_connect_tones_tx_state_t, Free> modem(
        modem_connect_tones_tx_init(nullptr, code_of(tone)));
    const int made = modem_connect_tones_tx(modem.get(), samples.data(), static_cast<int>(count));
    samples.resize(static_cast<std::size_t>(std::max(0, made)));
    return samples;
}

} // namespace

std::vector<float> steady_tone_by_spandsp(const ToneFrequencies& hz, double ms, double dbm0) {
    std::vector<float> samples;
    add(samples, burst(hz, ms, 1.0), {.dbm0 = dbm0});
    return samples;
}

std::vector<float> network_tone_by_spandsp(const NetworkTone& tone, double seconds, const ToneForm& form) {
    const ToneFrequencies hz = frequencies_of(tone.hz);
    const std::size_t length = accuracy::sample_count(1000.0 * seconds, rate_hz);
    const auto sound = [&](double ms) { return burst(hz, ms, form.frequency_factor); };
    std::vector<float> samples;
    for (int i = 0; i < tone.bursts_before; ++i) {
        add(samples, sound(tone.ms[0] * form.time_factor), form);
        add_silence(samples, tone.ms[0] * form.time_factor);
    }
    if (tone.ms.empty() || tone.bursts_before > 0) {
        add(samples, sound(1000.0 * seconds), form);
        samples.resize(length);
    }
    for (std::size_t i = 0; samples.size() < length; i = (i + 1) % tone.ms.size()) {
        const double ms = tone.ms[i] * form.time_factor;
        if (i % 2 == 0) {
            add(samples, sound(ms), form);
        } else {
            add_silence(samples, ms);
        }
    }
    samples.resize(length);
    return samples;
}

std::vector<float> information_tone_by_spandsp(const InformationTone& tone, const ToneForm& form) {
    std::vector<float> samples;
    for (std::size_t i = 0; i < 3; ++i) {
        add(samples, burst({tone.hz[i]}, tone.ms[i] * form.time_factor, form.frequency_factor), form);
    }
    return samples;
}

std::vector<float> modem_tone_by_spandsp(ModemTone tone, double seconds, const ToneForm& form) {
    const auto count = accuracy::sample_count(1000.0 * seconds * form.frequency_factor, rate_hz);
    const std::vector<float> made = accuracy::from_pcm(made_by_modem(tone, count));
    std::vector<float> samples = accuracy::resampled(made, 1.0 / form.frequency_factor);
    // Its pauses are no part of its level.
    const double power = accuracy::active_mean_square(samples, rate_hz);
    const auto gain =
        static_cast<float>(power > 0.0 ? std::sqrt(accuracy::mean_square(form.dbm0) / power) : 0.0);
    std::ranges::for_each(samples, [&](float& sample) { sample *= gain; });
    return samples;
}

} // namespace keytone::listening
