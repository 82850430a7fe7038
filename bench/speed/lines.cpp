// SPDX-License-Identifier: MIT
#include "bench/speed/lines.hpp"

#include "bench/accuracy/random.hpp"
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/sound.hpp"
#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"

#include <algorithm>
#include <stdexcept>

namespace keytone::bench {

namespace {

// Every key once: 3.2 s, 160 ticks. Where memory does not allow that for so many lines, fewer keys.
constexpr std::string_view all_keys = "1234567890ABCD*#";
constexpr std::size_t ticks_per_key = 10;
// Speech differs from place to place: few lines each hear several pieces of it, one after the other, so that
// as much speech is heard as by many lines.
constexpr std::size_t least_pieces = 100;
constexpr std::size_t most_samples = 320'000'000;

std::size_t keys_that_fit(std::size_t lines) {
    const std::size_t ticks = most_samples / (lines * Lines::frame_size);
    return std::clamp<std::size_t>(ticks / ticks_per_key, 2, all_keys.size());
}

std::size_t ticks_of_piece(std::size_t lines) {
    return ticks_per_key * keys_that_fit(lines);
}

std::size_t pieces(Signal signal, std::size_t lines) {
    return signal == Signal::speech ? (least_pieces + lines - 1) / lines : 1;
}

std::vector<std::int16_t> speech(std::size_t at_least) {
    std::vector<std::int16_t> samples;
    for (const accuracy::Recording& prompt : accuracy::prompts()) {
        const auto pcm = accuracy::to_pcm(prompt.samples);
        samples.insert(samples.end(), pcm.begin(), pcm.end());
    }
    if (samples.size() < at_least) {
        throw std::runtime_error(
            "no recorded prompts: tools/install-deps installs asterisk-core-sounds-en-wav");
    }
    return samples;
}

std::vector<std::int16_t> keying(std::string_view keys) {
    const auto digits = DigitString::parse(keys).value();
    DtmfGenerator generator = DtmfGenerator::create(digits, {}, SampleRate::narrowband()).value();
    std::vector<std::int16_t> samples(keys.size() * ticks_per_key * Lines::frame_size);
    generator.generate(samples);
    return samples;
}

std::vector<std::int16_t> quiet_noise(std::size_t size) {
    constexpr double level_dbm0 = -68.0;
    accuracy::Random random(1);
    accuracy::Sound noise{8000, std::vector<float>(size), {}};
    accuracy::add_noise(noise, accuracy::mean_square(level_dbm0), 0.0, random);
    return accuracy::to_pcm(noise.samples);
}

} // namespace

std::string_view name(Signal signal) {
    switch (signal) {
    case Signal::speech:
        return "speech";
    case Signal::dtmf:
        return "dtmf";
    case Signal::silence:
        return "silence";
    }
    return {};
}

Lines::Lines(Signal signal, std::size_t count)
    : count_(count),
      ticks_(ticks_of_piece(count) * pieces(signal, count)),
      samples_(ticks_ * count * frame_size) {
    const std::size_t length = ticks_ * frame_size;
    switch (signal) {
    case Signal::speech:
        fill(speech(length));
        break;
    case Signal::dtmf:
        keys_ = all_keys.substr(0, keys_that_fit(count));
        fill(keying(keys_));
        break;
    case Signal::silence:
        fill(quiet_noise(4 * length));
        break;
    }
}

// Each piece begins at a different place, far from its neighbours'.
void Lines::fill(std::span<const std::int16_t> source) {
    const std::size_t piece = ticks_of_piece(count_);
    for (std::size_t tick = 0; tick < ticks_; ++tick) {
        for (std::size_t line = 0; line < count_; ++line) {
            const std::size_t start =
                (line + tick / piece * count_) * 2'654'435'761U + tick % piece * frame_size;
            std::int16_t* const out = samples_.data() + (tick * count_ + line) * frame_size;
            for (std::size_t n = 0; n < frame_size; ++n) {
                out[n] = source[(start + n) % source.size()];
            }
        }
    }
}

} // namespace keytone::bench
