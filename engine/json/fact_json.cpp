// SPDX-License-Identifier: MIT
#include "engine/json/fact_json.hpp"

#include "dsp/listener/progress_tone.hpp"
#include "engine/json/fields.hpp"

#include <array>
#include <string>
#include <variant>
#include <vector>

namespace keytone::json {

namespace {

constexpr Key ev{"ev"};
constexpr Key leg{"leg"};
constexpr Key id{"id"};

/// A request's id, a slash and the number of its op.
constexpr std::size_t max_attempt_bytes = max_id_length + 11;

using Kind = Fact::Kind;

/// The form of one fact: its default leg, and the keys that it has besides at, ev and leg.
struct FactForm {
    Kind kind;
    std::optional<Leg> default_leg; ///< None: the leg must be named.
    std::optional<Key> detail;
    bool of_attempt = false; ///< It may name the intent that it belongs to.
};

/// Every fact by its name.
const auto& fact_forms() {
    static const std::array all{
        Word<FactForm>{name(Kind::leg_ringing), {Kind::leg_ringing, {}, {}, true}},
        Word<FactForm>{name(Kind::leg_early_media), {Kind::leg_early_media, {}, {}, true}},
        Word<FactForm>{name(Kind::leg_answered), {Kind::leg_answered, {}, {}, true}},
        Word<FactForm>{name(Kind::leg_ended), {Kind::leg_ended, {}, "reason", true}},
        Word<FactForm>{name(Kind::prompt_queued), {Kind::prompt_queued, Leg::a, "seconds"}},
        Word<FactForm>{name(Kind::prompt_drained), {Kind::prompt_drained, Leg::a, {}}},
        Word<FactForm>{name(Kind::sip_response), {Kind::sip_response, Leg::b, "status", true}},
        Word<FactForm>{name(Kind::refer_notify), {Kind::refer_notify, Leg::a, "status", true}},
        Word<FactForm>{name(Kind::speech_started), {Kind::speech_started, Leg::a, {}}},
        Word<FactForm>{name(Kind::speech_ended), {Kind::speech_ended, Leg::a, {}}},
        Word<FactForm>{name(Kind::tone_detected), {Kind::tone_detected, Leg::a, "tone"}},
        Word<FactForm>{name(Kind::beep_detected), {Kind::beep_detected, Leg::a, {}}},
        Word<FactForm>{name(Kind::answer_detected), {Kind::answer_detected, Leg::a, "by"}},
    };
    return all;
}

constexpr std::array legs{Word{"a", Leg::a}, Word{"b", Leg::b}};
constexpr std::array reasons{
    Word{"hangup", Fact::Reason::hangup},       Word{"busy", Fact::Reason::busy},
    Word{"no_answer", Fact::Reason::no_answer}, Word{"declined", Fact::Reason::declined},
    Word{"failed", Fact::Reason::failed},
};
/// What tone.detected tells: a cue of wait_for, or call progress that may end a dial.
using ToneHeard = std::variant<CueKind, ProgressTone>;
constexpr std::array tones{
    Word<ToneHeard>{"dial", CueKind::dial_tone},
    Word<ToneHeard>{"dial_tone", CueKind::dial_tone}, // As wait_for has it.
    Word<ToneHeard>{"beep", CueKind::beep},
    Word<ToneHeard>{"ringback_end", CueKind::ringback_end},
    Word<ToneHeard>{"busy", ProgressTone::busy},
    Word<ToneHeard>{"congestion", ProgressTone::congestion},
    Word<ToneHeard>{"number_unobtainable", ProgressTone::number_unobtainable},
    Word<ToneHeard>{"sit", ProgressTone::special_information},
    Word<ToneHeard>{"fax", ProgressTone::answering},
};
// As outcomes name them.
constexpr Word<AnsweredBy> named(AnsweredBy who) {
    return {name_of(who), who};
}

constexpr std::array answerers{
    named(AnsweredBy::human),   named(AnsweredBy::machine),
    named(AnsweredBy::fax),     named(AnsweredBy::special_information),
    named(AnsweredBy::unknown),
};

void read_tone(Fields& fields, Fact& fact) {
    const auto heard = fields.choice("tone", tones);
    if (!heard) {
        return;
    }
    if (const auto* const cue = std::get_if<CueKind>(&*heard)) {
        fact.tone = *cue;
    } else {
        fact.progress = std::get<ProgressTone>(*heard);
    }
}

void read_detail(Fields& fields, Fact& fact) {
    switch (fact.kind) {
    case Kind::leg_ended:
        fact.reason = fields.choice("reason", reasons).value_or(fact.reason);
        break;
    case Kind::prompt_queued:
        if (const auto seconds = fields.number("seconds", 0.0, max_at_s)) {
            fact.length = Milliseconds{*seconds * 1000.0};
        }
        break;
    case Kind::sip_response:
    case Kind::refer_notify:
        fields.require("status", "give the SIP status, " + std::to_string(Fact::min_status) + " to " +
                                     std::to_string(Fact::max_status));
        fact.status = fields.whole("status", Fact::min_status, Fact::max_status).value_or(0);
        break;
    case Kind::tone_detected:
        fields.require("tone", "use dial or beep, or a tone of call progress");
        read_tone(fields, fact);
        break;
    case Kind::answer_detected:
        fields.require("by", "use human, machine, fax, sit or unknown");
        fact.by = fields.choice("by", answerers).value_or(fact.by);
        break;
    default:
        break;
    }
}

} // namespace

Result<CallEvent, LineError> read_fact(const Json& line) {
    Fields kind("");
    kind.add(ev, line.at("ev"), "/ev");
    kind.require(ev, "say what happened");
    const auto form = kind.choice(ev, fact_forms());
    if (!form) {
        return *kind.error();
    }
    std::vector<Key> known{at_key, ev, leg};
    if (form->detail) {
        known.push_back(*form->detail);
    }
    // Only leg b is the target of an attempt.
    const auto named_leg = line.find("leg");
    if (form->of_attempt && (form->default_leg || (named_leg != line.end() && *named_leg == "b"))) {
        known.push_back(id);
    }
    Fields fields("");
    fields.add_object(line, "", known);
    if (!form->default_leg) {
        fields.require(leg, "say which leg, a or b");
    }
    Fact fact{.kind = form->kind, .length = std::nullopt, .attempt = std::nullopt};
    fact.attempt = fields.token(id, max_attempt_bytes);
    fact.leg = fields.choice(leg, legs).value_or(form->default_leg.value_or(Leg::a));
    read_detail(fields, fact);
    const auto at_s = fields.number(at_key, 0.0, max_at_s);
    if (fields.error()) {
        return *fields.error();
    }
    return CallEvent{"", at_s, fact};
}

} // namespace keytone::json
