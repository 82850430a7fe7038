// SPDX-License-Identifier: MIT
#include "bench/accuracy/codecs/codecs.hpp"

#include <opencore-amrnb/interf_dec.h>
#include <opencore-amrnb/interf_enc.h>

#include <array>
#include <memory>

namespace keytone::accuracy {

namespace {

Pcm through_amr(std::span<const std::int16_t> samples, Mode mode) {
    constexpr std::size_t frame = 160;
    constexpr std::size_t most_bytes = 64;
    using State = std::unique_ptr<void, void (*)(void*)>;
    const State encoder(Encoder_Interface_init(0), Encoder_Interface_exit);
    const State decoder(Decoder_Interface_init(), Decoder_Interface_exit);
    Pcm line = whole_frames(samples, frame);
    for (std::size_t at = 0; at < line.size(); at += frame) {
        std::array<unsigned char, most_bytes> bits{};
        Encoder_Interface_Encode(encoder.get(), mode, &line[at], bits.data(), 0);
        Decoder_Interface_Decode(decoder.get(), bits.data(), &line[at], 0);
    }
    line.resize(samples.size());
    return line;
}

} // namespace

Pcm through_amr_12200(std::span<const std::int16_t> samples) {
    return through_amr(samples, MR122);
}

Pcm through_amr_4750(std::span<const std::int16_t> samples) {
    return through_amr(samples, MR475);
}

} // namespace keytone::accuracy
