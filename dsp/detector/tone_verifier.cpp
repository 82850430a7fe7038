// SPDX-License-Identifier: MIT
#include "dsp/detector/tone_verifier.hpp"

#include "dsp/arithmetic/linear_prediction.hpp"
#include "dsp/levels.hpp"
#include "dsp/sample_rate.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

// A fit costs a thousand times what the screen does. It is skipped where the integrated tones hold a smaller
// share of the energy than they do at the lowest SNR accepted, or lie further off than the guess's error
// explains.
constexpr double min_share = 0.25;
constexpr Hertz guess_error = 10_Hz;
// A tone that must be rejected may be measured too long by up to this.
constexpr Milliseconds sounding_error = 3_ms;
// What the screen finds in 25 ms may be off by up to this.
constexpr Decibels screen_error{1.0};
constexpr double screen_gain_error_db = 0.5;
// A tone has to fill about as many sub-blocks as the longest one that is rejected. When it is clean, its
// samples show when it began.
constexpr float min_filled = 4.3F;
constexpr float clean_power_ratio = 15.0F;
constexpr SampleCount lasted_error = SampleRate::narrowband().samples(2_ms);
// The fewest and most sub-blocks that are fitted.
constexpr std::int64_t min_fitted = 5;
constexpr std::int64_t max_fitted = 8;
constexpr double max_deviation_percent = 2.6;
// Noise at 0 dB SNR changes a measured level difference by up to this.
constexpr Decibels level_difference_error = 2_dB;

// A first fit whose score is below this is not examined further.
constexpr Decibels least_promise{-2};
// The score where a limit excludes a key.
constexpr Decibels excluded{-1000};

// The score. The SNR that a pair must have grows with whatever is more common in speech than in keys.
constexpr double white_up_to_gain_db = 0.5;       // of order-2 prediction, over white noise
constexpr double db_per_gain_db = 6.0;            // from white to coloured
constexpr double db_per_frequency_percent = 10.0; // beyond the free deviation, each tone
constexpr double free_unsteadiness = 0.03;
constexpr double db_per_unsteadiness = 25.0;
constexpr double free_level_difference_db = 3.0;
constexpr double db_per_level_difference_db = 0.7;
constexpr double db_per_lost_share = 10.0; // what was lost could have contradicted
// A sender with every limit at its edge still has to be heard.
constexpr double most_required_db = 18.0;
// Voices stood out by up to 16 dB, cries by 20.
constexpr double most_over_voice_db = 24.0;

// The residual counts as white where neither its pitch nor its spectrum says otherwise, and as coloured from
// 0.1 of correlation, or 1 dB of flatness, beyond these limits on.
constexpr double white_up_to_correlation = 0.28;
constexpr double coloured_per_correlation = 10.0;
constexpr double white_down_to_flatness_db = -4.0;
constexpr double coloured_per_flatness_db = 1.0;

// By how much a key must be stronger than a voice, in dB for each dB of what a voice shows and a key does
// not. The slopes are those of a logistic regression over speech, synthetic voices and music, against keys
// under other speech and through codecs, rounded.
constexpr double db_per_neighbour_db = 0.6; // harmonics lie beside its two strongest
constexpr double least_neighbour_db = -25.0;
constexpr double most_neighbour_db = 5.0;
constexpr double db_per_before_db = 0.4;    // a voice glides onto a key's frequencies, a key is switched on
constexpr double db_per_low_share_db = 0.2; // its fundamental lies below the keys
constexpr double least_low_share_db = -20.0;
// A voice comes at any frequency; but a sender may be off by what Q.23 allows.
constexpr double voice_free_deviation_percent = 0.2;
constexpr double db_per_voice_deviation_percent = 8.0;
constexpr double most_of_voice_deviation_db = 12.0;
constexpr double db_per_voice_level_difference_db = 1.5; // beyond the free one: voices fall off by the octave
// A voice rarely holds two tones for as long as this.
constexpr Milliseconds free_of_voice{45};
constexpr double db_per_missing_ms = 0.2;

// Where between the accepted and the rejected deviation the limit lies: nearer to the accepted one, as voices
// come at any frequency, and a tone 7 % off one key's, which Australia rejects, is 2.7 % off another's.
constexpr double share_to_rejected = 0.3;
std::array<float, 4> frequency_limits(const DtmfLimits& limits, const std::array<Hertz, 4>& group) {
    std::array<float, 4> limits_hz{};
    for (std::size_t i = 0; i < group.size(); ++i) {
        const Hertz accepted = limits.frequency_accepted.at(group[i]);
        const Hertz between =
            accepted + share_to_rejected * (limits.frequency_rejected.at(group[i]) - accepted);
        limits_hz[i] = static_cast<float>(std::min(between, max_deviation_percent / 100.0 * group[i]).value);
    }
    return limits_hz;
}

// By how much a sensitivity raises or lowers the SNR that the limits ask of a key.
struct SnrOffsets {
    Decibels in_white_noise;
    Decibels in_coloured_noise;
    Decibels over_voice;
};

constexpr SnrOffsets snr_offsets(Sensitivity sensitivity) {
    switch (sensitivity) {
    case Sensitivity::strict:
        return {3_dB, 3_dB, 4_dB};
    case Sensitivity::sensitive:
        return {-1.5_dB, 0_dB, -4_dB};
    default:
        return {0_dB, 0_dB, 0_dB};
    }
}

// How coloured the residual is: 0 for white, 1 for coloured.
double colour_of(const VoiceCues& cues) {
    const double by_pitch = coloured_per_correlation * (cues.pitch_correlation - white_up_to_correlation);
    const double by_flatness = coloured_per_flatness_db * (white_down_to_flatness_db - cues.flatness.value);
    return std::clamp(std::max(by_pitch, by_flatness), 0.0, 1.0);
}

double off_hz(std::size_t group, std::uint8_t key, Hertz tone) {
    return std::abs(tone.value - (group == 0 ? low_group : high_group)[key].value);
}

double deviation_percent(Hertz measured, Hertz nominal) {
    return 100.0 * std::abs(measured.value - nominal.value) / nominal.value;
}

// Rounding to 16 bits leaves noise of 1/12 step squared, so that even a perfect fit has no infinite SNR.
double noise_power(const ToneFit& fit) {
    return std::max(fit.residual_power, 1.0 / 12.0);
}

double beyond(double value, double free) {
    const double more = value - free; // by value: std::max() would make the compiler branch
    return more > 0.0 ? more : 0.0;
}

// The sum of both tones' deviations beyond `free_percent`, in percent.
double deviation_beyond(const TonePair& pair, double free_percent) {
    return beyond(deviation_percent(pair.low, low_group[pair.row]), free_percent) +
           beyond(deviation_percent(pair.high, high_group[pair.column]), free_percent);
}

// The SNR asked for a coloured residual, in dB over that for a white one.
double asked_of_colour_db(const ToneTracker& tracker, const ScreenedEnergy& energy) {
    constexpr double least_error = 1e-3;
    const ResidualProducts products = tracker.residual_products();
    const auto residual = static_cast<double>(energy.residual);
    const Decibels gain = prediction_gain(static_cast<double>(products.lag1) / residual,
                                          static_cast<double>(products.lag2) / residual, least_error);
    return db_per_gain_db * beyond(gain.value, white_up_to_gain_db + screen_gain_error_db);
}

// Everything but the onset and the unsteadiness, fitted from sub-block `first` to the last; false where the
// fitted tones do not make it worth measuring what is left over.
bool fit_pair(const ToneTracker& tracker, std::int64_t first, const TonePair& guess, ToneEvidence& evidence,
              FunctionRef<bool()> is_worth_measuring) {
    ToneFit& fit = evidence.fit;
    if (!fit_tones(tracker, first, tracker.count(), guess, LeftOver::power_and_colour, fit,
                   is_worth_measuring)) {
        return false;
    }
    evidence.first = first;
    evidence.end = tracker.count();
    evidence.unsteadiness = 0.0;
    const std::int64_t fitted = evidence.end - first;
    evidence.lost_share = static_cast<double>(fitted - fit.arrived) / static_cast<double>(fitted);
    evidence.pair = {guess.row, guess.column, fit.tones[0].frequency, fit.tones[1].frequency};
    evidence.high_over_low =
        power_ratio(static_cast<double>(std::norm(fit.tones[1].phasor) / std::norm(fit.tones[0].phasor)));
    evidence.snr = power_ratio(fit.tone_power / noise_power(fit));
    return true;
}

double unsteadiness(const ToneFit& fit) {
    const double by_noise = 2.0 / sub_block_size * noise_power(fit) / std::max(1e-9, fit.tone_power);
    return std::max(0.0, fit.wavering - by_noise);
}

// Whether nothing at all sounds from sub-block `oldest` up to `samples` before the last one's end: not even
// the least noise. Then no fit finds tones that begin there, as each sample speaks against them.
bool is_nothing_before(const ToneTracker& tracker, std::int64_t oldest, SampleCount samples) {
    const SampleIndex stop = tracker.count() * sub_block_samples - samples + 1;
    for (std::int64_t b = stop / sub_block_samples; b >= oldest; --b) {
        if (tracker.lost(b)) {
            continue; // says nothing
        }
        const auto size = static_cast<std::size_t>(
            std::clamp<SampleCount>(stop - b * sub_block_samples, 0, sub_block_samples));
        unsigned bits = 0;
        for (const std::int16_t sample : tracker.samples(b).first(size)) {
            bits |= static_cast<unsigned>(sample);
        }
        if (bits != 0) {
            return false;
        }
    }
    return true;
}

} // namespace

ToneVerifier::ToneVerifier(const DtmfLimits& limits)
    : least_{
          .low_off_hz = frequency_limits(limits, low_group),
          .high_off_hz = frequency_limits(limits, high_group),
          .free_deviation_percent = static_cast<float>(limits.free_frequency_deviation_percent),
          .high_over_low_db = static_cast<float>((limits.max_high_over_low + level_difference_error).value),
          .low_over_high_db = static_cast<float>((limits.max_low_over_high + level_difference_error).value),
          .power = static_cast<float>(sine_power_pcm16(limits.min_level())),
          .snr_in_white_noise_db = static_cast<float>(
              (limits.min_snr_in_white_noise + snr_offsets(limits.sensitivity).in_white_noise).value),
          .snr_in_coloured_noise_db = static_cast<float>(
              (limits.min_snr_in_coloured_noise + snr_offsets(limits.sensitivity).in_coloured_noise).value),
          .snr_over_voice_db = static_cast<float>(
              (limits.min_snr_over_voice + snr_offsets(limits.sensitivity).over_voice).value),
          .sounding = static_cast<std::int32_t>(
              SampleRate::narrowband().samples(limits.max_tone_rejected + sounding_error)),
      } {
    const auto screened = [](float db) {
        return static_cast<float>(power_ratio(Decibels{static_cast<double>(db)} - screen_error));
    };
    least_.screened_in_white_noise = screened(least_.snr_in_white_noise_db);
    least_.screened_in_coloured_noise = screened(least_.snr_in_coloured_noise_db);
}

// Whether the score, computed from what the screen found, comes near enough to examine the tones.
bool ToneVerifier::may_stand_out(const ScreenedEnergy& energy,
                                 FunctionRef<double()> asked_of_colour) const noexcept {
    if (energy.tones < least_.screened_in_white_noise * energy.residual) {
        return false;
    }
    return energy.tones >= least_.screened_in_coloured_noise * energy.residual ||
           power_ratio(static_cast<double>(energy.tones / energy.residual)).value >=
               static_cast<double>(least_.snr_in_white_noise_db) - screen_error.value + asked_of_colour();
}

// Whether the tones, which fill enough sub-blocks, may have lasted long enough.
bool ToneVerifier::may_last(const ToneTracker& tracker, const ScreenedEnergy& energy,
                            std::int64_t oldest) const noexcept {
    if (energy.tones <= clean_power_ratio * energy.residual) {
        return true;
    }
    const ToneTracker::Lasted lasted = tracker.lasted();
    if (lasted.at_least < least_.sounding - lasted_error || lasted.at_most < least_.sounding) {
        return false;
    }
    return lasted.at_least >= least_.sounding || !is_nothing_before(tracker, oldest, least_.sounding);
}

// How far from a key's frequency the integrated tones may be.
double ToneVerifier::farthest_hz(std::size_t group, std::uint8_t key) const noexcept {
    return static_cast<double>((group == 0 ? least_.low_off_hz : least_.high_off_hz)[key]) +
           guess_error.value;
}

// Whether the score, computed from the integrated tones, comes near enough for a fit.
bool ToneVerifier::worth_a_fit(const HeardPair& guess, FunctionRef<double()> asked_of_colour) const noexcept {
    const double low_off = off_hz(0, guess.pair.row, guess.pair.low);
    const double high_off = off_hz(1, guess.pair.column, guess.pair.high);
    if (guess.share() < min_share || low_off > farthest_hz(0, guess.pair.row) ||
        high_off > farthest_hz(1, guess.pair.column)) {
        return false;
    }
    const auto beyond_free = [&](double off_hz, Hertz nominal) {
        return beyond(100.0 * beyond(off_hz, guess_error.value) / nominal.value,
                      static_cast<double>(least_.free_deviation_percent));
    };
    const double off = beyond_free(low_off, low_group[guess.pair.row]) +
                       beyond_free(high_off, high_group[guess.pair.column]);
    const double snr = guess.share() / std::max(1e-3, 1.0 - guess.share());
    // No logarithm is worth computing for a key that no residual could make doubtful.
    constexpr double rounding = 1.001;
    if (off == 0.0 && snr > rounding * static_cast<double>(least_.screened_in_coloured_noise)) {
        return true;
    }
    const double asked_db = std::min(static_cast<double>(least_.snr_in_white_noise_db) + asked_of_colour(),
                                     static_cast<double>(least_.snr_in_coloured_noise_db)) +
                            db_per_frequency_percent * off;
    const double snr_db = power_ratio(snr).value;
    return snr_db >= std::min(asked_db, most_required_db) - screen_error.value;
}

bool ToneVerifier::measure(const ToneTracker& tracker, std::int64_t not_before,
                           ToneEvidence& evidence) const noexcept {
    if (tracker.filled_sub_blocks() < min_filled) {
        return false;
    }
    const ScreenedEnergy energy = tracker.screened_energy();
    const std::int64_t oldest = std::max(not_before, tracker.oldest());
    // Asked for by two, and rarely.
    std::optional<double> asked_db;
    const auto asked_of_colour = [&] {
        if (!asked_db) {
            asked_db = asked_of_colour_db(tracker, energy);
        }
        return *asked_db;
    };
    if (!may_stand_out(energy, asked_of_colour) || !may_last(tracker, energy, oldest)) {
        return false;
    }
    const auto is_near = [this](std::size_t group, std::uint8_t nearest, Hertz tone) {
        return off_hz(group, nearest, tone) <= farthest_hz(group, nearest);
    };
    const auto guess = tracker.strongest_pair(ToneTracker::integration, is_near);
    if (!guess || !worth_a_fit(*guess, asked_of_colour)) {
        return false;
    }
    const std::int64_t end = tracker.count();
    // From the first sub-block that the tones fill, by what the screen found.
    const std::int64_t filled = std::min(end - min_fitted, tracker.first_filled(max_fitted));
    evidence.voice.reset();
    // A longer end would not help those that begin too late: clean ones are asked first when they began.
    SampleIndex onset = 0;
    const auto is_long_enough = [&] {
        onset = likeliest_onset(evidence.fit, tracker, oldest, end - 2);
        return end * sub_block_samples - onset >= least_.sounding;
    };
    const bool is_clean = energy.tones > clean_power_ratio * energy.residual;
    if (!fit_pair(tracker, std::max(oldest, filled), guess->pair, evidence,
                  [&] { return !is_clean || is_long_enough(); })) {
        return false;
    }
    if (margin(evidence) < least_promise) {
        return false;
    }
    if (!is_clean && !is_long_enough()) {
        return false;
    }
    const SampleCount sounded = likeliest_end(evidence.fit, tracker, end - 2) - onset;
    if (sounded < least_.sounding) {
        return false;
    }
    // Where they began later or earlier than the fit's first sub-block, another fit is better. The sub-block
    // of the onset holds only a part of them.
    const std::int64_t first =
        std::max(end - max_fitted, (onset + sub_block_samples - 1) / sub_block_samples);
    if (first < evidence.first || (first > evidence.first && end - first >= min_fitted)) {
        fit_pair(tracker, first, guess->pair, evidence, [] { return true; });
    }
    evidence.onset = onset;
    evidence.sounded = sounded;
    evidence.unsteadiness = unsteadiness(evidence.fit);
    evidence.margin = margin(evidence);
    if (evidence.margin.value >= 0.0 && may_be_voice(evidence, tracker)) {
        evidence.voice = measure_voice(evidence.fit, tracker, evidence.first, evidence.end, onset);
        evidence.margin = margin(evidence);
    }
    return true;
}

// Added where the residual is coloured: the SNR asked for, by how much it shows of each mark of a voice.
double ToneVerifier::asked_over_voice_db(const ToneEvidence& evidence, const VoiceCues& cues) const noexcept {
    const double sounded_ms = SampleRate::narrowband().milliseconds(evidence.sounded).value;
    const double deviation = deviation_beyond(evidence.pair, voice_free_deviation_percent);
    return static_cast<double>(least_.snr_over_voice_db) +
           db_per_neighbour_db *
               std::clamp(cues.neighbour_over_tone.value, least_neighbour_db, most_neighbour_db) +
           db_per_before_db * cues.before_over_tone.value +
           db_per_low_share_db * std::max(cues.share_below_600_hz.value, least_low_share_db) +
           std::min(db_per_voice_deviation_percent * deviation, most_of_voice_deviation_db) +
           db_per_voice_level_difference_db *
               beyond(std::abs(evidence.high_over_low.value), free_level_difference_db) +
           db_per_missing_ms * beyond(free_of_voice.value, sounded_ms) +
           db_per_lost_share * evidence.lost_share;
}

// Whether the marks of a voice may ask for more than the tones show: those that cost most to measure, at
// their most.
bool ToneVerifier::may_be_voice(const ToneEvidence& evidence, const ToneTracker& tracker) const noexcept {
    if (evidence.snr.value >= most_over_voice_db) {
        return false;
    }
    const VoiceCues most{.pitch_correlation = 1.0,
                         .flatness = Decibels{0.0},
                         .neighbour_over_tone = Decibels{most_neighbour_db},
                         .share_below_600_hz = Decibels{0.0},
                         .before_over_tone = before_over_tone(evidence.fit, tracker, evidence.onset)};
    return evidence.snr.value < asked_over_voice_db(evidence, most);
}

Decibels ToneVerifier::margin(const ToneEvidence& evidence) const noexcept {
    const Hertz low_nominal = low_group[evidence.pair.row];
    const Hertz high_nominal = high_group[evidence.pair.column];
    const double low_error = std::abs(evidence.pair.low.value - low_nominal.value);
    const double high_error = std::abs(evidence.pair.high.value - high_nominal.value);
    const double weaker_power = std::min(evidence.fit.tones[0].power(), evidence.fit.tones[1].power());
    const double high_over_low_db = evidence.high_over_low.value;
    if (low_error > static_cast<double>(least_.low_off_hz[evidence.pair.row]) ||
        high_error > static_cast<double>(least_.high_off_hz[evidence.pair.column]) ||
        high_over_low_db > static_cast<double>(least_.high_over_low_db) ||
        -high_over_low_db > static_cast<double>(least_.low_over_high_db) ||
        weaker_power < static_cast<double>(least_.power)) {
        return excluded;
    }
    const double colour =
        db_per_gain_db * beyond(evidence.fit.residual_prediction_gain.value, white_up_to_gain_db);
    const auto free_deviation = static_cast<double>(least_.free_deviation_percent);
    double demanded = std::min(static_cast<double>(least_.snr_in_white_noise_db) + colour,
                               static_cast<double>(least_.snr_in_coloured_noise_db)) +
                      db_per_frequency_percent * deviation_beyond(evidence.pair, free_deviation) +
                      db_per_unsteadiness * beyond(evidence.unsteadiness, free_unsteadiness) +
                      db_per_level_difference_db *
                          beyond(std::abs(evidence.high_over_low.value), free_level_difference_db) +
                      db_per_lost_share * evidence.lost_share;
    demanded = std::min(demanded, most_required_db);
    if (evidence.voice) {
        const double over_voice =
            std::min(asked_over_voice_db(evidence, *evidence.voice), most_over_voice_db);
        demanded += colour_of(*evidence.voice) * beyond(over_voice, demanded);
    }
    return Decibels{evidence.snr.value - demanded};
}

} // namespace keytone
