// SPDX-License-Identifier: MIT
#include "engine/json/outcome_json.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>

namespace keytone::json {

namespace {

using Json = nlohmann::ordered_json; // The keys' order is part of the format.

double rounded(double value, double parts) {
    return std::round(value * parts) / parts;
}

std::string_view event(OpEnded::How how) {
    switch (how) {
    case OpEnded::How::completed:
        return "op.completed";
    case OpEnded::How::failed:
        return "op.failed";
    case OpEnded::How::cancelled:
        return "op.cancelled";
    }
    return "unknown";
}

template <class T>
void put_if(Json& line, const char* key, const std::optional<T>& value) {
    if (value) {
        line[key] = *value;
    }
}

void put_if(Json& line, const char* key, bool value) {
    if (value) {
        line[key] = true;
    }
}

void put_range(Json& line, SampleIndex begin, SampleIndex end) {
    line["start"] = begin;
    line["end"] = end;
}

/// Writes the keys that are particular to each kind of outcome, after those that all have.
class Writer {
  public:
    Writer(const Outcome& outcome, const CallName& name) : outcome_(outcome), name_(name) {}

    Json line() && {
        std::visit([this](const auto& what) { write(what); }, outcome_.what);
        put_if(line_, "replayed", outcome_.replayed);
        return std::move(line_);
    }

  private:
    /// What every line has. `op` is 0 where the outcome does not belong to an op.
    void begin(std::string_view event, std::uint32_t op = 0) {
        line_["v"] = 1;
        line_["ev"] = event;
        line_["call"] = name_.call;
        line_["leg"] = std::string(1, character(outcome_.leg));
        if (op > 0) {
            line_["id"] = outcome_.id + "/" + std::to_string(op);
        } else if (!outcome_.id.empty()) {
            line_["id"] = outcome_.id;
        }
        line_["seq"] = outcome_.seq;
        line_["sample"] = outcome_.sample;
    }

    void begin_action(std::string_view event) {
        begin(event);
        if (!outcome_.name.empty()) {
            line_["name"] = outcome_.name;
        }
    }

    /// A key that was sent, masked where it is secret.
    [[nodiscard]] std::string sent(char digit) const {
        return std::string(1, outcome_.sensitive ? '?' : digit);
    }

    void put_refusal(const Refusal& why) {
        line_["code"] = name(why.code);
        line_["message"] = why.message;
    }

    void write(const ActionAccepted& accepted) {
        begin_action("action.accepted");
        std::string warnings; // Separated by commas.
        for (const Warning warning : accepted.warnings) {
            warnings += (warnings.empty() ? "" : ",") + std::string(name(warning));
        }
        if (!warnings.empty()) {
            line_["warning"] = std::move(warnings);
        }
    }
    void write(const ActionRejected& rejected) {
        begin_action("action.rejected");
        put_refusal(rejected.why);
        put_if(line_, "index", rejected.index);
    }
    void write(const ActionStarted&) { begin_action("action.started"); }
    void write(const ActionCompleted& completed) {
        begin_action("action.completed");
        put_range(line_, completed.begin, completed.end);
        if (completed.code) {
            line_["code"] = name(*completed.code);
        }
        if (completed.lost > 0) {
            line_["lost"] = completed.lost;
        }
        if (completed.answered_by) {
            line_["answered_by"] = name_of(*completed.answered_by);
        }
    }
    void write(const ActionFailed& failed) {
        begin_action("action.failed");
        line_["stage"] = failed.stage;
        line_["code"] = name(failed.why.code);
        put_if(line_, "sip", failed.sip);
        line_["leg_alive"] = failed.leg_alive;
        line_["retryable"] = failed.retryable;
        line_["message"] = failed.why.message;
    }
    void write(const ActionCancelled& cancelled) {
        begin_action("action.cancelled");
        line_["code"] = name(cancelled.code);
        line_["lost"] = cancelled.lost;
    }

    void write(const OpPlanned& planned) {
        begin("op.planned", planned.op);
        line_["op"] = planned.name;
        line_["anchor"] = {{"event", name(planned.anchor.event)},
                           {"sample", planned.anchor.sample},
                           {"offset", planned.anchor.offset}};
        if (!planned.tones.empty()) {
            Json& tones = line_["tones"] = Json::array();
            for (const OpPlanned::Tone& tone : planned.tones) {
                tones.push_back({{"digit", sent(tone.digit)}, {"start", tone.begin}, {"end", tone.end}});
            }
        }
        put_if(line_, "text", planned.text);
        put_if(line_, "end", planned.end);
    }
    void write(const OpStarted& started) {
        begin("op.started", started.op);
        line_["op"] = started.name;
        put_if(line_, "text", started.text);
    }
    void write(const OpEnded& ended) {
        begin(event(ended.how), ended.op);
        line_["op"] = ended.name;
        put_range(line_, ended.begin, ended.end);
        put_if(line_, "expired", ended.expired);
    }
    void write(const ToneCompleted& tone) {
        begin("tone.completed", tone.op);
        line_["i"] = tone.index;
        line_["digit"] = sent(tone.digit);
        put_range(line_, tone.begin, tone.end);
        put_if(line_, "cut", tone.cut);
    }
    void write(const KeyEvidence& evidence) {
        begin("tone.evidence", evidence.op);
        line_["i"] = evidence.index;
        line_["digit"] = sent(evidence.digit);
        line_["step"] = evidence.step == KeyEvidence::Step::echoed ? "echoed" : "reacted";
    }

    void write(const Intent& intent) {
        begin("intent", intent.op.value_or(0));
        line_["do"] = name(intent.what);
        put_if(line_, "to", intent.to);
        if (!intent.headers.empty()) {
            Json& headers = line_["headers"] = Json::array();
            for (const Intent::Header& header : intent.headers) {
                headers.push_back({{"name", header.name}, {"value", header.value}});
            }
        }
        put_if(line_, "text", intent.text);
        put_if(line_, "prompt", intent.prompt);
        if (intent.what == Intent::Do::speak) {
            line_["exact"] = intent.exact;
        }
    }

    void write(const SpeechMasked& masked) {
        begin("speech.masked");
        put_range(line_, masked.begin, masked.end);
    }
    void write(const DigitHeard& heard) {
        begin("digit.heard");
        line_["digit"] = sent(heard.digit);
        put_range(line_, heard.begin, heard.end);
        line_["snr_db"] = rounded(heard.snr_db, 100.0);
    }
    void write(const LineHeard& heard) {
        begin("line.heard");
        line_["what"] = name(heard.what);
        put_range(line_, heard.begin, heard.end);
    }
    void write(const ProgressHeard& heard) {
        begin(heard.over ? "progress.ended" : "progress.heard");
        line_["tone"] = name_of(heard.tone);
        if (heard.information != SpecialInformation::none) {
            line_["information"] = name_of(heard.information);
        }
        put_range(line_, heard.begin, heard.end);
        if (!heard.over) {
            line_["certainty"] = rounded(heard.certainty, 100.0);
        }
    }
    void write(const AnswerHeard& heard) {
        begin("answer.heard");
        line_["by"] = name_of(heard.by);
        put_range(line_, heard.begin, heard.end);
    }
    void write(const LegChanged& changed) {
        begin("leg.changed");
        line_["state"] = name(changed.state);
    }
    void write(const FactIgnored& ignored) {
        begin("fact.ignored");
        line_["fact"] = name(ignored.fact);
        line_["reason"] = ignored.reason;
    }
    void write(const ReportsLost& lost) {
        begin("reports.lost");
        line_["count"] = lost.count;
    }

    void write(const TransferResponse& response) {
        constexpr int ok = 200;
        begin("transfer.response");
        line_["status"] = response.status;
        Json& body = line_["body"] = Json::object();
        body["success"] = response.status == ok;
        if (response.status == ok) {
            body["data"] = {{"message", response.message},
                            {"callId", name_.call},
                            {"sessionId", name_.session.empty() ? name_.call : name_.session}};
        } else {
            body["error"] = {{"code", response.status == 400 ? "bad_request" : "failed"},
                             {"message", response.message}};
        }
    }
    void write(const SessionCompleted& completed) {
        begin("session.completed");
        Json call = {{"transferred", completed.transferred},
                     {"duration_seconds", rounded(completed.duration_s, 1e6)},
                     {"recording_end", completed.recording_end}};
        put_if(call, "transferred_to", completed.transferred_to);
        line_["data"] = {{"call", std::move(call)}};
    }

    const Outcome& outcome_;
    const CallName& name_;
    Json line_ = Json::object();
};

} // namespace

std::string outcome_line(const Outcome& outcome, const CallName& name) {
    return Writer(outcome, name).line().dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace keytone::json
