// SPDX-License-Identifier: MIT
#include "server/profiles/agent_profile.hpp"

#include "engine/json/fields.hpp"
#include "engine/json/settings_json.hpp"
#include "engine/json/strict_json.hpp"
#include "tools/console/iso_time.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace keytone::server {

namespace {

using json::Fields;
using json::Json;
using json::Key;
using json::LineFault;

constexpr std::string_view kept_secret = "set";
constexpr std::string_view message = "message";

/// The server's own keys; those of AgentSettings are engine/json's.
constexpr std::array<Key, 13> own_keys{"mute_keys", "name",      "agentUrl",        "shape",        "rate",
                                       "authToken", "numbers",   "grace",           "answer_after", "message",
                                       "record",    "max_calls", "calls_per_minute"};
constexpr std::array settings_keys{Setting::transfer_enabled,
                                   Setting::transfer_number,
                                   Setting::transfer_message,
                                   Setting::transfer_instructions,
                                   Setting::end_call_enabled,
                                   Setting::end_call_message,
                                   Setting::end_call_instructions,
                                   Setting::allow,
                                   Setting::on_machine,
                                   Setting::machine_message};

bool is_own(std::string_view key) {
    return std::ranges::find(own_keys, key, &Key::name) != own_keys.end();
}

bool is_of_settings(std::string_view key) {
    return std::ranges::any_of(settings_keys, [&](Setting setting) { return name(setting) == key; });
}

ApiFault fault_of(const json::LineError& error) {
    return {error.fault == LineFault::too_long && error.key.empty() ? 413 : 400,
            std::string(json::name(error.fault)), error.message};
}

// What a key that is not known is told. One that was removed is engine/json's to tell of.
ApiFault unknown(std::string_view key) {
    constexpr std::string_view removed = R"({"transferTriggers":null})";
    if (key == "transferTriggers") {
        return fault_of(json::parse_settings(removed).error());
    }
    std::string known;
    for (const Setting setting : settings_keys) {
        known += std::string(name(setting)) + ", ";
    }
    for (const Key& own : own_keys) {
        known += std::string(own.name) + ", ";
    }
    known.resize(known.size() - 2);
    return fault_of(
        json::line_error(LineFault::unknown_key, json::child("", key), "is no setting: use " + known));
}

bool resets(std::string_view key, const Json& value) {
    return value.is_null() ||
           (key != message && value.is_string() && value.get_ref<const std::string&>().empty());
}

// Errors: a key that is not known.
std::optional<ApiFault> change(Json& settings, const Json& body) {
    for (const auto& [key, value] : body.items()) {
        if (!is_own(key) && !is_of_settings(key)) {
            return unknown(key);
        }
        if (key == "authToken" && value == kept_secret) {
            continue;
        }
        if (resets(key, value)) {
            settings.erase(key);
        } else {
            settings[key] = value;
        }
    }
    return std::nullopt;
}

std::vector<std::string> read_numbers(Fields& fields) {
    std::vector<std::string> numbers;
    const Json* const array = fields.array("numbers");
    if (array != nullptr && array->size() > AgentProfile::max_numbers) {
        fields.fail(LineFault::out_of_range, "/numbers", "has more than 100 entries: leave some out");
        return numbers;
    }
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
        const Json& entry = (*array)[i];
        const std::string* const text = entry.is_string() ? &entry.get_ref<const std::string&>() : nullptr;
        const bool is_party = text != nullptr && !text->empty() && text->size() <= AgentProfile::max_number &&
                              std::ranges::all_of(*text, [](char c) { return c > ' ' && c < '\x7f'; });
        if (!is_party) {
            fields.fail(LineFault::bad_value, json::child("/numbers", std::to_string(i)),
                        "is no called number or user: write \"+15550100\" or \"sales\"");
            break;
        }
        numbers.push_back(*text);
    }
    return numbers;
}

void read_place(Fields& fields, AgentConfig& config, const AgentConfig& usual) {
    constexpr std::array shapes{json::Word{"keytone", AgentShape::keytone},
                                json::Word{"twilio", AgentShape::twilio}};
    if (const auto text = fields.token("agentUrl", AgentProfile::max_url)) {
        if (auto url = parse_agent_url(*text)) {
            config.url = *std::move(url);
            config.shape = AgentShape::keytone; // Those of the configuration are its own agent's.
            config.rate = SampleRate::narrowband();
            config.auth_token.clear();
        } else {
            fields.fail(LineFault::bad_value, "/agentUrl", url.error());
        }
    } else {
        config.url = usual.url;
    }
    config.shape = fields.choice("shape", shapes).value_or(config.shape);
    if (const auto rate = fields.whole("rate", 8000, 16'000)) {
        const auto found = SampleRate::from_hz(*rate);
        if ((*rate != 8000 && *rate != 16'000) || !found) {
            fields.fail(LineFault::bad_value, "/rate", "is 8000 or 16000");
        } else {
            config.rate = *found;
        }
    }
    if (config.shape == AgentShape::twilio && config.rate != SampleRate::narrowband()) {
        if (fields.has("rate")) {
            fields.fail(LineFault::bad_value, "/rate", "is 8000 in the shape twilio: leave it out");
        }
        config.rate = SampleRate::narrowband();
    }
    config.auth_token = fields.token("authToken", AgentProfile::max_token).value_or(config.auth_token);
}

// The server's own keys.
void read_own(Fields& fields, AgentProfile& profile, const AgentConfig& usual) {
    constexpr int longest = AgentProfile::longest_s;
    constexpr int most = AgentProfile::most_calls;
    AgentConfig& config = profile.config;
    profile.stored.name = fields.prose("name", AgentProfile::max_name).value_or(profile.stored.id);
    if (profile.stored.name.find_first_of("\r\n\t") != std::string::npos) {
        fields.fail(LineFault::bad_value, "/name", "has a line end or a tab: write it on one line");
    }
    read_place(fields, config, usual);
    profile.numbers = read_numbers(fields);
    if (const auto grace = fields.whole("grace", 0, longest)) {
        config.grace = std::chrono::seconds(*grace);
    }
    if (const auto after = fields.whole("answer_after", 0, longest)) {
        config.answer_after = std::chrono::seconds(*after);
    }
    config.message = fields.prose("message", AgentSettings::max_message_length).value_or(config.message);
    config.mute_keys = fields.flag("mute_keys").value_or(config.mute_keys);
    profile.record = fields.flag("record").value_or(true);
    const auto count = [](std::optional<int> read) {
        return read ? std::optional<std::size_t>(static_cast<std::size_t>(*read)) : std::nullopt;
    };
    profile.max_calls = count(fields.whole("max_calls", 0, most));
    profile.calls_per_minute = count(fields.whole("calls_per_minute", 0, most));
}

// The profile that the stored settings make.
Result<AgentProfile, ApiFault> read_tree(StoredAgent stored, const Json& tree, const AgentConfig& usual) {
    Json settings = Json::object();
    Json own = Json::object();
    for (const auto& [key, value] : tree.items()) {
        (is_own(key) ? own : settings)[key] = value;
    }
    AgentProfile profile;
    profile.stored = std::move(stored);
    profile.config = usual;
    auto read = json::parse_settings(settings.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (!read) {
        return fault_of(read.error());
    }
    profile.config.settings = *std::move(read);
    Fields fields("");
    fields.add_object(own, "", own_keys);
    read_own(fields, profile, usual);
    if (fields.error()) {
        return fault_of(*fields.error());
    }
    return profile;
}

Result<Json, ApiFault> parse_object(std::string_view text) {
    if (text.size() > json::max_settings_bytes) {
        return fault_of(
            json::line_error(LineFault::too_long, "", "has more than 64 KiB: shorten the settings"));
    }
    auto tree = json::parse_strictly(text, "");
    if (!tree) {
        return fault_of(tree.error());
    }
    if (!tree->is_object()) {
        return fault_of(
            json::line_error(LineFault::wrong_type, "", "is no object: write the settings in braces"));
    }
    return *std::move(tree);
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json count_or_null(const std::optional<std::size_t>& count) {
    return count ? Json(*count) : Json(nullptr);
}

} // namespace

bool is_agent_id(std::string_view id) {
    return !id.empty() && id.size() <= AgentProfile::max_id && std::ranges::all_of(id, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
               c == '_' || c == '-';
    });
}

Result<AgentProfile, ApiFault> merge_agent(const std::optional<StoredAgent>& old, std::string_view id,
                                           std::string_view body, const AgentConfig& usual, UnixMs now) {
    if (!is_agent_id(id)) {
        return ApiFault{400, "bad_id", "an agent's id is 1 to 64 of A-Z a-z 0-9 . _ -: choose another"};
    }
    const auto changes = parse_object(body);
    if (!changes) {
        return changes.error();
    }
    Json tree = Json::object();
    if (old) {
        auto stored = parse_object(old->settings);
        if (!stored) {
            return stored.error();
        }
        tree = *std::move(stored);
    }
    if (auto fault = change(tree, *changes)) {
        return *std::move(fault);
    }
    StoredAgent stored{std::string(id),
                       {},
                       tree.dump(-1, ' ', false, Json::error_handler_t::replace),
                       old ? old->created_ms : now,
                       now};
    return read_tree(std::move(stored), tree, usual);
}

Result<AgentProfile, ApiFault> read_agent(const StoredAgent& stored, const AgentConfig& usual) {
    const auto tree = parse_object(stored.settings);
    if (!tree) {
        return tree.error();
    }
    return read_tree(stored, *tree, usual);
}

std::string agent_object(const AgentProfile& profile) {
    const AgentConfig& config = profile.config;
    const auto seconds = [](std::chrono::milliseconds length) {
        return std::chrono::duration_cast<std::chrono::seconds>(length).count();
    };
    Json object{{"id", profile.stored.id}, {"name", profile.stored.name}};
    object.update(Json::parse(json::settings_object(config.settings)));
    object["agentUrl"] = text_or_null(config.url.text);
    object["shape"] = config.shape == AgentShape::twilio ? "twilio" : "keytone";
    object["rate"] = config.rate.hz();
    object["authToken"] = config.auth_token.empty() ? Json(nullptr) : Json(kept_secret);
    object["numbers"] = profile.numbers;
    object["grace"] = seconds(config.grace);
    object["answer_after"] = seconds(config.answer_after);
    object["message"] = config.message;
    object["mute_keys"] = config.mute_keys;
    object["record"] = profile.record;
    object["max_calls"] = count_or_null(profile.max_calls);
    object["calls_per_minute"] = count_or_null(profile.calls_per_minute);
    object["createdAt"] = tools::iso_time(profile.stored.created_ms);
    object["updatedAt"] = tools::iso_time(profile.stored.updated_ms);
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace keytone::server
