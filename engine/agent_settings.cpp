// SPDX-License-Identifier: MIT
#include "engine/agent_settings.hpp"

#include "engine/policy/dial_target.hpp"
#include "engine/unicode.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace keytone {

namespace {

Refusal invalid(std::string_view key, std::string_view what) {
    return {Code::invalid_setting, std::string(key) + ": " + std::string(what)};
}

/// `+`, a country code, which never begins with 0, and 8 to 15 digits in all (ITU-T E.164).
bool is_e164(std::string_view number) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return number.size() >= 9 && number.size() <= 16 && number[0] == '+' && number[1] != '0' &&
           std::ranges::all_of(number.substr(1), is_digit);
}

std::optional<Refusal> check_number(const AgentSettings& settings) {
    constexpr std::string_view key = "transferNumber";
    const std::string& number = settings.transfer_number;
    if (number.empty()) {
        return settings.transfer_enabled
                   ? std::optional(invalid(key, "is missing, and transferEnabled is true: give the number to "
                                                "transfer to, such as +14155551234"))
                   : std::nullopt;
    }
    if (number.size() > AgentSettings::max_number_length) {
        return invalid(key, "is longer than 32 characters: write it as E.164, such as +14155551234");
    }
    if (!is_e164(number)) {
        return invalid(key, "is not E.164: write + and 8 to 15 digits, nothing between them, such as "
                            "+14155551234");
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

std::optional<Refusal> check_allowed(const AgentSettings& settings) {
    constexpr std::string_view key = "allow";
    if (settings.allow.size() > AgentSettings::max_allowed) {
        return invalid(key, "has more than 64 entries: allow shorter prefixes");
    }
    if (!std::ranges::all_of(settings.allow, is_allow_entry)) {
        return invalid(key,
                       "takes transferNumber, the first digits of numbers such as +1415, and SIP domains "
                       "such as sip:example.com");
    }
    if (settings.transfer_number.empty() &&
        std::ranges::count(settings.allow, AgentSettings::own_number) > 0) {
        return invalid(key, "names transferNumber, and there is none: give transferNumber");
    }
    return std::nullopt;
}

} // namespace

std::optional<Refusal> check(const AgentSettings& settings) {
    if (auto refusal = check_number(settings)) {
        return refusal;
    }
    if (auto refusal = check_allowed(settings)) {
        return refusal;
    }
    struct Text {
        std::string_view key;
        const std::string& text;
        std::size_t max_length;
    };
    const std::array texts{
        Text{"transferMessage", settings.transfer_message, AgentSettings::max_message_length},
        Text{"transfer_instructions", settings.transfer_instructions, AgentSettings::max_instructions_length},
        Text{"endCallMessage", settings.end_call_message, AgentSettings::max_message_length},
        Text{"end_call_instructions", settings.end_call_instructions, AgentSettings::max_instructions_length},
    };
    for (const auto& [key, text, max_length] : texts) {
        const auto length = count_characters(text);
        if (!length) {
            return invalid(key, "is not UTF-8: encode it as UTF-8");
        }
        if (*length > max_length) {
            return invalid(key, "has " + std::to_string(*length) + " characters: shorten it to " +
                                    std::to_string(max_length));
        }
    }
    return std::nullopt;
}

} // namespace keytone
