// SPDX-License-Identifier: MIT
#include "bench/accuracy/codecs/codecs.hpp"

#include <array>
#include <memory>

extern "C" {
#include <bcg729/decoder.h>
#include <bcg729/encoder.h>
}

namespace keytone::accuracy {

Pcm through_g729a(std::span<const std::int16_t> samples) {
    constexpr std::size_t frame = 80;
    const std::unique_ptr<bcg729EncoderChannelContextStruct, decltype(&closeBcg729EncoderChannel)> encoder(
        initBcg729EncoderChannel(0), closeBcg729EncoderChannel);
    const std::unique_ptr<bcg729DecoderChannelContextStruct, decltype(&closeBcg729DecoderChannel)> decoder(
        initBcg729DecoderChannel(), closeBcg729DecoderChannel);
    Pcm line = whole_frames(samples, frame);
    for (std::size_t at = 0; at < line.size(); at += frame) {
        std::array<std::uint8_t, 10> bits{};
        std::uint8_t length = 0;
        bcg729Encoder(encoder.get(), &line[at], bits.data(), &length);
        bcg729Decoder(decoder.get(), bits.data(), length, 0, 0, 0, &line[at]);
    }
    line.resize(samples.size());
    return line;
}

} // namespace keytone::accuracy
