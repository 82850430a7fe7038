// SPDX-License-Identifier: MIT
//
// Parses one line of JSON. Only its form is checked here: whether digits, a number or a waiting time are
// valid is decided by the call policy. The lines are the beginning of a call (CallHeader), facts, and
// requests in the forms of Based, Anthropic, OpenAI (Responses; Chat Completions likewise) and Vocobase's
// API:
//
//     {"v":1,"call":"c1","rate":8000}
//     {"at":0.0,"ev":"leg.answered","leg":"a"}
//     {"type":"based_call","id":"b1","name":"click_ivr","args":["1*0"]}
//     {"type":"tool_use","id":"t1","name":"click_ivr","input":{"digits":"1*0"}}
//     {"type":"function_call","call_id":"f1","name":"end_call","arguments":"{}"}
//     {"type":"transfer_request","id":"r1","to":"+14155551234"}
#pragma once

#include "dsp/progress/country_tones.hpp"
#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"
#include "engine/agent_settings.hpp"
#include "engine/call_event.hpp"
#include "engine/json/line_error.hpp"
#include "engine/leg.hpp"
#include "engine/policy/call_state.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace keytone::json {

/// The most bytes of a line; and of a line that begins a call, which may carry settings.
inline constexpr std::size_t max_line_bytes = std::size_t{16} * 1024;
inline constexpr std::size_t max_header_bytes = std::size_t{64} * 1024;

/// The line that begins a call.
struct CallHeader {
    std::string call;    ///< `call`: 1 to 128 printable ASCII characters.
    std::string session; ///< `session`, where the platform has an id of its own; else the call's.
    SampleRate rate = SampleRate::narrowband();   ///< `rate`, of leg a.
    SampleRate rate_b = SampleRate::narrowband(); ///< `rate_b`; leg a's unless given.
    std::optional<AgentSettings> settings; ///< `settings`: the platform's object. Absent: the host's own.
    PerLeg<KeyForm> keys{};                ///< `options`, `keys` and `keys_b`: tones or events.
    bool mute_bridged_keys = false;        ///< `options`, `mute_keys`.
    bool keys_in_early_media = false;      ///< `options`, `early_media_keys`.
    Hold hold = Hold::silence;             ///< `options`, `hold`: silence, ringback or prompt.
    std::string hold_prompt;               ///< `options`, `hold_prompt`: its name, for `prompt`.
    Milliseconds ring_timeout = CallRules{}.no_answer; ///< `options`, `ring_timeout`, there in seconds.
    bool hear_all = false; ///< `options`, `hear`, all: both legs for call progress and who answers.
    Country country = Country::any(); ///< `options`, `country`: whose call progress is heard.
    bool e164_only = false;           ///< `options`, `e164_only`: numbers without a country code are refused.
};

using InputLine = std::variant<CallHeader, CallEvent>;

/// The rules that a header sets.
CallRules rules_of(const CallHeader& header);

/// Parses one line, without its line end. null counts as absent. The id is empty where the form allows a
/// request without one.
/// Errors: every LineFault. `[control]`
Result<InputLine, LineError> parse_line(std::string_view line);

} // namespace keytone::json
