// SPDX-License-Identifier: MIT
#include "engine/policy/transfer_plan.hpp"

#include "engine/policy/dial_target.hpp"
#include "engine/policy/premium_numbers.hpp"
#include "engine/unicode.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace keytone {

namespace {

PlanRefusal refused(Code code, std::string message) {
    return {{code, std::move(message)}, std::nullopt};
}

/// The digits of an extension: no A-D.
Result<DigitString, PlanRefusal> parse_extension(std::string_view text) {
    constexpr std::size_t max_extension_length = Transfer::max_extension_length;
    const auto digits = DigitString::parse(text.substr(0, max_extension_length + 1));
    const std::size_t letter = text.find_first_of("ABCD");
    if (letter <= max_extension_length && (digits.has_value() || letter < digits.error().index)) {
        return PlanRefusal{{Code::invalid_digits, "extension: " + digits_fault(Error::invalid_digit, false)},
                           letter};
    }
    if (!digits) {
        return PlanRefusal{{Code::invalid_digits, "extension: " + digits_fault(digits.error().error, false)},
                           digits.error().index};
    }
    if (text.size() > max_extension_length) {
        return PlanRefusal{{Code::invalid_digits, "extension: at most 64 digits and pauses"},
                           max_extension_length};
    }
    return *digits;
}

/// Language models write an empty string for what they mean to leave out.
Transfer without_empty_strings(Transfer transfer, bool& any) {
    const auto drop = [&any](std::optional<std::string>& text) {
        if (text && text->empty()) {
            text.reset();
            any = true;
        }
    };
    drop(transfer.extension);
    drop(transfer.sip_domain);
    drop(transfer.message);
    drop(transfer.machine_message);
    return transfer;
}

std::string listed(const std::vector<std::string>& entries) {
    std::string text;
    for (const std::string& entry : entries) {
        text += (text.empty() ? "" : ", ") + entry;
    }
    return text;
}

/// Whether whoever asks may have this called, and the host calls it at all.
std::optional<PlanRefusal> check_allowed(const PlanRules& rules, std::string_view number,
                                         const std::optional<std::string>& domain) {
    const AgentSettings* const settings = rules.settings;
    if (settings != nullptr && !domain && number == settings->transfer_number) {
        return std::nullopt;
    }
    if (rules.by_agent && settings != nullptr && !settings->allow.empty() &&
        !is_listed(settings->allow, number, domain)) {
        return refused(Code::not_allowed,
                       "the agent may not transfer to this: allowed is " + listed(settings->allow));
    }
    if (rules.dial_allow != nullptr && !may_be_dialled(*rules.dial_allow, number, domain)) {
        if (is_listed(*rules.dial_allow, number, domain)) {
            return refused(Code::not_allowed,
                           "nobody is put through to premium rates or satellites here, unless " +
                               std::string(premium_range(number).value_or("")) + " is listed");
        }
        return refused(Code::not_allowed, "nobody is put through to this here: allowed is " +
                                              (rules.dial_allow->empty() ? "the settings' transferNumber"
                                                                         : listed(*rules.dial_allow)));
    }
    return std::nullopt;
}

/// Sets who is called, and how.
std::optional<PlanRefusal> set_target(TransferPlan& plan, const Transfer& transfer, const PlanRules& rules) {
    const std::string key(transfer.phone_number ? rules.number_key : "transferNumber");
    const bool refer = transfer.method == Transfer::SipMethod::refer;
    const std::string number = transfer.phone_number       ? *transfer.phone_number
                               : rules.settings != nullptr ? rules.settings->transfer_number
                                                           : "";
    if (number.empty() && !transfer.phone_number) {
        return refused(Code::invalid_number, "no " + std::string(rules.number_key) +
                                                 " is given, and the settings have no transferNumber");
    }
    if (transfer.sip_domain) {
        auto uri = sip_uri(number, *transfer.sip_domain);
        if (!uri) {
            return PlanRefusal{uri.error(), std::nullopt};
        }
        if (auto refusal = check_allowed(rules, number, transfer.sip_domain)) {
            return refusal;
        }
        plan.way = refer ? TransferPlan::Way::sip_refer : TransferPlan::Way::sip_invite;
        plan.to = *std::move(uri);
        return std::nullopt;
    }
    auto parsed = parse_phone_number(number);
    if (!parsed) {
        return PlanRefusal{
            {Code::invalid_number, (key == "phone_number" ? "" : key + ": ") + parsed.error().message},
            parsed.error().index};
    }
    if (auto refusal = check_allowed(rules, parsed->digits, std::nullopt)) {
        return refusal;
    }
    if (!parsed->e164) {
        if (rules.strict_numbers || refer) {
            return PlanRefusal{{Code::invalid_number, key + " must be E.164 here, such as +15551234567"}, 0};
        }
        plan.warnings.push_back(Warning::not_e164);
    }
    plan.way = refer ? TransferPlan::Way::sip_refer : TransferPlan::Way::dial;
    plan.to = (refer ? "tel:" : "") + parsed->digits; // RFC 3966
    return std::nullopt;
}

/// Sets the extension: as tones, or in a header.
std::optional<PlanRefusal> set_extension(TransferPlan& plan, const Transfer& transfer) {
    const auto extension = parse_extension(*transfer.extension);
    if (!extension) {
        return extension.error();
    }
    const bool by_tones = transfer.extension_mode == Transfer::ExtensionMode::automatic
                              ? !transfer.sip_domain
                              : transfer.extension_mode == Transfer::ExtensionMode::dtmf;
    if (by_tones) {
        if (plan.way == TransferPlan::Way::sip_refer) {
            return refused(Code::unsupported, "after a REFER nobody is left to send an extension's tones: "
                                              "transfer by invite, or to a SIP domain");
        }
        plan.tones = *extension;
        return std::nullopt;
    }
    if (!transfer.sip_domain) {
        return refused(Code::unsupported, "an extension goes into a header only with sipDomain");
    }
    if (!is_header_name(transfer.extension_header)) {
        return refused(Code::invalid_sip, "extension_header is a header's name, such as X-Extension");
    }
    if (const std::size_t pause = transfer.extension->find_first_of("wW"); pause != std::string::npos) {
        return PlanRefusal{{Code::invalid_digits, "extension: a header cannot pause, leave out w and W"},
                           pause};
    }
    plan.headers.push_back({transfer.extension_header, *transfer.extension});
    return std::nullopt;
}

/// The settings' rule for machines, where it can be followed.
Transfer::OnMachine usual_machine_rule(const TransferPlan& plan, const PlanRules& rules) {
    using OnMachine = Transfer::OnMachine;
    if (rules.settings == nullptr || plan.way == TransferPlan::Way::sip_refer || plan.tones) {
        return OnMachine::bridge;
    }
    const OnMachine rule = rules.settings->on_machine;
    return rule == OnMachine::leave_message && rules.host_speaks ? OnMachine::bridge : rule;
}

/// Sets what happens where a machine answers.
std::optional<PlanRefusal> set_machine_rule(TransferPlan& plan, const Transfer& transfer,
                                            const PlanRules& rules) {
    const bool gives_message = transfer.machine_message || transfer.machine_prompt;
    const bool has_usual = rules.settings != nullptr && !rules.settings->machine_message.empty();
    plan.on_machine = transfer.on_machine.value_or(usual_machine_rule(plan, rules));
    const bool leaves_message = plan.on_machine == Transfer::OnMachine::leave_message;
    if (gives_message && !leaves_message) {
        return refused(Code::invalid_event,
                       "machine_message goes with on_machine leave_message: leave one of "
                       "them out, or write both");
    }
    if (leaves_message && !gives_message && !has_usual) {
        return refused(Code::invalid_event, "on_machine leave_message needs machine_message: the words that "
                                            "are spoken after the beep");
    }
    if (!plan.asks_who()) {
        return std::nullopt;
    }
    if (plan.way == TransferPlan::Way::sip_refer) {
        return refused(Code::unsupported,
                       "after a REFER nobody is left to hear who answers: leave on_machine "
                       "out, or transfer by invite");
    }
    if (plan.tones) {
        return refused(
            Code::unsupported,
            "what takes an extension's tones is a machine: leave on_machine out, or the extension");
    }
    if (!leaves_message) {
        return std::nullopt;
    }
    if (rules.host_speaks) {
        return refused(Code::unsupported,
                       "the host plays all prompts, and only to the caller: on_machine is bridge or hangup");
    }
    if (transfer.machine_message && !is_text(*transfer.machine_message, AgentSettings::max_message_length)) {
        return refused(Code::invalid_event, "machine_message is UTF-8 of at most 500 characters");
    }
    plan.machine_message = gives_message
                               ? Speech{transfer.machine_message.value_or(""), transfer.machine_prompt}
                               : Speech{rules.settings->machine_message, std::nullopt};
    return std::nullopt;
}

/// What the caller is told before the transfer.
std::optional<Speech> message_of(const Transfer& transfer, const AgentSettings* settings) {
    if (transfer.message_prompt) {
        return Speech{transfer.message.value_or(""), transfer.message_prompt};
    }
    if (transfer.message) {
        return Speech{*transfer.message, std::nullopt};
    }
    if (settings == nullptr) {
        return std::nullopt;
    }
    return Speech{std::string(settings->spoken_transfer_message()), std::nullopt};
}

} // namespace

bool is_text(std::string_view text, std::size_t max_characters) {
    const auto count = count_characters(text);
    return count && *count <= max_characters;
}

std::string digits_fault(Error error, bool allow_abcd) {
    constexpr std::string_view keys = "use 0-9 * #, with w (0.5 s) and W (1 s) for pauses";
    if (!allow_abcd && error == Error::invalid_digit) {
        return "not a digit: " + std::string(keys);
    }
    if (!allow_abcd && error == Error::empty_digits) {
        return "no digits given: " + std::string(keys);
    }
    return std::string(text(error));
}

std::optional<Refusal> check(const WaitFor& wait) {
    const bool heard = is_state(wait.what) || wait.what == CueKind::beep;
    if (!heard) {
        return Refusal{Code::invalid_event,
                       "wait_for is prompt_end, dial_tone, beep, silence, ringback_end or answered_by"};
    }
    if (wait.by && wait.what != CueKind::answered_by) {
        return Refusal{Code::invalid_event,
                       "answered_by, who it has to be, goes with wait_for answered_by: leave it out"};
    }
    if (wait.by && *wait.by != AnsweredBy::human && *wait.by != AnsweredBy::machine) {
        return Refusal{Code::invalid_event,
                       "answered_by is human or machine; left out: whoever it is, as soon as that is known"};
    }
    if (!WaitFor::min_wait_range.contains(wait.min_wait)) {
        return Refusal{Code::invalid_event, "min_wait is 0 to 60 s"};
    }
    if (!WaitFor::max_wait_range.contains(wait.max_wait)) {
        return Refusal{Code::invalid_event, "max_wait is 0.1 to 120 s"};
    }
    if (wait.max_wait < wait.min_wait) {
        return Refusal{Code::invalid_event,
                       "max_wait is no less than min_wait, and 10 s where it is left out: "
                       "give a max_wait of min_wait to 120 s"};
    }
    if (wait.silence && !WaitFor::silence_range.contains(*wait.silence)) {
        return Refusal{Code::invalid_event, "silence is 0.1 to 5 s"};
    }
    if (wait.silence && wait.what != CueKind::prompt_end && wait.what != CueKind::silence) {
        return Refusal{Code::invalid_event, "silence goes with prompt_end and silence: leave it out"};
    }
    return std::nullopt;
}

Result<TransferPlan, PlanRefusal> plan_transfer(const Transfer& given, const PlanRules& rules) {
    bool had_empty = false;
    const Transfer transfer = without_empty_strings(given, had_empty);
    TransferPlan plan{};
    plan.sensitive = transfer.sensitive;
    if (auto refusal = set_target(plan, transfer, rules)) {
        return *std::move(refusal);
    }
    if (had_empty) {
        plan.warnings.push_back(Warning::empty_ignored);
    }
    if (transfer.extension) {
        if (auto refusal = set_extension(plan, transfer)) {
            return *std::move(refusal);
        }
    }
    const double pause_s =
        transfer.pause_seconds.value_or(transfer.extension ? Transfer::default_pause_s : 0.0);
    if (!(pause_s >= 0.0 && pause_s <= Transfer::max_pause_s)) {
        return refused(Code::invalid_event, "pauseSeconds is 0 to 60");
    }
    (plan.tones ? plan.pause_before_tones : plan.pause_before_dial) = Milliseconds{1000.0 * pause_s};
    if (plan.way == TransferPlan::Way::dial && !plan.tones) {
        plan.pause_before_dial = Milliseconds{0}; // Here the pause is before the extension.
        if (pause_s > 0.0) {
            plan.warnings.push_back(Warning::pause_ignored);
        }
    }
    if (transfer.wait_for) {
        if (!plan.tones) {
            return refused(Code::unsupported, "wait_for needs an extension that is sent as tones");
        }
        if (auto refusal = check(*transfer.wait_for)) {
            return PlanRefusal{*std::move(refusal), std::nullopt};
        }
        plan.wait_for = transfer.wait_for;
    }
    if (transfer.message && !is_text(*transfer.message, AgentSettings::max_message_length)) {
        return refused(Code::invalid_event, "message is UTF-8 of at most 500 characters");
    }
    if (auto refusal = set_machine_rule(plan, transfer, rules)) {
        return *std::move(refusal);
    }
    plan.message = message_of(transfer, rules.settings);
    return plan;
}

} // namespace keytone
