// SPDX-License-Identifier: MIT
#include "dsp/listener/beep_listener.hpp"

#include "dsp/arithmetic/turns.hpp"
#include "dsp/keys.hpp"
#include "dsp/levels.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace keytone {

namespace {

constexpr float whole = 0.8F; // of the power: a frame that is not a part at either end
constexpr float most_length_error = 0.4F;
constexpr std::int32_t most_frames_apart = 6; // the two listeners' ends of one beep
constexpr float about_as_long = 1.25F;
constexpr float same_pitch = 0.06F;           // as cosines
constexpr float most_frame_deviation = 0.03F; // of a frame's cosine above the greatest
constexpr float clean_tone = 0.004F;
constexpr float noise_of_codecs = 0.016F; // -18 dB: what they make of a clean beep seldom has more
// White noise looks alike at both lags; what else a voice has does not.
constexpr float least_whiteness = 0.4F;
// Two tones fit so much better than one, in so many frames.
constexpr float pair_to_single = 0.5F;
constexpr float least_share_of_pairs = 0.8F;
constexpr float most_wander = 0.06F;         // of the cosines of two tones, from frame to frame
constexpr float most_wander_of_mean = 0.15F; // of their mean: two tones in turn are no pair
// A key's frequencies are off by 1.8 % at most. The mean of its two cosines lies between them, and what two
// tones leave of one follows from both.
constexpr double max_key_offset = 0.02;
constexpr float max_key_difference = 0.02F;
constexpr float max_mean_error = 0.015F;
constexpr float max_key_misfit = 0.3F;
constexpr float max_key_error = 0.01F;
// From here on, what is neither one tone nor two is given up.
constexpr std::int32_t evident_frames = 3;
constexpr float evident_noise = 2.0F; // of the limit
// A sound fades from memory by 9 dB in 300 ms. While it is louder than this share of a beep, that came soon.
constexpr float loud_before = 0.3F;

/// Whether a tone's mean cosine is that of these turns, or of some that are a little off.
bool is_near(float mean, double turns) {
    const float cosine = cosine_of_turns(turns);
    const auto offset = static_cast<float>(2.0 * std::numbers::pi * turns * max_key_offset);
    const float sine = std::sqrt(std::max(0.0F, 1.0F - cosine * cosine));
    return std::abs(mean - cosine) < max_key_difference + offset * (sine + 0.5F * offset);
}

/// The cosine of one and a half times the angle whose cosine is `c`.
float of_half_as_much_again(float c) {
    const float half = std::sqrt(std::max(0.0F, 0.5F * (1.0F + c)));
    return half * (4.0F * half * half - 3.0F);
}

} // namespace

BeepListener::BeepListener(SampleRate rate, const BeepLimits& limits) noexcept {
    const double average_hz = LineFront::average_hz(rate);
    const auto frame = static_cast<std::int32_t>(LineFront::samples_of_frame(rate));
    const auto samples = [&](Milliseconds duration) {
        return static_cast<std::int32_t>(
            std::clamp(rate.samples(duration), SampleCount{0}, SampleCount{1} << 30));
    };
    const auto frames = [&](Milliseconds duration) {
        return static_cast<float>(samples(duration)) / static_cast<float>(frame);
    };
    const auto ratio = [](Decibels decibels) { return static_cast<float>(power_ratio(decibels)); };
    const auto cosine = [&](Hertz frequency) { return cosine_of_turns(frequency.value / average_hz); };
    settings_ = {
        .min_length = frames(limits.min_length) - most_length_error,
        .min_long = frames(limits.min_long) - most_length_error,
        .max_length = frames(limits.max_length) + most_length_error,
        .max_noise = ratio(limits.max_noise),
        .max_level_change = ratio(limits.max_level_change),
        .max_noise_of_wavering = ratio(limits.max_noise_of_wavering),
        .max_noise_of_wavering_pair = ratio(limits.max_noise_of_wavering_pair),
        .max_pair_waver = ratio(limits.max_pair_waver),
        .least_cosine = cosine(limits.highest * 1.02),
        .greatest_pair_cosine = cosine(Hertz{630}),
        .min_silence = static_cast<std::int32_t>(std::ceil(frames(limits.min_silence))),
        .max_cadence_gap = samples(limits.max_cadence_gap),
        .max_reminder_gap = samples(limits.max_reminder_gap),
        .frame = frame,
        .long_lag = LineFront::long_lag(rate),
        .average_hz = static_cast<float>(average_hz),
        .max_rise = ratio(limits.max_rise),
        .max_fall = ratio(limits.max_fall),
        .greatest_cosine = cosine(limits.lowest),
        .max_quiet = 1.0F / ratio(limits.min_edge),
    };
}

bool BeepListener::Steadiness::wanders_less(float most, float count) const noexcept {
    const float mean = sum / count;
    return square / count - mean * mean < most * most;
}

void BeepListener::Sums::add(const Heard& heard) noexcept {
    const bool is_first = frames++ == 0;
    power += heard.power;
    least_power = is_first ? heard.power : std::min(least_power, heard.power);
    greatest_power = std::max(greatest_power, heard.power);
    cosine.add(heard.cosine);
    least_cosine = is_first ? heard.cosine : std::min(least_cosine, heard.cosine);
    greatest_cosine = is_first ? heard.cosine : std::max(greatest_cosine, heard.cosine);
    short_noise += heard.short_noise;
    long_noise += heard.long_noise;
    two_noise += heard.two_noise;
    if (heard.two) {
        ++twos;
        first.add(heard.first_cosine);
        second.add(heard.second_cosine);
    }
}

std::optional<BeepListener::Heard> BeepListener::heard_in(const Frame& frame) const noexcept {
    const float greatest = settings_.greatest_cosine + most_frame_deviation;
    if (frame.short_lag.is_above(greatest)) { // before anything is divided
        return std::nullopt;
    }
    const auto overall = frame.short_lag.one_tone();
    const auto one = frame.long_lag.one_tone();
    if (!overall || !one || overall->cosine > greatest) {
        return std::nullopt;
    }
    Heard heard{.power = frame.power,
                .cosine = overall->cosine,
                .short_noise = overall->noise_share,
                .long_noise = one->noise_share,
                .two_noise = one->noise_share,
                .two = false,
                .first_cosine = 0.0F,
                .second_cosine = 0.0F};
    if (std::max(heard.short_noise, heard.long_noise) < clean_tone) {
        return heard;
    }
    if (const auto two = frame.long_lag.two_tones()) {
        heard.two = true;
        heard.two_noise = std::min(two->noise_share, heard.long_noise);
        heard.first_cosine = two->first_cosine;
        heard.second_cosine = two->second_cosine;
    }
    return heard;
}

/// Behind quiet; the frame before may be the part at its begin.
bool BeepListener::is_behind_quiet(const Frame& frame) const noexcept {
    const float most = settings_.max_quiet * frame.power;
    bool quiet = true;
    for (std::uint32_t i = 2; quiet && i < frames_before; ++i) {
        quiet = power_before(i) < most;
    }
    return quiet;
}

float BeepListener::mean_power() const noexcept {
    return state_.sums.frames > 0 ? state_.sums.power / static_cast<float>(state_.sums.frames)
                                  : state_.held.power;
}

void BeepListener::begin(const Frame& frame) noexcept {
    const auto heard = heard_in(frame);
    state_.sounds = heard.has_value();
    if (!heard) {
        return;
    }
    state_.after = 0;
    state_.edge = power_before(0);
    state_.soon = std::max(state_.faded, power_before(1)) > loud_before * frame.power;
    state_.held = *heard;
    state_.sums = {};
}

void BeepListener::follow(const Frame& frame) noexcept {
    const float mean = mean_power();
    if (!frame.active || frame.power * settings_.max_fall < mean) {
        end(frame);
        return;
    }
    const auto heard = heard_in(frame);
    state_.sounds = heard && frame.power < settings_.max_rise * mean;
    if (!state_.sounds) {
        return;
    }
    if (state_.sums.frames == 0 && state_.held.power < whole * frame.power) {
        state_.edge = state_.held.power;
    } else {
        state_.sums.add(state_.held);
    }
    state_.held = *heard;
    state_.sounds = state_.sums.frames < evident_frames || !is_hopeless();
}

/// The first frame behind the loud ones: it may be the part at the end, unless that was the last loud one.
void BeepListener::end(const Frame& frame) noexcept {
    const bool is_whole = state_.held.power > whole * mean_power();
    if (is_whole || state_.sums.frames == 0) {
        state_.sums.add(state_.held);
    }
    const float mean = mean_power();
    const auto part = [mean](float power) { return std::min(1.0F, power / mean); };
    const float at_end = part(is_whole ? frame.power : state_.held.power);
    state_.after = 1;
    state_.end = frame.end - (is_whole ? 1 : 2) * SampleIndex{settings_.frame} +
                 static_cast<SampleIndex>(at_end * static_cast<float>(settings_.frame));
    state_.length = static_cast<float>(state_.sums.frames) + at_end + part(state_.edge);
    state_.sounds = (is_whole || frame.power < settings_.max_quiet * mean) && is_beep();
}

std::optional<SampleIndex> BeepListener::hear_silence(const Frame& frame) noexcept {
    ++state_.after;
    state_.tail.add(state_.after, frame.power, frame.power_before);
    state_.sounds = frame.power < settings_.max_quiet * mean_power();
    if (!state_.sounds || state_.after <= settings_.min_silence) {
        return std::nullopt;
    }
    if (!leaves_noise()) {
        state_.sounds = false;
        return std::nullopt;
    }
    const bool again = is_again();
    state_.cosine_before = state_.sums.cosine.sum / static_cast<float>(state_.sums.frames);
    state_.length_before = state_.length;
    state_.end_before = state_.end;
    state_.sounds = false;
    return again ? std::nullopt : std::optional(state_.end);
}

std::optional<SampleIndex> BeepListener::hear(const Frame& frame) noexcept {
    std::optional<SampleIndex> beep;
    if (state_.sounds && state_.after > 0) {
        beep = hear_silence(frame);
    } else if (state_.sounds) {
        follow(frame);
    }
    if (!state_.sounds && may_begin(frame) && is_behind_quiet(frame)) {
        begin(frame);
    }
    return beep;
}

void BeepListener::hear_and_tell(const Frame& frame, Sink sink) noexcept {
    if (const auto end = hear(frame)) {
        sink({LineEvent::Kind::beep_ended, *end, frame.end});
    }
}

/// Whether what is behind it is the line's noise: that which the beep was in, too.
bool BeepListener::leaves_noise() const noexcept {
    const Sums& sums = state_.sums;
    const float noise = std::min(std::max(sums.short_noise, sums.long_noise), sums.two_noise) /
                        static_cast<float>(sums.frames);
    const bool is_noisy = noise > noise_of_codecs;
    return !state_.tail.dies_away(mean_power()) &&
           !(is_noisy && state_.tail.is_softer_than(noise * mean_power()));
}

/// Neither one tone nor two.
bool BeepListener::is_hopeless() const noexcept {
    const float most = evident_noise * settings_.max_noise * static_cast<float>(state_.sums.frames);
    return std::max(state_.sums.short_noise, state_.sums.long_noise) > most && state_.sums.two_noise > most;
}

/// A cadence, or a reminder.
bool BeepListener::is_again() const noexcept {
    const float cosine = state_.sums.cosine.sum / static_cast<float>(state_.sums.frames);
    const bool is_same = std::abs(cosine - state_.cosine_before) < same_pitch;
    const bool same_length = state_.length < about_as_long * state_.length_before &&
                             state_.length_before < about_as_long * state_.length;
    const SampleIndex since = state_.end - state_.end_before;
    return is_same &&
           (since < settings_.max_cadence_gap || (same_length && since < settings_.max_reminder_gap));
}

bool BeepListener::is_new(SampleIndex end) noexcept {
    const SampleIndex apart = SampleIndex{most_frames_apart} * settings_.frame;
    const bool is_known =
        state_.reported >= 0 && end < state_.reported + apart && state_.reported < end + apart;
    state_.reported = is_known ? state_.reported : end;
    return !is_known;
}

/// Whether the level of every frame keeps so near to the mean.
bool BeepListener::keeps_within(float rise, float fall) const noexcept {
    const float mean = mean_power();
    return state_.sums.greatest_power < rise * mean && mean < fall * state_.sums.least_power;
}

bool BeepListener::is_beep() const noexcept {
    const float cosine = state_.sums.cosine.sum / static_cast<float>(state_.sums.frames);
    return state_.length > settings_.min_length && state_.length < settings_.max_length &&
           cosine > settings_.least_cosine && (is_one_tone() || is_pair());
}

bool BeepListener::is_one_tone() const noexcept {
    const Sums& sums = state_.sums;
    const auto frames = static_cast<float>(sums.frames);
    const auto [less, more] = std::minmax(sums.short_noise, sums.long_noise);
    // Noise lowers the cosine by its share.
    if (sums.cosine.sum > settings_.greatest_cosine * (frames - sums.short_noise) ||
        sums.least_cosine < of_half_as_much_again(sums.greatest_cosine) ||
        more > settings_.max_noise * frames) {
        return false;
    }
    const bool clean = more < settings_.max_noise_of_wavering * frames;
    if (keeps_within(settings_.max_level_change, settings_.max_level_change)) {
        return clean || (less > least_whiteness * more && sums.two_noise > least_whiteness * more);
    }
    return clean && (!state_.soon || state_.length > settings_.min_long) &&
           keeps_within(settings_.max_rise, settings_.max_fall);
}

bool BeepListener::is_pair() const noexcept {
    const Sums& sums = state_.sums;
    const auto frames = static_cast<float>(sums.frames);
    const auto twos = static_cast<float>(sums.twos);
    const float single_noise = std::max(sums.short_noise, sums.long_noise);
    if (state_.length < settings_.min_long ||
        sums.cosine.sum > settings_.greatest_pair_cosine * (frames - sums.two_noise) ||
        twos < least_share_of_pairs * frames || sums.two_noise > settings_.max_noise * frames ||
        sums.two_noise > pair_to_single * single_noise ||
        !sums.cosine.wanders_less(most_wander_of_mean, frames) ||
        !sums.first.wanders_less(most_wander, twos) || !sums.second.wanders_less(most_wander, twos)) {
        return false;
    }
    const float waver = sums.two_noise < settings_.max_noise_of_wavering_pair * frames
                            ? settings_.max_pair_waver
                            : settings_.max_level_change;
    return keeps_within(waver, waver) && !is_key();
}

/// At the long lag 1600 Hz look like none at 8 kHz: other pairs look like keys. Their mean, and how far apart
/// they are, do not.
bool BeepListener::is_key() const noexcept {
    const Sums& sums = state_.sums;
    const auto twos = static_cast<float>(sums.twos);
    const auto frames = static_cast<float>(sums.frames);
    const float first = sums.first.sum / twos;
    const float second = sums.second.sum / twos;
    const float noise = sums.two_noise / frames;
    const float mean = sums.cosine.sum / (frames - sums.two_noise);
    const float apart = sums.short_noise / frames - noise;
    const auto is_of = [&](Hertz low_tone, Hertz high_tone) {
        const double low = low_tone.value / static_cast<double>(settings_.average_hz);
        const double high = high_tone.value / static_cast<double>(settings_.average_hz);
        const float below = cosine_of_turns(low) - mean;
        const float above = mean - cosine_of_turns(high);
        const float expected = 4.0F * below * above / (2.0F + 4.0F * mean * mean);
        const int lag = settings_.long_lag;
        return std::min(below, above) > -max_mean_error &&
               std::abs(apart - expected) < max_key_misfit * std::abs(expected) + max_key_error &&
               ((is_near(first, lag * low) && is_near(second, lag * high)) ||
                (is_near(first, lag * high) && is_near(second, lag * low)));
    };
    return std::ranges::any_of(low_group, [&](Hertz low) {
        return std::ranges::any_of(high_group, [&](Hertz high) { return is_of(low, high); });
    });
}

} // namespace keytone
