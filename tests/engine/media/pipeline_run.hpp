// SPDX-License-Identifier: MIT
//
// Runs one leg from its first sample, with everything that it is to do pushed before.
#pragma once

#include "engine/media/call_bridge.hpp"
#include "engine/media/leg_pipeline.hpp"
#include "engine/media/report_outbox.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace keytone::test {

struct LegProgram {
    SampleRate rate = SampleRate::narrowband();
    std::vector<MediaOp> ops;
    std::vector<MediaCue> cues;
    std::vector<std::int16_t> agent; ///< What the agent sends; its length is that of the run.
    std::vector<std::int16_t> heard; ///< What comes in; silence after its end.
};

struct LegOutcome {
    std::vector<std::int16_t> sent;
    std::vector<MediaReport> reports;
};

/// `next_block` returns the length of each block.
inline LegOutcome run(const LegProgram& program, const std::function<std::size_t()>& next_block) {
    ReportOutbox outbox(2000, 32);
    CallBridge bridge({program.rate, program.rate}, Milliseconds{20}, Milliseconds{20}, false);
    LegPipeline leg(
        {.leg = Leg::a, .rate = program.rate, .limits = {}, .op_capacity = 32, .cue_capacity = 64}, outbox,
        bridge);
    leg.start_at(0);
    for (const MediaOp& op : program.ops) {
        leg.try_push(op);
    }
    for (const MediaCue& cue : program.cues) {
        leg.try_push(cue);
    }
    LegOutcome outcome{program.agent, {}};
    std::vector<std::int16_t> heard = program.heard;
    heard.resize(program.agent.size());
    for (std::size_t at = 0; at < outcome.sent.size();) {
        const std::size_t count = std::min(next_block(), outcome.sent.size() - at);
        leg.process(std::span(heard).subspan(at, count), std::span(outcome.sent).subspan(at, count));
        at += count;
        for (MediaReport report{}; outbox.try_pop(report);) {
            outcome.reports.push_back(report);
        }
    }
    return outcome;
}

inline LegOutcome run(const LegProgram& program) {
    return run(program, [] { return std::size_t{160}; });
}

/// One line for each report, such as `1/2 completed 0-1600`.
inline std::string text(const MediaReport& report) {
    using Kind = MediaReport::Kind;
    const std::string range = std::to_string(report.begin) + '-' + std::to_string(report.end);
    const std::string op = std::to_string(report.key.action) + '/' + std::to_string(report.key.index) + ' ';
    const std::string lost = report.lost > 0 ? " lost " + std::to_string(report.lost) : "";
    switch (report.kind) {
    case Kind::op_started:
        return op + "started " + std::to_string(report.begin);
    case Kind::op_completed:
        return op + "completed " + range + (report.expired ? " expired" : "");
    case Kind::op_failed:
        return op + "failed " + range + (report.refused ? " refused" : "") + lost;
    case Kind::op_cancelled:
        return op + "cancelled " + range + lost;
    case Kind::tone_sent:
        return op + "tone " + std::to_string(report.index) + ' ' + report.digit + ' ' + range +
               (report.cut ? " cut" : "");
    case Kind::masked:
        return "masked " + range;
    case Kind::bridged:
        return op + "bridged " + std::to_string(report.begin);
    case Kind::digit_heard:
        return std::string("heard ") + report.digit + ' ' + range;
    case Kind::sound_began:
        return "sound began " + range;
    case Kind::sound_ended:
        return "sound ended " + range;
    case Kind::dial_tone:
        return "dial tone " + range;
    case Kind::beep:
        return "beep " + range;
    case Kind::progress_began:
        return std::string(name_of(report.tone)) + ' ' + range;
    case Kind::progress_ended:
        return std::string(name_of(report.tone)) + " over " + range;
    case Kind::answered_by:
        return "answered by " + std::string(name_of(report.who)) + ' ' + range;
    }
    return "?";
}

inline std::vector<std::string> texts(const std::vector<MediaReport>& reports) {
    std::vector<std::string> lines;
    for (const MediaReport& report : reports) {
        lines.push_back(text(report));
    }
    return lines;
}

} // namespace keytone::test
