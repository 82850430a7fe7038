// SPDX-License-Identifier: MIT
//
// The inner loops. dsp/simd/detector_kernels.cpp is compiled once for every instruction set; which of them is
// called is decided when the program begins. Nothing inline goes in there but what is always inlined: a
// function compiled for a newer processor could be the one that the linker keeps for all.
#pragma once

#include <cstddef>
#include <cstdint>

namespace keytone::simd {

inline constexpr int block_size = 40; ///< Samples of a sub-block.
inline constexpr int filters = 8;

/// A phase: 2^32 is a turn.
using Phase = std::uint32_t;

// Coefficients are twice that: twenty halves of sums of full-scale samples stay inside 32 bits,
// 20 * 32768 * 2 * 1638 < 2^31.
inline constexpr int bank_scale = 1638;

/// bank_scale times the sums of x[n] cos(w (n - 19.5)) and of -x[n] sin(w (n - 19.5)), filter by filter; each
/// two samples added or subtracted are rounded down to a multiple of 2.
struct BankSums {
    std::int32_t re[filters];
    std::int32_t im[filters];
};

/// What the screen asks of a sub-block.
struct ScreenDemands {
    /// The strongest low and high filter hold this share of the energy. Half of it is there at 0 dB SNR.
    static constexpr float min_tone_share = 0.30F;
    /// The same where what else is heard is coloured, as speech is.
    static constexpr float min_tone_share_in_coloured_noise = 0.45F;

    float least_energy;      ///< Below, there is nothing to look at.
    float least_tone_energy; ///< Of either filter.
    float max_power_ratio;   ///< Of the stronger over the weaker one.
    float least_dial_energy; ///< Of a dial tone.
};

/// What the screen sees.
struct Screened {
    float low;    ///< Energy in the strongest low filter.
    float high;   ///< In the strongest high one.
    float energy; ///< Sum of x[n]², each two of them rounded down to a multiple of 32.
    float lag1;   ///< Sum of x[n] x[n-1], likewise.
    bool passes;  ///< What the demands ask.
};

inline constexpr unsigned dial_period = 4; ///< Sub-blocks, of which one is looked at for a dial tone.

/// How far skim() went.
struct Skimmed {
    std::size_t taken;     ///< Sub-blocks.
    std::uint8_t loud_run; ///< How many were loud of the last of those looked at, up to `most_loud_run`.
    Screened next;         ///< What the screen sees of the one behind them, where that is why it stopped.
};
inline constexpr std::uint8_t most_loud_run = 2;
inline constexpr int before_last = 3; ///< Sub-blocks that skim() copies.

/// Several sub-blocks' bank outputs, each turned onto the phase that its filter's own frequency would have
/// in the first one.
struct alignas(64) BankSeries {
    static constexpr int most = 5;
    float re[most][filters];
    float im[most][filters];
    int size;
};

/// What each filter holds over a series.
struct alignas(64) FilterLines {
    /// Of the sum, each sub-block turned back by the mean advance; -1 where that lies further than 5 % from
    /// each of the group's frequencies.
    float power[filters];
    float advance[filters]; ///< Radians from one sub-block to the next, beyond the filter's own.
};

/// Two tones over a sub-block: the cosines and sines of w (n - 19.5).
struct alignas(64) TonePairBasis {
    float cos[2][block_size];
    float sin[2][block_size];
};

/// Of two tones: coefficients of a basis, or sums of a sub-block's products with it.
struct TonePairParts {
    float cos[2];
    float sin[2];
};

/// What two tones explain of a sub-block, in sums over its samples.
struct TakenOff {
    static constexpr int groups = 5;
    float tones;            ///< tone²
    float evidence[groups]; ///< x² - left², of eight samples each: positive where there is more of the tones
                            ///< than not
};

/// One phasor each for up to eight sub-blocks.
struct alignas(32) PhasorSeries {
    static constexpr int most = 8;
    float re[most];
    float im[most];
};

/// Where the phasors of a series stand in time, in sub-blocks from the first; behind the last, the weight is
/// 0.
struct alignas(32) SeriesPlaces {
    std::int32_t place[PhasorSeries::most];
    float weight[PhasorSeries::most];
};

/// A series that turns slowly and steadily.
struct Turning {
    float step; ///< Radians a sub-block.
    float re;   ///< Its mean, turned back to the first sub-block.
    float im;
    float wavering; ///< Sum of the squares by which it lies off the mean, along it.
};

/// Sums over a sub-block that the fit of two tones needs: their own products and each other's.
struct TonePairProducts {
    float own_cos[2];
    float own_sin[2];
    float cross_cos;
    float cross_sin;
};

/// Sums of products over y = the middle sample, s = both samples one lag from it, t = both two lags from it.
struct RecurrenceSums {
    float yy;
    float sy;
    float ss;
    float ty;
    float ts;
    float tt;
};

/// Sums over what is left of a sub-block.
struct ResidualSums {
    float square;  ///< left[n]²
    float lag1;    ///< left[n] left[n-1]
    float lag2;    ///< left[n] left[n-2]
    float mean;    ///< left[n]
    float hum_cos; ///< left[n] cos(w (n - 19.5)), w being the hum's
    float hum_sin;
};
inline constexpr double hum_hz = 55.0; // between 50 and 60

struct Kernels {
    void (*bank)(const std::int16_t* x, BankSums& sums);
    /// Below the least energy there is nothing but the energy.
    Screened (*screen)(const std::int16_t* x, const ScreenDemands& demands, BankSums& sums);
    /// Takes a sub-block; `alike` counts those in a row that may be a dial tone.
    void (*follow_dial_tone)(const std::int16_t* x, bool is_loud, float least_energy, std::uint8_t& alike);
    /// Walks over sub-blocks, the first of which is number `index`, until one of every second passes the
    /// screen, whose `sums` these are then, or one of every fourth may be a dial tone. `loud_run` goes on
    /// from what it was. Where it is not 0, and more sub-blocks were taken than that, the `before_last` ones
    /// before the last one taken are copied to `place`.
    Skimmed (*skim)(const std::int16_t* x, std::size_t sub_blocks, unsigned index,
                    const ScreenDemands& demands, std::uint8_t loud_run, BankSums& sums, std::int16_t* place);
    float (*energy)(const std::int16_t* x);
    /// Sum of x[n] x[n-1], each two of them rounded down to a multiple of 32.
    float (*lag1_product)(const std::int16_t* x);
    /// Sum of x[n] x[n-2], each two of them rounded down to a multiple of 32.
    float (*lag2_product)(const std::int16_t* x);
    /// Puts a sub-block at `age` of a series.
    void (*put)(BankSeries& series, int age, const BankSums& sums);
    void (*find_lines)(const BankSeries& series, FilterLines& lines);
    /// A tone whose phase advances by 2 `half_step` a sample, and which `filter` hears, is taken out of all
    /// filters.
    void (*take_tone_out)(BankSeries& series, Phase half_step, int filter);
    /// Phases advance by 2 `half_steps` a sample.
    void (*make_basis)(const Phase* half_steps, TonePairBasis& basis);
    void (*project)(const TonePairBasis& basis, const std::int16_t* x, TonePairParts& sums);
    void (*products)(const Phase* half_steps, TonePairProducts& products);
    /// The phasor at sub-blocks 0 to 7, its phase being `start` at the first and advancing by `step`.
    void (*spread)(float re, float im, Phase start, Phase step, PhasorSeries& series);
    /// `step` a sub-block is taken off first.
    void (*find_turning)(const PhasorSeries& series, const SeriesPlaces& places, Phase step,
                         Turning& turning);
    /// Writes x - tones to `left`.
    TakenOff (*take_off)(const TonePairBasis& basis, const TonePairParts& tones, const std::int16_t* x,
                         float* left);
    /// Over `count` middle samples, the first of which is x[2 lag]. The sums need no more than a float's 24
    /// bits: what decides is decibels apart.
    void (*recurrence)(const std::int16_t* x, std::size_t count, std::size_t lag, RecurrenceSums& sums);
    /// left[-1] and left[-2] are read.
    void (*sum_residual)(const float* left, ResidualSums& sums);
};

/// Those of the instruction set in use. `[any]`
const Kernels& kernels() noexcept;

} // namespace keytone::simd
