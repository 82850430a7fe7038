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
};

/// The residual's sums of products at lag 1, and at lag 2.
struct ResidualProducts {
    float lag1 = 0.0F;
    float lag2 = 0.0F;
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
    std::size_t skim(std::span<const std::int16_t> samples) noexcept {
        simd::Screened next;
        const Skimmed skimmed = skim_quiet(samples, next);
        return skimmed.taken + take_passing(samples, skimmed, next);
    }
    /// What skim_quiet() took: so many sub-blocks; and whether the next one passes the screen.
    struct Skimmed {
        std::size_t taken = 0;
        bool passes = false;
    };
    /// The same without the one that passes; `next` is then what the screen found in that one. `[audio]`
    Skimmed skim_quiet(std::span<const std::int16_t> samples, simd::Screened& next) noexcept {
        if (may_skim_frame(samples.size())) {
            const Skimmed skimmed = skim_frame(samples.data(), next);
            if (skimmed.taken != simd::dial_period) {
                keep_skimmed(samples, skimmed);
            }
            return skimmed;
        }
        return is_quiet() ? skim_on(samples, next) : Skimmed{};
    }
    /// Whether skim_frame() may be called instead: for 20 ms that begin where a dial tone is looked for.
    /// `[any]`
    [[nodiscard]] bool may_skim_frame(std::size_t samples) const noexcept {
        // In one comparison: the processor would mispredict several.
        const bool is_due = static_cast<unsigned>(count_) % simd::dial_period == 0;
        const bool is_whole = samples == simd::dial_period * sub_block_size;
        return is_quiet() & is_due & is_whole;
    }
    /// The same as skim_quiet(), but where it takes less than all, keep_skimmed() must follow. `[audio]`
    Skimmed skim_frame(const std::int16_t* samples, simd::Screened& next) noexcept;
    /// `[audio]`
    void keep_skimmed(std::span<const std::int16_t> samples, Skimmed skimmed) noexcept;
    /// Takes the one of `samples` that passes, where skim_quiet() says so; returns how many it took.
    /// `[audio]`
    std::size_t take_passing(std::span<const std::int16_t> samples, Skimmed skimmed,
                             const simd::Screened& next) noexcept;
    /// What follow() found in the sub-blocks that it took; no more are taken in one call.
    struct Followed {
        std::size_t taken = 0;
        simd::FollowedSubBlocks found;
    };
    /// Takes sub-blocks from the front of `samples`, a whole number of them, as push() with `keep` would,
    /// while a key's tones fill them and go on as they were. `[audio]`
    Followed follow(std::span<const std::int16_t> samples, const TonePair& pair,
                    simd::FollowedTones& tones) noexcept;
    /// Returns how many sub-blocks at the front of `samples`, a whole number of them, are too soft to hold
    /// tones, and their energies; 0 where one before them may be a dial tone's. `[audio]`
    [[nodiscard]] std::size_t hear_quiet(std::span<const std::int16_t> samples,
                                         simd::FollowedSubBlocks& found) const noexcept;
    /// push() with `keep`, of the first `count` of these. `[audio]`
    void push_quiet(std::span<const std::int16_t> samples, std::size_t count,
                    const simd::FollowedSubBlocks& found) noexcept;
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
    /// Whether the last two sub-blocks passed the screen. `[any]`
    [[nodiscard]] bool key_is_near() const noexcept { return (recent_passes_ & 0b11U) == 0b11U; }
    /// Whether the last two sub-blocks hold little else than one tone of each group. `[any]`
    [[nodiscard]] bool key_may_begin() const noexcept;
    /// Whether four of the last five sub-blocks that arrived passed the screen. `[any]`
    [[nodiscard]] bool key_may_sound() const noexcept;
    /// Whether, of every fourth sub-block, the last two were like a dial tone. `[any]`
    [[nodiscard]] bool dial_tone_may_sound() const noexcept { return dial_alike_ >= alike_enough; }

    /// What the screen found in those of the last `integration` sub-blocks that it examined. `[audio]`
    [[nodiscard]] ScreenedEnergy screened_energy() const noexcept;
    /// The residual's products in those of them that passed before any key sounded, at the cost of screening
    /// them once more; elsewhere it is taken as white. `[audio]`
    [[nodiscard]] ResidualProducts residual_products() const noexcept;
    /// How many of the last sub-blocks the tones have filled: each counts as the square root of its share of
    /// the strongest one's energy. Lost ones count as if they were full. `[audio]`
    [[nodiscard]] float filled_sub_blocks() const noexcept;
    /// Samples since the beginning of a tone that still sounds, if there is little noise; at most what is
    /// kept. Lost sub-blocks count as if they were full.
    struct Lasted {
        SampleCount at_least; ///< From its first loud sample on,
        SampleCount at_most;  ///< and from the end of a silence, if all that is kept of before is one.
    };
    /// `[audio]`
    [[nodiscard]] Lasted lasted() const noexcept;
    /// The first of the last sub-blocks, at most `most`, that the tones nearly fill; lost ones in between do
    /// not break the run. `[audio]`
    [[nodiscard]] std::int64_t first_filled(std::int64_t most) const noexcept;
    /// Over the last `sub_blocks` (at most `integration`): of each group, the strongest tone within 5 % of a
    /// key's frequency; nothing when a group has none, when one that is far stronger than the other is not
    /// near, or when half or more of the sub-blocks are lost. `[audio]`
    [[nodiscard]] std::optional<HeardPair> strongest_pair(std::int64_t sub_blocks = integration,
                                                          IsNear is_near = any_tone) const noexcept;
    /// A key's tones in the last sub-block, which was pushed with `keep`. `[audio]`
    [[nodiscard]] HeardTones last_tones(unsigned row, unsigned column) const noexcept;
    /// The same in sub-block `index`, from oldest() on, at the cost of filtering it once more. `[audio]`
    [[nodiscard]] HeardTones tones(std::int64_t index, unsigned row, unsigned column) const noexcept;
    /// The energy of the last sub-block, which was pushed with `keep`, where it is too soft to hold tones.
    /// `[any]`
    [[nodiscard]] std::optional<float> last_if_quiet() const noexcept {
        return last_energy() < line_.demands.least_energy ? std::optional(last_energy()) : std::nullopt;
    }

    /// Samples of sub-block `index`, from oldest() on. `[audio]`
    [[nodiscard]] SubBlock samples(std::int64_t index) const noexcept {
        return index == count_ - 1 ? SubBlock(line_.last) : SubBlock(earlier(slot(index)), sub_block_size);
    }
    /// Whether a part of sub-block `index` never arrived. `[any]`
    [[nodiscard]] bool lost(std::int64_t index) const noexcept {
        return (recent_losses_ >> (count_ - 1 - index) & 1U) != 0;
    }
    /// Fetches what the next sub-blocks need besides the object's front; with `keep`, their samples will be
    /// kept. `[audio]`
    void prefetch_rest(bool keep) const noexcept {
        if (keep || last_passed()) {
            keytone::prefetch(earlier(0), this + 1);
        } else if (loud_run_ > 0) {
            keytone::prefetch(earlier(0), earlier(simd::before_last));
        }
    }
    /// Whether a part of any of the sub-blocks from `first` to before `end` never arrived. `[any]`
    [[nodiscard]] bool any_lost(std::int64_t first, std::int64_t end) const noexcept {
        return (unsigned{recent_losses_} >> (count_ - end) & ((1U << (end - first)) - 1)) != 0;
    }
    /// Where the samples of eight sub-blocks from `first` on are; those after the last mean nothing.
    /// `[audio]`
    void find_samples(std::int64_t first, std::span<const std::int16_t*, 8> places) const noexcept {
        std::size_t at = slot(first);
        for (const std::int16_t*& place : places) {
            place = earlier(at);
            at = next_slot(at);
        }
        if (const std::int64_t last = count_ - 1 - first; last < std::ssize(places)) {
            places[static_cast<std::size_t>(last)] = line_.last;
        }
    }
    /// The oldest sub-block whose samples are kept. `[any]`
    [[nodiscard]] std::int64_t oldest() const noexcept { return count_ - kept_; }

  private:
    static constexpr std::int64_t screenings = simd::ScreenedSubBlocks::most;
    /// What the screen found, and where it was more than noise that passed.
    struct Screenings : simd::ScreenedSubBlocks {
        std::array<bool, screenings> is_coloured{}; // perhaps

        Screenings() : simd::ScreenedSubBlocks{} { std::ranges::fill(index, ~0U); }

        static std::size_t slot(std::int64_t sub_block) {
            return static_cast<std::size_t>(sub_block) % screenings;
        }
        void set(std::int64_t sub_block, float of_tones, float of_residual, bool may_be_coloured = false) {
            const std::size_t at = slot(sub_block);
            index[at] = static_cast<std::uint32_t>(sub_block);
            tones[at] = of_tones;
            residual[at] = of_residual;
            is_coloured[at] = may_be_coloured;
        }
        void forget(std::int64_t sub_block) { index[slot(sub_block)] = ~0U; }
        // What was lost was never screened.
        [[nodiscard]] bool has(std::int64_t sub_block) const {
            return index[slot(sub_block)] == static_cast<std::uint32_t>(sub_block);
        }
        [[nodiscard]] bool may_be_coloured(std::int64_t sub_block) const {
            return has(sub_block) && is_coloured[slot(sub_block)];
        }
    };

    static constexpr int slots = simd::ScreenedLine::most_earlier;
    static_assert(history == slots + 1);
    static constexpr std::uint8_t alike_enough = 2;

    static void copy(const std::int16_t* samples, std::int16_t* place) {
        std::memcpy(place, samples, sub_block_size * sizeof *samples);
    }
    [[nodiscard]] std::size_t slot(std::int64_t index) const {
        const int at = newest_ - static_cast<int>(count_ - 2 - index);
        return static_cast<std::size_t>(at < 0 ? at + slots : at);
    }
    [[nodiscard]] const std::int16_t* earlier(std::size_t at) const noexcept {
        return line_.earlier + at * sub_block_size;
    }
    static std::size_t next_slot(std::size_t at) { return at + 1 >= slots ? 0 : at + 1; }
    /// The next of the earlier sub-blocks' places.
    std::int16_t* next_earlier() noexcept {
        newest_ = static_cast<std::uint8_t>(next_slot(newest_));
        return line_.earlier + newest_ * sub_block_size;
    }
    // Before a key can sound, four more sub-blocks must pass the screen; before a dial tone can, a fourth one
    // must be like one.
    [[nodiscard]] bool is_quiet() const noexcept { return ((recent_passes_ & 0b111U) | dial_alike_) == 0; }
    [[nodiscard]] float last_energy() const noexcept { return line_.energy; }
    Skimmed skim_on(std::span<const std::int16_t> samples, simd::Screened& next) noexcept;
    void take(SubBlock samples, bool lost, bool keep, const simd::Screened* seen) noexcept;
    void take_followed(std::span<const std::int16_t> samples, std::size_t count,
                       const simd::FollowedSubBlocks& found) noexcept;
    void count_quiet(std::uint32_t sub_blocks) noexcept;
    void keep_few(const std::int16_t* samples, std::int64_t sub_blocks) noexcept;
    [[nodiscard]] std::uint8_t most_kept(std::int64_t index) const noexcept;
    [[nodiscard]] static bool is_strong(const simd::Screened& seen) noexcept;
    /// A run of sub-blocks, each of which has at least a given share of the strongest one's energy.
    struct Run {
        std::int64_t first;
        float most_energy; // of one
    };
    /// The run that ends before `end`, among the last `most`; lost ones belong to it. Counts the tones'
    /// energy alone, or all.
    [[nodiscard]] Run run_before(std::int64_t end, std::int64_t most, float least_share,
                                 bool with_residual) const noexcept;
    [[nodiscard]] bool is_silent_before(std::int64_t end, float energy) const noexcept;
    void keep_screening(std::int64_t index, bool quickly, const simd::Screened& seen) noexcept;
    void follow_dial_tone(SubBlock samples) noexcept;

    // What a quiet line touches, with the last sub-block's samples:
    std::int64_t count_ = 0;
    std::uint16_t recent_losses_ = 0; // bit 0 is the last sub-block
    std::uint8_t recent_passes_ = 0;  // bit 0 is the last sub-block that arrived
    std::uint8_t kept_ = 0;           // sub-blocks whose samples are kept, the last included
    std::uint8_t dial_alike_ = 0;     // of every fourth sub-block, how many in a row may be a dial tone
    bool last_was_seen_ = false;
    std::uint8_t loud_run_ = 0; // of every second sub-block, how many of the last in a row were loud
    std::uint8_t newest_ = 0;   // where the last but one is kept
    simd::ScreenedLine line_{};

    // What only other lines touch, besides the earlier samples:
    std::uint8_t recent_strong_ = 0; // as recent_passes_, and means something where that is set
    bool sums_are_old_ = false;      // line_.sums are not of the last sub-block that passed the screen
    Screenings screenings_;
};

// How many sub-blocks to keep on a line without tones: those of the last loud stretch in which a key may have
// begun, and 15 ms before it for comparison. Quiet ones are as good as silence.
inline std::uint8_t ToneTracker::most_kept(std::int64_t index) const noexcept {
    static constexpr std::uint8_t most[simd::most_loud_run + 1][2]{{1, 1}, {2, 3}, {4, 4}};
    static_assert(simd::before_last + 1 == 4);
    return most[loud_run_][index & 1];
}

inline ToneTracker::Skimmed ToneTracker::skim_frame(const std::int16_t* samples,
                                                    simd::Screened& next) noexcept {
    const auto [taken, passes] = simd::kernels().skim_frame(samples, loud_run_, line_, next);
    if (taken != simd::dial_period) {
        return {taken, passes != 0};
    }
    newest_ = simd::before_last - 1; // skim_frame() has put these into the first places
    kept_ = most_kept(simd::dial_period - 1);
    recent_passes_ = static_cast<std::uint8_t>(unsigned{recent_passes_} << simd::dial_period);
    recent_losses_ = static_cast<std::uint16_t>(unsigned{recent_losses_} << simd::dial_period);
    count_ += simd::dial_period;
    last_was_seen_ = false; // the fourth
    return {taken, false};
}

} // namespace keytone
