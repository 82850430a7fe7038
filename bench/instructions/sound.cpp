// SPDX-License-Identifier: MIT
#include "bench/instructions/sound.hpp"

#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"
#include "engine/io/audio_reader.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace keytone::bench {

namespace {

constexpr std::array prompts{"demo-congrats", "basic-pbx-ivr-main", "vm-options"};

Samples read(const std::string& name) {
    auto reader = io::AudioReader::open("/usr/share/asterisk/sounds/en_US_f_Allison/" + name + ".wav");
    if (!reader) {
        throw std::runtime_error(reader.error().message + " (Debian package asterisk-core-sounds-en-wav)");
    }
    Samples samples(static_cast<std::size_t>(reader->frames()));
    const auto count = reader->read(samples);
    if (!count || *count != reader->frames()) {
        throw std::runtime_error(name + " cannot be read to its end");
    }
    return samples;
}

Samples spoken(std::size_t pause) {
    Samples samples;
    for (const char* const name : prompts) {
        const Samples prompt = read(name);
        samples.insert(samples.end(), prompt.begin(), prompt.end());
        samples.resize(samples.size() + pause, 0);
    }
    return samples;
}

} // namespace

Samples spoken_prompts() {
    return spoken(0);
}

Samples conversation() {
    constexpr std::size_t second = 8000;
    return spoken(second);
}

Samples all_keys(int rounds) {
    const auto digits = DigitString::parse("1234567890ABCD*#").value();
    DtmfGenerator generator = DtmfGenerator::create(digits, {}, SampleRate::narrowband()).value();
    constexpr std::size_t of_a_key = 1600;
    Samples round(of_a_key * 16);
    generator.generate(round);
    Samples samples;
    for (int i = 0; i < rounds; ++i) {
        samples.insert(samples.end(), round.begin(), round.end());
    }
    return samples;
}

// The sum of four numbers from 0 to 7, less their mean: a standard deviation of 4.6, which is -68 dBm0.
// Knuth's MMIX generator gives the same numbers everywhere.
Samples quiet_line(std::size_t size) {
    std::uint64_t state = 1;
    Samples samples(size);
    for (std::int16_t& sample : samples) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        const std::uint64_t bits = state >> 52U;
        sample = static_cast<std::int16_t>((bits & 7U) + ((bits >> 3U) & 7U) + ((bits >> 6U) & 7U) +
                                           ((bits >> 9U) & 7U));
        sample = static_cast<std::int16_t>(sample - 14);
    }
    return samples;
}

Samples sound_of(std::string_view name) {
    constexpr std::size_t twenty_seconds = 160'000;
    constexpr int rounds = 4;
    if (name == "silence") {
        return quiet_line(twenty_seconds);
    }
    if (name == "speech") {
        return spoken_prompts();
    }
    if (name == "keys") {
        return all_keys(rounds);
    }
    throw std::runtime_error("no sound " + std::string(name) + ": silence, speech, keys");
}

} // namespace keytone::bench
