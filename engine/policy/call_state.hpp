// SPDX-License-Identifier: MIT
//
// All that the policy knows of a call. Plain values: two equal states go on alike.
#pragma once

#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"
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

/// What the caller hears from the dialling of leg b to its answer.
enum class Hold : std::uint8_t { silence, ringback, prompt };

/// What stays the same for the whole call.
struct CallRules {
    PerLeg<SampleRate> rate{SampleRate::narrowband(), SampleRate::narrowband()};
    std::optional<AgentSettings> settings; ///< Absent: every function is offered, and no words are added.
    /// Whom the host dials for anybody, agent or not: entries as AgentSettings::allow has them, beside the
    /// transferNumber. Empty: that alone. Absent: whomever it is asked to.
    std::optional<std::vector<std::string>> dial_allow;
    bool host_speaks = false;       ///< Speech is the host's to play: it is told by an intent.
    bool strict_numbers = false;    ///< Numbers have to be E.164.
    PerLeg<KeyForm> keys{};         ///< As tones, unless told.
    bool mute_bridged_keys = false; ///< Where keytone connects the legs, each hears none of the other's keys.
    bool keys_in_early_media = false; ///< `click_ivr` is taken once leg a has early media.
    Hold hold = Hold::silence;
    std::string hold_prompt;        ///< For Hold::prompt: by name.
    Milliseconds no_answer{30000};  ///< A dialled leg that is not picked up by then.
    Milliseconds refer_wait{32000}; ///< RFC 3515 clause 2.4.5 leaves it open; 64 T1 of RFC 3261.
    Milliseconds drain_wait{15000}; ///< The host's speech that has not drained so long after it should have.
    Milliseconds speech_wait{120000}; ///< Words that the host says: at least so long, however few they are.
    Milliseconds slow_speech{100};    ///< What a character takes at most, of words that the host says.
    Milliseconds part_wait{
        5000}; ///< For the end of a leg that was told to hang up, before it is dialled anew.
    Milliseconds end_silence{500};  ///< Between the last sample and the hang-up: the far side's playout.
    std::size_t max_queued = 16;    ///< Actions that wait or run at the same time.
    std::size_t max_actions = 1000; ///< Actions in the whole call, rejected ones included.
};

/// An op that the audio side was handed and has not reported the end of.
struct PendingOp {
    std::uint32_t index;
    Leg leg;
    OpRole role;
    SampleIndex begin = -1; ///< -1: not yet.
    bool planned = false;   ///< Its plan was told.
    SampleCount length =
        0; ///< Of a prompt or keys, or for how long a pause or the host's speech was expected.
    std::uint32_t tones_told = 0;   ///< Of its keys.
    SampleIndex cut_at = unlimited; ///< When the audio side was told to cut it.
};

/// What was asked for, from its acceptance until nothing of it is left.
struct Action {
    std::uint32_t number;
    std::string id;
    std::string_view name;
    bool sensitive = false;
    bool started = false;
    bool concluded = false; ///< Completed, failed or cancelled: only reports of its last ops may follow.
    std::optional<Code> cancelling; ///< Cancelled with this once its ops have ended.
    SampleIndex begin = 0;
    SampleIndex end = 0;
    SampleCount lost = 0;
    std::vector<PendingOp> ops;
    std::uint32_t next_op = 1;
    std::string words;                 ///< What its speech says.
    std::optional<Speech> speech;      ///< What the host is to play.
    std::optional<DigitString> digits; ///< What its keys are.
    DtmfTone tone;
    std::optional<TransferPlan> plan;
    bool answered = false;          ///< The leg it dialled was picked up.
    std::optional<Refusal> failure; ///< Why its gate was refused.
    std::optional<int> sip;         ///< The status that said so.
    bool ends_call = false;
    bool truncated = false; ///< Something before the hang-up was cut, because it took too long.
    bool anonymous = false; ///< Not asked for by anybody: speech that the host queued.

    /// The name that one of its ops has in the outcomes.
    [[nodiscard]] std::string_view name_of(const PendingOp& op) const {
        return keytone::name(op.role, plan ? plan->way : TransferPlan::Way::dial);
    }
};

/// Where the call stands.
enum class CallPhase : std::uint8_t {
    before,      ///< Leg a has not answered.
    in_progress, ///< The agent talks to leg a.
    ending,      ///< The call was asked to end, and is still draining.
    transferred, ///< Leg a is somebody else's now.
    ended,
};

/// Whether a leg is there.
enum class LegPhase : std::uint8_t {
    none,
    dialled,
    answered,
    hanging, ///< Leg b, told to hang up: the host has not said that it is over.
    ended,
};

/// However many requests a call has had, so many more may ask for its end.
inline constexpr std::size_t reserved_ends = 8;

/// Between a key and its echo: two satellite hops, generously.
inline constexpr Milliseconds max_echo_delay{1500};

/// A key that was sent, while what comes back may still be its echo or its effect.
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

/// An id that came, and the last that was said of it.
struct KnownId {
    std::string id;
    Outcome last;
};

/// The state.
struct CallState {
    CallPhase phase = CallPhase::before;
    PerLeg<LegPhase> legs;
    bool early_media = false;    ///< Leg a's, before its answer.
    SampleIndex answered_at = 0; ///< Leg a's.
    std::uint64_t next_seq = 1;
    std::uint32_t next_action = 1;
    std::vector<Action> actions; ///< In the order of their numbers.
    std::vector<KnownId> known;
    std::vector<SentTone> sent;        ///< The last few.
    std::uint32_t host_speeches = 0;   ///< That the host queued by itself and that have not drained.
    SampleIndex host_speech_until = 0; ///< Leg a's clock: when they should have ended.
    std::string attempt;               ///< The id of the last intent to dial, invite or refer.
    bool names_attempts = false;       ///< The host says of which attempt its facts are.
    std::uint64_t reports_lost = 0;
};

} // namespace keytone
