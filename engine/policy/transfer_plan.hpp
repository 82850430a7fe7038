// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/digit_string.hpp"
#include "dsp/error.hpp"
#include "dsp/result.hpp"
#include "dsp/units.hpp"
#include "engine/agent_settings.hpp"
#include "engine/call_event.hpp"
#include "engine/outcome.hpp"
#include "engine/refusal.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone {

/// Something to say: spoken, or a recorded prompt that says it.
struct Speech {
    std::string text;
    std::optional<std::string> prompt;
    bool exact = true;
};

/// A transfer in one normal form, in whatever form it was requested:
///
///     PSTN           message, dial, answered, pause, extension as tones on leg b, bridge
///     SIP, INVITE    message, pause, INVITE (the extension in a header), answered, bridge
///     SIP, REFER     message, pause, REFER, NOTIFY 200
///
/// Where it matters who answers, that is known before the bridge:
///
///     a human        answered, who, bridge
///     a machine      answered, who, hang-up; or answered, who, its beep, machine_message, hang-up
struct TransferPlan {
    enum class Way { dial, sip_invite, sip_refer };

    Way way;
    std::string to; ///< A number, or a URI.
    std::vector<Warning> warnings;
    std::optional<Speech> message;
    Milliseconds pause_before_dial{0}; ///< Before the INVITE or the REFER.
    std::vector<Intent::Header> headers;
    std::optional<DigitString> tones;   ///< Keys for leg b, once it has answered.
    Milliseconds pause_before_tones{0}; ///< From the answer.
    std::optional<WaitFor> wait_for;    ///< Before the tones, in addition to the pause.
    Transfer::OnMachine on_machine = Transfer::OnMachine::bridge;
    std::optional<Speech> machine_message; ///< Where a message is left.
    bool sensitive = false;

    /// Whether it matters who answers.
    [[nodiscard]] bool asks_who() const { return on_machine != Transfer::OnMachine::bridge; }
};

/// Why no plan could be made.
struct PlanRefusal {
    Refusal why;
    std::optional<std::size_t> index; ///< The first character of the number or the extension that is wrong.
};

/// The rules for a plan.
struct PlanRules {
    const AgentSettings* settings;                        ///< May be null: the platform has none.
    bool strict_numbers;                                  ///< Refuses numbers that are not E.164.
    std::string_view number_key = "phone_number";         ///< The name of the number in the request.
    bool by_agent = true;                                 ///< Applies what the settings allow an agent.
    const std::vector<std::string>* dial_allow = nullptr; ///< CallRules::dial_allow; null: anybody.
    bool host_speaks = false;                             ///< CallRules::host_speaks.
};

/// Whether a text is UTF-8 of at most `max_characters` Unicode characters. `[any]`
bool is_text(std::string_view text, std::size_t max_characters);

/// What is wrong with a digit string, and what would be accepted. `[any]`
std::string digits_fault(Error error, bool allow_abcd);

/// What is wrong with a wait; nothing when it is valid. `[any]`
std::optional<Refusal> check(const WaitFor& wait);

/// Errors: not_allowed, invalid_number, invalid_sip, invalid_digits, unsupported, invalid_event. `[any]`
Result<TransferPlan, PlanRefusal> plan_transfer(const Transfer& transfer, const PlanRules& rules);

} // namespace keytone
