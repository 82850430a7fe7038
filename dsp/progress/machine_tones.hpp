// SPDX-License-Identifier: MIT
//
// Tones that are the same in every country: those before an announcement, and those of faxes and modems.
#pragma once

#include "dsp/listener/progress_tone.hpp"
#include "dsp/progress/tone_pattern.hpp"

#include <array>

namespace keytone {

/// The three segments of a special information tone.
struct InformationSegments {
    std::array<Hertz, 3> frequencies;
    std::array<Milliseconds, 3> lengths;
};

/// The network's eight (Telcordia SR-2275); for `none` that of ITU-T E.180, which has no further meaning.
constexpr InformationSegments information_segments(SpecialInformation kind) {
    // Whether the first segment is high, the second is high, the first is long, the second is long.
    const auto made = [](bool high1, bool high2, bool long1, bool long2) {
        constexpr Milliseconds brief{274};
        constexpr Milliseconds lasting{380};
        return InformationSegments{
            {Hertz{high1 ? 985.2 : 913.8}, Hertz{high2 ? 1428.5 : 1370.6}, Hertz{1776.7}},
            {long1 ? lasting : brief, long2 ? lasting : brief, lasting}};
    };
    switch (kind) {
    case SpecialInformation::none:
        break;
    case SpecialInformation::reorder_local:
        return made(false, true, false, true);
    case SpecialInformation::vacant_code:
        return made(true, false, true, false);
    case SpecialInformation::no_circuit_local:
        return made(true, true, true, true);
    case SpecialInformation::intercept:
        return made(false, false, false, false);
    case SpecialInformation::reorder_distant:
        return made(true, false, false, true);
    case SpecialInformation::no_circuit_distant:
        return made(false, false, true, true);
    case SpecialInformation::ineffective:
        return made(false, true, true, false);
    case SpecialInformation::reserved:
        return made(true, true, false, false);
    }
    return {{Hertz{950}, Hertz{1400}, Hertz{1800}},
            {Milliseconds{330}, Milliseconds{330}, Milliseconds{330}}};
}

/// Three segments, once, and silence.
constexpr TonePattern information_pattern(SpecialInformation kind) {
    const InformationSegments segments = information_segments(kind);
    TonePattern pattern;
    for (std::size_t i = 0; i < segments.frequencies.size(); ++i) {
        pattern.add({{.first = segments.frequencies.at(i)}, segments.lengths.at(i)});
    }
    pattern.repeat_from_here();
    pattern.add({ToneSound{}, Milliseconds{0}});
    return pattern;
}

/// The pattern of a tone that is the same in every country; empty for one of call progress.
constexpr TonePattern machine_pattern(ProgressTone tone) {
    switch (tone) {
    case ProgressTone::special_information:
        return information_pattern(SpecialInformation::none);
    case ProgressTone::fax_calling: // T.30, 4.
        return cadence(single(1100), {500, 3000});
    case ProgressTone::answering: // T.30, 4, and V.25: 2.6 to 4 s.
        return TonePattern({{single(2100), Milliseconds{3300}}, {ToneSound{}, Milliseconds{0}}}, 1);
    case ProgressTone::modem_answering: { // V.8, 3.2: 15 Hz, a fifth of the level; reversed every 450 ms.
        ToneSound ahead = single(2100);
        ahead.modulation = Hertz{15};
        ahead.modulation_depth = 0.2;
        ToneSound reversed = ahead;
        reversed.reversed = true;
        TonePattern pattern({{ahead, Milliseconds{450}}, {reversed, Milliseconds{450}}});
        pattern.keep_phase();
        return pattern;
    }
    case ProgressTone::fax_preamble: { // V.21, channel 2, 300 bit/s: the flag 01111110, a 1 being 1650 Hz.
        TonePattern pattern({{single(1850), Milliseconds{2000.0 / 300.0}}, {single(1650), Milliseconds{20}}});
        pattern.keep_phase();
        return pattern;
    }
    default:
        return {};
    }
}

} // namespace keytone
