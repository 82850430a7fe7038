// SPDX-License-Identifier: MIT
#include "tests/support/spandsp_decoder.hpp"

#include <spandsp.h>

#include <algorithm>
#include <array>
#include <memory>

namespace keytone::test {

std::string spandsp_digits(std::span<const std::int16_t> samples, SpandspTwist accepted) {
    const std::unique_ptr<dtmf_rx_state_t, int (*)(dtmf_rx_state_t*)> receiver(
        dtmf_rx_init(nullptr, nullptr, nullptr), dtmf_rx_free);
    constexpr int unchanged = -1;
    constexpr int unchanged_threshold = -99;
    dtmf_rx_parms(receiver.get(), unchanged, accepted.max_low_over_high_db, accepted.max_high_over_low_db,
                  unchanged_threshold);
    std::string digits;
    // 20 ms at a time: the receiver keeps no more than 128 digits until they are fetched.
    for (std::size_t at = 0; at < samples.size(); at += 160) {
        const auto block = samples.subspan(at, std::min<std::size_t>(160, samples.size() - at));
        dtmf_rx(receiver.get(), block.data(), static_cast<int>(block.size()));
        std::array<char, MAX_DTMF_DIGITS + 1> heard{};
        digits.append(heard.data(), dtmf_rx_get(receiver.get(), heard.data(), MAX_DTMF_DIGITS));
    }
    return digits;
}

} // namespace keytone::test
