// SPDX-License-Identifier: MIT
#include "bench/live/load_sound.hpp"

#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"
#include "engine/io/flite_prompts.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace keytone::bench {

namespace {

std::vector<std::uint8_t> encode(std::span<const std::int16_t> samples, G711Law law) {
    std::vector<std::uint8_t> codes(samples.size());
    std::ranges::transform(samples, codes.begin(), law == G711Law::ulaw ? ulaw_encode : alaw_encode);
    return codes;
}

std::vector<std::int16_t> conversation() {
    io::FlitePrompts prompts(".");
    std::vector<std::int16_t> samples;
    for (const char* const sentence :
         {"Good morning, this is the service department, how can I help you today?",
          "I would like to ask about the order that I placed two weeks ago.",
          "One moment, I have to find the letter. It begins with seven four two.",
          "Thank you. I can see that it was sent on Monday, so it should be with you tomorrow."}) {
        const auto prompt = prompts.speak(sentence, SampleRate::narrowband());
        if (!prompt) {
            throw std::runtime_error("no speech to send: flite does not speak");
        }
        samples.insert(samples.end(), (*prompt)->samples.begin(), (*prompt)->samples.end());
        samples.resize(samples.size() + 4000, 0);
    }
    samples.resize(samples.size() / samples_per_packet * samples_per_packet);
    return samples;
}

} // namespace

LoadSound::LoadSound(G711Law law) : samples_(conversation()), codes_(encode(samples_, law)) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        DtmfTone tone;
        tone.tone = Milliseconds{20.0 * packets_per_key};
        auto generator = DtmfGenerator::create(DigitString::parse(keys.substr(i, 1)).value(), tone,
                                               SampleRate::narrowband());
        std::vector<std::int16_t> samples(packets_per_key * samples_per_packet, 0);
        generator.value().generate(std::span(samples));
        keys_[i] = encode(samples, law);
    }
    std::ranges::copy(encode(std::vector<std::int16_t>(samples_per_packet, 0), law), silence_.begin());
}

std::span<const std::uint8_t> LoadSound::speech(std::size_t packet) const {
    return std::span(codes_).subspan(packet % packets() * samples_per_packet, samples_per_packet);
}

std::span<const std::int16_t> LoadSound::speech_samples(std::size_t packet) const {
    return std::span(samples_).subspan(packet % packets() * samples_per_packet, samples_per_packet);
}

std::span<const std::uint8_t> LoadSound::key(std::size_t index, std::size_t packet) const {
    return std::span(keys_[index]).subspan(packet * samples_per_packet, samples_per_packet);
}

} // namespace keytone::bench
