// SPDX-License-Identifier: MIT
#include "engine/agent_settings.hpp"

#include "engine/policy/dial_target.hpp"
#include "engine/unicode.hpp"

#include <algorithm>
#include <array>

namespace keytone {

namespace {

using What = SettingFault::What;

/// `+` and 8 to 15 digits, which begin with a country code and therefore not with 0 (ITU-T E.164).
bool is_e164(std::string_view number) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return number.size() >= 9 && number.size() <= 16 && number[0] == '+' && number[1] != '0' &&
           std::ranges::all_of(number.substr(1), is_digit);
}

std::optional<SettingFault> check_number(const AgentSettings& settings) {
    const std::string& number = settings.transfer_number;
    if (number.empty()) {
        return settings.transfer_enabled
                   ? std::optional(SettingFault{Setting::transfer_number, What::missing})
                   : std::nullopt;
    }
    if (number.size() > AgentSettings::max_number_length) {
        return SettingFault{Setting::transfer_number, What::too_long, number.size()};
    }
    if (!is_e164(number)) {
        return SettingFault{Setting::transfer_number, What::not_e164};
    }
    return std::nullopt;
}

bool is_allow_entry(std::string_view entry) {
    if (entry == AgentSettings::own_number) {
        return true;
    }
    if (entry.starts_with(AgentSettings::sip_scheme)) {
        return sip_uri("u", entry.substr(AgentSettings::sip_scheme.size())).has_value();
    }
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return entry.size() >= 2 && entry.size() <= 16 && entry[0] == '+' && entry[1] != '0' &&
           std::ranges::all_of(entry.substr(1), is_digit);
}

std::optional<SettingFault> check_allowed(const AgentSettings& settings) {
    if (settings.allow.size() > AgentSettings::max_allowed) {
        return SettingFault{Setting::allow, What::too_many};
    }
    if (!std::ranges::all_of(settings.allow, is_allow_entry)) {
        return SettingFault{Setting::allow, What::bad_entry};
    }
    if (settings.transfer_number.empty() &&
        std::ranges::count(settings.allow, AgentSettings::own_number) > 0) {
        return SettingFault{Setting::allow, What::no_own_number};
    }
    return std::nullopt;
}

/// The most characters that a text may have.
std::size_t max_length(Setting text) {
    return text == Setting::transfer_instructions || text == Setting::end_call_instructions
               ? AgentSettings::max_instructions_length
               : AgentSettings::max_message_length;
}

} // namespace

std::string_view name(Setting setting) {
    switch (setting) {
    case Setting::transfer_enabled:
        return "transferEnabled";
    case Setting::transfer_number:
        return "transferNumber";
    case Setting::transfer_message:
        return "transferMessage";
    case Setting::transfer_instructions:
        return "transfer_instructions";
    case Setting::allow:
        return "allow";
    case Setting::on_machine:
        return "on_machine";
    case Setting::machine_message:
        return "machine_message";
    case Setting::end_call_enabled:
        return "endCallEnabled";
    case Setting::end_call_message:
        return "endCallMessage";
    case Setting::end_call_instructions:
        return "end_call_instructions";
    }
    return "unknown";
}

std::string text(const SettingFault& fault) {
    switch (fault.what) {
    case What::missing:
        return fault.setting == Setting::machine_message
                   ? "is missing, and on_machine is leave_message: give the words that are spoken after the "
                     "beep"
                   : "is missing, and transferEnabled is true: give the number to transfer to, such as "
                     "+14155551234";
    case What::not_utf8:
        return "is not UTF-8: encode it as UTF-8";
    case What::too_long:
        return fault.setting == Setting::transfer_number
                   ? "is longer than " + std::to_string(AgentSettings::max_number_length) +
                         " characters: write it as E.164, such as +14155551234"
                   : "has " + std::to_string(fault.length) + " characters: shorten it to " +
                         std::to_string(max_length(fault.setting));
    case What::not_e164:
        return "is not E.164: write + and 8 to 15 digits, nothing between them, such as +14155551234";
    case What::too_many:
        return "has more than " + std::to_string(AgentSettings::max_allowed) +
               " entries: allow shorter prefixes";
    case What::bad_entry:
        return "takes transferNumber, the first digits of numbers such as +1415, and SIP domains such as "
               "sip:example.com";
    case What::no_own_number:
        return "names transferNumber, and there is none: give transferNumber";
    }
    return "is wrong";
}

Refusal refusal(const SettingFault& fault) {
    return {Code::invalid_setting, std::string(name(fault.setting)) + ": " + text(fault)};
}

std::optional<SettingFault> check(const AgentSettings& settings) {
    if (const auto fault = check_number(settings)) {
        return fault;
    }
    if (const auto fault = check_allowed(settings)) {
        return fault;
    }
    if (settings.on_machine == OnMachine::leave_message && settings.machine_message.empty()) {
        return SettingFault{Setting::machine_message, What::missing};
    }
    struct Text {
        Setting setting;
        const std::string& text;
    };
    const std::array texts{
        Text{Setting::transfer_message, settings.transfer_message},
        Text{Setting::transfer_instructions, settings.transfer_instructions},
        Text{Setting::machine_message, settings.machine_message},
        Text{Setting::end_call_message, settings.end_call_message},
        Text{Setting::end_call_instructions, settings.end_call_instructions},
    };
    for (const auto& [setting, text] : texts) {
        const auto length = count_characters(text);
        if (!length) {
            return SettingFault{setting, What::not_utf8};
        }
        if (*length > max_length(setting)) {
            return SettingFault{setting, What::too_long, *length};
        }
    }
    return std::nullopt;
}

} // namespace keytone
