// SPDX-License-Identifier: MIT
//
// The beeps that a line listener hears. A frame of 10 ms is one steady tone or not:
//
//     beep     .....#TTTTTTTTTTTTT#..........          "T" the same tone at the same level
//                                  end      known      after min_silence_after_beep of "."
//     none     TTTTTTTTTTTTT#TTTTTTTTTT                another tone follows: information tones
//     none     ##TTTT####TTT####                       sound follows: speech
//     waits    .....#TTTTTTTTTTTTT#.......................    of a pitch that call progress has: it is a beep
//                                  end              known      after max_cadence_gap of "." instead
#include "dsp/listener/line_listener.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

constexpr std::int32_t edge_frames = 2;  // at a beep's end, that hold a part of it
constexpr float length_tolerance = 0.4F; // frames, so that a beep of exactly the limit is accepted
constexpr float same_length = 1.25F;
constexpr float quiet_after_beep = 0.07F; // of its power: a voice dies away more slowly
// The greatest difference within one beep, and from one burst of a cadence to the next.
constexpr float max_cosine_change = 0.06F;

} // namespace

// Both lags must agree that there is one tone: each alone takes some sets of harmonics for one.
std::optional<LineListener::Pitch> LineListener::pitch(const Frame& frame) const noexcept {
    const auto by_long_lag = frame.long_lag.one_tone();
    const auto by_short_lag = frame.short_lag.one_tone();
    if (!by_long_lag || !by_short_lag || !settings_.beep.hold(by_short_lag->cosine)) {
        return std::nullopt;
    }
    const float noise_share = std::max(by_long_lag->noise_share, by_short_lag->noise_share);
    if (noise_share > settings_.max_frame_noise) {
        return std::nullopt;
    }
    return Pitch{by_short_lag->cosine, by_long_lag->cosine, noise_share};
}

/// `may_be_tone`: whether it is not known that the frame is none.
void LineListener::follow_beep(const Frame& frame, bool may_be_tone, Sink sink) noexcept {
    Beep& beep = state_.beep;
    const float power = frame.power;
    const auto heard = may_be_tone ? pitch(frame) : std::nullopt;
    const bool same_pitch = heard && beep.frames > 0 &&
                            std::abs(heard->cosine - beep.cosine) < max_cosine_change &&
                            std::abs(heard->long_cosine - beep.long_cosine) < max_cosine_change;
    const bool goes_on = same_pitch && beep.after == 0 && about(power, beep.power, settings_.max_beep_change);
    // The frame in which a tone ends may look like a tone, of a slightly different pitch.
    const bool ending = beep.frames >= least_tone && !goes_on && (same_pitch || beep.after < edge_frames);
    if (!heard || ending) {
        end_beep(frame, sink);
        return;
    }
    if (!goes_on) {
        beep.ruled_out = beep.frames >= least_tone;
        beep.frames = 0;
        beep.after = 0;
        beep.power = power;
        beep.noise_share = heard->noise_share;
        beep.cosine = heard->cosine;
        beep.long_cosine = heard->long_cosine;
        beep.length = std::min(1.0F, frame.power_before / power);
    }
    beep.ruled_out = beep.ruled_out || dial_tone_reported();
    ++beep.frames;
    beep.length += 1.0F;
    const float share = 1.0F / static_cast<float>(beep.frames);
    beep.power += (power - beep.power) * share;
    beep.noise_share += (heard->noise_share - beep.noise_share) * share;
    beep.cosine += (heard->cosine - beep.cosine) * share;
    beep.long_cosine += (heard->long_cosine - beep.long_cosine) * share;
}

void LineListener::end_beep(const Frame& frame, Sink sink) noexcept {
    Beep& beep = state_.beep;
    const float power = frame.power;
    if (beep.frames == 0) {
        return;
    }
    if (beep.after == 0) {
        const float part = std::min(1.0F, power / beep.power);
        beep.end = state_.position - settings_.frame +
                   static_cast<SampleIndex>(part * static_cast<float>(settings_.frame));
        beep.length += part;
    }
    beep.tail.add(++beep.after, power, frame.power_before);
    const bool quiet = power < quiet_after_beep * beep.power;
    const bool edge = beep.after <= edge_frames && power < settings_.max_beep_change * beep.power;
    beep.ruled_out = beep.ruled_out || (!quiet && beep.after == edge_frames); // It dies away.
    if ((!quiet && !edge) || beep.length < settings_.min_beep - length_tolerance ||
        beep.length > settings_.max_beep + length_tolerance) {
        beep.frames = 0;
        return;
    }
    if (beep.after < settings_.min_silence_after_beep + 1) {
        return;
    }
    const SampleIndex since = beep.end - beep.last_end;
    const bool cadence =
        beep.last_cosine <= 1.0F && std::abs(beep.cosine - beep.last_cosine) < max_cosine_change &&
        (since < settings_.max_cadence_gap ||
         (since < settings_.max_reminder_gap && about(beep.length, beep.last_length, same_length)));
    const bool is_beep = !cadence && !beep.ruled_out && !beep.tail.dies_away(beep.power) &&
                         beep.noise_share < settings_.max_noise_of_tone;
    beep.awaits =
        is_beep && settings_.dial_region.hold(beep.cosine) && settings_.progress_tone.hold(beep.long_cosine);
    if (is_beep && !beep.awaits) {
        sink({LineEvent::Kind::beep_ended, beep.end, state_.position});
    }
    beep.last_cosine = beep.cosine;
    beep.last_length = beep.length;
    beep.last_end = beep.end;
    beep.frames = 0;
}

void LineListener::await_cadence(bool active, Sink sink) noexcept {
    Beep& beep = state_.beep;
    beep.awaits = beep.awaits && !(active && state_.activity.active >= settings_.min_sound);
    if (beep.awaits && state_.position - beep.last_end >= settings_.max_cadence_gap) {
        beep.awaits = false;
        sink({LineEvent::Kind::beep_ended, beep.last_end, state_.position});
    }
}

} // namespace keytone
