// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"
#include "engine/call_event.hpp"
#include "engine/json/event_json.hpp"
#include "engine/leg.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keytone::simulation {

/// Something that is heard on a leg: from the far side, or from the agent.
struct Sound {
    enum class Kind { file, speech, keys };

    Leg leg;
    bool by_agent;     ///< Rather than by the far side.
    bool after_answer; ///< at_s counts from the leg's answer, not from the call's start.
    double at_s;
    Kind kind;
    std::string what; ///< A file's name, words, or digits.
};

/// What the line does to what comes in from the far side.
struct LineConditions {
    enum class Codec { linear, ulaw, alaw };

    Codec codec = Codec::linear;
    std::optional<Dbm0> noise; ///< White.
    double loss = 0.0;         ///< Share of 20 ms packets that never come: silence instead.
    std::uint32_t seed = 1;    ///< Of noise and loss.
};

/// What becomes of a leg that is dialled.
struct AnswerRule {
    enum class Result { none, answers, busy, declined };

    Result result = Result::none;        ///< none: it rings, and nobody comes.
    double after_s = 1.0;                ///< From the dialling.
    std::optional<double> hang_up_after; ///< From the answer.
};

/// What becomes of a REFER: a 202, and a NOTIFY.
struct ReferRule {
    int status = 0; ///< The NOTIFY's; 0: there is none.
    double after_s = 1.0;
};

/// A call, and the world around it.
struct Scenario {
    json::CallHeader header;
    std::vector<CallEvent> events; ///< Each with a time, in the order of their times.
    std::vector<Sound> sounds;
    PerLeg<LineConditions> line;
    std::optional<AnswerRule> answer; ///< Leg b's; absent: facts say what becomes of it.
    std::optional<ReferRule> refer;
    std::optional<double> end_s; ///< When the simulation ends; else when nothing is left to happen.
    /// The lines that say all this but the rules, to be recorded.
    std::vector<std::string> lines;
};

} // namespace keytone::simulation
