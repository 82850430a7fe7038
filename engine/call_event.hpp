// SPDX-License-Identifier: MIT
//
// Input: what the agent asks for, and what the media server reports. Plain values, not yet checked: whether a
// digit string or a number is valid is decided by the policy.
#pragma once

#include "dsp/listener/progress_tone.hpp"
#include "dsp/units.hpp"
#include "engine/agent_settings.hpp"
#include "engine/leg.hpp"
#include "engine/media_action.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace keytone {

/// The shortest and the longest value that a duration may have.
struct TimeRange {
    Milliseconds least;
    Milliseconds most;

    /// A NaN is in no range.
    [[nodiscard]] constexpr bool contains(Milliseconds length) const {
        return length >= least && length <= most;
    }
};

/// What keys wait for before they are sent, instead of a fixed pause alone.
struct WaitFor {
    enum class Fallback { send, fail };

    static constexpr TimeRange min_wait_range{{0}, {60'000}};
    static constexpr TimeRange max_wait_range{{100}, {120'000}};
    static constexpr TimeRange silence_range{{100}, {5'000}};

    /// prompt_end, dial_tone, beep, silence, ringback_end or answered_by.
    CueKind what = CueKind::prompt_end;
    Milliseconds min_wait{0};           ///< The gate opens no sooner, and then only if the condition holds.
    Milliseconds max_wait{10000};       ///< At least min_wait.
    Fallback fallback = Fallback::send; ///< After max_wait: send nevertheless, or fail (wait_timeout).
    /// For prompt_end and silence: how long it has to be quiet. Absent: 600 ms, or none when the host reports
    /// the end of the speech.
    std::optional<Milliseconds> silence = std::nullopt;
    /// For answered_by: human or machine; somebody else ends the wait. Absent: whoever it is.
    std::optional<AnsweredBy> by = std::nullopt;
};

/// Speak to leg a.
struct Say {
    std::string text; ///< UTF-8, 1-2000 characters. Spoken by the prompt source, or else by the host.
    std::optional<std::string> prompt; ///< Name of a recorded prompt to play instead; `text` is what it says.
    bool exact = true;                 ///< Passed to a host that speaks: the exact words, or their sense.
};

/// Press keys on leg a.
struct ClickIvr {
    enum class Start { queued, now };

    static constexpr TimeRange tone_range{{40}, {6'000}}; ///< Of a tone, and of the gap after it.

    std::string digits;
    Start start = Start::queued; ///< After what is queued, or at once: the agent's speech is cut.
    Milliseconds tone{200};
    Milliseconds gap{100};
    bool allow_abcd = false;
    bool sensitive = false; ///< Digits are masked in all outcomes.
    std::optional<WaitFor> wait_for;
};

/// Transfer leg a to somebody else.
struct Transfer {
    enum class SipMethod { invite, refer };
    enum class ExtensionMode {
        automatic,
        header,
        dtmf
    }; ///< automatic: header with a SIP domain, DTMF without.

    using OnMachine = keytone::OnMachine;

    static constexpr int max_pause_s = 60;
    static constexpr int default_pause_s = 1;               ///< Where there is an extension; else 0.
    static constexpr std::size_t max_extension_length = 64; ///< Keys and pauses.

    std::optional<std::string> phone_number; ///< Absent: the settings' transferNumber.
    std::optional<std::string> extension;
    std::optional<double> pause_seconds;   ///< 0 to max_pause_s; absent: default_pause_s.
    std::optional<std::string> sip_domain; ///< host or host:port.
    std::optional<std::string> message;    ///< At most 500 characters; absent: the settings' transferMessage.
    std::optional<std::string> message_prompt; ///< Name of a recorded prompt, played as the message.
    SipMethod method = SipMethod::invite;
    ExtensionMode extension_mode = ExtensionMode::automatic;
    std::string extension_header = "X-Extension";
    bool sensitive = false;              ///< The extension's digits are masked in all outcomes.
    std::optional<WaitFor> wait_for;     ///< Before the extension's tones, in addition to the pause.
    std::optional<OnMachine> on_machine; ///< Absent: the settings' on_machine, where that is possible.
    /// At most 500 characters, for leave_message; absent: the settings' machine_message.
    std::optional<std::string> machine_message;
    std::optional<std::string> machine_prompt; ///< Name of a recorded prompt, played instead of it.
};

/// A transfer that a server's own API requests instead of the agent: not subject to transferEnabled, and
/// answered with a response.
struct TransferRequest {
    std::optional<std::string> to; ///< E.164; absent: the settings' transferNumber.
};

/// End the call.
struct EndCall {
    enum class Mode { graceful, immediate };

    Mode mode = Mode::graceful;
    bool by_owner = false; ///< Not subject to endCallEnabled: it is the call's owner who asks, not the agent.
};

using Request = std::variant<Say, ClickIvr, Transfer, TransferRequest, EndCall>;

/// What the media server reports.
struct Fact {
    enum class Kind {
        leg_ringing,
        leg_early_media,
        leg_answered,
        leg_ended,
        prompt_queued,  ///< The host queued speech of its own for leg a.
        prompt_drained, ///< The last sample of the host's speech went out.
        sip_response,
        refer_notify,
        speech_started,
        speech_ended,
        tone_detected,
        beep_detected,
        answer_detected, ///< The host knows who answered.
    };
    /// Why a leg ended.
    enum class Reason { hangup, busy, no_answer, declined, failed };

    static constexpr int min_status = 100; ///< RFC 3261 clause 21
    static constexpr int max_status = 699;

    Kind kind;
    Leg leg = Leg::a;
    int status = 0;                                      ///< For sip_response and refer_notify.
    Reason reason = Reason::hangup;                      ///< For leg_ended.
    CueKind tone = CueKind::dial_tone;                   ///< For tone_detected, where `progress` is absent.
    std::optional<ProgressTone> progress = std::nullopt; ///< For tone_detected.
    AnsweredBy by = AnsweredBy::unknown;                 ///< For answer_detected.
    std::optional<Milliseconds> length; ///< For prompt_queued: how long it will play, where that is known.
    /// For leg b and for the result of a REFER: the id of the intent that it belongs to, such as `t1/2`.
    std::optional<std::string> attempt = std::nullopt;
};

/// The kind of fact as it is written in lines: `leg.answered`. `[any]`
std::string_view name(Fact::Kind kind);

inline constexpr std::size_t max_id_length = 128;      ///< Bytes.
inline constexpr std::size_t max_spoken_length = 2000; ///< Unicode characters, of a Say.
/// The latest `at_s`: seven days.
inline constexpr double max_at_s = 7.0 * 24.0 * 3600.0;

/// One event of a call's input.
struct CallEvent {
    std::string id; ///< Of a request; at most 128 bytes. The same id again replays its outcome.
    /// Seconds from the call's start, 0 to max_at_s; values outside are limited to that. Absent or a NaN:
    /// now, at the next sample.
    std::optional<double> at_s;
    std::variant<Request, Fact> what;
};

} // namespace keytone
