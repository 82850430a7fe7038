// SPDX-License-Identifier: MIT
#include "engine/json/tool_definitions.hpp"

#include "dsp/digit_string.hpp"
#include "engine/call_event.hpp"
#include "engine/json/function_arguments.hpp"
#include "engine/json/settings_reader.hpp"
#include "engine/policy/dial_target.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone::json {

namespace {

using Json = nlohmann::ordered_json; // Read by people too: names come first.

/// One function, not yet in the form of an API.
struct Tool {
    std::string name;
    std::string description;
    Json properties;
    Json required;
};

std::string with_instructions(std::string_view description, const std::string& instructions) {
    return std::string(description) + (instructions.empty() ? "" : "\n\n" + instructions);
}

static_assert(WaitFor{}.max_wait == Milliseconds{10'000}, "or it is not after ten seconds");

void add_wait_for(Tool& tool, const ToolOffer& offer, std::string_view what_waits) {
    const auto offers = [&offer](std::string_view what) {
        return std::ranges::find(offer.wait_for, what) != offer.wait_for.end();
    };
    if (!offer.wait_for.empty()) {
        tool.properties["wait_for"] = {
            {"type", "string"},
            {"enum", offer.wait_for},
            {"description",
             "Send " + std::string(what_waits) +
                 " only when this is heard: prompt_end, that a menu has been read to its end; "
                 "dial_tone; beep, as of an answering machine; silence" +
                 (offers("ringback_end") ? "; ringback_end, that it rang and rings no more" : "") +
                 (offers("answered_by") ? "; answered_by, that it is known who answered" : "") +
                 ". After ten seconds they are sent in any case."}};
    }
    if (offers("answered_by")) {
        tool.properties["answered_by"] = {
            {"type", "string"},
            {"enum", {"human", "machine", "any"}},
            {"description",
             "For wait_for answered_by: who it has to be. Left out: any. Once somebody else has "
             "answered, there is no more waiting."}};
    }
    const auto ends_in_quiet = [](std::string_view waits_for) {
        return waits_for == "prompt_end" || waits_for == "silence";
    };
    if (std::ranges::any_of(offer.wait_for, ends_in_quiet)) {
        constexpr Fields::Range range = in_seconds(WaitFor::silence_range);
        tool.properties["silence"] = {
            {"type", "number"},
            {"minimum", range.least},
            {"maximum", range.most},
            {"description", "For wait_for: how many seconds it has to be quiet. Left out: 0.6. More where a "
                            "menu pauses longer between its items."}};
    }
}

void add_on_machine(Tool& tool, const AgentSettings& settings) {
    const std::string own_words = settings.machine_message.empty() ? "" : " Left out: the agent's own words.";
    tool.properties["on_machine"] = {
        {"type", "string"},
        {"enum", {"bridge", "hangup", "leave_message"}},
        {"description",
         "What happens where a machine answers: bridge, that the caller is put through to it; hangup, that "
         "the caller stays with you; leave_message, that machine_message is spoken after its beep, and the "
         "caller stays with you. Left out: " +
             std::string(word_of(settings.on_machine)) +
             ". The last two go without an extension that is pressed as keys."}};
    tool.properties["machine_message"] = {
        {"type", "string"},
        {"maxLength", AgentSettings::max_message_length},
        {"description", "For on_machine leave_message: the words that are left on the machine." + own_words}};
}

/// The entries of `allow`, by kind.
struct Allowed {
    std::vector<std::string> prefixes;
    std::vector<std::string> domains;
    bool anybody = false;
};

Allowed allowed_by(const AgentSettings& settings) {
    Allowed allowed;
    allowed.anybody = settings.allow.empty();
    for (const std::string& entry : settings.allow) {
        if (entry.starts_with(AgentSettings::sip_scheme)) {
            allowed.domains.push_back(entry.substr(AgentSettings::sip_scheme.size()));
        } else if (entry != AgentSettings::own_number) {
            allowed.prefixes.push_back(entry);
        }
    }
    return allowed;
}

std::string joined(const std::vector<std::string>& texts, std::string_view between) {
    std::string all;
    for (const std::string& text : texts) {
        all += (all.empty() ? "" : std::string(between)) + text;
    }
    return all;
}

/// Restricts what `transfer` accepts to what is allowed.
void restrict_targets(Json& properties, const AgentSettings& settings) {
    const Allowed allowed = allowed_by(settings);
    if (allowed.anybody) {
        return;
    }
    Json& number = properties["phone_number"];
    if (allowed.domains.empty()) {
        properties.erase("sipDomain");
        if (allowed.prefixes.empty()) {
            number = {{"type", "string"}, {"enum", Json::array({settings.transfer_number})}};
            number["description"] = "Where to. Left out: " + settings.transfer_number + ".";
            return;
        }
    } else {
        properties["sipDomain"] = {{"type", "string"},
                                   {"enum", allowed.domains},
                                   {"description", "A SIP domain to transfer to instead of the telephone "
                                                   "network."}};
    }
    std::string only;
    if (!allowed.prefixes.empty()) {
        only = "numbers that begin with " + joined(allowed.prefixes, " or ");
    }
    if (!settings.transfer_number.empty()) {
        only += (only.empty() ? "" : " and ") + settings.transfer_number;
    }
    if (!allowed.domains.empty()) {
        only += (only.empty() ? "" : "; ") + std::string("with sipDomain, any user there");
    }
    number["description"] = number["description"].get<std::string>() + " Allowed: " + only + ".";
}

Tool click_ivr(const ToolOffer& offer) {
    Tool tool{
        "click_ivr",
        "Press telephone keys (DTMF) on the current call, to choose from a menu or to enter a number. They "
        "are "
        "sent once everything said so far has been played; afterwards say nothing and listen to what "
        "answers.",
        {{"digits",
          {{"type", "string"},
           {"pattern", "^[wW]*[0-9*#][0-9*#wW]*$"},
           {"description",
            "The keys in order, at most " + std::to_string(DigitString::max_length) +
                ": 0-9, * and #. w between them is a pause of half a second, W of one second. A string, so "
                "that leading zeros stay."}}}},
        Json::array({"digits"}),
    };
    add_wait_for(tool, offer, "the keys");
    return tool;
}

Json transfer_parameters(const AgentSettings& settings) {
    const std::string fallback =
        settings.transfer_number.empty() ? "" : " Left out: " + settings.transfer_number + ".";
    const std::string spoken =
        settings.transfer_message.empty() ? "a standard sentence" : "the agent's own sentence";
    return {
        {"phone_number",
         {{"type", "string"},
          {"minLength", 1},
          {"maxLength", max_number_bytes},
          {"description", "Where to: a number in E.164 form such as +15551234567; with sipDomain, the user's "
                          "name there." +
                              fallback}}},
        {"extension",
         {{"type", "string"},
          {"pattern", "^[wW]*[0-9*#][0-9*#wW]*$"},
          {"maxLength", Transfer::max_extension_length},
          {"description", "Keys to press once the other side has answered. A string, so that leading zeros "
                          "stay."}}},
        {"pauseSeconds",
         {{"type", "number"},
          {"minimum", 0},
          {"maximum", Transfer::max_pause_s},
          {"description", "How long to wait after the answer before the extension is sent. Left out: " +
                              std::to_string(Transfer::default_pause_s) + "."}}},
        {"sipDomain",
         {{"type", "string"},
          {"pattern", "^[A-Za-z0-9.-]{1," + std::to_string(max_host_length) + "}(:[0-9]{1,5})?$"},
          {"description", "A SIP domain to transfer to instead of the telephone network."}}},
        {"message",
         {{"type", "string"},
          {"maxLength", AgentSettings::max_message_length},
          {"description", "What the caller is told; it is heard to its end before the transfer begins. Left "
                          "out: " +
                              spoken + "."}}},
    };
}

Tool transfer(const AgentSettings& settings, const ToolOffer& offer) {
    Tool tool{
        "transfer",
        with_instructions(
            "Hand the caller over to somebody else. Put what the caller should still hear into "
            "message. This is your last action if it succeeds: nothing you say afterwards is heard.",
            settings.transfer_instructions),
        transfer_parameters(settings),
        settings.transfer_number.empty() ? Json::array({"phone_number"}) : Json::array(),
    };
    restrict_targets(tool.properties, settings);
    add_wait_for(tool, offer, "the extension");
    if (offer.on_machine) {
        add_on_machine(tool, settings);
    }
    return tool;
}

Tool end_call(const AgentSettings& settings) {
    const std::string_view goodbye =
        settings.end_call_message.empty()
            ? "Say goodbye first: what has been said is played to its end, then the line is hung up. "
            : "What has been said and a farewell are played to their end, then the line is hung up. ";
    return {
        "end_call",
        with_instructions(std::string("End the call. ") + std::string(goodbye) + "This is your last action.",
                          settings.end_call_instructions),
        Json::object(),
        Json::array(),
    };
}

Json definition(Tool tool, ToolForm form) {
    const bool all_required = tool.required.size() == tool.properties.size();
    Json schema = {{"type", "object"},
                   {"properties", std::move(tool.properties)},
                   {"required", std::move(tool.required)},
                   {"additionalProperties", false}};
    if (form == ToolForm::anthropic) {
        return {{"name", std::move(tool.name)},
                {"description", std::move(tool.description)},
                {"input_schema", std::move(schema)}};
    }
    return {{"type", "function"},
            {"name", std::move(tool.name)},
            {"description", std::move(tool.description)},
            {"parameters", std::move(schema)},
            {"strict", all_required}};
}

} // namespace

std::string tool_definitions(const AgentSettings& settings, ToolForm form, const ToolOffer& offer) {
    Json definitions = Json::array();
    definitions.push_back(definition(click_ivr(offer), form));
    if (settings.transfer_enabled) {
        definitions.push_back(definition(transfer(settings, offer), form));
    }
    if (settings.end_call_enabled) {
        definitions.push_back(definition(end_call(settings), form));
    }
    constexpr int indent = 2;
    return definitions.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace keytone::json
