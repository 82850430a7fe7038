// SPDX-License-Identifier: MIT
//
// What comes in: what the agent asks for, and what the media server says happened. Plain values, not yet
// judged: whether a digit string or a number is any good is for the policy to say.
#pragma once

#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/media_action.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace keytone {

/// The shortest and the longest that a length of time may be.
struct TimeRange {
    Milliseconds least;
    Milliseconds most;

    /// Not a number is in no range.
    [[nodiscard]] constexpr bool contains(Milliseconds length) const {
        return length >= least && length <= most;
    }
};

/// Waits for the far side before keys are sent, instead of for a blind pause alone.
struct WaitFor {
    enum class Fallback { send, fail };

    static constexpr TimeRange min_wait_range{{0}, {60'000}};
    static constexpr TimeRange max_wait_range{{100}, {120'000}};
    static constexpr TimeRange silence_range{{100}, {5'000}};

    CueKind what = CueKind::prompt_end; ///< prompt_end, dial_tone, beep or silence.
    Milliseconds min_wait{0};           ///< Not opened sooner, and only by what is so then.
    Milliseconds max_wait{10000};       ///< At least min_wait.
    Fallback fallback = Fallback::send; ///< When max_wait is over: send all the same, or fail (wait_timeout).
    /// For prompt_end and silence: how long it has to be quiet. Absent: 600, or at once when the host says
    /// that speech ended.
    std::optional<Milliseconds> silence = std::nullopt;
};

/// Speak to leg a.
struct Say {
    std::string text; ///< UTF-8, 1-2000 characters. Spoken by the prompt source, or else by the host.
    std::optional<std::string> prompt; ///< A recorded prompt by name, played instead; `text` is what it says.
    bool exact = true; ///< Carried to a host that speaks by itself: the very words, or the sense.
};

/// Press keys on leg a.
struct ClickIvr {
    enum class Start { queued, now };

    static constexpr TimeRange tone_range{{40}, {6'000}}; ///< Of a tone, and of the gap behind it.

    std::string digits;
    Start start = Start::queued; ///< Behind what is queued, or at once: the agent's speech is cut.
    Milliseconds tone{200};
    Milliseconds gap{100};
    bool allow_abcd = false;
    bool sensitive = false; ///< Digits are masked in all outcomes.
    std::optional<WaitFor> wait_for;
};

/// Hand leg a over to somebody else.
struct Transfer {
    enum class SipMethod { invite, refer };
    enum class ExtensionMode {
        automatic,
        header,
        dtmf
    }; ///< automatic: header with a SIP domain, DTMF without.

    static constexpr int max_pause_s = 60;
    static constexpr int default_pause_s = 1;               ///< Where an extension follows; else 0.
    static constexpr std::size_t max_extension_length = 64; ///< Keys and pauses.

    std::optional<std::string> phone_number; ///< Absent: the settings' transferNumber.
    std::optional<std::string> extension;
    std::optional<double> pause_seconds;   ///< 0 to max_pause_s; absent: default_pause_s.
    std::optional<std::string> sip_domain; ///< host or host:port.
    std::optional<std::string> message;    ///< At most 500 characters; absent: the settings' transferMessage.
    std::optional<std::string> message_prompt; ///< A recorded prompt by name, played for the message.
    SipMethod method = SipMethod::invite;
    ExtensionMode extension_mode = ExtensionMode::automatic;
    std::string extension_header = "X-Extension";
    bool sensitive = false;          ///< The extension's digits are masked in all outcomes.
    std::optional<WaitFor> wait_for; ///< Before the extension's tones, beyond the pause.
};

/// A transfer asked for by a server's own API instead of by the agent: not gated by transferEnabled, and
/// answered.
struct TransferRequest {
    std::optional<std::string> to; ///< E.164; absent: the settings' transferNumber.
};

/// End the call.
struct EndCall {
    enum class Mode { graceful, immediate };

    Mode mode = Mode::graceful;
};

using Request = std::variant<Say, ClickIvr, Transfer, TransferRequest, EndCall>;

/// What the media server says happened.
struct Fact {
    enum class Kind {
        leg_ringing,
        leg_early_media,
        leg_answered,
        leg_ended,
        prompt_queued,  ///< The host queued speech of its own for leg a.
        prompt_drained, ///< Its last sample went out.
        sip_response,
        refer_notify,
        speech_started,
        speech_ended,
        tone_detected,
        beep_detected,
    };
    /// Why a leg ended.
    enum class Reason { hangup, busy, no_answer, declined, failed };

    static constexpr int min_status = 100; ///< RFC 3261 clause 21
    static constexpr int max_status = 699;

    Kind kind;
    Leg leg = Leg::a;
    int status = 0;                     ///< For sip_response and refer_notify.
    Reason reason = Reason::hangup;     ///< For leg_ended.
    CueKind tone = CueKind::dial_tone;  ///< For tone_detected.
    std::optional<Milliseconds> length; ///< For prompt_queued: how long it will play, where that is known.
    /// For leg b and for what became of a REFER: the id of the intent that it is about, such as `t1/2`.
    std::optional<std::string> attempt = std::nullopt;
};

/// The kind of fact as it is written: `leg.answered`. `[any]`
std::string_view name(Fact::Kind kind);

inline constexpr std::size_t max_id_length = 128;      ///< Bytes.
inline constexpr std::size_t max_spoken_length = 2000; ///< Unicode characters, of a Say.
/// The latest `at_s`: seven days.
inline constexpr double max_at_s = 7.0 * 24.0 * 3600.0;

/// One thing that comes in.
struct CallEvent {
    std::string id; ///< Of a request; at most 128 bytes. The same id again replays its outcome.
    /// Seconds from the call's start, 0 to max_at_s: what lies outside is taken for the nearer end. Absent or
    /// not a number: now, at the next sample.
    std::optional<double> at_s;
    std::variant<Request, Fact> what;
};

} // namespace keytone
