// SPDX-License-Identifier: MIT
#include "dsp/listener/progress_listener.hpp"

#include "dsp/levels.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

constexpr float same_tone_share = 0.02F; // of a frequency, from burst to burst
constexpr float softest_sound = 0.06F;   // of a tone's power, in its pauses
constexpr float same_modulation_hz = 8.0F;
// Three bursts and pauses before a dial tone, each this long at most: it is a
// second one.
constexpr std::size_t stutter_bursts = 3;
constexpr Milliseconds longest_stutter{260};
// A single burst shows less than two.
constexpr double certainty_of_one_burst = 0.8;

Dbm0 level_of(float power) {
    return mean_square_level(static_cast<double>(power) / (full_scale_pcm16 * full_scale_pcm16));
}

} // namespace

ProgressListener::ProgressListener(SampleRate rate, const ProgressLimits& limits, Country country) noexcept
    : rate_(rate),
      pause_margin_(limits.pause_margin),
      min_other_(rate.samples(limits.min_other)),
      burst_settings_{.stream_hz = LineFront::average_hz(rate),
                      .frame = LineFront::samples_of_frame(rate),
                      .least_share = static_cast<float>(limits.min_tone_share)},
      table_(country, limits.cadence, rate.hz() / 1000.0),
      bursts_(burst_settings_),
      machine_(rate, burst_settings_.frame, limits.machine) {}

void ProgressListener::reset() noexcept {
    machine_.reset();
    bursts_ = ToneBursts(burst_settings_);
    state_ = State{};
    follows_ = false;
    steady_asked_ = false;
}

void ProgressListener::hear_further(const LineFront::Frame& frame, Passes passes, Sink sink) noexcept {
    const SampleIndex now = frame.end;
    if ((passes & bursts_pass) == 0U) {
        bursts_.hear_further(frame, [&](const ToneBurst& burst) { hear_burst(burst, now, sink); });
    }
    if ((passes & machine_passes) == 0U) {
        machine_.hear_further(frame, [&](const MachineTone& tone) { hear_machine(tone, now, sink); });
    }
    if (follows_ && !bursts_.sounds()) {
        if (state_.row.size() > 0) {
            hear_pause(now, sink);
        }
        follows_ = state_.row.size() > 0 || state_.told;
    }
}

void ProgressListener::hear_pause(SampleIndex now, Sink sink) noexcept {
    const SampleCount pause = now - state_.row.last().end;
    if (state_.look_at > 0 && pause >= state_.look_at) {
        look({pause, false}, now, sink);
    }
    if (state_.told && pause > state_.longest_pause) {
        forget(now, sink);
    }
}

// Most sounds are words, after which nothing is followed: they do not touch the state, which is not in the
// cache then.
void ProgressListener::hear_burst(const ToneBurst& burst, SampleIndex now, Sink sink) noexcept {
    switch (burst.stage) {
    case ToneBurst::Stage::began:
        steady_asked_ = false;
        if (follows_ && state_.row.size() > 0 && burst.power > softest_sound * state_.power) {
            look({burst.begin - state_.row.last().end, true}, now, sink);
        }
        break;
    case ToneBurst::Stage::goes_on:
        hear_steady(burst, now, sink);
        follows_ = state_.row.size() > 0 || state_.told;
        break;
    case ToneBurst::Stage::ended:
        add_burst(burst, now, sink);
        follows_ = state_.row.size() > 0 || state_.told;
        break;
    case ToneBurst::Stage::other:
        if (follows_ && burst.end - burst.begin >= min_other_) {
            forget(now, sink);
        }
        break;
    case ToneBurst::Stage::vanished:
        break;
    }
}

bool ProgressListener::same_tone(const BurstTone& tone) const noexcept {
    const auto near = [](float a, float b) { return std::abs(a - b) <= same_tone_share * b; };
    const BurstTone& row = state_.tone;
    return tone.kind == row.kind && near(tone.first_hz, row.first_hz) &&
           (tone.kind == BurstTone::Kind::modulated
                ? std::abs(tone.second_hz - row.second_hz) <= same_modulation_hz
                : near(tone.second_hz, row.second_hz));
}

void ProgressListener::add_burst(const ToneBurst& burst, SampleIndex now, Sink sink) noexcept {
    if (state_.told && state_.told->cycles == 0) { // Without a cadence, it ends with its only burst.
        tell_end(burst.end, now, sink);
        return;
    }
    if (state_.row.size() > 0 && !same_tone(burst.tone)) {
        forget(now, sink);
    }
    state_.tone = burst.tone;
    state_.power = burst.power;
    state_.row.add({burst.begin, burst.end});
    look({now - burst.end, false}, now, sink);
}

/// Whether three short bursts came before the one that began there.
bool ProgressListener::stutters(SampleIndex begin) const noexcept {
    const BurstRow& row = state_.row;
    const SampleCount longest = rate_.samples(longest_stutter);
    if (row.size() < stutter_bursts) {
        return false;
    }
    SampleIndex next = begin;
    for (std::size_t i = 0; i < stutter_bursts; ++i) {
        const BurstRow::Burst& burst = row.at(row.size() - 1 - i);
        if (burst.end - burst.begin > longest || next - burst.end > longest) {
            return false;
        }
        next = burst.begin;
    }
    return true;
}

void ProgressListener::hear_steady(const ToneBurst& burst, SampleIndex now, Sink sink) noexcept {
    if (!steady_asked_) {
        steady_asked_ = true;
        const bool known = state_.row.size() == 0 || same_tone(burst.tone);
        state_.steady = table_.steady(burst.tone, known && stutters(burst.begin));
    }
    if (!state_.steady || burst.end - burst.begin < rate_.samples(state_.steady->length)) {
        return;
    }
    const SteadyMatch match = *state_.steady;
    state_.steady.reset();
    const SampleIndex at = match.tone == ProgressTone::second_dial && stutters(burst.begin)
                               ? state_.row.first_begin()
                               : burst.begin;
    forget(now, sink);
    state_.tone = burst.tone;
    state_.power = burst.power;
    tell(match.tone, at, now, match.country, static_cast<double>(std::min(burst.tone.share, 1.0F)), sink);
}

void ProgressListener::look(const Pause& pause, SampleIndex now, Sink sink) noexcept {
    const CadenceView view = table_.view(state_.row, state_.tone, pause);
    state_.look_at = view.look_again.value > 0.0 ? rate_.samples(view.look_again) + 1 : 0;
    if (!view.match) {
        return;
    }
    const CadenceMatch& match = *view.match;
    if (state_.told && state_.told->tone != match.tone) {
        // A tone that is cut off looks like another one: two bursts in turn have
        // to.
        if (state_.doubted_at + 1 != state_.row.all()) {
            state_.doubted_at = state_.row.all();
            return;
        }
        tell_end(now, now, sink);
    }
    state_.pairs = match.pairs;
    state_.longest_pause = rate_.samples(match.longest + pause_margin_);
    if (state_.told) {
        state_.told->cycles = state_.row.all() / match.pairs;
        return;
    }
    const double fit = 1.0 - 0.4 * static_cast<double>(match.error);
    const bool once = state_.row.size() == 1;
    tell(match.tone, state_.row.first_begin(), now, match.country, once ? certainty_of_one_burst * fit : fit,
         sink);
}

void ProgressListener::tell(ProgressTone tone, SampleIndex at, SampleIndex now, Country country,
                            double certainty, Sink sink) noexcept {
    const BurstTone& heard = state_.tone;
    const bool pair = heard.kind == BurstTone::Kind::pair;
    const bool modulated = heard.kind == BurstTone::Kind::modulated;
    const auto second = static_cast<double>(heard.second_hz);
    state_.told = ProgressEvent{.kind = ProgressEvent::Kind::began,
                                .tone = tone,
                                .at = at,
                                .known = now,
                                .first = Hertz{static_cast<double>(heard.first_hz)},
                                .second = Hertz{pair ? second : 0.0},
                                .modulation = Hertz{modulated ? second : 0.0},
                                .level = level_of(state_.power),
                                .cycles = state_.row.size() == 0 ? 0 : state_.row.all() / state_.pairs,
                                .certainty = certainty,
                                .country = country};
    sink(*state_.told);
}

void ProgressListener::tell_end(SampleIndex at, SampleIndex now, Sink sink) noexcept {
    ProgressEvent event = *state_.told;
    state_.told.reset();
    event.kind = ProgressEvent::Kind::ended;
    event.at = at;
    event.known = now;
    sink(event);
}

/// What was heard so far has ended, and does not belong to what follows.
void ProgressListener::forget(SampleIndex now, Sink sink) noexcept {
    if (state_.told) {
        tell_end(state_.row.size() > 0 ? state_.row.last().end : now, now, sink);
    }
    state_.row.clear();
    state_.look_at = 0;
    state_.pairs = 1;
    follows_ = false;
}

void ProgressListener::hear_machine(const MachineTone& tone, SampleIndex now, Sink sink) noexcept {
    if (!tone.ended) {
        forget(now, sink);
    }
    sink({.kind = tone.ended ? ProgressEvent::Kind::ended : ProgressEvent::Kind::began,
          .tone = tone.tone,
          .information = tone.information,
          .at = tone.ended ? tone.end : tone.begin,
          .known = now,
          .first = Hertz{static_cast<double>(tone.hz)},
          .level = level_of(tone.power),
          .cycles = tone.tone == ProgressTone::fax_calling ? 1 : 0,
          .certainty = static_cast<double>(tone.certainty)});
}

} // namespace keytone
