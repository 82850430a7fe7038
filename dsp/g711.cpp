// SPDX-License-Identifier: MIT
#include "dsp/g711.hpp"

#include "dsp/simd/stream_kernels.hpp"

#include <algorithm>

namespace keytone {

void g711_encode(G711Law law, std::span<const std::int16_t> linear, std::span<std::uint8_t> codes) noexcept {
    const simd::StreamKernels& kernels = simd::stream_kernels();
    const auto encode = law == G711Law::ulaw ? kernels.ulaw_encode : kernels.alaw_encode;
    encode(linear.data(), static_cast<int>(std::min(linear.size(), codes.size())), codes.data());
}

void g711_decode(G711Law law, std::span<const std::uint8_t> codes, std::span<std::int16_t> linear) noexcept {
    const simd::StreamKernels& kernels = simd::stream_kernels();
    const auto decode = law == G711Law::ulaw ? kernels.ulaw_decode : kernels.alaw_decode;
    decode(codes.data(), static_cast<int>(std::min(linear.size(), codes.size())), linear.data());
}

} // namespace keytone
