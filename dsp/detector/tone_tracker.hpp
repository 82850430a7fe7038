// SPDX-License-Identifier: MIT
//
// First of the detector's three parts: screens the sub-blocks, rejecting what cannot be a key, and integrates
// over the recent ones where a key may sound.
//
//     sub-blocks of 5 ms   . . p P P P P P P p . .        P passes the screen, p holds a part of the tone
//     looked at            x   x x x x x x x x x   x      every second one, and neighbours of P
//     key_may_sound()      . . . . . . y y y y y .        four of the last five passed
//
// Most lines are quiet, or carry speech, most of the time. A quiet line touches only the front of the object;
// samples are kept only from where they may be needed.
#pragma once

#include "dsp/detector/sub_block.hpp"
#include "dsp/detector/tone_pair.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/prefetch.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/units.hpp"

#include <algorithm>
#include <array>
#include <complex>
#include <cstdint>
#include <cstring>
#include <optional>

namespace keytone {

/// Energies that the screen found, summed over several sub-blocks.
struct ScreenedEnergy {
    float tones = 0.0F;    ///< In the strongest low and the strongest high filter.
    float residual = 0.0F; ///< All else, never negative.
    float lag1 = 0.0F;     ///< The residual's sums of products at lag 1, and at lag 2.
    float lag2 = 0.0F;

    [[nodiscard]] float total() const { return tones + residual; }
};

/// How much of a sub-block lies in one key's two filters, and how much elsewhere.
struct HeardTones {
    /// Converts the squared magnitude of a filter's phasor to energy.
    static constexpr float energy_of_norm = 2.0F / sub_block_size / (simd::bank_scale * simd::bank_scale);

    std::array<std::complex<float>, 2> phasor;
    std::array<float, 2> energy; ///< In the key's two filters,
    std::array<float, 2>
        strongest_other; ///< and in the strongest other one of each group; 0 where they hold nearly all.
    float total;         ///< Of the sub-block.

    [[nodiscard]] float residual() const { return std::max(0.0F, total - energy[0] - energy[1]); }
    /// The energy that noise adds to either filter: each of the two tones takes two of the forty samples'
    /// degrees of freedom, and the residual in the rest gives the noise.
    [[nodiscard]] float noise() const { return 2.0F / (sub_block_size - 4) * residual(); }
};

/// Keeps the last 70 ms of samples, where they may hold a key. A plain value.
class ToneTracker {
  public:
    /// Sub-blocks whose samples are kept, at most.
    static constexpr std::int64_t history = 14;
    /// Sub-blocks that strongest_pair() integrates, at most.
    static constexpr std::int64_t integration = simd::BankSeries::most;

    static constexpr Dbm0 usual_min_level{-48};

    /// A sub-block passes the screen where each tone is as loud as `min_level` (rounded down to a whole
    /// number of 6 dB steps below usual_min_level), and where the two differ by at most
    /// `max_level_difference`: a profile's limit, and what 5 ms may add to it.
    explicit ToneTracker(Dbm0 min_level = usual_min_level, Decibels max_level_difference = Decibels{14});

    /// Takes the next sub-block; `lost` when a part of it never arrived. With `keep`, its samples are kept
    /// whatever the screen says. `[audio]`
    void push(SubBlock samples, bool lost, bool keep = false) noexcept;
    /// Takes sub-blocks from the front of `samples`, a whole number of them, as push() would, while none may
    /// hold a tone, and the first that passes the screen; returns how many it took. `[audio]`
    std::size_t skim(std::span<const std::int16_t> samples) noexcept;
    /// The same without the one that passes. `[audio]`
    std::size_t skim_quiet(std::span<const std::int16_t> samples) noexcept;
    /// What follow() found in the sub-blocks that it took; no more are taken in one call.
    struct Followed {
        std::size_t taken = 0;
        std::array<simd::FollowedSubBlock, 8> found;
    };
    /// Takes sub-blocks from the front of `samples`, a whole number of them, as push() with `keep` would,
    /// while a key's tones fill them and go on as they were. `[audio]`
    Followed follow(std::span<const std::int16_t> samples, const TonePair& pair,
                    simd::FollowedTones& tones) noexcept;
    /// Takes the last `count` sub-blocks, all of which are kept, again as `change` modifies them; it is given
    /// each sub-block's number and samples. `[audio]`
    void hear_again(std::int64_t count,
                    FunctionRef<void(std::int64_t, std::span<std::int16_t, sub_block_size>)> change) noexcept;
    /// Forgets everything. `[audio]`
    void reset() noexcept;

    /// Sub-blocks pushed so far; they are numbered from 0. `[any]`
    [[nodiscard]] std::int64_t count() const noexcept { return count_; }
    /// Whether the last sub-block passed the screen. `[any]`
    [[nodiscard]] bool last_passed() const noexcept { return (recent_passes_ & 1U) != 0; }
    /// Whether the last two sub-blocks hold little else than one tone of each group. `[any]`
    [[nodiscard]] bool key_may_begin() const noexcept;
    /// Whether four of the last five sub-blocks that arrived passed the screen. `[any]`
    [[nodiscard]] bool key_may_sound() const noexcept;
    /// Whether, of every fourth sub-block, the last two were like a dial tone. `[any]`
    [[nodiscard]] bool dial_tone_may_sound() const noexcept { return dial_alike_ >= alike_enough; }

    /// What the screen found in those of the last `integration` sub-blocks that it examined. `[audio]`
    [[nodiscard]] ScreenedEnergy screened_energy() const noexcept;
    /// How many of the last sub-blocks the tones have filled: each counts as the square root of its share of
    /// the strongest one's energy. Lost ones count as if they were full. `[audio]`
    [[nodiscard]] float filled_sub_blocks() const noexcept;
    /// Samples since the beginning of a tone that still sounds, if there is little noise; at most what is
    /// kept. Lost sub-blocks count as if they were full. `[audio]`
    [[nodiscard]] SampleCount lasted() const noexcept;
    /// The first of the last sub-blocks, at most `most`, that the tones nearly fill; lost ones in between do
    /// not break the run. `[audio]`
    [[nodiscard]] std::int64_t first_filled(std::int64_t most) const noexcept;
    /// Over the last `sub_blocks` (at most `integration`): of each group, the strongest tone within 5 % of a
    /// key's frequency; nothing when a group has none, or when half or more of the sub-blocks are lost.
    /// `[audio]`
    [[nodiscard]] std::optional<HeardPair>
    strongest_pair(std::int64_t sub_blocks = integration) const noexcept;
    /// A key's tones in the last sub-block, which was pushed with `keep`. `[audio]`
    [[nodiscard]] HeardTones last_tones(unsigned row, unsigned column) const noexcept;
    /// The same in sub-block `index`, from oldest() on, at the cost of filtering it once more. `[audio]`
    [[nodiscard]] HeardTones tones(std::int64_t index, unsigned row, unsigned column) const noexcept;
    /// The energy of the last sub-block, which was pushed with `keep`, where it is too soft to hold tones.
    /// `[any]`
    [[nodiscard]] std::optional<float> last_if_quiet() const noexcept {
        return last_energy_ < least_energy() ? std::optional(last_energy_) : std::nullopt;
    }

    /// Samples of sub-block `index`, from oldest() on. `[audio]`
    [[nodiscard]] SubBlock samples(std::int64_t index) const noexcept {
        return index == count_ - 1 ? last_ : earlier_[slot(index)];
    }
    /// Whether a part of sub-block `index` never arrived. `[any]`
    [[nodiscard]] bool lost(std::int64_t index) const noexcept {
        return (recent_losses_ >> (count_ - 1 - index) & 1U) != 0;
    }
    /// Fetches what the next sub-blocks need besides the object's front; with `keep`, their samples will be
    /// kept. `[audio]`
    void prefetch_rest(bool keep) const noexcept {
        if (keep || last_passed()) {
            keytone::prefetch(&last_energy_, &earlier_ + 1);
        } else if (loud_run_ > 0) {
            keytone::prefetch(&earlier_, &earlier_[simd::before_last]);
        }
    }
    /// Whether a part of any of the sub-blocks from `first` to before `end` never arrived. `[any]`
    [[nodiscard]] bool any_lost(std::int64_t first, std::int64_t end) const noexcept {
        return (unsigned{recent_losses_} >> (count_ - end) & ((1U << (end - first)) - 1)) != 0;
    }
    /// Where the samples of the sub-blocks from `first` on are. `[audio]`
    void find_samples(std::int64_t first, std::span<const std::int16_t*> places) const noexcept {
        std::size_t at = slot(first);
        for (const std::int16_t*& place : places) {
            place = first == count_ - 1 ? last_.data() : earlier_[at].data();
            at = at + 1 == slots ? 0 : at + 1;
            ++first;
        }
    }
    /// The oldest sub-block whose samples are kept. `[any]`
    [[nodiscard]] std::int64_t oldest() const noexcept { return count_ - kept_; }

  private:
    template <bool takes_what_passes>
    [[gnu::always_inline]] inline std::size_t skim_as(std::span<const std::int16_t> samples) noexcept;
    using Samples = std::array<std::int16_t, sub_block_size>;

    /// What the screen found in one sub-block.
    struct Screening {
        std::uint32_t index = ~0U; // the sub-block's number, modulo 2^32
        ScreenedEnergy energy;
    };

    static constexpr std::int64_t screenings = 8;
    static constexpr std::uint64_t slots = history - 1;
    static constexpr std::uint8_t alike_enough = 2;

    static void copy(SubBlock samples, Samples& place) {
        std::memcpy(place.data(), samples.data(), sizeof place);
    }
    [[nodiscard]] std::size_t slot(std::int64_t index) const {
        return (static_cast<std::uint64_t>(index) + shifted_) % slots;
    }
    static std::size_t screening_slot(std::int64_t index) {
        return static_cast<std::size_t>(index) % screenings;
    }
    [[nodiscard]] bool is_quiet() const noexcept;
    [[nodiscard]] float least_energy() const noexcept;
    [[nodiscard]] simd::ScreenDemands demands() const noexcept;
    void take(SubBlock samples, bool lost, bool keep, const simd::Screened* seen) noexcept;
    void take_quiet(const std::int16_t* samples, std::size_t sub_blocks, std::uint8_t loud_run) noexcept;
    [[nodiscard]] std::int64_t most_kept(std::int64_t index) const noexcept;
    [[nodiscard]] static bool is_strong(const simd::Screened& seen) noexcept;
    /// A run of sub-blocks, each of which has at least a given share of the strongest one's energy.
    struct Run {
        std::int64_t first;
        float most_energy; // of one
    };
    /// The run that ends before `end`, among the last `most`; lost ones belong to it.
    template <class EnergyOf>
    [[nodiscard]] Run run_before(std::int64_t end, std::int64_t most, float least_share,
                                 EnergyOf energy_of) const noexcept;
    [[nodiscard]] const Screening* screening(std::int64_t index) const noexcept;
    void keep_screening(SubBlock samples, std::int64_t index, bool quickly, const simd::Screened& seen,
                        const simd::BankSums& sums) noexcept;
    static void keep_colour(SubBlock samples, const simd::Screened& seen, const simd::BankSums& sums,
                            ScreenedEnergy& energy) noexcept;
    void follow_dial_tone(SubBlock samples) noexcept;

    // What a quiet line touches:
    std::int64_t count_ = 0;
    float max_power_ratio_;
    std::uint16_t recent_losses_ = 0; // bit 0 is the last sub-block
    std::uint8_t recent_passes_ = 0;  // bit 0 is the last sub-block that arrived
    std::uint8_t recent_strong_ = 0;
    std::uint8_t kept_ = 0;       // sub-blocks whose samples are kept, the last included
    std::uint8_t halvings_ = 0;   // how often the usual least peak is halved
    std::uint8_t dial_alike_ = 0; // of every fourth sub-block, how many in a row may be a dial tone
    bool last_was_seen_ = false;
    std::uint8_t loud_run_ = 0; // of every second sub-block, how many of the last in a row were loud
    Samples last_{};

    // What only other lines touch:
    float last_energy_ = 0.0F;   // of the last sub-block that was examined
    simd::BankSums last_sums_{}; // 0 where it was too soft to be examined
    std::array<Screening, screenings> screening_{};
    std::uint8_t shifted_ = 0; // offset between a sub-block's number and its slot
    std::array<Samples, slots> earlier_{};
};

} // namespace keytone
