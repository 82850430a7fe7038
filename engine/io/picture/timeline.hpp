// SPDX-License-Identifier: MIT
//
// What a picture of a call shows. Times are in seconds from the call's begin, all legs' alike; what lies
// outside the call is cut off, what is no number is left out. Texts are UTF-8; wrong bytes and control
// characters are drawn as U+FFFD, and what is too long for its place is cut short by an ellipsis.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace keytone::io {

/// Something that lasts.
struct TimelineSpan {
    double begin_s;
    double end_s;
    std::string text;
};

/// Something that happens at one instant: a dial, an answer, a bridge, a hang-up. Drawn through all legs.
struct TimelineMark {
    double at_s;
    std::string text;
    bool is_failure = false;
};

/// One leg of the call.
struct TimelineLane {
    std::string title = {}; ///< "leg a: the caller".
    /// What the leg sends and hears from the call's begin, full scale 32768. Each may be empty. The samples
    /// stay the caller's.
    std::span<const std::int16_t> sent = {};
    std::span<const std::int16_t> heard = {};
    int rate_hz = 8000;
    std::vector<TimelineSpan> states = {};  ///< Ringing, waiting, bridged.
    std::vector<TimelineSpan> prompts = {}; ///< The text is what is said.
    std::vector<TimelineSpan> keys = {};    ///< The text is the digit.
    std::vector<TimelineSpan> pauses = {};  ///< The text is their length: "1 s".
    std::vector<TimelineSpan> mutes = {};   ///< The agent's audio is masked. The text is not drawn.
};

struct Timeline {
    std::string title = {};
    std::string summary = {}; ///< One line below the title; none when empty.
    double seconds = 0.0;
    std::vector<TimelineLane> lanes = {};
    std::vector<TimelineMark> marks = {};
};

} // namespace keytone::io
