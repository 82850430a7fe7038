// SPDX-License-Identifier: MIT
#include "dsp/detector/key_shares.hpp"

#include "dsp/detector/sub_block.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

// A sub-block more than the longest gap, as both ends of a gap share a sub-block with a tone.
std::int64_t gap_window_of(const DtmfLimits& limits) {
    return std::lround(longest_gap_of(limits) / Milliseconds{1000.0 * sub_block_seconds}) + 1;
}

} // namespace

Milliseconds longest_gap_of(const DtmfLimits& limits) {
    return 0.5 * (limits.max_interruption + limits.min_pause);
}

KeyShares::KeyShares(const DtmfLimits& limits)
    : gap_window_(static_cast<std::uint8_t>(std::min(gap_window_of(limits), history))) {}

void KeyShares::fill() noexcept {
    shares_.fill({whole, whole});
}

void KeyShares::set(std::int64_t index, const std::array<float, 2>& share) noexcept {
    for (std::size_t k = 0; k < 2; ++k) {
        at(index)[k] = static_cast<std::uint8_t>(
            std::clamp(share[k], 0.0F, simd::FollowedSubBlocks::largest_share) * float{whole});
    }
}

void KeyShares::set(std::int64_t first, std::size_t count, const simd::FollowedSubBlocks& found) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        const auto both = static_cast<unsigned>(found.share[i]);
        at(first + static_cast<std::int64_t>(i)) = {static_cast<std::uint8_t>(both),
                                                    static_cast<std::uint8_t>(both >> 8U)};
    }
}

// Whether little of the key is left over the gap window, which counts only sub-blocks that arrived. All of it
// is summed up, as the processor could not predict from where on it is no longer little.
bool KeyShares::little_is_left(std::int64_t last) const noexcept {
    int low = 0;
    int high = 0;
    int arrived = 0;
    for (std::int64_t i = 0; i < history && arrived < gap_window_; ++i) {
        const Share& share = at(last - i);
        if (share[0] == lost_share[0]) {
            continue;
        }
        low += std::min<int>(share[0], most_counted);
        high += std::min<int>(share[1], most_counted);
        ++arrived;
    }
    // After a loss, the first few that arrive do not suffice to tell.
    return is_little(low, high) && 2 * arrived >= gap_window_;
}

// As silence comes in at one end of the gap window, what the key left there goes out at the other.
std::int64_t KeyShares::silence_left(std::int64_t last) const noexcept {
    int low = 0;
    int high = 0;
    for (std::int64_t left = gap_window_ - 1; left > 0 && at(last) != lost_share; --left, --last) {
        low += std::min<int>(at(last)[0], most_counted);
        high += std::min<int>(at(last)[1], most_counted);
        if (!is_little(low, high)) {
            return left;
        }
    }
    return 0;
}

bool KeyShares::has_come_down(std::int64_t last, std::int64_t count) const noexcept {
    for (std::int64_t b = last; b > last - count; --b) {
        if (at(b) == lost_share || both(b) >= full || both(b) < least_part) {
            return false;
        }
    }
    return true;
}

std::int64_t KeyShares::first_empty(std::int64_t from, std::int64_t last) const noexcept {
    while (from < last && std::min(at(from)[0], at(from)[1]) > 0) {
        ++from;
    }
    return from;
}

KeyShares::Stretch KeyShares::last_full_stretch(std::int64_t oldest, std::int64_t confirmed,
                                                std::int64_t end) const noexcept {
    constexpr std::int64_t longest = 8;
    const auto is_full = [&](std::int64_t index) { return both(index) > full; };
    for (; end > std::max(confirmed + 1, oldest + 3); --end) {
        if (is_full(end - 1) && is_full(end - 2) && is_full(end - 3)) {
            break;
        }
    }
    std::int64_t first = std::max(oldest, end - 3);
    while (first > oldest && end - first < longest && is_full(first - 1) &&
           both(first - 1) <= 2 * both(end - 2)) {
        --first;
    }
    return {first, end};
}

} // namespace keytone
