// SPDX-License-Identifier: MIT
//
// Everything that the policy knows about a call. Plain values: from equal states it continues in the same
// way.
#pragma once

#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/listener/progress_tone.hpp"
#include "dsp/progress/country_tones.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/agent_settings.hpp"
#include "engine/leg.hpp"
#include "engine/outcome.hpp"
#include "engine/policy/op_role.hpp"
#include "engine/policy/transfer_plan.hpp"
#include "engine/refusal.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone {

/// What the caller hears from the dialling of leg b until its answer.
enum class Hold : std::uint8_t { silence, ringback, prompt };

/// What stays the same for the whole call.
struct CallRules {
    PerLeg<SampleRate> rate{SampleRate::narrowband(), SampleRate::narrowband()};
    std::optional<AgentSettings> settings; ///< Absent: every function is allowed, no message is added.
    /// Whom the host dials for anybody, agent or not: entries as in AgentSettings::allow, besides the
    /// transferNumber. Empty: that number alone. Absent: anybody.
    std::optional<std::vector<std::string>> dial_allow;
    bool host_speaks = false;       ///< The host plays speech: it is told to by an intent.
    bool strict_numbers = false;    ///< Numbers have to be E.164.
    PerLeg<KeyForm> keys{};         ///< As tones by default.
    bool mute_bridged_keys = false; ///< Where keytone connects the legs, each hears none of the other's keys.
    bool keys_in_early_media = false; ///< `click_ivr` is taken once leg a has early media.
    Hold hold = Hold::silence;
    std::string hold_prompt;          ///< For Hold::prompt: by name.
    Milliseconds no_answer{30000};    ///< How long a dialled leg may take to answer.
    Milliseconds refer_wait{32000};   ///< RFC 3515 clause 2.4.5 leaves it open; 64 T1 of RFC 3261.
    Milliseconds drain_wait{15000};   ///< How much later than expected the host's speech may drain.
    Milliseconds speech_wait{120000}; ///< Least time allowed for any speech of the host.
    Milliseconds slow_speech{100};    ///< Most time for each character of speech of the host's.
    Milliseconds part_wait{5000};     ///< How long the end of a leg is waited for before it is dialled again.
    /// How long the beep of a machine that answered is waited for; then it is spoken to without one.
    Milliseconds beep_wait{45000};
    /// Both legs are listened to for call progress and for who answers, also where nothing waits for that.
    bool hear_all = false;
    Country country = Country::any(); ///< Whose call progress is heard.
    Milliseconds end_silence{500};    ///< Between the last sample and the hang-up: the far side's playout.
    std::size_t max_queued = 16;      ///< Actions that wait or run at the same time.
    std::size_t max_actions = 1000;   ///< Actions in the whole call, rejected ones included.
};

/// An op that was passed to the audio side and whose end is not reported yet.
struct PendingOp {
    std::uint32_t index;
    Leg leg;
    OpRole role;
    SampleIndex begin = -1; ///< -1: not yet.
    bool planned = false;   ///< Its plan was reported.
    SampleCount length = 0; ///< Of a prompt or keys; or the expected length of a pause or the host's speech.
    std::uint32_t tones_told = 0;   ///< How many of its keys were reported.
    SampleIndex cut_at = unlimited; ///< When the audio side was told to cut it.
};

/// What was requested, from its acceptance until nothing of it is left.
struct Action {
    std::uint32_t number;
    std::string id;
    std::string_view name;
    bool sensitive = false;
    bool started = false;
    bool concluded = false; ///< Completed, failed or cancelled: only reports of its last ops may follow.
    std::optional<Code> cancelling; ///< It will be cancelled with this code once its ops have ended.
    SampleIndex begin = 0;
    SampleIndex end = 0;
    SampleCount lost = 0;
    std::vector<PendingOp> ops;
    std::uint32_t next_op = 1;
    std::string words;                 ///< The text of its speech.
    std::optional<Speech> speech;      ///< The speech that the host is to play.
    std::optional<DigitString> digits; ///< Its keys.
    DtmfTone tone;
    std::optional<TransferPlan> plan;
    bool answered = false; ///< The dialled leg answered.
    bool rings = false;    ///< Ringback was heard of that leg, and not yet its end.
    SpecialInformation information = SpecialInformation::none; ///< What the network said of the call.
    std::optional<AnsweredBy> awaits;                          ///< Who has to answer for its keys to be sent.
    std::optional<Refusal> failure;                            ///< Why its gate was refused.
    std::optional<int> sip;                                    ///< The SIP status of that.
    bool ends_call = false;
    bool truncated = false; ///< Something before the hang-up was cut because it took too long.
    bool anonymous = false; ///< Not requested: speech that the host queued by itself.

    /// The name of one of its ops in the outcomes.
    [[nodiscard]] std::string_view name_of(const PendingOp& op) const {
        return keytone::name(op.role, plan ? plan->way : TransferPlan::Way::dial);
    }
};

/// The state of the call.
enum class CallPhase : std::uint8_t {
    before,      ///< Leg a has not answered.
    in_progress, ///< The agent talks to leg a.
    ending,      ///< The call was asked to end, and is still draining.
    transferred, ///< Leg a was handed over.
    ended,
};

/// The state of a leg.
enum class LegPhase : std::uint8_t {
    none,
    dialled,
    answered,
    hanging, ///< Leg b was told to hang up, and the host has not reported its end.
    ended,
};

/// However many requests a call has had, so many more may still end it.
inline constexpr std::size_t reserved_ends = 8;

/// The longest time between a key and its echo: two satellite hops, with a margin.
inline constexpr Milliseconds max_echo_delay{1500};

/// A key that was sent, kept while its echo or its effect may still come back.
struct SentTone {
    std::string id; ///< Of the request.
    std::string_view name;
    bool sensitive;
    std::uint32_t op;
    std::uint32_t index;
    char digit;
    Leg leg;
    SampleIndex begin;
    SampleIndex end;
    bool echoed = false;
    bool reacted = false;
};

/// An id that was received, and the last outcome for it.
struct KnownId {
    std::string id;
    Outcome last;
};

/// The state of a call, as a whole.
struct CallState {
    CallPhase phase = CallPhase::before;
    PerLeg<LegPhase> legs;
    bool early_media = false;                      ///< Of leg a, before its answer.
    SampleIndex answered_at = 0;                   ///< Of leg a.
    PerLeg<std::optional<AnsweredBy>> answered_by; ///< As far as that was heard.
    std::uint64_t next_seq = 1;
    std::uint32_t next_action = 1;
    std::vector<Action> actions; ///< In the order of their numbers.
    std::vector<KnownId> known;
    std::vector<SentTone> sent;        ///< The last few keys.
    std::uint32_t host_speeches = 0;   ///< Speeches that the host queued by itself and that have not drained.
    SampleIndex host_speech_until = 0; ///< Leg a's clock: when they should have ended.
    std::string attempt;               ///< The id of the last intent to dial, invite or refer.
    bool names_attempts = false;       ///< The host names the attempt that its facts belong to.
    std::uint64_t reports_lost = 0;
};

} // namespace keytone
