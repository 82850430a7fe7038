// SPDX-License-Identifier: MIT
//
// What becomes of a transfer by what is heard before the legs are connected: tones that end the dial, and
// who answered.
#include "engine/policy/step_builder.hpp"
#include "engine/policy/transfer_failure.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace keytone {

namespace {

/// A tone that is less certain ends no transfer.
constexpr std::uint8_t min_certainty_percent = 50;

TransferFailure only_rang() {
    return {{Code::no_answer, "it only rang, and nobody answered"}, true};
}

/// Whether an op waits for who answered: its end decides, and comes at the same sample as what tells that it
/// is a fax, or the network.
bool awaits_who(const Action& transfer) {
    return std::ranges::find(transfer.ops, OpRole::who, &PendingOp::role) != transfer.ops.end();
}

bool tells_who(ProgressTone tone) {
    return tone == ProgressTone::special_information || tone == ProgressTone::fax_calling ||
           tone == ProgressTone::answering || tone == ProgressTone::modem_answering ||
           tone == ProgressTone::fax_preamble;
}

/// Speaks after the machine's beep, which may have been what told that it is a machine.
void leave_message(StepBuilder& builder, Action& transfer, StepBuilder::When when, SampleIndex answered) {
    const CallRules& rules = builder.rules();
    const SampleRate rate = rules.rate[Leg::b];
    const Speech& words = *transfer.plan->machine_message;
    Gate beep{CueKind::beep, true, false, 0, rate.samples(rules.beep_wait)};
    beep.heard_since = answered;
    beep.remembers = true;
    transfer.words = words.text;
    builder.queue(transfer, Leg::b, OpRole::beep, when, beep);
    builder.queue(transfer, Leg::b, OpRole::left_words, when, SpeechOp{words, unlimited});
    builder.queue(transfer, Leg::b, OpRole::left_end, when, Wait{rate.samples(rules.end_silence)});
}

} // namespace

Action* StepBuilder::unconnected_transfer(Leg leg) {
    Action* const transfer = running_transfer();
    const bool hears = leg == Leg::b && transfer != nullptr &&
                       transfer->plan->way != TransferPlan::Way::sip_refer && has_dialled(*transfer) &&
                       (step_.state.legs[Leg::b] == LegPhase::dialled || transfer->answered);
    return hears ? transfer : nullptr;
}

void StepBuilder::give_up_target(Action& transfer, TransferFailure failure, SampleIndex at_b) {
    const SampleIndex at = translate(Leg::b, at_b, Leg::a);
    const std::string_view stage = stage_of(transfer);
    cue(Leg::a, MediaCue::Kind::refuse, transfer.answered ? CueKind::released : CueKind::answered,
        after_reaction(at, Leg::a));
    cut_everything(Leg::b, after_reaction(at_b, Leg::b));
    hang_up(Leg::b, at_b, &transfer);
    fail(transfer, at, stage, std::move(failure.why), caller_is_there(), failure.retryable);
}

void StepBuilder::pass_answer(Leg leg, SampleIndex at, AnsweredBy by) {
    step_.cues.push_back({leg, {MediaCue::Kind::pass, CueKind::answered_by, {}, at, 0, by}});
}

void progress_heard(StepBuilder& builder, const MediaReport& report) {
    const bool over = report.kind == MediaReport::Kind::progress_ended;
    builder.tell(report.leg, report.begin,
                 ProgressHeard{report.tone, report.information, over, report.begin, report.end,
                               0.01 * report.certainty_percent});
    Action* const transfer = builder.unconnected_transfer(report.leg);
    if (transfer == nullptr) {
        return;
    }
    if (report.tone == ProgressTone::ringback) {
        transfer->rings = !over;
        return;
    }
    if (!over && tells_who(report.tone) && awaits_who(*transfer)) {
        transfer->information = report.information;
        return;
    }
    auto failure = progress_failure(report.tone, report.information);
    if (failure && !over && report.certainty_percent >= min_certainty_percent) {
        builder.give_up_target(*transfer, *std::move(failure), report.end);
    }
}

void answer_heard(StepBuilder& builder, const MediaReport& report) {
    builder.tell(report.leg, report.begin, AnswerHeard{report.who, report.begin, report.end});
    note_answer(builder, report.leg, report.who, report.end);
}

void note_answer(StepBuilder& builder, Leg leg, AnsweredBy who, SampleIndex known) {
    builder.state().answered_by[leg] = who;
    Action* const transfer = builder.unconnected_transfer(leg);
    auto failure = answer_failure(who);
    if (transfer != nullptr && failure && !awaits_who(*transfer)) {
        builder.give_up_target(*transfer, *std::move(failure), known);
    }
}

void decide_by_who(StepBuilder& builder, Action& transfer, const MediaReport& who_ended) {
    if (transfer.cancelling) {
        return;
    }
    if (who_ended.expired && transfer.rings) {
        return builder.give_up_target(transfer, only_rang(), who_ended.end);
    }
    const auto who = builder.state().answered_by[Leg::b].value_or(AnsweredBy::unknown);
    auto failure = who == AnsweredBy::special_information
                       ? progress_failure(ProgressTone::special_information, transfer.information)
                       : answer_failure(who);
    if (failure) {
        return builder.give_up_target(transfer, *std::move(failure), who_ended.end);
    }
    const StepBuilder::When when{who_ended.end, builder.after_reaction(who_ended.end, Leg::b)};
    if (who != AnsweredBy::machine) {
        builder.queue(transfer, Leg::b, OpRole::bridge, when, Bridge{});
    } else if (transfer.plan->on_machine == Transfer::OnMachine::hang_up) {
        builder.give_up_target(transfer, {{Code::machine_answered, "a machine answered"}, true},
                               who_ended.end);
    } else {
        leave_message(builder, transfer, when, who_ended.begin);
    }
}

void message_left(StepBuilder& builder, Action& transfer, SampleIndex at_b) {
    if (transfer.cancelling) {
        return;
    }
    const SampleIndex at = builder.translate(Leg::b, at_b, Leg::a);
    builder.cue(Leg::a, MediaCue::Kind::refuse, CueKind::released, builder.after_reaction(at, Leg::a));
    builder.hang_up(Leg::b, at_b, &transfer);
    builder.complete(transfer, at, Code::message_left);
}

TransferFailure wait_failure(const CallState& state, const Action& action, Leg leg) {
    const std::optional<AnsweredBy> by = state.answered_by[leg];
    if (action.awaits && by && by != action.awaits) {
        if (auto failure = answer_failure(*by)) {
            return *std::move(failure);
        }
        if (by == AnsweredBy::human) {
            return {{Code::human_answered, "a human answered, and the keys are for a machine"}, false};
        }
        if (by == AnsweredBy::machine) {
            return {{Code::machine_answered, "a machine answered, and the keys are for a human"}, false};
        }
    }
    if (leg == Leg::b && action.rings) {
        return only_rang();
    }
    return {{Code::wait_timeout, "what was waited for was not heard in time"}, true};
}

} // namespace keytone
