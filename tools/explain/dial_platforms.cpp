// SPDX-License-Identifier: MIT
//
// The platforms' documented facts, each with its source. Lengths that no document states are left out, never
// guessed.
#include "tools/explain/dial_strings.hpp"

#include <algorithm>

namespace keytone::tools {
namespace {

constexpr PauseCharacter half_second{'w', Milliseconds{500}};
constexpr PauseCharacter second{'W', Milliseconds{1000}};
constexpr PauseCharacter none{0, Milliseconds{0}};

constexpr std::array platforms{
    DialPlatform{
        .name = "keytone",
        .door = "click_ivr",
        .keys = "0123456789*#ABCD",
        .pauses = {half_second, second},
        .flashes = "",
        .tone = Milliseconds{200},
        .gap = Milliseconds{100},
        .lead = {},
        .pause_rule = PauseRule::replaces_gap,
        .unknown = UnknownCharacter::refuses_string,
        .unknown_means = "refused as invalid_digits: nothing is sent, nothing is stripped",
        .max_length = 128,
        .refuses_longer = true,
        .longer_means = "refused as more than 128: send it in parts",
        .has_segments = false,
        .remark = "an agent may press A-D only where its options allow it",
    },
    // Characters: "Error 21206: Invalid SendDigits" (0123456789ABCD*#wW, otherwise the call is refused).
    // Pauses and 32 digits: "Call resource", parameter SendDigits. Lengths of tone and gap: in neither, nor
    // in "TwiML Voice: <Number>" and "TwiML Voice: <Play>". Number's sendDigits: "Warning 13222".
    DialPlatform{
        .name = "twilio",
        .door = "Calls API, SendDigits",
        .keys = "0123456789*#ABCD",
        .pauses = {half_second, second},
        .flashes = "",
        .tone = std::nullopt,
        .gap = std::nullopt,
        .lead = {},
        .pause_rule = PauseRule::not_documented,
        .unknown = UnknownCharacter::refuses_string,
        .unknown_means = "refused with error 21206: the call is not made",
        .max_length = 32,
        .refuses_longer = false,
        .longer_means = "beyond the documented maximum of 32; what happens to it is not documented",
        .has_segments = false,
        .remark = "sendDigits of the TwiML noun Number is documented with 0-9 * # w alone (warning 13222)",
    },
    // Pauses, @duration: "mod_dptools: send_dtmf". That page says 2000 ms by default, but the source says
    // 2000 samples of 8 kHz (switch_types.h, SWITCH_DEFAULT_DTMF_DURATION), which are 250 ms. Characters:
    // switch_utils.h, is_dtmf. `+`, `@`, the leading `~`, 99 characters: switch_core_io.c,
    // switch_core_session_send_dtmf_string. The gap: in none of them.
    DialPlatform{
        .name = "freeswitch",
        .door = "send_dtmf",
        .keys = "0123456789*#ABCDabcd",
        .pauses = {half_second, second},
        .flashes = "fF",
        .tone = Milliseconds{250},
        .gap = std::nullopt,
        .lead = {},
        .pause_rule = PauseRule::not_documented,
        .unknown = UnknownCharacter::skips,
        .unknown_means = "skipped without a word",
        .max_length = 99,
        .refuses_longer = true,
        .longer_means = "ignored as more than 99, with an error in the log",
        .has_segments = true,
        .remark = "queue_dtmf reads strings the same way",
    },
    // w: "CreateSIPParticipant", field dtmf. Lengths, lower-case a-d, and what happens to other characters:
    // livekit/media-sdk, dtmf/dtmf.go (a tone of 250 ms, a delay of 250 ms after every character but w).
    DialPlatform{
        .name = "livekit",
        .door = "CreateSIPParticipant, dtmf",
        .keys = "0123456789*#abcd",
        .pauses = {half_second, none},
        .flashes = "",
        .tone = Milliseconds{250},
        .gap = Milliseconds{250},
        .lead = {},
        .pause_rule = PauseRule::follows_gap,
        .unknown = UnknownCharacter::silent_slot,
        .unknown_means = "no tone: 500 ms of silence in its place",
        .max_length = 0,
        .refuses_longer = false,
        .longer_means = "",
        .has_segments = false,
        .remark = "publishDtmf sends one key a call and knows no pauses",
    },
    // Characters, pauses, 250 ms between tones: "SendDTMF()" (Dialplan Applications). The 100 ms at the
    // start, the gap after every key, and skipping with a warning: main/app.c, dtmf_stream. The tone where no
    // duration is given: main/channel.c, AST_DEFAULT_EMULATE_DTMF_DURATION.
    DialPlatform{
        .name = "asterisk",
        .door = "SendDTMF",
        .keys = "0123456789*#ABCDabcd",
        .pauses = {half_second, second},
        .flashes = "fF",
        .tone = Milliseconds{100},
        .gap = Milliseconds{250},
        .lead = Milliseconds{100},
        .pause_rule = PauseRule::follows_gap,
        .unknown = UnknownCharacter::skips,
        .unknown_means = "skipped with a warning in the log",
        .max_length = 0,
        .refuses_longer = false,
        .longer_means = "",
        .has_segments = false,
        .remark = "in Dial's option D() a colon parts the digits for the two sides",
    },
    // All of it: W3C "WebRTC: Real-Time Communication in Browsers", RTCDTMFSender.insertDTMF (a comma delays
    // by 2 s; each tone is followed by its gap; an unknown character throws before anything is sent).
    DialPlatform{
        .name = "webrtc",
        .door = "RTCDTMFSender.insertDTMF",
        .keys = "0123456789*#ABCDabcd",
        .pauses = {PauseCharacter{',', Milliseconds{2000}}, none},
        .flashes = "",
        .tone = Milliseconds{100},
        .gap = Milliseconds{70},
        .lead = {},
        .pause_rule = PauseRule::follows_gap,
        .unknown = UnknownCharacter::refuses_string,
        .unknown_means = "throws InvalidCharacterError: nothing is sent",
        .max_length = 0,
        .refuses_longer = false,
        .longer_means = "",
        .has_segments = false,
        .remark = "a browser may lengthen tone and gap by up to one audio packet each",
    },
    // "Send DTMF" (Call Control API): characters, pauses, duration_millis. The gap, lower-case letters and
    // what happens to other characters are not stated.
    DialPlatform{
        .name = "telnyx",
        .door = "Call Control, send_dtmf",
        .keys = "0123456789*#ABCD",
        .pauses = {half_second, second},
        .flashes = "",
        .tone = Milliseconds{250},
        .gap = std::nullopt,
        .lead = {},
        .pause_rule = PauseRule::not_documented,
        .unknown = UnknownCharacter::not_documented,
        .unknown_means = "no valid digit; what happens to it is not documented",
        .max_length = 0,
        .refuses_longer = false,
        .longer_means = "",
        .has_segments = false,
        .remark = "duration_millis sets the tone, 100 to 500 ms",
    },
};

} // namespace

std::span<const DialPlatform> dial_platforms() {
    return platforms;
}

const DialPlatform* find_dial_platform(std::string_view name) {
    const auto* const found = std::ranges::find(platforms, name, &DialPlatform::name);
    return found != platforms.end() ? found : nullptr;
}

} // namespace keytone::tools
