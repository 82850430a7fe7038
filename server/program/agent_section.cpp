// SPDX-License-Identifier: MIT
#include "server/program/agent_section.hpp"

#include "engine/json/settings_json.hpp"
#include "engine/unicode.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone::server {

namespace {

constexpr std::int64_t longest_s = 3600;
/// What is refused by engine/json, with the remedy.
constexpr std::string_view removed = "transferTriggers";

std::vector<std::string> own_keys() {
    return {"url",          "shape",   "rate",    "ca",        "grace",
            "answer_after", "message", "prompts", "authToken", "mute_keys"};
}

std::vector<std::string> settings_keys() {
    std::vector<std::string> keys{std::string(removed)};
    for (const Setting setting :
         {Setting::transfer_enabled, Setting::transfer_number, Setting::transfer_message,
          Setting::transfer_instructions, Setting::allow, Setting::on_machine, Setting::machine_message,
          Setting::end_call_enabled, Setting::end_call_message, Setting::end_call_instructions}) {
        keys.emplace_back(name(setting));
    }
    return keys;
}

// The settings among the keys, as one JSON object.
AgentSettings read_agent_settings(ConfigReader& reader, const toml::table& agent) {
    toml::table settings;
    for (const std::string& key : settings_keys()) {
        if (const toml::node* const node = agent.get(key)) {
            node->visit([&](const auto& value) { settings.insert_or_assign(key, value); });
        }
    }
    std::ostringstream text;
    text << toml::json_formatter(settings);
    auto read = json::parse_settings(text.str());
    if (read) {
        return *std::move(read);
    }
    // Its key is a pointer, `/transferNumber` or `/allow/2`, and its message begins with it.
    const json::LineError& error = read.error();
    const std::string key = error.key.substr(std::min<std::size_t>(1, error.key.size()));
    const toml::node* const node = agent.get(key.substr(0, key.find('/')));
    std::string what = error.message;
    if (what.starts_with(error.key)) {
        what.erase(0, error.key.size());
    }
    what.erase(0, what.find_first_not_of(": "));
    reader.fail(node != nullptr ? *node : agent, "agent." + key, what);
    return {};
}

std::chrono::milliseconds read_seconds(ConfigReader& reader, const toml::table& agent, const char* key,
                                       std::chrono::milliseconds usual) {
    const auto read = reader.whole(agent, key, std::string("agent.") + key, 0, longest_s);
    return read ? std::chrono::seconds(*read) : usual;
}

} // namespace

AgentConfig read_agent_section(ConfigReader& reader, const toml::table& agent) {
    std::vector<std::string> known = own_keys();
    std::ranges::copy(settings_keys(), std::back_inserter(known));
    reader.know(agent, "agent.", known);
    AgentConfig config;
    if (agent.get("url") == nullptr) {
        reader.fail(agent, "agent.url",
                    "is missing: name the agent's socket, such as \"ws://127.0.0.1:8765/\"");
    }
    if (const auto text = reader.text(agent, "url", "agent.url")) {
        if (auto url = parse_agent_url(*text)) {
            config.url = *std::move(url);
        } else {
            reader.fail(*agent.get("url"), "agent.url", url.error());
        }
    }
    if (const auto shape = reader.word(agent, "shape", "agent.shape", {"keytone", "twilio"})) {
        config.shape = static_cast<AgentShape>(*shape);
    }
    if (const auto rate = reader.whole(agent, "rate", "agent.rate", 8000, 16'000)) {
        const auto found = SampleRate::from_hz(static_cast<int>(*rate));
        if ((*rate != 8000 && *rate != 16'000) || !found) {
            reader.fail(*agent.get("rate"), "agent.rate", "is 8000 or 16000");
        } else if (*rate != 8000 && config.shape == AgentShape::twilio) {
            reader.fail(*agent.get("rate"), "agent.rate", "is 8000 in the shape twilio: leave it out");
        } else {
            config.rate = *found;
        }
    }
    config.ca = reader.path(agent, "ca", "agent.ca").value_or("");
    config.grace = read_seconds(reader, agent, "grace", config.grace);
    config.answer_after = read_seconds(reader, agent, "answer_after", config.answer_after);
    config.message = reader.text(agent, "message", "agent.message").value_or(config.message);
    const auto length = count_characters(config.message);
    if (!length || *length > AgentSettings::max_message_length) {
        reader.fail(*agent.get("message"), "agent.message", "is text of at most 500 characters: shorten it");
    }
    config.prompts = reader.path(agent, "prompts", "agent.prompts").value_or("");
    config.auth_token = reader.text(agent, "authToken", "agent.authToken").value_or("");
    config.mute_keys = reader.flag(agent, "mute_keys", "agent.mute_keys").value_or(false);
    config.settings = read_agent_settings(reader, agent);
    return config;
}

} // namespace keytone::server
