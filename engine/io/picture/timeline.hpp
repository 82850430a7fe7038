// SPDX-License-Identifier: MIT
//
// The data that a picture of a call shows. Times are in seconds from the beginning of the call, for all legs
// alike; what is outside the call is cut off, and NaNs are left out. Texts are UTF-8; invalid bytes and
// control characters are drawn as U+FFFD, and text that is too long for its place ends in an ellipsis.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace keytone::io {

/// Something with a duration.
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
    /// What the leg sends and hears from the beginning of the call, full scale 32768. Each may be empty. The
    /// caller owns the samples.
    std::span<const std::int16_t> sent = {};
    std::span<const std::int16_t> heard = {};
    int rate_hz = 8000;
    std::vector<TimelineSpan> states = {};  ///< Ringing, waiting, bridged.
    std::vector<TimelineSpan> prompts = {}; ///< The text is what is said.
    std::vector<TimelineSpan> keys = {};    ///< The text is the digit.
    std::vector<TimelineSpan> pauses = {};  ///< The text is their length: "1 s".
    std::vector<TimelineSpan> mutes = {};   ///< Where the agent's audio is muted. The text is not drawn.
};

struct Timeline {
    std::string title = {};
    std::string summary = {}; ///< One line below the title; none when empty.
    double seconds = 0.0;
    std::vector<TimelineLane> lanes = {};
    std::vector<TimelineMark> marks = {};
};

} // namespace keytone::io
