// SPDX-License-Identifier: MIT
#include "bench/accuracy/codecs/codecs.hpp"

#include <spandsp.h>

#include <algorithm>

namespace keytone::accuracy {

Pcm through_g711_ulaw(std::span<const std::int16_t> samples) {
    Pcm out(samples.size());
    std::ranges::transform(samples, out.begin(),
                           [](std::int16_t sample) { return ulaw_to_linear(linear_to_ulaw(sample)); });
    return out;
}

Pcm through_g711_alaw(std::span<const std::int16_t> samples) {
    Pcm out(samples.size());
    std::ranges::transform(samples, out.begin(),
                           [](std::int16_t sample) { return alaw_to_linear(linear_to_alaw(sample)); });
    return out;
}

} // namespace keytone::accuracy
