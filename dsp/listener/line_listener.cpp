// SPDX-License-Identifier: MIT
//
// A frame of 10 ms is compared with the threshold:
//
//     sound    ..##.#####..##......................    "#" loud. One "#" alone is a click
//                  began                  ended        after min_silence of "."
//
// Dial tones are looked for in blocks of five frames, which separate 350 Hz from 440 Hz; by the same blocks,
// LineSounds decides what is call progress.
#include "dsp/listener/line_listener.hpp"

#include "dsp/arithmetic/turns.hpp"
#include "dsp/levels.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

constexpr std::int32_t least_frames_of_block = 3; // a modulated tone is above the noise in so many
// A pair of tones, fitted as one, leaves at least this share of the power, and, fitted as two, much less of
// that.
constexpr float least_noise_of_pair = 0.002F;
constexpr float much_less = 0.3F;
constexpr float frame_noise_over_mean = 2.5F; // a single frame may be this much noisier than the whole tone

} // namespace

LineListener::LineListener(SampleRate rate, const LineLimits& limits) noexcept
    : front_(rate,
             {limits.min_sound_level, limits.max_noise_level, limits.min_sound_over_noise,
              limits.max_steady_noise_level, limits.min_sound_over_loudest, limits.min_sound_over_hum}) {
    const double average_hz = LineFront::average_hz(rate);
    const auto frame = static_cast<std::int32_t>(front_.frame());
    const int lag = LineFront::long_lag(rate);

    const auto in_frames = [&](Milliseconds duration) {
        return static_cast<double>(rate.samples(duration)) / frame;
    };
    const auto whole_frames = [&](Milliseconds duration) {
        return std::max(1, static_cast<std::int32_t>(std::ceil(std::min(in_frames(duration), 1e6))));
    };
    const auto blocks = [&](Milliseconds duration) {
        return static_cast<std::int16_t>(
            std::min((whole_frames(duration) + block_frames - 1) / block_frames, 30000));
    };
    const auto samples = [&](Milliseconds duration) {
        return static_cast<std::int32_t>(
            std::clamp(rate.samples(duration), SampleCount{0}, SampleCount{1} << 30));
    };
    const auto ratio = [](Decibels decibels) { return static_cast<float>(power_ratio(decibels)); };
    const auto cosine = [&](Hertz frequency, int distance) {
        return cosine_of_turns(frequency.value * distance / average_hz);
    };
    const auto cosines = [&](Hertz lowest, Hertz highest, int distance) {
        return Cosines{cosine(highest, distance), cosine(lowest, distance)};
    };
    const double tolerance = limits.dial_pair_tolerance_percent / 100.0;
    const auto around = [&](Hertz frequency) {
        return cosines(frequency * (1.0 - tolerance), frequency * (1.0 + tolerance), lag);
    };

    settings_ = {
        .frame = static_cast<std::int16_t>(frame),
        .min_dial_pair = blocks(limits.min_dial_pair),
        .min_dial_single = blocks(limits.min_dial_single),
        .min_silence_after_beep =
            static_cast<std::int16_t>(std::min(whole_frames(limits.min_silence_after_beep), 30000)),
        .max_cadence_gap = samples(limits.max_cadence_gap),
        .max_reminder_gap = samples(limits.max_reminder_gap),
        .max_progress_pause = samples(limits.max_progress_pause),
        .max_progress_burst = samples(limits.max_progress_burst),
        .max_dial_change = ratio(limits.max_dial_level_change),
        .max_beep_change = ratio(limits.max_beep_level_change),
        .min_beep = static_cast<float>(in_frames(limits.min_beep)),
        .max_beep = static_cast<float>(in_frames(limits.max_beep)),
        .highest_hum = cosine(Hertz{300}, 1),
        .dial_low = around(limits.dial_pair_low),
        .dial_high = around(limits.dial_pair_high),
        .dial_single = cosines(limits.lowest_dial_single, limits.highest_dial_single, lag),
        .progress_tone = cosines(limits.lowest_progress_tone, limits.highest_progress_tone, lag),
        // The long lag is ambiguous: 1160 Hz look like 440 Hz. At a lag of one average they do not.
        .dial_region = cosines(Hertz{300}, Hertz{700}, 1),
        .deepest_tone = cosine(Hertz{290}, lag),
        .max_noise_of_tone = ratio(limits.max_noise_of_tone),
        .max_noise_of_progress = ratio(limits.max_noise_of_progress),
        .beep = cosines(limits.lowest_beep * 0.98, limits.highest_beep * 1.02, 1),
        .min_silence = whole_frames(limits.min_silence),
        .min_sound = whole_frames(limits.min_sound),
        .min_pause = std::max(1, static_cast<std::int32_t>(std::min(in_frames(limits.min_pause), 1e6))),
        .max_frame_noise = frame_noise_over_mean * ratio(limits.max_noise_of_tone),
    };
    reset();
}

void LineListener::reset() noexcept {
    state_ = State{};
    front_.reset();
}

void LineListener::process(std::span<const std::int16_t> in, Sink sink) noexcept {
    for (Frame frame; !in.empty() && next(in, frame, sink);) {
    }
}

void LineListener::process(std::span<const std::int16_t> in, Sink sink, LineFront::Sink frames) noexcept {
    for (Frame frame; !in.empty() && next(in, frame, sink);) {
        frames(frame);
    }
}

/// Where a sound may begin or end.
void LineListener::follow_change(bool active, Sink sink) noexcept {
    Activity& activity = state_.activity;
    const SampleIndex now = state_.position;
    if (active) {
        if (activity.active++ == 0) {
            activity.first = now - settings_.frame;
        }
        if (!activity.sounding && activity.active == settings_.min_sound) {
            activity.sounding = true;
            sink({LineEvent::Kind::sound_began, activity.first, now});
        }
        // A single loud frame prolongs a sound, but does not keep it alive on its own.
        if (activity.active >= 2 || activity.silent == 0) {
            activity.silent = 0;
            activity.last = now;
            return;
        }
    } else {
        activity.active = 0;
    }
    ++activity.silent;
    if (activity.sounding && activity.silent >= settings_.min_silence) {
        activity.sounding = false;
        activity.ended = activity.last;
        sink({LineEvent::Kind::sound_ended, activity.last, now});
    }
}

std::optional<SampleIndex> LineListener::quiet_since() const noexcept {
    const Activity& activity = state_.activity;
    if (activity.sounding && activity.silent == 0) {
        return std::nullopt;
    }
    const SampleIndex since = activity.sounding ? activity.last : activity.ended;
    const LineSounds::Sound& progress = state_.sounds.progress();
    const bool pauses = progress.end >= 0 && progress.end - progress.begin <= settings_.max_progress_burst;
    return pauses ? std::max(since, progress.end + settings_.max_progress_pause) : since;
}

std::optional<LineSounds::Sound> LineListener::last_words() const noexcept {
    const LineSounds::Sound& words = state_.sounds.words();
    return words.end < 0 || state_.sounds.open() ? std::nullopt : std::optional(words);
}

void LineListener::end_sounding_block(const Frame& frame, Sink sink) noexcept {
    Dial& dial = state_.dial;
    end_block(frame, sink);
    dial.block_active = 0;
    dial.block = {};
    dial.short_block = {};
}

void LineListener::end_block(const Frame& frame, Sink sink) noexcept {
    Dial& dial = state_.dial;
    const BlockTones tones = block_tones();
    const LineSounds::Block block = sound_block(tones);
    // A hum is the line's own: it makes neither words nor call progress of a sound.
    const bool hum = block.tonal && block.short_cosine >= settings_.highest_hum;
    if (block.tonal && !hum) {
        front_.take_for_tone();
    }
    if (!hum && dial.block_active >= least_frames_of_block) {
        state_.sounds.add(block, dial.block_power / block_frames);
    }
    follow_dial_tone(dial_kind(tones, frame), sink);
}

/// What the block may be: nothing where it has too much noise for anything that is looked for.
LineListener::BlockTones LineListener::block_tones() const noexcept {
    const ToneRecurrence& block = state_.dial.block;
    const float most = std::max(settings_.max_noise_of_progress, settings_.max_noise_of_tone);
    if (block.leaves_more_than(most)) {
        return {};
    }
    const auto two = block.two_tones();
    const bool pair = two && two->noise_share < most;
    return pair || !block.one().leaves_more_than(most) ? BlockTones{block.one_tone(), two} : BlockTones{};
}

// Noise and modulation affect how well the tones fit, but hardly their frequencies.
LineSounds::Block LineListener::sound_block(const BlockTones& tones) const noexcept {
    const auto& [one, two] = tones;
    const bool single = one && one->noise_share < settings_.max_noise_of_progress;
    const bool both = one && two && two->noise_share < settings_.max_noise_of_progress;
    if (!single && !both) {
        return {};
    }
    const auto overall = state_.dial.short_block.one_tone();
    if (!overall) {
        return {};
    }
    const bool in_region = settings_.dial_region.hold(overall->cosine);
    // A voice's strongest partial is often its lowest; the others raise the rough pitch into the region.
    if (in_region && one->cosine > settings_.deepest_tone) {
        return {};
    }
    return {true, single, in_region, one->cosine, overall->cosine};
}

LineListener::DialKind LineListener::dial_kind(const BlockTones& tones, const Frame& frame) const noexcept {
    const auto& [one, two] = tones;
    if (state_.dial.block_active < block_frames || !one) {
        return DialKind::none;
    }
    const auto overall = frame.short_lag.one_tone();
    if (!overall || !settings_.dial_region.hold(overall->cosine)) {
        return DialKind::none;
    }
    // Two tones near each other almost fit as one: they count as two where two fit much better.
    if (two && one->noise_share > least_noise_of_pair && two->noise_share < much_less * one->noise_share) {
        const bool pair = two->noise_share < settings_.max_noise_of_tone &&
                          settings_.dial_low.hold(two->first_cosine) &&
                          settings_.dial_high.hold(two->second_cosine);
        return pair ? DialKind::pair : DialKind::none;
    }
    const bool single =
        one->noise_share < settings_.max_noise_of_tone && settings_.dial_single.hold(one->cosine);
    return single ? DialKind::single : DialKind::none;
}

void LineListener::follow_dial_tone(DialKind kind, Sink sink) noexcept {
    Dial& dial = state_.dial;
    if (kind == DialKind::none || kind != dial.kind ||
        !about(dial.block_power, dial.power, settings_.max_dial_change)) {
        const SampleIndex length = SampleIndex{block_frames} * settings_.frame;
        const SampleIndex begin = state_.position - length;
        const SampleIndex sound = state_.activity.first;
        dial.kind = kind;
        dial.blocks = 0;
        dial.power = dial.block_power;
        // The tone usually begins within the block before.
        dial.begin = state_.activity.active > block_frames && sound > begin - length ? sound : begin;
    }
    if (kind == DialKind::none) {
        return;
    }
    const bool reported = dial_tone_reported();
    ++dial.blocks;
    if (!reported && dial_tone_reported()) {
        sink({LineEvent::Kind::dial_tone, dial.begin, state_.position});
    }
}

bool LineListener::dial_tone_reported() const noexcept {
    const Dial& dial = state_.dial;
    return dial.kind != DialKind::none &&
           dial.blocks >= (dial.kind == DialKind::pair ? settings_.min_dial_pair : settings_.min_dial_single);
}

} // namespace keytone
