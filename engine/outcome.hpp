// SPDX-License-Identifier: MIT
//
// Output: one value for each output line. Every request is accepted or rejected; an accepted one is started,
// and then completed, failed or cancelled, once. "Completed" means that the last sample went out.
#pragma once

#include "dsp/listener/progress_tone.hpp"
#include "dsp/units.hpp"
#include "engine/call_event.hpp"
#include "engine/leg.hpp"
#include "engine/media_action.hpp"
#include "engine/refusal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace keytone {

/// Warnings about a request that is accepted, but may not be what was meant.
enum class Warning : std::uint8_t {
    not_e164,      ///< The number has no country code: only E.164 is sure to arrive.
    empty_ignored, ///< An empty text counts as absent.
    pause_ignored, ///< A pause without an extension is ignored.
};
/// The warning as it is written in lines: `not_e164`. `[any]`
std::string_view name(Warning warning);

/// What happens to an action.
struct ActionAccepted {
    std::vector<Warning> warnings;
};
struct ActionRejected {
    Refusal why;
    std::optional<std::size_t> index; ///< The first character that is wrong, for invalid_digits.
};
struct ActionStarted {};
struct ActionCompleted {
    SampleIndex begin;
    SampleIndex end;
    std::optional<Code> code;                             ///< already_ended, truncated, message_left.
    SampleCount lost = 0;                                 ///< For truncated.
    std::optional<AnsweredBy> answered_by = std::nullopt; ///< Of a transfer, where that was listened for.
};
struct ActionFailed {
    std::string_view stage; ///< message, pause, dial, refer, answer, extension, bridge, wait, hang_up.
    Refusal why;
    std::optional<int> sip; ///< The response's status.
    bool leg_alive;         ///< Whether the caller is still on the line.
    bool retryable;         ///< Whether the same request may succeed later.
};
struct ActionCancelled {
    Code code;
    SampleCount lost; ///< Samples that were planned and not sent.
};

/// When an op is to run.
struct OpPlanned {
    /// What the offset counts from: an answer, or the end of the ops before it.
    enum class Event : std::uint8_t { answered, queue };

    struct Anchor {
        Event event;
        SampleIndex sample;
        SampleCount offset;
    };
    struct Tone {
        char digit;
        SampleIndex begin;
        SampleIndex end;
    };

    std::uint32_t op;
    std::string_view name; ///< prompt, silence, dtmf, wait, answer, beep, bridge, hangup.
    Anchor anchor;
    std::vector<Tone> tones;
    std::optional<std::string> text; ///< The text of a prompt.
    std::optional<SampleIndex> end;  ///< Present where the length is known.
};
/// The event as it is written in lines: `answered`. `[any]`
std::string_view name(OpPlanned::Event event);

struct OpStarted {
    std::uint32_t op;
    std::string_view name;
    std::optional<std::string> text; ///< The text of a prompt.
};
struct OpEnded {
    enum class How { completed, failed, cancelled };

    std::uint32_t op;
    std::string_view name;
    How how;
    SampleIndex begin;
    SampleIndex end;
    bool expired = false; ///< A wait that expired, after which the action went on.
};

/// What is known about a key that was sent.
struct ToneCompleted {
    std::uint32_t op;
    std::uint32_t index;
    char digit;
    SampleIndex begin;
    SampleIndex end;
    bool cut; ///< It was cut before its end.
};
struct KeyEvidence {
    enum class Step { reacted, echoed };

    std::uint32_t op;
    std::uint32_t index;
    char digit;
    Step step; ///< The far side began or stopped sounding; or the key's echo came back.
};

/// What the host is to do. It reports the result by a fact.
struct Intent {
    enum class Do { speak, dial, sip_invite, sip_refer, bridge, hangup };

    struct Header {
        std::string name;
        std::string value;
    };

    Do what;
    std::optional<std::uint32_t> op;
    std::optional<std::string> to;     ///< A number or a SIP URI.
    std::vector<Header> headers;       ///< Of the INVITE or the REFER.
    std::optional<std::string> text;   ///< Text to speak.
    std::optional<std::string> prompt; ///< Name of a prompt to play.
    bool exact = true;                 ///< For speak: see Say::exact.
};
/// The intent as it is written in lines: `sip_invite`. `[any]`
std::string_view name(Intent::Do what);

/// Further outcomes.
struct SpeechMasked {
    SampleIndex begin;
    SampleIndex end;
};
struct DigitHeard {
    char digit;
    SampleIndex begin;
    SampleIndex end;
    double snr_db; ///< The two tones over everything else; 0 if its end came as a telephone event.
};
struct LineHeard {
    enum class What : std::uint8_t { sound_began, sound_ended, dial_tone, beep };

    What what;
    SampleIndex begin;
    SampleIndex end;
};
/// What was heard as it is written in lines: `dial_tone`. `[any]`
std::string_view name(LineHeard::What what);
/// A tone of call progress, of a fax or of a modem. It is listened for where a dial, a wait or the host needs
/// it.
struct ProgressHeard {
    ProgressTone tone;
    SpecialInformation information; ///< For special_information.
    bool over;                      ///< It has ended at `begin`; otherwise it sounds since then.
    SampleIndex begin;
    SampleIndex end;  ///< When that was known.
    double certainty; ///< 0 to 1.
};
/// Who answered, as far as it can be heard.
struct AnswerHeard {
    AnsweredBy by;
    SampleIndex begin; ///< The greeting's first sample, or where the listening began.
    SampleIndex end;   ///< When that was known.
};

struct LegChanged {
    enum class State : std::uint8_t { ringing, early_media, answered, ended };

    State state;
};
/// The state as it is written in lines: `early_media`. `[any]`
std::string_view name(LegChanged::State state);

struct FactIgnored {
    Fact::Kind fact;
    std::string reason;
};
struct ReportsLost {
    std::uint64_t count; ///< In total, since the call's start.
};
/// The answer to a TransferRequest.
struct TransferResponse {
    int status; ///< 200: queued. 400: refused.
    std::string message;
};
/// The agent's part of the call is over.
struct SessionCompleted {
    bool transferred;
    double duration_s;         ///< Of leg a, in seconds from its answer.
    SampleIndex recording_end; ///< Leg a's sample at which a recording ends.
    std::optional<std::string> transferred_to;
};

/// One output line.
struct Outcome {
    std::uint64_t seq; ///< From 1, without gaps.
    Leg leg;
    SampleIndex sample;     ///< Leg clock: when it happened, or will happen.
    std::string id;         ///< Of the request; empty where there is none.
    std::string_view name;  ///< Of the requested function; empty where there is none.
    bool replayed = false;  ///< The stored outcome of an id that was sent again.
    bool sensitive = false; ///< Digits are masked: they are already `?`.
    std::variant<ActionAccepted, ActionRejected, ActionStarted, ActionCompleted, ActionFailed,
                 ActionCancelled, OpPlanned, OpStarted, OpEnded, ToneCompleted, KeyEvidence, Intent,
                 SpeechMasked, DigitHeard, LineHeard, ProgressHeard, AnswerHeard, LegChanged, FactIgnored,
                 ReportsLost, TransferResponse, SessionCompleted>
        what;
};

} // namespace keytone
