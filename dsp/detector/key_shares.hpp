// SPDX-License-Identifier: MIT
//
// What the last sub-blocks hold of a key's tones, as shares of what they held when the key filled them. By
// them a pause parts two keys and an interruption does not.
#pragma once

#include "dsp/dtmf_limits.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace keytone {

/// Of the last 80 ms; sub-blocks by their number. A plain value.
class KeyShares {
  public:
    struct Stretch {
        std::int64_t first;
        std::int64_t end;
    };

    explicit KeyShares(const DtmfLimits& limits = {});

    /// All of them are full. `[audio]`
    void fill() noexcept;
    /// Shares of the low and the high tone's energy, 0 or more. `[audio]`
    void set(std::int64_t index, const std::array<float, 2>& share) noexcept;
    /// It neither holds nor ends the key. `[audio]`
    void set_lost(std::int64_t index) noexcept { at(index) = lost_share; }
    /// It holds next to nothing of the key, whatever its filters say. `[audio]`
    void set_strange(std::int64_t index) noexcept { at(index) = strange_share; }

    /// The key is over, by what is left of it up to `last`. `[audio]`
    [[nodiscard]] bool has_paused(std::int64_t last) const noexcept {
        return !(holds_most(last) && holds_most(last - 1)) && little_is_left(last);
    }
    /// Each of the last `count` holds a part of the key, and is not full of it. `[audio]`
    [[nodiscard]] bool has_come_down(std::int64_t last, std::int64_t count) const noexcept;
    /// The first from `from` to before `last` that holds nothing of one of the tones; or `last`. `[audio]`
    [[nodiscard]] std::int64_t first_empty(std::int64_t from, std::int64_t last) const noexcept;
    /// The last before `end`, up to eight and where there are any three, that are full of the key and about
    /// as strong. None before `oldest`; and they end behind `confirmed`, in which the key sounded. `[audio]`
    [[nodiscard]] Stretch last_full_stretch(std::int64_t oldest, std::int64_t confirmed,
                                            std::int64_t end) const noexcept;
    /// A sub-block holds clearly less of the key than the one before. `[audio]`
    [[nodiscard]] bool comes_down(std::int64_t index) const noexcept {
        return 10 * both(index) < 9 * both(index - 1);
    }
    /// The key comes down by 3 dB and more in the last three before `end`. `[audio]`
    [[nodiscard]] bool fades(std::int64_t end) const noexcept { return both(end - 3) > 2 * both(end - 1); }

  private:
    using Share = std::array<std::uint8_t, 2>;

    static constexpr std::int64_t history = 16;
    // Shares are kept in steps, of which so many are the whole.
    static constexpr int whole = 100;
    // A sub-block is full of the key when it holds half of its power, and holds a part of it from a tenth on.
    // Both tones' steps are compared.
    static constexpr int full = whole;
    static constexpr int least_part = 2 * whole / 10;
    // A level that changes while a key sounds, as in an echo, counts for no more than this.
    static constexpr int most_counted = whole * 12 / 10;
    // A key is over when, over the gap window, less than 1.4 sub-blocks' worth of its tones is left; or less
    // than 0.3 of one of them, as GSM lets a tone sag by 10 dB for 60 ms while the other goes on.
    static constexpr int ended = 2 * whole * 14 / 10;
    static constexpr int silent = whole * 3 / 10;
    static constexpr int most_of_it = std::max(ended / 4, silent / 2);
    static constexpr Share lost_share{255, 255};
    static constexpr Share strange_share{1, 1};

    [[nodiscard]] Share& at(std::int64_t index) noexcept {
        return shares_[static_cast<std::size_t>(index) % history];
    }
    [[nodiscard]] const Share& at(std::int64_t index) const noexcept {
        return shares_[static_cast<std::size_t>(index) % history];
    }
    [[nodiscard]] int both(std::int64_t index) const noexcept { return at(index)[0] + at(index)[1]; }
    /// So much of both tones that no two such sub-blocks lie behind a key's end.
    [[nodiscard]] bool holds_most(std::int64_t index) const noexcept {
        const Share& share = at(index);
        return share[0] >= most_of_it && share[1] >= most_of_it && share != lost_share;
    }
    [[nodiscard]] bool little_is_left(std::int64_t last) const noexcept;

    std::array<Share, history> shares_{};
    std::uint8_t gap_window_; // sub-blocks over which an end is looked for
};

/// The longest gap that a key may have, half-way between an interruption that must be bridged and a pause
/// that must part two keys.
Milliseconds longest_gap_of(const DtmfLimits& limits);

} // namespace keytone
