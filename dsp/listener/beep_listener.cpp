// SPDX-License-Identifier: MIT
#include "dsp/listener/beep_listener.hpp"

#include "dsp/arithmetic/sine.hpp"
#include "dsp/levels.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

// From one frame to the next. A chirp of half its frequency in 100 ms changes by less.
constexpr float max_cosine_step = 0.06F;
constexpr float max_long_cosine_step = 0.3F;
// A pair keeps its frequencies.
constexpr float max_pair_step = 0.12F;
constexpr float max_key_difference = 0.06F;
constexpr float quiet_share = 0.1F;          // of the tone's power
constexpr std::int32_t most_edge_frames = 2; // behind a tone, that hold a part of it
constexpr float most_length_error = 0.4F;
constexpr std::int32_t most_frames_apart = 6; // the two listeners' ends of one beep
constexpr float about_as_long = 1.25F;
// Two tones fit so much better than one.
constexpr float pair_to_single = 0.3F;
constexpr float clean_tone = 0.004F;

bool holds(const std::array<float, 4>& cosines, float cosine) {
    return std::ranges::any_of(cosines,
                               [&](float key) { return std::abs(key - cosine) < max_key_difference; });
}

/// The cosine of one and a half times the angle whose cosine is `c`.
float of_half_as_much_again(float c) {
    const float half = std::sqrt(std::max(0.0F, 0.5F * (1.0F + c)));
    return half * (4.0F * half * half - 3.0F);
}

constexpr std::array<double, 4> keys_low_hz{697.0, 770.0, 852.0, 941.0};
constexpr std::array<double, 4> keys_high_hz{1209.0, 1336.0, 1477.0, 1633.0};

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
    const auto cosine = [&](Hertz frequency, int distance) {
        const double turns = frequency.value * distance / average_hz + 0.25;
        return sine_of_phase(static_cast<std::uint64_t>((turns - std::floor(turns)) * 0x1p64));
    };
    const auto key_cosines = [&](const std::array<double, 4>& frequencies) {
        std::array<float, 4> cosines{};
        std::ranges::transform(frequencies, cosines.begin(),
                               [&](double hz) { return cosine(Hertz{hz}, LineFront::long_lag(rate)); });
        return cosines;
    };
    settings_ = {
        .min_length = frames(limits.min_length) - most_length_error,
        .max_length = frames(limits.max_length) + most_length_error,
        .max_noise = ratio(limits.max_noise),
        .max_frame_noise = ratio(limits.max_frame_noise),
        .max_level_change = ratio(limits.max_level_change),
        .greatest_cosine = cosine(limits.lowest, 1),
        .least_cosine = cosine(limits.highest * 1.02, 1),
        .least_pair_cosine = cosine(Hertz{700}, 1),
        .min_silence = static_cast<std::int32_t>(std::ceil(frames(limits.min_silence))),
        .max_cadence_gap = samples(limits.max_cadence_gap),
        .max_reminder_gap = samples(limits.max_reminder_gap),
        .frame = frame,
        .key_low = key_cosines(keys_low_hz),
        .key_high = key_cosines(keys_high_hz),
    };
}

void BeepListener::process(LineListener& line, std::span<const std::int16_t> in, Sink sink,
                           LineFront::Sink frames) noexcept {
    for (Frame frame; !in.empty() && next(line, in, frame, sink);) {
        frames(frame);
    }
}

bool BeepListener::next(LineListener& line, std::span<const std::int16_t>& in, Frame& frame,
                        Sink sink) noexcept {
    const bool ended = line.next(in, frame, [&](const LineEvent& event) {
        if (event.kind != LineEvent::Kind::beep_ended || is_new(event.at)) {
            sink(event);
        }
    });
    if (!ended) {
        return false;
    }
    if (const auto end = add(frame); end && is_new(*end)) {
        sink({LineEvent::Kind::beep_ended, *end, frame.end});
    }
    return true;
}

std::optional<BeepListener::Pitch> BeepListener::pitch(const Frame& frame) const noexcept {
    const auto overall = frame.short_lag.one_tone();
    const auto one = frame.long_lag.one_tone();
    if (!overall || !one || overall->cosine > settings_.greatest_cosine ||
        overall->cosine < settings_.least_cosine) {
        return std::nullopt;
    }
    const float noise = std::max(overall->noise_share, one->noise_share);
    if (noise < clean_tone) {
        return Pitch{false, overall->cosine, one->cosine, 0.0F, noise};
    }
    const auto two = frame.long_lag.two_tones();
    if (two && two->noise_share < pair_to_single * one->noise_share) {
        const bool key =
            (holds(settings_.key_low, two->first_cosine) && holds(settings_.key_high, two->second_cosine)) ||
            (holds(settings_.key_low, two->second_cosine) && holds(settings_.key_high, two->first_cosine));
        return !key && overall->cosine < settings_.least_pair_cosine &&
                       two->noise_share < settings_.max_frame_noise
                   ? std::optional(Pitch{true, overall->cosine, two->first_cosine, two->second_cosine,
                                         two->noise_share})
                   : std::nullopt;
    }
    return noise < settings_.max_frame_noise
               ? std::optional(Pitch{false, overall->cosine, one->cosine, 0.0F, noise})
               : std::nullopt;
}

bool BeepListener::goes_on(const Pitch& heard, float power) const noexcept {
    if (state_.frames == 0 || state_.after > 0 || heard.pair != state_.last.pair ||
        power > settings_.max_level_change * state_.power ||
        state_.power > settings_.max_level_change * power) {
        return false;
    }
    if (state_.last.pair) {
        return std::abs(heard.long_cosine - state_.last.long_cosine) < max_pair_step &&
               std::abs(heard.second_cosine - state_.last.second_cosine) < max_pair_step;
    }
    return std::abs(heard.cosine - state_.last.cosine) < max_cosine_step &&
           std::abs(heard.long_cosine - state_.last.long_cosine) < max_long_cosine_step;
}

void BeepListener::begin(const Pitch& heard, float power) noexcept {
    state_.frames = 1;
    state_.after = 0;
    state_.power = power;
    state_.noise = heard.noise;
    state_.edge = state_.before[0];
    state_.last = heard;
    state_.least_cosine = heard.cosine;
    state_.greatest_cosine = heard.cosine;
}

void BeepListener::follow(const Pitch& heard, float power) noexcept {
    ++state_.frames;
    const float share = 1.0F / static_cast<float>(state_.frames);
    state_.power += (power - state_.power) * share;
    state_.noise += (heard.noise - state_.noise) * share;
    state_.last = heard;
    state_.least_cosine = std::min(state_.least_cosine, heard.cosine);
    state_.greatest_cosine = std::max(state_.greatest_cosine, heard.cosine);
}

std::optional<SampleIndex> BeepListener::add(const Frame& frame) noexcept {
    // What does not go on may begin, behind quiet; the frame before it may be its edge.
    const bool may_begin =
        frame.active && std::max(state_.before[1], state_.before[2]) < quiet_share * frame.power;
    std::optional<SampleIndex> beep;
    if (state_.frames > 0 || may_begin) {
        const bool in_tone = frame.active && state_.frames > 0 && state_.after == 0;
        const auto heard = in_tone ? pitch(frame) : std::nullopt;
        if (heard && goes_on(*heard, frame.power)) {
            follow(*heard, frame.power);
        } else if (state_.frames > 0) {
            beep = end(frame);
        }
        if (state_.frames == 0 && may_begin) {
            if (const auto begins = heard ? heard : pitch(frame)) {
                begin(*begins, frame.power);
            }
        }
    }
    state_.before = {frame.power, state_.before[0], state_.before[1]};
    return beep;
}

std::optional<SampleIndex> BeepListener::end(const Frame& frame) noexcept {
    if (state_.after == 0) {
        const float part = std::min(1.0F, frame.power / state_.power);
        state_.end = frame.end - settings_.frame +
                     static_cast<SampleIndex>(part * static_cast<float>(settings_.frame));
        state_.length = static_cast<float>(state_.frames) + part + std::min(1.0F, state_.edge / state_.power);
    }
    ++state_.after;
    const bool is_quiet = !frame.active || frame.power < quiet_share * state_.power;
    if ((!is_quiet && state_.after > most_edge_frames) || !is_beep()) {
        state_.frames = 0;
        state_.after = 0;
        return std::nullopt;
    }
    if (state_.after <= settings_.min_silence) {
        return std::nullopt;
    }
    const bool again = is_again();
    state_.cosine_before = state_.last.cosine;
    state_.length_before = state_.length;
    state_.end_before = state_.end;
    state_.frames = 0;
    state_.after = 0;
    return again ? std::nullopt : std::optional(state_.end);
}

/// A cadence, or a reminder.
bool BeepListener::is_again() const noexcept {
    const bool same_pitch = std::abs(state_.last.cosine - state_.cosine_before) < max_cosine_step;
    const bool same_length = state_.length < about_as_long * state_.length_before &&
                             state_.length_before < about_as_long * state_.length;
    const SampleIndex since = state_.end - state_.end_before;
    return same_pitch &&
           (since < settings_.max_cadence_gap || (same_length && since < settings_.max_reminder_gap));
}

bool BeepListener::is_new(SampleIndex end) noexcept {
    const SampleIndex apart = SampleIndex{most_frames_apart} * settings_.frame;
    const bool is_known =
        state_.reported >= 0 && end < state_.reported + apart && state_.reported < end + apart;
    state_.reported = is_known ? state_.reported : end;
    return !is_known;
}

bool BeepListener::is_beep() const noexcept {
    return state_.noise < settings_.max_noise && state_.length > settings_.min_length &&
           state_.length < settings_.max_length &&
           state_.least_cosine > of_half_as_much_again(state_.greatest_cosine);
}

} // namespace keytone
