// SPDX-License-Identifier: MIT
#include "tests/support/call_script.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace keytone::test {

namespace {

std::string range(SampleIndex begin, SampleIndex end) {
    return std::to_string(begin) + "-" + std::to_string(end);
}

std::string length(SampleCount count) {
    return count == unlimited ? "ever" : std::to_string(count);
}

std::string quoted(const std::string& words) {
    return "'" + words + "'";
}

std::string text(OpKey key) {
    return std::to_string(key.action) + "/" + std::to_string(key.index);
}

std::string_view text(CueKind kind) {
    switch (kind) {
    case CueKind::drained:
        return "drained";
    case CueKind::answered:
        return "answered";
    case CueKind::released:
        return "released";
    case CueKind::prompt_end:
        return "prompt_end";
    case CueKind::dial_tone:
        return "dial_tone";
    case CueKind::beep:
        return "beep";
    case CueKind::silence:
        return "silence";
    case CueKind::parted:
        return "parted";
    case CueKind::ringback_end:
        return "ringback_end";
    case CueKind::answered_by:
        return "answered_by";
    }
    return "?";
}

std::string_view text(OpEnded::How how) {
    return how == OpEnded::How::completed ? "completed"
           : how == OpEnded::How::failed  ? "failed"
                                          : "cancelled";
}

/// One outcome as text, after its sample, its leg and its id.
class OutcomeWords {
  public:
    explicit OutcomeWords(std::ostream& out) : out_(out) {}

    void operator()(const ActionAccepted& it) {
        out_ << "accepted" << (it.warnings.empty() ? "" : " ") << written(it.warnings);
    }
    void operator()(const ActionRejected& it) {
        out_ << "rejected " << name(it.why.code);
        if (it.index) {
            out_ << " at " << *it.index;
        }
    }
    void operator()(const ActionStarted&) { out_ << "started"; }
    void operator()(const ActionCompleted& it) {
        out_ << "completed " << range(it.begin, it.end);
        if (it.code) {
            out_ << ' ' << name(*it.code);
        }
        lost(it.lost);
        if (it.answered_by) {
            out_ << " by " << name_of(*it.answered_by);
        }
    }
    void operator()(const ActionFailed& it) {
        out_ << "failed in " << it.stage << ": " << name(it.why.code);
        if (it.sip) {
            out_ << ' ' << *it.sip;
        }
        out_ << (it.leg_alive ? ", alive" : ", gone") << (it.retryable ? ", retryable" : "");
    }
    void operator()(const ActionCancelled& it) {
        out_ << "cancelled " << name(it.code);
        lost(it.lost);
    }
    void operator()(const OpPlanned& it) {
        out_ << "plans " << it.name << " at " << name(it.anchor.event) << ' ' << it.anchor.sample << '+'
             << it.anchor.offset << ':';
        for (const OpPlanned::Tone& tone : it.tones) {
            out_ << ' ' << tone.digit << ' ' << range(tone.begin, tone.end);
        }
    }
    void operator()(const OpStarted& it) {
        out_ << "begins " << it.name << (it.text ? " " + quoted(*it.text) : "");
    }
    void operator()(const OpEnded& it) {
        out_ << text(it.how) << ' ' << it.name << ' ' << range(it.begin, it.end)
             << (it.expired ? " expired" : "");
    }
    void operator()(const ToneCompleted& it) {
        out_ << "tone " << it.index << ": " << it.digit << ' ' << range(it.begin, it.end)
             << (it.cut ? " cut" : "");
    }
    void operator()(const KeyEvidence& it) {
        out_ << "tone " << it.index << ": " << it.digit
             << (it.step == KeyEvidence::Step::echoed ? " echoed" : " reacted");
    }
    void operator()(const Intent& it) {
        out_ << "DO " << name(it.what) << (it.to ? " " + *it.to : "");
        for (const Intent::Header& header : it.headers) {
            out_ << ' ' << header.name << ": " << header.value;
        }
        out_ << (it.text ? " " + quoted(*it.text) : "") << (it.prompt ? " prompt " + *it.prompt : "")
             << (it.exact ? "" : " freely");
    }
    void operator()(const SpeechMasked& it) { out_ << "masked " << range(it.begin, it.end); }
    void operator()(const DigitHeard& it) { out_ << "heard " << it.digit << ' ' << range(it.begin, it.end); }
    void operator()(const LineHeard& it) { out_ << name(it.what) << ' ' << range(it.begin, it.end); }
    void operator()(const ProgressHeard& it) {
        out_ << name_of(it.tone);
        if (it.information != SpecialInformation::none) {
            out_ << '(' << name_of(it.information) << ')';
        }
        out_ << ' ' << range(it.begin, it.end) << (it.over ? " over" : "");
    }
    void operator()(const AnswerHeard& it) {
        out_ << "by " << name_of(it.by) << ' ' << range(it.begin, it.end);
    }
    void operator()(const LegChanged& it) { out_ << name(it.state); }
    void operator()(const FactIgnored& it) { out_ << "ignored " << name(it.fact) << ": " << it.reason; }
    void operator()(const ReportsLost& it) { out_ << "lost reports: " << it.count; }
    void operator()(const TransferResponse& it) { out_ << "answer " << it.status << ' ' << it.message; }
    void operator()(const SessionCompleted& it) {
        out_ << "SESSION " << (it.transferred ? "transferred" : "over") << " after " << it.duration_s
             << " s, recording to " << it.recording_end
             << (it.transferred_to ? ", to " + *it.transferred_to : "");
    }

  private:
    void lost(SampleCount count) {
        if (count != 0) {
            out_ << " lost " << count;
        }
    }

    std::ostream& out_;
};

std::optional<std::uint32_t> op_of(const Outcome& outcome) {
    return std::visit(
        [](const auto& what) -> std::optional<std::uint32_t> {
            if constexpr (requires { what.op; }) {
                return what.op;
            } else {
                return std::nullopt;
            }
        },
        outcome.what);
}

} // namespace

std::string written(const std::vector<Warning>& warnings) {
    std::string line;
    for (const Warning warning : warnings) {
        line += (line.empty() ? "" : ",") + std::string(name(warning));
    }
    return line;
}

// ---- What is asked for

Click::Click(std::string keys) {
    digits = std::move(keys);
}
Click& Click::now() {
    start = Start::now;
    return *this;
}
Click& Click::tone_and_gap(double tone_ms, double gap_ms) {
    tone = Milliseconds{tone_ms};
    gap = Milliseconds{gap_ms};
    return *this;
}
Click& Click::abcd() {
    allow_abcd = true;
    return *this;
}
Click& Click::secret() {
    sensitive = true;
    return *this;
}
Click& Click::wait(WaitFor wait) {
    wait_for = wait;
    return *this;
}

TransferTo::TransferTo(std::string number) {
    phone_number = std::move(number);
}
TransferTo& TransferTo::ext(std::string keys) {
    extension = std::move(keys);
    return *this;
}
TransferTo& TransferTo::pause(double seconds) {
    pause_seconds = seconds;
    return *this;
}
TransferTo& TransferTo::domain(std::string name) {
    sip_domain = std::move(name);
    return *this;
}
TransferTo& TransferTo::says(std::string words) {
    message = std::move(words);
    return *this;
}
TransferTo& TransferTo::refer() {
    method = SipMethod::refer;
    return *this;
}
TransferTo& TransferTo::mode(ExtensionMode how) {
    extension_mode = how;
    return *this;
}
TransferTo& TransferTo::header(std::string name) {
    extension_header = std::move(name);
    return *this;
}
TransferTo& TransferTo::secret() {
    sensitive = true;
    return *this;
}
TransferTo& TransferTo::machine(OnMachine rule, std::string words) {
    on_machine = rule;
    if (!words.empty()) {
        machine_message = std::move(words);
    }
    return *this;
}
TransferTo& TransferTo::wait(WaitFor wait) {
    wait_for = wait;
    return *this;
}

Say say(std::string text) {
    Say request;
    request.text = std::move(text);
    return request;
}
EndCall end_call() {
    return {};
}
EndCall end_now() {
    return {EndCall::Mode::immediate};
}
WaitFor wait_for(CueKind what, double min_ms, double max_ms, WaitFor::Fallback fallback) {
    return {what, Milliseconds{min_ms}, Milliseconds{max_ms}, fallback};
}

Fact fact(Fact::Kind kind, Leg leg) {
    Fact it{};
    it.kind = kind;
    it.leg = leg;
    return it;
}
Fact answered(Leg leg) {
    return fact(Fact::Kind::leg_answered, leg);
}
Fact ended(Leg leg, Fact::Reason reason) {
    Fact it = fact(Fact::Kind::leg_ended, leg);
    it.reason = reason;
    return it;
}
Fact sip(int status) {
    Fact it = fact(Fact::Kind::sip_response, Leg::b);
    it.status = status;
    return it;
}
Fact notify(int status) {
    Fact it = fact(Fact::Kind::refer_notify, Leg::a);
    it.status = status;
    return it;
}

// ---- As text

std::string text(const Outcome& outcome) {
    std::ostringstream out;
    out << outcome.sample << ' ' << character(outcome.leg) << ' ';
    if (!outcome.id.empty()) {
        out << outcome.id;
        if (const auto op = op_of(outcome)) {
            out << '/' << *op;
        }
        out << ' ';
    }
    std::visit(OutcomeWords(out), outcome.what);
    out << (outcome.replayed ? " (again)" : "");
    return out.str();
}

std::string text(const PlannedOp& op) {
    std::ostringstream out;
    out << "op " << character(op.leg) << ' ' << text(op.key) << " from " << op.not_before << ": ";
    if (const auto* const speech = std::get_if<SpeechOp>(&op.what)) {
        out << "prompt " << quoted(speech->speech.text)
            << (speech->speech.prompt ? " prompt " + *speech->speech.prompt : "") << " within "
            << length(speech->max_length);
    } else if (const auto* const keys = std::get_if<KeysOp>(&op.what)) {
        out << "keys " << keys->digits.characters() << ' ' << keys->tone.tone.value << '/'
            << keys->tone.gap.value << " ms";
    } else if (const auto* const wait = std::get_if<Wait>(&op.what)) {
        out << "wait " << length(wait->length);
    } else if (const auto* const gate = std::get_if<Gate>(&op.what)) {
        out << "gate " << text(gate->cue) << (gate->listen ? " heard" : "") << ' ' << gate->min_length << '-'
            << length(gate->max_length) << (gate->fail_on_expiry ? " or fail" : " or go on");
        if (gate->silence > 0) {
            out << ", quiet for " << gate->silence;
        }
        if (gate->by) {
            out << ", by " << name_of(*gate->by);
        }
    } else {
        out << (std::holds_alternative<Bridge>(op.what) ? "bridge" : "hang up");
    }
    return out.str();
}

std::string text(const PlannedCue& cue) {
    std::ostringstream out;
    out << "cue " << character(cue.leg) << ' ';
    switch (cue.cue.kind) {
    case MediaCue::Kind::pass:
        out << "pass " << text(cue.cue.cue);
        break;
    case MediaCue::Kind::refuse:
        out << "refuse " << text(cue.cue.cue);
        break;
    case MediaCue::Kind::cut:
        out << "cut before " << text(cue.cue.before);
        break;
    case MediaCue::Kind::cut_speech:
        out << "cut speech before " << text(cue.cue.before);
        break;
    case MediaCue::Kind::leave:
        out << "leave";
        break;
    case MediaCue::Kind::withdraw:
        out << "withdraw " << text(cue.cue.cue);
        break;
    case MediaCue::Kind::speech_plays:
        out << "speech plays until " << cue.cue.until;
        break;
    case MediaCue::Kind::speech_over:
        out << "speech over";
        break;
    case MediaCue::Kind::attend:
        out << "attend " << text(cue.cue.cue);
        break;
    }
    out << " at " << cue.cue.at;
    return out.str();
}

std::vector<std::string> lines(const CallStep& step) {
    std::vector<std::string> all;
    for (const PlannedOp& op : step.ops) {
        all.push_back(text(op));
    }
    for (const PlannedCue& cue : step.cues) {
        all.push_back(text(cue));
    }
    for (const Outcome& outcome : step.outcomes) {
        all.push_back(text(outcome));
    }
    return all;
}

MediaReport op_report(MediaReport::Kind kind, OpKey key, Leg leg, SampleIndex begin, SampleIndex end,
                      SampleCount lost) {
    return {.kind = kind,
            .leg = leg,
            .key = key,
            .begin = begin,
            .end = end,
            .lost = static_cast<std::int32_t>(lost)};
}

MediaReport tone_heard(Leg leg, ProgressTone tone, SampleIndex begin, SampleIndex known,
                       SpecialInformation information) {
    return {.kind = MediaReport::Kind::progress_began,
            .leg = leg,
            .begin = begin,
            .end = known,
            .tone = tone,
            .information = information,
            .certainty_percent = 90};
}
MediaReport tone_over(Leg leg, ProgressTone tone, SampleIndex end, SampleIndex known) {
    return {.kind = MediaReport::Kind::progress_ended, .leg = leg, .begin = end, .end = known, .tone = tone};
}
MediaReport answer_heard(Leg leg, AnsweredBy who, SampleIndex begin, SampleIndex known) {
    return {.kind = MediaReport::Kind::answered_by,
            .leg = leg,
            .begin = begin,
            .end = known,
            .who = who,
            .certainty_percent = 90};
}

// ---- The script

Entry at(SampleIndex sample, std::string id, Request request) {
    return {sample, Entry::Ask{std::move(id), std::move(request)}};
}
Entry at(SampleIndex sample, Fact fact) {
    return {sample, fact};
}
Entry at(SampleIndex sample, MediaReport report) {
    return {sample, report};
}
Entry until(SampleIndex sample) {
    return {sample, Entry::Wait{}};
}

CallScript::CallScript(CallRules rules)
    : rules_(std::move(rules)),
      legs_{ScriptedLeg(Leg::a, rules_.rate[Leg::a]), ScriptedLeg(Leg::b, rules_.rate[Leg::b])} {}

void CallScript::let_last(const std::string& words, SampleCount length) {
    for (ScriptedLeg& leg : legs_) {
        leg.let_last(words, length);
    }
}

void CallScript::deliver() {
    for (std::size_t i = 0; i < reports_.size(); ++i) {
        take(step(rules_, state_, reports_[i]));
    }
    reports_.clear();
}

void CallScript::collect(ScriptedLeg& leg) {
    for (const MediaReport& report : leg.take_reports()) {
        reports_.push_back(report);
    }
    if (!holds_reports_) {
        deliver();
    }
}

SampleIndex CallScript::now(Leg leg) const {
    return now_ * rules_.rate[leg].hz() / rules_.rate[Leg::a].hz();
}

void CallScript::run_to(SampleIndex sample) {
    const double hz_a = rules_.rate[Leg::a].hz();
    while (true) {
        // The leg whose next event comes first.
        std::optional<Leg> next;
        double earliest = static_cast<double>(sample) / hz_a;
        for (const Leg leg : both_legs) {
            const SampleIndex end = sample * rules_.rate[leg].hz() / rules_.rate[Leg::a].hz();
            const SampleIndex event = legs_[static_cast<std::size_t>(leg)].next_event(end + 1);
            const double when = static_cast<double>(event) / rules_.rate[leg].hz();
            if (asked_[leg] && event <= end && (when < earliest || (!next && when <= earliest))) {
                next = leg;
                earliest = when;
            }
        }
        if (!next) {
            break;
        }
        now_ = std::max(now_, rules_.rate[Leg::a].samples(Milliseconds{1000.0 * earliest}));
        ScriptedLeg& leg = legs_[static_cast<std::size_t>(*next)];
        leg.go_to(std::max(leg.position(), rules_.rate[*next].samples(Milliseconds{1000.0 * earliest})));
        collect(leg);
    }
    now_ = std::max(now_, sample);
}

HostInput CallScript::input_of(const Entry& entry) const {
    HostInput input{{{}, std::nullopt, Fact{}}, {now(Leg::a), now(Leg::b)}, std::nullopt};
    if (const auto* const ask = std::get_if<Entry::Ask>(&entry.what)) {
        input.event.id = ask->id;
        input.event.what = ask->request;
    } else if (const auto* const fact = std::get_if<Fact>(&entry.what)) {
        input.event.what = *fact;
    }
    return input;
}

CallStep CallScript::preview(const Entry& entry) const {
    if (const auto* const report = std::get_if<MediaReport>(&entry.what)) {
        return step(rules_, state_, *report);
    }
    return step(rules_, state_, input_of(entry));
}

void CallScript::run(const Entry& entry) {
    run_to(entry.at);
    if (std::holds_alternative<Entry::Wait>(entry.what)) {
        return;
    }
    take(preview(entry));
    if (const auto* const report = std::get_if<MediaReport>(&entry.what);
        report != nullptr && report->kind == MediaReport::Kind::answered_by) {
        legs_[static_cast<std::size_t>(report->leg)].push(
            MediaCue{MediaCue::Kind::pass, CueKind::answered_by, {}, report->end, 0, report->who});
    }
    if (const auto* const fact = std::get_if<Fact>(&entry.what);
        fact != nullptr && fact->kind == Fact::Kind::leg_ended) {
        asked_[fact->leg] = false;
    }
}

void CallScript::run(const std::vector<Entry>& entries) {
    for (const Entry& entry : entries) {
        run(entry);
    }
    run_to(now_);
}

void CallScript::take(CallStep step) {
    state_ = std::move(step.state);
    for (const PlannedCue& cue : step.cues) {
        legs_[static_cast<std::size_t>(cue.leg)].push(cue.cue);
    }
    for (const PlannedOp& op : step.ops) {
        legs_[static_cast<std::size_t>(op.leg)].push(op);
    }
    for (const Outcome& outcome : step.outcomes) {
        told_.push_back(text(outcome));
        outcomes_.push_back(outcome);
        if (const auto* const intent = std::get_if<Intent>(&outcome.what)) {
            obey(*intent, outcome.leg);
        }
    }
}

void CallScript::obey(const Intent& intent, Leg leg) {
    if (intent.what == Intent::Do::hangup) {
        asked_[leg] = false;
    } else if (intent.what == Intent::Do::dial || intent.what == Intent::Do::sip_invite) {
        asked_[Leg::b] = true;
        legs_[static_cast<std::size_t>(Leg::b)].go_to(now(Leg::b));
    }
}

} // namespace keytone::test
