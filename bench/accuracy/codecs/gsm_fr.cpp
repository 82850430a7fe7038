// SPDX-License-Identifier: MIT
#include "bench/accuracy/codecs/codecs.hpp"

#include <gsm.h>

#include <array>
#include <memory>
#include <type_traits>

namespace keytone::accuracy {

Pcm through_gsm_fr(std::span<const std::int16_t> samples) {
    constexpr std::size_t frame = 160;
    using State = std::unique_ptr<std::remove_pointer_t<gsm>, decltype(&gsm_destroy)>;
    const State encoder(gsm_create(), gsm_destroy);
    const State decoder(gsm_create(), gsm_destroy);
    Pcm line = whole_frames(samples, frame);
    for (std::size_t at = 0; at < line.size(); at += frame) {
        std::array<gsm_byte, sizeof(gsm_frame)> bits{};
        gsm_encode(encoder.get(), &line[at], bits.data());
        gsm_decode(decoder.get(), bits.data(), &line[at]);
    }
    line.resize(samples.size());
    return line;
}

} // namespace keytone::accuracy
