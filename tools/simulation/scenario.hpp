// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/progress/tone_pattern.hpp"
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
    enum class Kind { file, speech, keys, tone };

    Leg leg;
    bool by_agent;     ///< Sent by the agent instead of the far side.
    bool after_answer; ///< at_s counts from the leg's answer, not from the call's start.
    double at_s;
    Kind kind;
    std::string what; ///< A file's name, words, digits, or a tone's name.
    // Of a tone of a network or a machine:
    TonePattern pattern = {};
    double seconds = 0.0;
    std::string country = {};     ///< As it was written; empty where it was not.
    std::string information = {}; ///< The same.
};

/// How the line changes what comes in from the far side.
struct LineConditions {
    enum class Codec { linear, ulaw, alaw };

    Codec codec = Codec::linear;
    std::optional<Dbm0> noise; ///< White noise.
    double loss = 0.0;         ///< Share of 20 ms packets that are lost: silence in their place.
    std::uint32_t seed = 1;    ///< Seed of noise and loss.
};

/// What happens to a leg that is dialled.
struct AnswerRule {
    enum class Result { none, answers, busy, declined };

    Result result = Result::none;        ///< none: it rings, and nobody answers.
    double after_s = 1.0;                ///< From the dialling.
    std::optional<double> hang_up_after; ///< From the answer.
};

/// What happens to a REFER: a 202, and a NOTIFY.
struct ReferRule {
    int status = 0; ///< The status in the NOTIFY; 0: there is none.
    double after_s = 1.0;
};

/// A call, and everything around it.
struct Scenario {
    json::CallHeader header;
    std::vector<CallEvent> events; ///< Each with a time, sorted by it.
    std::vector<Sound> sounds;
    PerLeg<LineConditions> line;
    std::optional<AnswerRule> answer; ///< For leg b; absent: facts say what happens to it.
    std::optional<ReferRule> refer;
    std::optional<double> end_s; ///< When the simulation ends; absent: when nothing more will happen.
    /// All lines except the rules, for the recording.
    std::vector<std::string> lines;
};

} // namespace keytone::simulation
