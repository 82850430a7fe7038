// SPDX-License-Identifier: MIT
#include "bench/accuracy/codecs/codecs.hpp"

#include <opus.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace keytone::accuracy {

Pcm through_opus_8000(std::span<const std::int16_t> samples) {
    constexpr int rate_hz = 8000;
    constexpr int frame = 160;
    constexpr int bits_a_second = 8000;
    constexpr std::size_t most_bytes = 1500;
    const std::unique_ptr<OpusEncoder, decltype(&opus_encoder_destroy)> encoder(
        opus_encoder_create(rate_hz, 1, OPUS_APPLICATION_VOIP, nullptr), opus_encoder_destroy);
    const std::unique_ptr<OpusDecoder, decltype(&opus_decoder_destroy)> decoder(
        opus_decoder_create(rate_hz, 1, nullptr), opus_decoder_destroy);
    if (!encoder || !decoder) {
        throw std::bad_alloc();
    }
    opus_encoder_ctl(encoder.get(), OPUS_SET_BITRATE(bits_a_second));
    Pcm line = whole_frames(samples, frame);
    for (std::size_t at = 0; at < line.size(); at += frame) {
        std::array<unsigned char, most_bytes> bits{};
        const opus_int32 bytes =
            opus_encode(encoder.get(), &line[at], frame, bits.data(), static_cast<opus_int32>(bits.size()));
        if (bytes < 0 || opus_decode(decoder.get(), bits.data(), bytes, &line[at], frame, 0) != frame) {
            throw std::runtime_error("Opus refused a frame of 20 ms at 8 kHz");
        }
    }
    line.resize(samples.size());
    return line;
}

} // namespace keytone::accuracy
