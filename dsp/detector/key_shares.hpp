// SPDX-License-Identifier: MIT
//
// How much of a key's tones the last sub-blocks hold, as shares of what a sub-block holds that the key fills.
// They tell a pause, which separates two keys, from an interruption, which does not.
#pragma once

#include "dsp/dtmf_limits.hpp"
#include "dsp/simd/detector_kernels.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace keytone {

/// Shares of the last 16 sub-blocks (80 ms), by the sub-block's number. A plain value.
class KeyShares {
  public:
    struct Stretch {
        std::int64_t first;
        std::int64_t end;
    };

    explicit KeyShares(const DtmfLimits& limits = {});

    /// Sets all of them to full. `[audio]`
    void fill() noexcept;
    /// Sets the shares of the low and the high tone's energy; less than 0 is none. `[audio]`
    void set(std::int64_t index, const std::array<float, 2>& share) noexcept;
    /// The same of `count` sub-blocks from `first` on. `[audio]`
    void set(std::int64_t first, std::size_t count, const simd::FollowedSubBlocks& found) noexcept;
    /// Silence holds none of them. `[audio]`
    void set_silent(std::int64_t index) noexcept { at(index) = {}; }
    /// A lost sub-block neither holds nor ends the key. `[audio]`
    void set_lost(std::int64_t index) noexcept { at(index) = lost_share; }
    /// A strange sub-block holds next to nothing of the key, whatever its filters say. `[audio]`
    void set_strange(std::int64_t index) noexcept { at(index) = strange_share; }

    /// Whether it holds so much of both tones that two such sub-blocks in a row cannot come after a key's
    /// end. `[audio]`
    [[nodiscard]] bool holds_most(std::int64_t index) const noexcept {
        const Share& share = at(index);
        return share[0] >= most_of_it && share[1] >= most_of_it && share != lost_share;
    }
    /// Whether it and the one before hold half of both tones: with a third such sub-block the key goes on.
    /// `[audio]`
    [[nodiscard]] bool hold_half(std::int64_t last) const noexcept {
        const auto [low, high] = at(last);
        const auto [low_before, high_before] = at(last - 1);
        const int least = std::min({low, high, low_before, high_before});
        const int most = std::max(low, low_before);
        return 2 * least >= whole && most != lost_share[0] && gap_window_ >= 3;
    }
    /// Whether the key is over, by what is left of it up to `last`. `[audio]`
    [[nodiscard]] bool has_paused(std::int64_t last) const noexcept {
        return !(holds_most(last) && holds_most(last - 1)) && little_is_left(last);
    }
    /// How many silent sub-blocks may follow `last` before the key is over; 0 where some of the last were
    /// lost.
    /// `[audio]`
    [[nodiscard]] std::int64_t silence_left(std::int64_t last) const noexcept;
    /// Whether each of the last `count` holds a part of the key and is not full of it. `[audio]`
    [[nodiscard]] bool has_come_down(std::int64_t last, std::int64_t count) const noexcept;
    /// The first, from `from` to before `last`, that holds nothing of one of the tones; `last` if there is
    /// none. `[audio]`
    [[nodiscard]] std::int64_t first_empty(std::int64_t from, std::int64_t last) const noexcept;
    /// The last stretch before `end`, at most eight long, that is full of the key at about one strength;
    /// three at least, full or not. It begins at `oldest` or later, and ends after `confirmed`, in which the
    /// key sounded. `[audio]`
    [[nodiscard]] Stretch last_full_stretch(std::int64_t oldest, std::int64_t confirmed,
                                            std::int64_t end) const noexcept;
    /// Whether a sub-block holds clearly less of the key than the one before. `[audio]`
    [[nodiscard]] bool comes_down(std::int64_t index) const noexcept {
        return 10 * both(index) < 9 * both(index - 1);
    }
    /// Whether the key comes down by 3 dB or more in the last three before `end`. `[audio]`
    [[nodiscard]] bool fades(std::int64_t end) const noexcept { return both(end - 3) > 2 * both(end - 1); }

  private:
    using Share = std::array<std::uint8_t, 2>;

    static constexpr std::int64_t history = 16;
    // Shares are stored in hundredths, as the kernel writes them.
    static constexpr int whole = 100;
    // A sub-block is full of the key when it holds half of the power that it would hold if the key filled it,
    // and holds a part of it from a tenth on. The sum of both tones' shares is compared.
    static constexpr int full = whole;
    static constexpr int least_part = 2 * whole / 10;
    // A share counts for no more than this, as the level may change while a key sounds, as in an echo.
    static constexpr int most_counted = whole * 12 / 10;
    // A key is over when, over the gap window, less than 1.4 sub-blocks' worth of its tones is left; or less
    // than 0.3 of one of them, as GSM lets a tone sag by 10 dB for 60 ms while the other goes on.
    static constexpr int ended = 2 * whole * 14 / 10;
    static constexpr int silent = whole * 3 / 10;
    static constexpr int most_of_it = std::max(ended / 4, silent / 2);
    static_assert(3 * whole >= ended && 3 * whole / 2 >= silent); // for hold_half()
    static constexpr Share lost_share{255, 255};
    static constexpr Share strange_share{1, 1};

    [[nodiscard]] Share& at(std::int64_t index) noexcept {
        return shares_[static_cast<std::size_t>(index) % history];
    }
    [[nodiscard]] const Share& at(std::int64_t index) const noexcept {
        return shares_[static_cast<std::size_t>(index) % history];
    }
    [[nodiscard]] int both(std::int64_t index) const noexcept { return at(index)[0] + at(index)[1]; }
    static bool is_little(int low, int high) {
        // In one comparison: the processor would mispredict either.
        return (static_cast<unsigned>(low + high < ended) |
                static_cast<unsigned>(std::min(low, high) < silent)) != 0;
    }
    [[nodiscard]] bool little_is_left(std::int64_t last) const noexcept;

    std::array<Share, history> shares_{};
    std::uint8_t gap_window_; // sub-blocks over which an end is looked for
};

/// The longest gap that a key may have: half-way between an interruption, which must be bridged, and a pause,
/// which must separate two keys.
Milliseconds longest_gap_of(const DtmfLimits& limits);

} // namespace keytone
