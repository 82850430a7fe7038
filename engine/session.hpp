// SPDX-License-Identifier: MIT
//
// One call, for the host that carries it:
//
//     control thread   submit(event) ─► policy ─► ops, cues ─► rings ─┐
//                      poll() ◄─ outcomes ◄─ policy ◄─ reports ◄─ rings ◄┤
//     audio thread     process(leg, heard, sent) ──────────────────────┘
#pragma once

#include "dsp/dtmf_generator.hpp"
#include "dsp/dtmf_limits.hpp"
#include "dsp/events/key_report.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/prefetch.hpp"
#include "dsp/units.hpp"
#include "engine/call_event.hpp"
#include "engine/leg.hpp"
#include "engine/media/call_media.hpp"
#include "engine/outcome.hpp"
#include "engine/policy/call_policy.hpp"
#include "engine/policy/call_state.hpp"
#include "engine/prompt.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace keytone {

/// The settings of a session.
struct SessionConfig {
    CallRules rules;
    /// Speaks and loads prompts; must outlive the session. Null: the host speaks, on intents.
    PromptSource* prompts = nullptr;
    /// Connects the legs after a transfer itself; otherwise the host does, on an intent.
    bool mix_bridge = false;
    Milliseconds bridge_delay{20}; ///< At least as long as the host's blocks.
    Milliseconds max_block{20};    ///< The longest block while the legs are bridged.
    DtmfLimits limits;             ///< What is detected as a key.
};

/// One call with its two legs. One thread at a time may call what is `[control]`, and another one what is
/// `[audio]`.
class Session {
  public:
    /// Allocates everything that the audio side will need. `[control]`
    explicit Session(const SessionConfig& config);

    /// Takes an event. The results, refusals included, are in the outcomes. An event may have a future time,
    /// if nothing else has to be decided before it: it is judged now, and takes effect at that sample.
    /// `[control]`
    void submit(const CallEvent& event);
    /// The next outcome, in the order of their numbers; nothing when there is none. `[control]`
    std::optional<Outcome> poll();

    /// The leg's next samples. `heard` is what came in, of the same length, or empty if it was lost; `sent`
    /// holds the agent's own audio (zeros where it has none) on entry and what is to go out on return. 1 to
    /// 192 000 samples; both legs on one thread. A thread that processes hundreds of calls in turn waits for
    /// memory most of the time, unless it says which calls are `upcoming`. `[audio]`
    void process(Leg leg, std::span<const std::int16_t> heard, std::span<std::int16_t> sent,
                 Upcoming<Session> upcoming = {}) noexcept KEYTONE_NONBLOCKING;
    /// How many calls after this one `upcoming.later` is, and `upcoming.soon`.
    static constexpr std::size_t later_ahead = 4;
    static constexpr std::size_t soon_ahead = 2;

    /// A key of the leg began or ended, as a telephone event; to be called before the process() in which its
    /// time comes, or later. `event.onset` is a sample of the leg's clock, reduced to 32 bits, the same for
    /// its begin and its end, which alternate. Events and tones are merged to one DigitHeard for each key.
    /// `[audio]`
    void hear_key_event(Leg leg, const KeyReport& event) noexcept KEYTONE_NONBLOCKING {
        media_.hear_key_event(leg, event);
    }
    /// How the leg sends its keys, where that is known only once it is answered: from the next digit string
    /// on. Until then, CallRules::keys applies. `[audio]`
    void set_key_form(Leg leg, KeyForm form) noexcept KEYTONE_NONBLOCKING { media_.set_key_form(leg, form); }
    /// The next packet of the leg's keys that is due, where it sends them as telephone events: its timestamp
    /// counts from the leg's sample 0. Call it after each process() until there is none. `[audio]`
    [[nodiscard]] std::optional<TelephoneEventPacket> next_key_event(Leg leg) noexcept KEYTONE_NONBLOCKING {
        return media_.next_key_event(leg);
    }
    /// The next sample that the leg will be asked for, on its own clock, which counts from the call's start.
    /// `[any]`
    [[nodiscard]] SampleIndex position(Leg leg) const noexcept { return media_.position(leg); }
    /// The state of the call. `[control]`
    [[nodiscard]] const CallState& state() const { return state_; }

  private:
    /// What an op that was passed on points to; or, for op 0, what its action may have to say later.
    struct Held {
        OpKey key;
        PromptPtr prompt;
        std::unique_ptr<const DtmfGenerator> generator;
    };

    [[nodiscard]] HostInput input_of(const CallEvent& event) const;
    Result<PromptPtr, Refusal> hold_sound(SampleRate rate);
    std::optional<Refusal> prepare(CallStep& step, std::vector<MediaOp>& ops, std::vector<Held>& held);
    [[nodiscard]] Result<PromptPtr, Refusal> make_prompt(const Speech& speech, SampleRate rate) const;
    [[nodiscard]] Result<PromptPtr, Refusal> prompt_of(const PlannedOp& planned, const Speech& speech) const;
    [[nodiscard]] bool has_room(const CallEvent& event, const CallStep& step) const;
    [[nodiscard]] bool has_room_for_ops(const CallStep& step) const;
    void commit(CallStep step, const std::vector<MediaOp>& ops, std::vector<Held> held);
    static void note_length(CallState& state, const MediaOp& op);
    void take_reports();
    void take_report(const MediaReport& report);

    CallRules rules_;
    PromptSource* prompts_;
    CallMedia media_;
    CallState state_;
    std::vector<Held> held_;
    std::vector<Outcome> outcomes_;
    std::size_t next_outcome_ = 0;
};

} // namespace keytone
