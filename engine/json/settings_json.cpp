// SPDX-License-Identifier: MIT
#include "engine/json/settings_json.hpp"

#include "engine/json/fields.hpp"
#include "engine/json/settings_reader.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace keytone::json {

namespace {

constexpr std::array<Key, 10> known{
    "transferEnabled", "transferNumber",  "transferMessage",       "transfer_instructions",
    "endCallEnabled",  "endCallMessage",  "end_call_instructions", "allow",
    "on_machine",      "machine_message",
};
constexpr std::string_view removed = "transferTriggers";

/// An array of strings.
std::vector<std::string> read_allowed(Fields& fields) {
    std::vector<std::string> allowed;
    const Json* const array = fields.array("allow");
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
        if (!(*array)[i].is_string()) {
            fields.fail(LineFault::wrong_type, child(fields.pointer_of("allow"), std::to_string(i)),
                        "is no string: write transferNumber, +1415 or sip:example.com");
            break;
        }
        allowed.push_back((*array)[i].get<std::string>());
    }
    return allowed;
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

} // namespace

Result<AgentSettings, LineError> read_settings(const Json& value, std::string_view pointer) {
    if (value.is_object() && value.contains(removed)) {
        return line_error(LineFault::unknown_key, child(pointer, removed),
                          "was removed: write the conditions into transfer_instructions, in plain words");
    }
    Fields fields(pointer);
    fields.add_object(value, pointer, known);
    AgentSettings settings;
    constexpr std::size_t max_message = AgentSettings::max_message_length;
    constexpr std::size_t max_instructions = AgentSettings::max_instructions_length;
    settings.transfer_enabled = fields.flag("transferEnabled").value_or(settings.transfer_enabled);
    settings.transfer_number = fields.digits("transferNumber", max_settings_bytes).value_or("");
    settings.transfer_message = fields.prose("transferMessage", max_message).value_or("");
    settings.transfer_instructions = fields.prose("transfer_instructions", max_instructions).value_or("");
    settings.allow = read_allowed(fields);
    settings.on_machine = fields.choice("on_machine", machine_rules).value_or(settings.on_machine);
    settings.machine_message = fields.prose("machine_message", max_message).value_or("");
    settings.end_call_enabled = fields.flag("endCallEnabled").value_or(settings.end_call_enabled);
    settings.end_call_message = fields.prose("endCallMessage", max_message).value_or("");
    settings.end_call_instructions = fields.prose("end_call_instructions", max_instructions).value_or("");
    if (fields.error()) {
        return *fields.error();
    }
    if (const auto fault = check(settings)) {
        return line_error(LineFault::bad_value, child(pointer, name(fault->setting)), keytone::text(*fault));
    }
    return settings;
}

Result<AgentSettings, LineError> parse_settings(std::string_view text) {
    if (text.size() > max_settings_bytes) {
        return line_error(LineFault::too_long, "", "has more than 64 KiB: shorten the settings");
    }
    auto tree = parse_strictly(text, "");
    if (!tree) {
        return tree.error();
    }
    return read_settings(*tree, "");
}

std::string settings_object(const AgentSettings& settings) {
    const Json object{{"transferEnabled", settings.transfer_enabled},
                      {"transferNumber", text_or_null(settings.transfer_number)},
                      {"transferMessage", text_or_null(settings.transfer_message)},
                      {"transfer_instructions", text_or_null(settings.transfer_instructions)},
                      {"endCallEnabled", settings.end_call_enabled},
                      {"endCallMessage", text_or_null(settings.end_call_message)},
                      {"end_call_instructions", text_or_null(settings.end_call_instructions)},
                      {"allow", settings.allow},
                      {"on_machine", word_of(settings.on_machine)},
                      {"machine_message", text_or_null(settings.machine_message)}};
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace keytone::json
