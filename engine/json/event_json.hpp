// SPDX-License-Identifier: MIT
//
// One line of JSON to what it says. Only its form is judged here: whether digits, a number or a waiting time
// will do is for the call policy to say.
//
//     {"v":1,"call":"c1","rate":8000}                                              a call begins: CallHeader
//     {"at":0.0,"ev":"leg.answered","leg":"a"}                                     a fact
//     {"type":"based_call","id":"b1","name":"click_ivr","args":["1*0"]}            a request, as Based has
//     it,
//     {"type":"tool_use","id":"t1","name":"click_ivr","input":{"digits":"1*0"}}    Anthropic,
//     {"type":"function_call","call_id":"f1","name":"end_call","arguments":"{}"}   OpenAI (Responses; the
//                                                                                  form of Chat Completions
//                                                                                  too),
//     {"type":"transfer_request","id":"r1","to":"+14155551234"}                    and Vocobase's API
#pragma once

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
    bool e164_only = false; ///< `options`, `e164_only`: numbers without a country code are refused.
};

using InputLine = std::variant<CallHeader, CallEvent>;

/// The rules that a header sets.
CallRules rules_of(const CallHeader& header);

/// Parses one line, without its line end. null counts as absent. The id is empty where the form allows a
/// request without one.
/// Errors: every LineFault. `[control]`
Result<InputLine, LineError> parse_line(std::string_view line);

} // namespace keytone::json
