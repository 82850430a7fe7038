// SPDX-License-Identifier: MIT
//
// First of the detector's three parts: screens every sub-block for what cannot be a key, and integrates over
// the recent ones where a key may sound.
//
//     sub-blocks of 5 ms   . . p P P P P P P p . .        P passes the screen, p holds a part of the tone
//     key_may_sound()      . . . . . . y y y y y .        four of the last five passed
#pragma once

#include "dsp/goertzel_bank.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace keytone {

/// What the screen asks of a sub-block.
struct ScreenLimits {
    /// The strongest low and high filter hold this share of the energy. Half of it is there at 0 dB SNR.
    double min_tone_share = 0.30;
    /// The two lie this close together: more than a profile's limit, by what 5 ms add to it.
    Decibels max_level_difference{14};
    /// Either tone's least level, by its share of the energy.
    Dbm0 min_level{-48};
};

/// The strongest tone of each group over the last 25 ms.
struct TonePair {
    unsigned row;    ///< Of the keypad, 0-3.
    unsigned column; ///< Of the keypad, 0-3.
    Hertz low;       ///< As measured by the phase's advance from sub-block to sub-block.
    Hertz high;
    double share; ///< Of the energy heard in that time, in the two.
};

/// Keeps the last 80 ms of samples and what the bank saw of them. A plain value.
class ToneTracker {
  public:
    /// Sub-blocks whose samples are kept.
    static constexpr std::int64_t history = 16;
    /// Sub-blocks that strongest_pair() integrates.
    static constexpr std::int64_t integration = 5;

    explicit ToneTracker(const ScreenLimits& limits = {});

    /// Takes the next sub-block; `lost` when some of it never arrived. `[audio]`
    void push(SubBlock samples, bool lost) noexcept;
    /// Forgets everything. `[audio]`
    void reset() noexcept;

    /// Sub-blocks pushed so far; they are numbered from 0. `[any]`
    [[nodiscard]] std::int64_t count() const noexcept { return count_; }
    /// The last sub-block and the one before it pass the screen. `[any]`
    [[nodiscard]] bool key_may_begin() const noexcept;
    /// Four of the last five sub-blocks that arrived pass the screen. `[any]`
    [[nodiscard]] bool key_may_sound() const noexcept;
    /// Over the last `sub_blocks` (at most `integration`), the strongest tone of each group that lies within
    /// 5 % of a key's; nothing when a group has none, or when half of the sub-blocks or more are lost.
    /// `[audio]`
    [[nodiscard]] std::optional<TonePair>
    strongest_pair(std::int64_t sub_blocks = integration) const noexcept;

    /// Samples of sub-block `index`, one of the last `history`. `[audio]`
    [[nodiscard]] SubBlock samples(std::int64_t index) const noexcept;
    /// Whether some of sub-block `index` never arrived. `[any]`
    [[nodiscard]] bool lost(std::int64_t index) const noexcept;
    /// The oldest sub-block whose samples are kept. `[any]`
    [[nodiscard]] std::int64_t oldest() const noexcept;

  private:
    static std::size_t slot(std::int64_t index) { return static_cast<std::size_t>(index) % history; }
    static std::size_t bank_slot(std::int64_t index) {
        return static_cast<std::size_t>(index) % bank_history;
    }
    [[nodiscard]] bool passes(const BankOutput& output) const noexcept;

    static constexpr std::int64_t bank_history = 8;

    double min_tone_share_;
    double max_power_ratio_;
    double min_tone_energy_;
    std::int64_t count_ = 0;
    std::uint8_t recent_passes_ = 0;  // bit 0 is the last sub-block that arrived
    std::uint16_t recent_losses_ = 0; // bit 0 is the last sub-block
    std::array<BankOutput, bank_history> bank_{};
    std::array<std::array<std::int16_t, sub_block_size>, history> samples_{};
};

} // namespace keytone
