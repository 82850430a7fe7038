// SPDX-License-Identifier: MIT
#include "dsp/listener/cadence.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>

namespace keytone {

namespace {

// Where busy and congestion fit, busy is meant unless it fits so much worse.
constexpr float rarity_of_congestion = 0.02F;

/// Bursts, each with its pause, that are heard at least, where a cycle is
/// `pairs` of them.
std::size_t least_bursts(ProgressTone tone, std::size_t pairs) {
    return tone == ProgressTone::ringback ? pairs : std::max<std::size_t>(pairs, 2);
}

// Of the errors of two patterns: one that fits so much worse is not what is
// heard.
constexpr float much_worse = 0.4F;
// Without a country, an even cadence is congestion if its bursts are shorter
// than this, or else busy.
constexpr double shortest_busy_ms = 280.0;

double longest_pause(const TonePattern& pattern) {
    double longest = 0.0;
    for (const ToneStep& step : pattern.steps()) {
        longest = step.sound.first.value > 0.0 ? longest : std::max(longest, step.length.value);
    }
    return longest;
}

double longest_burst(const TonePattern& pattern) {
    double longest = 0.0;
    for (const ToneStep& step : pattern.steps()) {
        longest = step.sound.first.value > 0.0 ? std::max(longest, step.length.value) : longest;
    }
    return longest;
}

} // namespace

void BurstRow::add(const Burst& burst) noexcept {
    if (all_++ == 0) {
        first_begin_ = burst.begin;
    }
    if (size_ == most) {
        std::copy(bursts_.begin() + 1, bursts_.end(), bursts_.begin());
        --size_;
    }
    bursts_.at(size_++) = burst;
}

CadenceTable::CadenceTable(Country scope, const CadenceTolerance& tolerance, double samples_a_ms) noexcept
    : scope_(scope), tolerance_(tolerance), samples_a_ms_(samples_a_ms) {}

bool CadenceTable::matches(const ToneSound& sound, const BurstTone& tone) const noexcept {
    const auto near = [&](float heard, Hertz asked) {
        return std::abs(static_cast<double>(heard) - asked.value) <=
               asked.value * tolerance_.frequency_percent / 100.0 + tolerance_.frequency.value;
    };
    switch (tone.kind) {
    case BurstTone::Kind::none:
        return false;
    case BurstTone::Kind::single:
        return sound.second.value == 0.0 && sound.modulation.value == 0.0 && near(tone.first_hz, sound.first);
    case BurstTone::Kind::pair:
        return sound.second.value > 0.0 && near(tone.first_hz, sound.first) &&
               near(tone.second_hz, sound.second);
    case BurstTone::Kind::modulated:
        return sound.modulation.value > 0.0 && near(tone.first_hz, sound.first) &&
               std::abs(static_cast<double>(tone.second_hz) - sound.modulation.value) <=
                   tolerance_.modulation.value;
    }
    return false;
}

double CadenceTable::slack(double milliseconds) const noexcept {
    return milliseconds * tolerance_.time_percent / 100.0 + tolerance_.time.value;
}

/// Calls `visit(kind, pattern, country)` for each pattern with this tone: of
/// those that several countries have, for the first.
template <class Visit>
void CadenceTable::for_each(const BurstTone& tone, const Visit& visit) const noexcept {
    const bool any = scope_.is_any();
    CountrySound::Places asked{};
    for (const CountrySound& known : country_sounds()) {
        if (matches(known.sound, tone)) {
            std::ranges::transform(asked, any ? known.once : known.all, asked.begin(), std::bit_or{});
        }
    }
    const auto tones = country_tones_by_sound();
    for (std::size_t word = 0; word < asked.size(); ++word) {
        for (std::uint64_t places = asked[word]; places != 0; places &= places - 1) {
            const CountryTone& known = tones[64 * word + static_cast<std::size_t>(std::countr_zero(places))];
            if (any || scope_ == known.country) {
                visit(known.kind, *known.pattern, known.country);
            }
        }
    }
}

/// Whether the last `count` bursts are those of the pattern from its pair
/// `turn` on.
CadenceTable::Fit CadenceTable::fit_at(const TonePattern& pattern, std::size_t turn, std::size_t count,
                                       const BurstRow& row, const Pause& pause) const noexcept {
    const auto steps = pattern.steps();
    const std::size_t pairs = steps.size() / 2;
    Fit fit{true, false, 0.0F, 0.0};
    double errors = 0.0;
    int compared = 0;
    const auto compare = [&](SampleCount heard, double asked) {
        const double error = std::abs(static_cast<double>(heard) / samples_a_ms_ - asked) / slack(asked);
        fit.compatible = fit.compatible && error <= 1.0;
        errors += error;
        ++compared;
    };
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = row.size() - count + i;
        const std::size_t pair = (turn + i) % pairs;
        compare(row.at(at).end - row.at(at).begin, steps[2 * pair].length.value);
        const double off = steps[2 * pair + 1].length.value;
        if (at + 1 < row.size()) {
            compare(row.at(at + 1).begin - row.at(at).end, off);
        } else {
            const double heard = static_cast<double>(pause.length) / samples_a_ms_;
            fit.wait_ms = off - slack(off);
            fit.complete = heard >= fit.wait_ms;
            fit.compatible = fit.compatible && heard <= off + slack(off) && (fit.complete || !pause.over);
        }
        if (!fit.compatible) { // nothing else of it matters
            return fit;
        }
    }
    fit.error = static_cast<float>(errors / std::max(compared, 1));
    return fit;
}

CadenceTable::Fit CadenceTable::fit(const TonePattern& pattern, std::size_t least, const BurstRow& row,
                                    const Pause& pause) const noexcept {
    const std::size_t pairs = pattern.steps().size() / 2;
    const std::size_t count = std::min(row.size(), least);
    Fit best;
    for (std::size_t turn = 0; turn < pairs; ++turn) {
        Fit fit = fit_at(pattern, turn, count, row, pause);
        fit.complete = fit.complete && fit.compatible && row.size() >= least;
        if (fit.compatible && (!best.compatible || (fit.complete && !best.complete) ||
                               (fit.complete == best.complete && fit.error < best.error))) {
            best = fit;
        }
    }
    return best;
}

bool CadenceTable::may_become(const TonePattern& pattern, std::size_t least, const BurstRow& row,
                              const Pause& pause, float most_error) const noexcept {
    for (std::size_t turn = 0; turn < pattern.steps().size() / 2; ++turn) {
        const Fit fit = fit_at(pattern, turn, row.size(), row, pause);
        const bool complete = fit.complete && row.size() >= least;
        if (fit.compatible && !complete && fit.error < most_error) {
            return true;
        }
    }
    return false;
}

/// Without a country, cadences that are one kind in one country and another
/// elsewhere count as the kind that is more common.
ProgressTone CadenceTable::common_kind(ProgressTone tone, const TonePattern& pattern,
                                       const BurstRow& row) const noexcept {
    const bool even = pattern.steps().size() == 2;
    if (!scope_.is_any() || !even || (tone != ProgressTone::busy && tone != ProgressTone::congestion)) {
        return tone;
    }
    SampleCount sum = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        sum += row.at(i).end - row.at(i).begin;
    }
    const double mean_ms = static_cast<double>(sum) / static_cast<double>(row.size()) / samples_a_ms_;
    return mean_ms < shortest_busy_ms ? ProgressTone::congestion : ProgressTone::busy;
}

CadenceView CadenceTable::view(const BurstRow& row, const BurstTone& tone,
                               const Pause& pause) const noexcept {
    CadenceView view;
    const double heard_ms = static_cast<double>(pause.length) / samples_a_ms_;
    float best = 0.0F;
    for_each(tone, [&](ProgressTone kind, const TonePattern& pattern, Country country) {
        const std::size_t pairs = pattern.steps().size() / 2;
        if (pattern.ends_for_ever() || pairs == 0) {
            return;
        }
        const Fit found = fit(pattern, least_bursts(kind, pairs), row, pause);
        if (found.compatible && !found.complete && found.wait_ms > heard_ms &&
            (view.look_again.value == 0.0 || found.wait_ms < view.look_again.value)) {
            view.look_again = Milliseconds{found.wait_ms};
        }
        const float error = found.error + (kind == ProgressTone::congestion ? rarity_of_congestion : 0.0F);
        if (found.complete && (!view.match || error < best)) {
            const double longest = longest_pause(pattern);
            best = error;
            view.match =
                CadenceMatch{common_kind(kind, pattern, row), country, std::min(found.error, 1.0F),
                             static_cast<std::int16_t>(pairs), Milliseconds{longest + slack(longest)}};
        }
    });
    if (!view.match) {
        return view;
    }
    // Another kind that begins in the same way has to be ruled out first.
    bool open = false;
    for_each(tone, [&](ProgressTone kind, const TonePattern& pattern, Country) {
        const std::size_t pairs = pattern.steps().size() / 2;
        if (pattern.ends_for_ever() || pairs < 2 || common_kind(kind, pattern, row) == view.match->tone) {
            return;
        }
        open = open ||
               may_become(pattern, least_bursts(kind, pairs), row, pause, view.match->error + much_worse);
    });
    if (open) {
        view.match.reset();
    }
    return view;
}

std::optional<SteadyMatch> CadenceTable::steady(const BurstTone& tone, bool stutters) const noexcept {
    std::optional<SteadyMatch> match;
    double longest = 0.0;
    const auto rank = [&](ProgressTone kind) {
        if (kind == ProgressTone::second_dial) {
            return stutters ? 0 : 2;
        }
        return kind == ProgressTone::dial ? 1 : 3;
    };
    for_each(tone, [&](ProgressTone kind, const TonePattern& pattern, Country country) {
        if (!pattern.ends_for_ever()) {
            longest = std::max(longest, longest_burst(pattern));
            return;
        }
        const bool stutter = pattern.steps().size() > 1;
        if (stutter != (stutters && kind == ProgressTone::second_dial)) {
            return;
        }
        if (!match || rank(kind) < rank(match->tone)) {
            match = SteadyMatch{kind, country, tolerance_.min_dial};
        }
    });
    if (match && longest > 0.0) {
        const double burst = longest * (1.0 + tolerance_.burst_percent / 100.0) + tolerance_.time.value;
        match->length.value = std::max(match->length.value, burst);
    }
    return match;
}

} // namespace keytone
