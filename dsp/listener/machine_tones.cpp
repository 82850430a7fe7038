// SPDX-License-Identifier: MIT
#include "dsp/listener/machine_tones.hpp"

#include "dsp/arithmetic/turns.hpp"
#include "dsp/levels.hpp"
#include "dsp/progress/machine_tones.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

constexpr double lowest_hz = 850.0;
constexpr double highest_hz = 2300.0;
// Of the cosines, within one tone.
constexpr float max_change = 0.15F;
constexpr std::int32_t most_missed = 6;  // frames in a row: a codec's, or the reversal of an answering tone
constexpr std::int32_t most_soft = 1;    // of these
constexpr float noise_of_spoilt = 0.05F; // such a frame shows no other pitch
constexpr std::int32_t most_soft_of_rough = 5;
constexpr std::int32_t most_other_of_rough = 2;
// The long lag has more noise than the short one where a codec spoils a tone.
constexpr float long_lag_noise = 2.0F;
constexpr std::int32_t least_run = 6;
constexpr float soft_of_run = 0.05F; // of a burst's power, in its pause
// Flags: 37.5 a second. Their frames' pitch varies with them and with little
// else.
constexpr double flags_hz = 37.5;
constexpr std::int32_t most_missed_flags = 2; // frames in a row that a codec spoils
constexpr double lowest_flag_hz = 1590.0;
constexpr double highest_flag_hz = 1910.0;
constexpr double mean_flag_hz = 1700.0;
constexpr double mean_flag_tolerance_hz = 45.0;
// The flags' share of the pitch's variance, times the frames: half of 300 ms, a
// quarter of 600 ms.
constexpr float least_flag_evidence = 15.0F;
constexpr float least_flag_wave = 0.015F;

} // namespace

MachineTones::MachineTones(SampleRate rate, SampleCount frame, const MachineToneLimits& limits) noexcept
    : max_noise_(static_cast<float>(power_ratio(limits.max_noise))),
      lowest_cosine_(cosine_of_turns(highest_hz / LineFront::average_hz(rate))),
      highest_cosine_(cosine_of_turns(lowest_hz / LineFront::average_hz(rate))),
      answering_cosine_(cosine_of_turns(limits.answering.value / LineFront::average_hz(rate))),
      lowest_flag_cosine_(cosine_of_turns(highest_flag_hz / LineFront::average_hz(rate))),
      highest_flag_cosine_(cosine_of_turns(lowest_flag_hz / LineFront::average_hz(rate))),
      mean_flag_cosine_(cosine_of_turns(mean_flag_hz / LineFront::average_hz(rate))),
      frame_(static_cast<std::int32_t>(frame)),
      rate_(rate),
      limits_(limits),
      average_hz_(LineFront::average_hz(rate)),
      lag_(LineFront::long_lag(rate)),
      reversals_(limits.answering.value / average_hz_, frame,
                 rate.samples(Milliseconds{limits.reversal.value - limits.reversal_tolerance.value}),
                 rate.samples(Milliseconds{limits.reversal.value + limits.reversal_tolerance.value})) {}

bool MachineTones::within(SampleCount length, Milliseconds least, Milliseconds most) const noexcept {
    return length >= rate_.samples(least) && length <= rate_.samples(most);
}

// Where nothing is followed, there is nothing in the state, which is not in the cache then: it is not asked.
void MachineTones::hear_further(const LineFront::Frame& frame, Sink sink) noexcept {
    const bool followed = follows_;
    follow_run(frame, sink);
    if (followed) {
        follow_calling(frame, sink);
    }
    follow_flags(frame, sink);
    if (follows_) {
        follows_ = state_.run.frames > 0 || state_.flags.frames > 0 || state_.heard || state_.calling;
    }
}

// Both lags must agree that there is one tone.
std::optional<MachineTones::Pitch> MachineTones::pitch(const LineFront::Frame& frame) const noexcept {
    if (!may_begin(frame)) {
        return std::nullopt;
    }
    const auto by_short_lag = frame.short_lag.one_tone();
    if (!by_short_lag || by_short_lag->noise_share > max_noise_ || by_short_lag->cosine > highest_cosine_ ||
        by_short_lag->cosine < lowest_cosine_) {
        return std::nullopt;
    }
    const auto by_long_lag = frame.long_lag.one_tone();
    if (!by_long_lag || by_long_lag->noise_share > long_lag_noise * max_noise_) {
        return std::nullopt;
    }
    return Pitch{by_short_lag->cosine, by_long_lag->cosine,
                 std::max(by_short_lag->noise_share, by_long_lag->noise_share)};
}

/// Since the stream began.
double MachineTones::turns_of(Hertz frequency) const noexcept {
    return frequency.value * static_cast<double>(frames_ * frame_) / rate_.hz();
}

void MachineTones::follow_run(const LineFront::Frame& frame, Sink sink) noexcept {
    Run& run = state_.run;
    const auto heard = pitch(frame);
    if (follows_ && run.frames > 0) {
        if (std::abs(run.cosine - answering_cosine_) < max_change) {
            add_to_answering(frame);
        }
        const bool same = heard && std::abs(heard->cosine - run.cosine) < max_change &&
                          std::abs(heard->long_cosine - run.long_cosine) < max_change &&
                          frame.power > soft_of_run * run.power;
        if (same) {
            add_to_run(frame, *heard);
            follow_answering(sink);
            return;
        }
        // Where it is still as loud, a codec has spoilt it; where it is not, it has
        // ended.
        const bool soft = !frame.active || frame.power < soft_of_run * run.power;
        const bool rough = run.level.is_rough();
        const std::int32_t most = soft ? (rough ? most_soft_of_rough : most_soft)
                                  : heard && heard->noise < noise_of_spoilt
                                      ? (rough ? most_other_of_rough : 0) // another tone
                                      : most_missed;
        if (++run.missed <= most) {
            return;
        }
        end_run(sink);
    }
    if (heard) {
        follows_ = true;
        run = Run{};
        run.begin = frame.end - frame_;
        run.cosine = heard->cosine;
        run.long_cosine = heard->long_cosine;
        run.power = frame.power;
        add_to_run(frame, *heard);
    }
}

void MachineTones::add_to_run(const LineFront::Frame& frame, const Pitch& pitch) noexcept {
    Run& run = state_.run;
    run.missed = 0;
    ++run.frames;
    run.end = frame.end;
    const float weight = 1.0F / static_cast<float>(std::min(run.frames, std::int32_t{20}));
    run.cosine += (pitch.cosine - run.cosine) * weight;
    run.long_cosine += (pitch.long_cosine - run.long_cosine) * weight;
    run.power += (frame.power - run.power) * weight;
    run.short_lag.add(frame.short_lag);
    run.long_lag.add(frame.long_lag);
    run.level.add(frame.power, turns_of(limits_.answering_modulation));
}

/// Frames that a codec has spoilt, too: they are its level's as much as the others.
void MachineTones::add_to_answering(const LineFront::Frame& frame) noexcept {
    Run& run = state_.run;
    if (!run.may_answer) {
        run.may_answer = true;
        reversals_.begin();
    }
    reversals_.hear(frame.averages, frame.end);
    const auto by_long_lag = frame.long_lag.one_tone();
    if (!by_long_lag || frame.power < soft_of_run * run.power) {
        return;
    }
    run.level.add_any(frame.power, frame.power_before, by_long_lag->noise_share,
                      turns_of(limits_.answering_modulation));
}

void MachineTones::end_run(Sink sink) noexcept {
    Run& run = state_.run;
    if (run.frames >= least_run) {
        if (!run.asked && run.end - run.begin >= least_answering()) {
            tell_answering(sink);
        }
        const Segment segment{run.begin, run.end, frequency(run.short_lag, run.long_lag), run.power};
        state_.segments = {state_.segments[1], state_.segments[2], segment};
        find_information(sink);
        const bool calls = std::abs(static_cast<double>(segment.hz) - limits_.calling.value) <=
                               limits_.calling_tolerance.value &&
                           within(segment.end - segment.begin, limits_.min_calling, limits_.max_calling);
        if (calls) {
            state_.calling = segment;
            state_.calling_end = segment.end;
        }
        const bool answers = state_.heard && (state_.heard->tone == ProgressTone::answering ||
                                              state_.heard->tone == ProgressTone::modem_answering);
        if (answers) {
            tell_end(run.end, sink);
        }
    }
    run.frames = 0;
}

/// The long lag is exact but ambiguous; the short one decides. Noise weakens
/// both cosines alike.
float MachineTones::frequency(const OneToneRecurrence& short_lag,
                              const ToneRecurrence& long_lag) const noexcept {
    const auto rough = short_lag.one_tone();
    const auto fine = long_lag.one_tone();
    if (!rough || !fine) {
        return 0.0F;
    }
    const auto restored = [](const ToneRecurrence::OneTone& tone) {
        return std::clamp(tone.cosine / (1.0F - std::min(tone.noise_share, 0.5F)), -1.0F, 1.0F);
    };
    const double near_hz = turns_of_cosine(restored(*rough)) * average_hz_;
    const double turns = turns_of_cosine(restored(*fine));
    double best = near_hz;
    double distance = average_hz_;
    for (int whole = 0; whole <= lag_; ++whole) {
        for (const double folded : {whole + turns, whole - turns}) {
            const double hz = folded * average_hz_ / lag_;
            if (std::abs(hz - near_hz) < distance) {
                distance = std::abs(hz - near_hz);
                best = hz;
            }
        }
    }
    return static_cast<float>(best);
}

void MachineTones::find_information(Sink sink) noexcept {
    const auto& heard = state_.segments;
    for (std::size_t i = 0; i < heard.size(); ++i) {
        const bool follows =
            i == 0 || heard[i].begin - heard[i - 1].end <= rate_.samples(limits_.max_segment_pause);
        if (!follows || !within(heard[i].end - heard[i].begin, limits_.min_segment, limits_.max_segment)) {
            return;
        }
    }
    SpecialInformation best_kind = SpecialInformation::none;
    double best_error = 1.0;
    for (std::size_t kind = 0; kind < special_information_names.size(); ++kind) {
        const auto segments = information_segments(static_cast<SpecialInformation>(kind));
        double scale = 0.0;
        for (std::size_t i = 0; i < heard.size(); ++i) {
            scale += static_cast<double>(heard[i].hz) / segments.frequencies[i].value / 3.0;
        }
        if (std::abs(scale - 1.0) > limits_.information_percent / 100.0) {
            continue;
        }
        double error = std::abs(scale - 1.0) / (limits_.information_percent / 100.0) * 0.1;
        for (std::size_t i = 0; i < heard.size(); ++i) {
            const double off =
                std::abs(static_cast<double>(heard[i].hz) / (segments.frequencies[i].value * scale) - 1.0);
            error = std::max(error, off / (limits_.segment_percent / 100.0));
            const bool is_long = heard[i].end - heard[i].begin > rate_.samples(limits_.long_segment);
            const bool asked = segments.lengths[i] > limits_.long_segment;
            // E.180's segments are of one length, which is not looked at; of
            // SR-2275's, the third is long.
            if (kind != 0 && i < 2 && is_long != asked) {
                error = 1.0;
            }
        }
        if (error < best_error) {
            best_error = error;
            best_kind = static_cast<SpecialInformation>(kind);
        }
    }
    if (best_error >= 1.0) {
        return;
    }
    if (state_.heard) {
        tell_end(heard[0].begin, sink);
    }
    tell({false, ProgressTone::special_information, best_kind, heard[0].begin, heard[2].end, heard[1].hz,
          heard[1].power, static_cast<float>(1.0 - 0.5 * best_error)},
         sink);
    tell_end(heard[2].end, sink);
    state_.segments = {};
}

void MachineTones::follow_calling(const LineFront::Frame& frame, Sink sink) noexcept {
    const bool told = state_.heard && state_.heard->tone == ProgressTone::fax_calling;
    if (told && frame.end - state_.calling_end > rate_.samples(limits_.max_calling_pause)) {
        tell_end(state_.calling_end, sink);
    }
    if (!state_.calling) {
        return;
    }
    const Segment burst = *state_.calling;
    const bool edge = frame.end - burst.end <= SampleCount{3} * frame_;
    if (!edge && frame.active && frame.power > soft_of_run * burst.power) {
        state_.calling.reset(); // Something else follows.
    } else if (frame.end - burst.begin >= rate_.samples(limits_.calling_known)) {
        state_.calling.reset();
        if (!told) {
            tell({false, ProgressTone::fax_calling, SpecialInformation::none, burst.begin, burst.end,
                  burst.hz, burst.power, 0.8F},
                 sink);
        }
    }
}

SampleCount MachineTones::least_answering() const noexcept {
    return rate_.samples(state_.run.level.is_rough() ? limits_.min_rough_answering : limits_.min_answering);
}

void MachineTones::follow_answering(Sink sink) noexcept {
    const Run& run = state_.run;
    const SampleCount length = run.end - run.begin;
    if (run.asked || length < least_answering()) {
        return;
    }
    // Reversals are told as soon as they are found; that there are none, later.
    const bool waits = run.level.is_rough() ? length < rate_.samples(limits_.rough_kind_known)
                                            : length < rate_.samples(limits_.min_rough_answering) &&
                                                  run.may_answer && reversals_.may_repeat(run.end);
    if (reversed() || !waits) {
        tell_answering(sink);
    }
}

void MachineTones::tell_answering(Sink sink) noexcept {
    Run& run = state_.run;
    run.asked = true;
    const float hz = frequency(run.short_lag, run.long_lag);
    if (std::abs(static_cast<double>(hz) - limits_.answering.value) > limits_.answering_tolerance.value) {
        return;
    }
    const bool modulated = run.level.is_modulated(limits_.min_modulation_depth);
    const ProgressTone tone =
        modulated || reversed() ? ProgressTone::modem_answering : ProgressTone::answering;
    if (state_.heard) {
        tell_end(run.begin, sink);
    }
    tell({false, tone, SpecialInformation::none, run.begin, run.end, hz, run.power, 0.95F}, sink);
}

void MachineTones::follow_flags(const LineFront::Frame& frame, Sink sink) noexcept {
    Flags& flags = state_.flags;
    const auto heard = may_begin(frame) ? frame.short_lag.one_tone() : std::nullopt;
    const bool may_be = heard && heard->noise_share < max_noise_ && heard->cosine < highest_flag_cosine_ &&
                        heard->cosine > lowest_flag_cosine_;
    if (!may_be) {
        if (!follows_) {
            return;
        }
        if (!frame.active || flags.frames == 0 || ++flags.missed > most_missed_flags) {
            end_flags(frame.end - frame_, sink);
        }
        return;
    }
    follows_ = true;
    flags.missed = 0;
    if (flags.frames++ == 0) {
        flags = Flags{};
        flags.frames = 1;
        flags.begin = frame.end - frame_;
    }
    const double turns = turns_of(Hertz{flags_hz});
    flags.power += frame.power;
    const float off = heard->cosine - mean_flag_cosine_;
    flags.sum += off;
    flags.squares += off * off;
    flags.wave_cos += off * cosine_of_turns(turns);
    flags.wave_sin += off * cosine_of_turns(turns - 0.25);
    if (flags.told || frame.end - flags.begin < rate_.samples(limits_.min_preamble)) {
        return;
    }
    const auto count = static_cast<float>(flags.frames);
    const float mean = flags.sum / count;
    const float variance = flags.squares / count - mean * mean;
    const float wave_square =
        (flags.wave_cos * flags.wave_cos + flags.wave_sin * flags.wave_sin) * 4.0F / (count * count);
    const double hz = turns_of_cosine(mean + mean_flag_cosine_) * average_hz_;
    if (wave_square > least_flag_wave * least_flag_wave &&
        0.5F * wave_square * count > least_flag_evidence * variance &&
        std::abs(hz - mean_flag_hz) < mean_flag_tolerance_hz) {
        flags.told = true;
        if (state_.heard) {
            tell_end(flags.begin, sink);
        }
        tell({false, ProgressTone::fax_preamble, SpecialInformation::none, flags.begin, frame.end,
              static_cast<float>(hz), flags.power / count, 0.95F},
             sink);
    }
}

void MachineTones::end_flags(SampleIndex at, Sink sink) noexcept {
    if (state_.flags.frames > 0 && state_.heard && state_.heard->tone == ProgressTone::fax_preamble) {
        tell_end(at, sink);
    }
    state_.flags.frames = 0;
}

void MachineTones::tell(const MachineTone& tone, Sink sink) noexcept {
    state_.heard = tone;
    sink(tone);
}

void MachineTones::tell_end(SampleIndex at, Sink sink) noexcept {
    MachineTone tone = *state_.heard;
    state_.heard.reset();
    tone.ended = true;
    tone.end = at;
    sink(tone);
}

} // namespace keytone
