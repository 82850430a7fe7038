// SPDX-License-Identifier: MIT
#include "server/reports/session_report.hpp"

#include "tools/console/iso_time.hpp"
#include "tools/console/json_line.hpp"
#include "tools/console/printable.hpp"

#include <chrono>

namespace keytone::server {

namespace {

using tools::Json;

constexpr std::size_t most_party_bytes = 200;
constexpr double ms_a_second = 1000.0;

// A call that was never connected: RFC 3261, 21.4 and 21.6.
CallWords words_of_unanswered(const SessionEnding& ending) {
    constexpr std::string_view nobody = "not_answered";
    if (!ending.end) {
        return {"failed", "failed", nobody, ""};
    }
    switch (ending.end->how) {
    case DialogEnded::How::cancelled:
    case DialogEnded::How::by_far_side:
        return {"canceled", "canceled", nobody, ""};
    case DialogEnded::How::by_us:
        return {"no_answer", "no_answer", nobody, ""};
    case DialogEnded::How::refused:
        switch (ending.end->status) {
        case 486: // Busy Here
        case 600: // Busy Everywhere
            return {"busy", "busy", nobody, ""};
        case 403: // Forbidden
        case 603: // Decline
        case 607: // Unwanted, RFC 8197
        case 608: // Rejected, RFC 8688
            return {"failed", "blocked", nobody, ""};
        case 408: // Request Timeout
        case 480: // Temporarily Unavailable
            return {"no_answer", "no_answer", nobody, ""};
        default:
            return {"failed", "failed", nobody, ""};
        }
    case DialogEnded::How::failed:
        return {"failed", "failed", nobody, ""};
    }
    return {"failed", "failed", nobody, ""};
}

double seconds_of(const StoredCall& call, const SessionEnding& ending) {
    if (ending.completed) {
        return tools::to_hundredths(ending.completed->duration_s);
    }
    if (!call.answered_ms || !call.ended_ms || *call.ended_ms < *call.answered_ms) {
        return 0.0;
    }
    return tools::to_hundredths(static_cast<double>(*call.ended_ms - *call.answered_ms) / ms_a_second);
}

Json variables_of(const StoredCall& call) {
    Json read = Json::parse(call.variables, nullptr, false);
    return read.is_object() ? read : Json::object();
}

} // namespace

CallWords words_of(const StoredCall& call, const SessionEnding& ending) {
    const std::string_view by = call.answered_ms ? "unknown" : "not_answered";
    if (ending.is_lost) {
        return {"failed", "failed", by, "node_lost"};
    }
    if (!call.answered_ms) {
        return words_of_unanswered(ending);
    }
    if (ending.end && ending.end->how == DialogEnded::How::failed) {
        return {"failed", "failed", by, ""};
    }
    const bool far_side_left = ending.end && ending.end->how == DialogEnded::How::by_far_side;
    const bool transferred = ending.completed && ending.completed->transferred;
    if (far_side_left && !transferred && !ending.far_side_sounded) {
        return {"completed", "user_hangup_no_speech", by, ""};
    }
    return {"completed", "completed", by, ""};
}

std::string session_report(const StoredCall& call, const SessionEnding& ending) {
    const CallWords words = words_of(call, ending);
    const std::string ended = tools::iso_time(call.ended_ms.value_or(call.began_ms));
    Json transcript = Json::array();
    for (const SpokenWords& spoken : ending.transcript) {
        transcript.push_back(
            {{"role", "assistant"}, {"content", spoken.text}, {"timestamp", tools::iso_time(spoken.at)}});
    }
    Json about{{"call_id", call.call},
               {"from_number", call.from},
               {"to_number", call.to},
               {"direction", name(call.direction)},
               {"status", words.status},
               {"disposition", words.disposition},
               {"answered_by", words.answered_by},
               {"transferred", ending.completed && ending.completed->transferred}};
    if (!words.reason.empty()) {
        about["reason"] = words.reason;
    }
    const ReportedRecording& recording = ending.recording;
    const Json url = recording.url.empty() ? Json() : Json(recording.url);
    Json report{{"event", "session.completed"},
                {"timestamp", ended},
                {"data",
                 {{"session_id", call.session},
                  {"agent_id", call.agent_id},
                  {"agent_name", call.agent_name},
                  {"duration_seconds", seconds_of(call, ending)},
                  {"processing_complete", true},
                  {"pipeline_completed_at", ended},
                  {"transcript", std::move(transcript)},
                  {"recording_url", url},
                  {"variables", variables_of(call)},
                  {"call", std::move(about)}}}};
    if (!recording.fault.empty()) {
        report["data"]["recording_fault"] = recording.fault;
    }
    if (recording.missing_ms > 0) {
        report["data"]["recording_missing_ms"] = recording.missing_ms;
    }
    std::string text = tools::json_line(report);
    text.pop_back(); // The line end is no part of it.
    return text;
}

std::string party_of(std::string_view uri) {
    std::string_view party = uri;
    const auto scheme = party.find(':');
    const auto at = party.find('@');
    if (scheme != std::string_view::npos && at != std::string_view::npos && scheme < at) {
        party = party.substr(scheme + 1, at - scheme - 1);
        party = party.substr(0, party.find(';')); // Parameters of a number (RFC 3966).
    }
    return tools::printable(party.empty() ? uri.substr(0, most_party_bytes)
                                          : party.substr(0, most_party_bytes));
}

} // namespace keytone::server
