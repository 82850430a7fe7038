// SPDX-License-Identifier: MIT
#include "dsp/g711.hpp"

#include <algorithm>
#include <array>

namespace keytone {

namespace {

using DecodeTable = std::array<std::int16_t, 256>;

constexpr DecodeTable make_table(std::int16_t (*decode)(std::uint8_t)) {
    DecodeTable table{};
    for (std::size_t code = 0; code < table.size(); ++code) {
        table[code] = decode(static_cast<std::uint8_t>(code));
    }
    return table;
}

constexpr DecodeTable ulaw_table = make_table([](std::uint8_t code) { return ulaw_decode(code); });
constexpr DecodeTable alaw_table = make_table([](std::uint8_t code) { return alaw_decode(code); });

} // namespace

void g711_encode(G711Law law, std::span<const std::int16_t> linear, std::span<std::uint8_t> codes) noexcept {
    if (law == G711Law::ulaw) {
        std::transform(linear.begin(), linear.end(), codes.begin(), ulaw_encode);
    } else {
        std::transform(linear.begin(), linear.end(), codes.begin(), alaw_encode);
    }
}

void g711_decode(G711Law law, std::span<const std::uint8_t> codes, std::span<std::int16_t> linear) noexcept {
    const DecodeTable& table = law == G711Law::ulaw ? ulaw_table : alaw_table;
    std::transform(codes.begin(), codes.end(), linear.begin(),
                   [&](std::uint8_t code) { return table[code]; });
}

} // namespace keytone
