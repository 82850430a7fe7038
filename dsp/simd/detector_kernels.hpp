// SPDX-License-Identifier: MIT
//
// The inner loops. dsp/simd/detector_kernels.cpp is compiled once for every instruction set; which of them is
// called is decided when the program starts. Only functions that are always inlined may be used in there: of
// any other inline function, the linker could keep the one compiled for a newer processor, for all callers.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace keytone::simd {

inline constexpr int block_size = 40; ///< Samples of a sub-block.
inline constexpr int filters = 8;

/// A phase: 2^32 is a turn.
using Phase = std::uint32_t;

// Coefficients are scaled by twice this: twenty halves of sums of full-scale samples stay inside 32 bits, 20
// * 32768 * 2 * 1638 < 2^31.
inline constexpr int bank_scale = 1638;

/// For each filter, bank_scale times the sums of x[n] cos(w (n - 19.5)) and of -x[n] sin(w (n - 19.5)). The
/// sum and the difference of two samples are rounded down to multiples of 2.
struct BankSums {
    std::int32_t re[filters];
    std::int32_t im[filters];
};

/// What the screen asks of a sub-block.
struct ScreenDemands {
    /// The least share of the energy in the strongest low and the strongest high filter. At 0 dB SNR, they
    /// hold half.
    static constexpr float min_tone_share = 0.30F;
    /// The same where everything else is coloured, as speech is.
    static constexpr float min_tone_share_in_coloured_noise = 0.45F;

    float least_energy;      ///< A sub-block below this is not examined.
    float least_tone_energy; ///< Of either filter.
    float max_power_ratio;   ///< Of the stronger over the weaker one.
    float least_dial_energy; ///< Of a dial tone.
};

/// What the screen found.
struct Screened {
    float low;    ///< Energy in the strongest low filter.
    float high;   ///< In the strongest high one.
    float energy; ///< Sum of x[n]², each pair of them rounded down to a multiple of 32.
    bool passes;  ///< Whether it meets the demands.
};

/// Sums of x[n] x[n-1] and of x[n] x[n-2], each pair of them rounded down to a multiple of 32.
struct LagProducts {
    float lag1;
    float lag2;
};
/// The share of a sub-block's products that a tone at each filter's frequency contributes, at lag 1 and 2.
struct LagCosines {
    float lag1[filters];
    float lag2[filters];
};

/// The two tones of a key that sounds, and what the next sub-block should hold of them: low, high.
struct FollowedTones {
    static constexpr float all_but = 0.9F; ///< Where they hold this share, no other filter can hold more.
    static constexpr float same_phase = 0.587F; ///< The square of the cosine of 40 degrees, 22 Hz.
    /// Their level is followed over some 20 ms. Noise does not look like a rise.
    static constexpr float follows_level = 0.25F;
    static constexpr float most_share = 1.5F;
    static constexpr float louder_share = 2.5F;
    static constexpr float drowning = 4.0F; ///< Other sound is far stronger.

    float full_energy[2];  ///< In its filter, over a sub-block that the tone fills.
    float least_energy[2]; ///< The same at the level that ends a key.
    float most_energy;     ///< Of both, at their loudest.
    float noise;           ///< Mean square, as the key began.
    float turn_re[2];      ///< Each tone's phase advance over a sub-block.
    float turn_im[2];
    float phasor_re[2]; ///< Of the last sub-block.
    float phasor_im[2];
};

/// Sub-blocks that a key fills, each as it filled the one before; or silence.
struct FollowedSubBlocks {
    static constexpr int most = 8; ///< A multiple of those that are followed at once.
    /// Of the energy: more than the screen asks for, whatever the rest is.
    static constexpr float least_held = 0.5F;
    /// Three sub-blocks in a row with as much never end a key, nor is the key weaker in them.
    static constexpr float least_share = 0.51F;
    static constexpr float largest_share = 2.5F; ///< More counts as this.

    float tones[most];    ///< Energy in the key's two filters,
    float residual[most]; ///< what is left of the sub-block's, never negative,
    float energy[most];   ///< and all of it.
    /// How much of the tones it holds, beside a full one, in hundredths: the low one's, and 256 times the
    /// high one's. Not written for silence.
    std::int32_t share[most];
};

/// What the screen found in the last sub-blocks that it examined: energies, side by side.
struct ScreenedSubBlocks {
    static constexpr unsigned most = 8;
    std::uint32_t index[most]; ///< The sub-block's number, at the place that it is modulo `most`.
    float tones[most];         ///< In the strongest low and the strongest high filter.
    float residual[most];      ///< All else, never negative.
};

/// Sub-blocks of which each has at least a given share of the strongest one's energy.
struct EnergyRun {
    float most;    ///< The strongest one's energy.
    unsigned seen; ///< Bit 0: whether the last one belongs to them, and so on.
};

inline constexpr unsigned dial_period = 4; ///< One of so many sub-blocks is examined for a dial tone.

/// How far skim() went.
struct Skimmed {
    std::uint32_t taken;  ///< Sub-blocks.
    std::uint32_t passes; ///< 1 if it stopped because the next one passes the screen, else 0.
};
inline constexpr std::uint8_t most_loud_run = 2;
inline constexpr int before_last = 3; ///< Sub-blocks that skim() copies, besides the last.

/// What the screen asks of a line, the samples that it keeps, and what was found in the last sub-block that
/// was examined. All that skim() reads and writes lies together.
struct ScreenedLine {
    static constexpr int most_earlier = 13;

    ScreenDemands demands;
    std::int16_t last[block_size];
    std::int16_t earlier[most_earlier * block_size]; ///< Those before it: a ring.
    BankSums sums;                                   ///< 0 where it was too soft to be examined.
    float energy;
};

/// The bank's outputs for several sub-blocks, each turned to the phase that its filter's own frequency has in
/// the first one.
struct alignas(64) BankSeries {
    static constexpr int most = 5;
    float re[most][filters];
    float im[most][filters];
    int size;
};

/// The line that each filter hears over a series.
struct alignas(64) FilterLines {
    /// Of the sum of all sub-blocks, each turned back by the mean advance; -1 where the line is further than
    /// 5 % from each of the group's frequencies.
    float power[filters];
    float advance[filters]; ///< Radians from one sub-block to the next, beyond the filter's own.
    int strongest[2];       ///< Of each group, the first of the filters with the most power.
};

/// Two tones over a sub-block: the cosines and sines of w (n - 19.5).
struct alignas(64) TonePairBasis {
    float cos[2][block_size];
    float sin[2][block_size];
};

/// For two tones: the sums of a sub-block's products with a basis.
struct TonePairParts {
    float cos[2];
    float sin[2];
};

/// One phasor each for up to eight sub-blocks.
struct alignas(32) PhasorSeries {
    static constexpr int most = 8;
    float re[most];
    float im[most];
};

/// Two tones over up to eight sub-blocks, as phasors at the middle of each.
struct TonePairSeries {
    PhasorSeries tone[2];
};

/// Sub-blocks that tones are fitted to or subtracted from, in the order of time, and where they stand, in
/// sub-blocks from the first.
struct alignas(32) HeardSubBlocks {
    static constexpr int most = PhasorSeries::most;
    std::int32_t place[most]; ///< 0 after the last.
    float weight[most];       ///< 1, and 0 after the last.
    const std::int16_t* samples[most];
    int size;
    float middle; ///< Mean of the places.
    float square; ///< Sum of their squared distances from it.
};

/// Two tones that turn steadily: low, high.
struct Turning {
    float mean[2][2];  ///< Of each tone, turned back to the first sub-block: real part, imaginary part.
    float wavering[2]; ///< Sum of the squared deviations from the mean, in its direction.
};

/// Groups of eight samples in a sub-block.
inline constexpr int groups = 5;

/// Two tones, and the sub-blocks that a search for how far they go on walks over, in its order.
struct ToneWalk {
    static constexpr int at_once = PhasorSeries::most; ///< Of which the tones are computed at once.
    static constexpr int most = 2 * at_once;
    float re[2]; ///< The tones' phasors, low and high.
    float im[2];
    Phase start[most / at_once][2];    ///< What they turn by up to the earliest of each `at_once`,
    Phase step[2];                     ///< and from one to the next.
    const std::int16_t* samples[most]; ///< Null where they were lost.
    int sub_blocks;
    bool backwards; ///< Towards earlier ones.
};

/// How the end of two tones is searched: each sample says heard² per_heard - left² per_left + beforehand for
/// their going on.
struct StopEvidence {
    float per_heard;
    float per_left;
    float beforehand;
};

/// Sums over a sub-block that the fit of two tones needs: each tone's basis squared, and the products of
/// both.
struct TonePairProducts {
    float own_cos[2];
    float own_sin[2];
    float cross_cos;
    float cross_sin;
};

/// Sums of products of y = the middle sample, s = the sum of the two samples one lag from it, t = the sum of
/// the two that are two lags from it.
struct RecurrenceSums {
    float yy;
    float sy;
    float ss;
    float ty;
    float ts;
    float tt;
};

/// Those of y and s alone.
struct OneToneSums {
    float yy;
    float sy;
    float ss;
    float none = 0.0F; ///< So that they are one vector, stored and loaded at once.
};

/// Sums over what two tones leave over of some sub-blocks (`left`), one after the other.
struct LeftOverSums {
    float tones;   ///< tone²
    float square;  ///< left[n]²
    float lag1;    ///< left[n] left[n-1]
    float lag2;    ///< left[n] left[n-2]
    float mean;    ///< left[n]
    float hum_cos; ///< left[n] times the hum's cosine, and its sine.
    float hum_sin;
};
inline constexpr double hum_hz = 55.0; // between 50 and 60

inline constexpr std::size_t rough_history = 32;
inline constexpr std::size_t most_rough = 128;

struct Kernels {
    void (*bank)(const std::int16_t* x, BankSums& sums);
    /// Below the least energy, only `energy` is computed.
    Screened (*screen)(const std::int16_t* x, const ScreenDemands& demands, BankSums& sums);
    /// Examines a sub-block; `alike` counts how many in a row may be a dial tone.
    void (*follow_dial_tone)(const std::int16_t* x, bool is_loud, float least_energy, std::uint8_t& alike);
    /// Walks over sub-blocks, the first of which is number `index`. Stops where, of every second one, one
    /// passes the screen (`next` and the line's sums then tell what it found), or, of every fourth one, one
    /// may be a dial tone. Counts in `loud_run` how many of the last examined were loud, up to
    /// `most_loud_run`. If more than `before_last` sub-blocks were taken, the last one is copied to the line,
    /// and, where `loud_run` is not 0, the `before_last` ones before it to the ring's beginning.
    Skimmed (*skim)(const std::int16_t* x, std::size_t sub_blocks, unsigned index, std::uint8_t& loud_run,
                    ScreenedLine& line, Screened& next);
    /// The same of `dial_period` sub-blocks, the first of which is examined for a dial tone.
    Skimmed (*skim_frame)(const std::int16_t* x, std::uint8_t& loud_run, ScreenedLine& line, Screened& next);
    /// Walks over up to FollowedSubBlocks::most, the first of which is number `index`, while each passes the
    /// screen and goes on with the key's tones as they were; follows these, and writes what it found. Returns
    /// how many it took. A sub-block that one of four is and that may be a dial tone is not taken.
    int (*follow)(const std::int16_t* x, int sub_blocks, unsigned index, const ScreenDemands& demands,
                  const int* filter, FollowedTones& tones, FollowedSubBlocks& found);
    /// Returns how many of some sub-blocks, from the first on, are softer than `least_energy`, and writes
    /// their energies.
    int (*follow_silence)(const std::int16_t* x, int sub_blocks, float least_energy,
                          FollowedSubBlocks& found);
    float (*energy)(const std::int16_t* x);
    /// Over `count` sub-blocks: what is left of the products once those of the tones in the strongest low and
    /// the strongest high filter are subtracted.
    LagProducts (*residual_products)(const std::int16_t* const* x, std::size_t count,
                                     const LagCosines& cosines);
    /// Of the last `count` sub-blocks up to number `last`: the sum of the roots of the tones' energies,
    /// beside the greatest root; 0 where there are no tones.
    float (*sum_roots)(const ScreenedSubBlocks& screened, std::uint32_t last, unsigned count);
    /// Which of them have `least_share` of the greatest energy: of the tones, or of all.
    EnergyRun (*find_run)(const ScreenedSubBlocks& screened, std::uint32_t last, unsigned count,
                          bool with_residual, float least_share);
    /// Writes a sub-block's outputs to place `age` of a series.
    void (*put)(BankSeries& series, int age, const BankSums& sums);
    /// The same of the first `count` sub-blocks of a series, which are run through the bank for it. Returns
    /// the sum of their energies.
    float (*hear)(BankSeries& series, const std::int16_t* const* x, int count);
    void (*find_lines)(const BankSeries& series, FilterLines& lines);
    /// Subtracts from all filters a tone whose phase advances by 2 `half_step` a sample and which `filter`
    /// hears.
    void (*take_tone_out)(BankSeries& series, Phase half_step, int filter);
    /// Phases advance by 2 `half_steps` a sample.
    void (*make_basis)(const Phase* half_steps, TonePairBasis& basis);
    void (*project)(const TonePairBasis& basis, const std::int16_t* x, TonePairParts& sums);
    void (*products)(const Phase* half_steps, TonePairProducts& products);
    /// The phasor at sub-blocks 0 to 7, turned by `start` at the first and by `step` more at each further
    /// one.
    void (*spread)(float re, float im, Phase start, Phase step, PhasorSeries& series);
    /// A least-squares fit of two tones, in up to four rounds. Each makes their basis, finds the phasors that
    /// fit each sub-block best, and how these turn, which tells the frequencies. `hertz` are those to begin
    /// with, then those found; the basis and what is `found` are the last round's.
    void (*fit)(double* hertz, const HeardSubBlocks& heard, TonePairBasis& basis, Turning& found);
    /// Subtracts the tones from all sub-blocks, and sums up what they leave over; `hum` is the hum's phasor
    /// at the middle of each sub-block.
    void (*sum_left_over)(const TonePairBasis& basis, const TonePairSeries& tones, const PhasorSeries& hum,
                          const HeardSubBlocks& heard, LeftOverSums& sums);
    /// The same with sums of 0 at both lags.
    void (*sum_power_left_over)(const TonePairBasis& basis, const TonePairSeries& tones,
                                const PhasorSeries& hum, const HeardSubBlocks& heard, LeftOverSums& sums);
    /// How many samples the tones go on, from the beginning of the walk on: up to where the evidence for them
    /// and against silence, x² - left² summed sample by sample, is greatest; 0 if it is never above 0. What
    /// was lost says nothing.
    int (*find_sounding)(const TonePairBasis& basis, const ToneWalk& walk);
    /// How many samples the tones go on, from the first sub-block on: up to where the evidence, summed sample
    /// by sample, is greatest; 0 if it is never above 0.
    int (*find_stop)(const TonePairBasis& basis, const TonePairSeries& tones, const HeardSubBlocks& heard,
                     const StopEvidence& says);
    /// Sums over `count` middle samples, the first of which is x[2 lag]. A float's 24 bits suffice: what is
    /// compared differs by decibels.
    void (*recurrence)(const std::int16_t* x, std::size_t count, std::size_t lag, RecurrenceSums& sums);
    /// The same for two lags at once, 1 and `lag` (4 to 8), over `count` samples (16 to `most_rough`), and
    /// the `rough_history` before them. The middle samples of the first end where the last samples of the
    /// second do, less two. Samples of more than ten bits are rounded down to ten, by the loudest of those
    /// used: a fourth of the work, for what is compared differing by decibels.
    void (*rough_recurrences)(const std::int16_t* history, const std::int16_t* x, std::size_t count,
                              std::size_t lag, OneToneSums& by_one, RecurrenceSums& by_lag);
    /// Sum of x[n]², exactly.
    std::int64_t (*square_sum)(const std::int16_t* x, std::size_t count);
};

/// Those in use: set when the program starts, by use_instruction_set().
extern std::atomic<const Kernels*> kernels_in_use;

/// The kernels of the instruction set in use. `[any]`
inline const Kernels& kernels() noexcept {
    return *kernels_in_use.load(std::memory_order_relaxed);
}

} // namespace keytone::simd
