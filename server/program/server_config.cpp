// SPDX-License-Identifier: MIT
#include "server/program/server_config.hpp"

#include "engine/agent_settings.hpp"
#include "engine/unicode.hpp"
#include "server/media/socket_address.hpp"
#include "server/program/agent_section.hpp"
#include "server/program/config_reader.hpp"
#include "server/program/local_address.hpp"
#include "server/sip/sip_text.hpp"
#include "tools/console/printable.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace keytone::server {

namespace {

constexpr std::int64_t most_seconds = 86'400;
constexpr std::int64_t most_threads = 64;
constexpr std::int64_t most_memory_mb = 1'000'000;
constexpr std::int64_t most_days = 3650;
constexpr std::int64_t most_placed = 10'000;

// A line end in credentials would begin a header of its own.
bool is_one_line(std::string_view text) {
    return find_control(text) == std::string_view::npos;
}

// A header holds the name in quotes: it must not end them.
bool is_digest_name(std::string_view name) {
    return !name.empty() && is_one_line(name) && name.find_first_of("\"\\") == std::string_view::npos;
}

std::optional<PortRange> read_ports(std::string_view text) {
    const auto dash = text.find('-');
    unsigned first = 0;
    unsigned last = 0;
    const auto is_number = [](std::string_view digits, unsigned& value) {
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return error == std::errc{} && end == digits.data() + digits.size();
    };
    if (dash == std::string_view::npos || !is_number(text.substr(0, dash), first) ||
        !is_number(text.substr(dash + 1), last) || first < 1024 || last > 65'535 || last < first + 1) {
        return std::nullopt;
    }
    return PortRange{static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)};
}

std::vector<AddressRange> read_ranges(ConfigReader& reader, const toml::table& table, std::string_view key,
                                      const std::string& path) {
    std::vector<AddressRange> ranges;
    for (const std::string& text : reader.texts(table, key, path)) {
        if (auto range = read_address_range(text)) {
            ranges.push_back(*std::move(range));
        } else {
            reader.fail(*table.get(key), path + ":", range.error());
        }
    }
    return ranges;
}

// Who may call with a password: `name = "password"`, or `name = "ha1:…"`.
void read_users(ConfigReader& reader, const toml::table& sip, ServerConfig& config) {
    const toml::node* const node = sip.get("users");
    if (node == nullptr) {
        return;
    }
    if (!node->is_table()) {
        return reader.fail(*node, "sip.users", "is no table: write [sip.users] above its names");
    }
    const toml::table& users = *node->as_table();
    for (const auto& [key, value] : users) {
        const std::string name(key.str());
        const std::string path = "sip.users." + name;
        const auto secret = reader.text(users, name, path);
        if (!secret) {
            continue;
        }
        constexpr std::string_view sum = "ha1:";
        const bool is_sum = secret->starts_with(sum);
        const auto digits =
            is_sum ? read_digest_key(std::string_view(*secret).substr(sum.size())) : std::nullopt;
        if (!is_digest_name(name)) {
            reader.fail(value, path,
                        "has a quote, a backslash or a control character in its name: leave it out");
        } else if (secret->empty()) {
            reader.fail(value, path, "has no password: write one");
        } else if (is_sum && !digits) {
            reader.fail(value, path,
                        "has no 32 hexadecimal digits behind ha1: write MD5 of \"name:" +
                            std::string(digest_realm) + ":password\"");
        } else {
            config.sip.users.emplace(name, is_sum ? *digits : digest_key(name, *secret));
        }
    }
}

void read_registration(ConfigReader& reader, const toml::table& sip, ServerConfig& config) {
    const auto interval = reader.whole(sip, "register_expires", "sip.register_expires", 60, most_seconds);
    const toml::node* const node = sip.get("register");
    if (node == nullptr) {
        return;
    }
    if (!node->is_boolean()) {
        return reader.fail(*node, "sip.register", "is true or false");
    }
    if (!node->as_boolean()->get()) {
        return;
    }
    if (config.trunk.empty()) {
        return reader.fail(*node, "sip.register", "needs sip.trunk: name the registrar there");
    }
    Registration registration;
    registration.registrar = "sip:" + config.trunk;
    if (!config.from.empty()) {
        registration.who = config.from;
    } else if (config.credentials) {
        const auto port = config.trunk.find(':', config.trunk.starts_with('[') ? config.trunk.find(']') : 0);
        registration.who = "sip:" + config.credentials->user + "@" + config.trunk.substr(0, port);
    }
    if (const auto fault = fault_of_registered(registration.who)) {
        return reader.fail(*node, "sip.register", "needs sip.from, which " + *fault);
    }
    registration.credentials = config.credentials;
    if (interval) {
        registration.interval = std::chrono::seconds(*interval);
    }
    config.sip.registration = std::move(registration);
}

void read_sip(ConfigReader& reader, const toml::table& sip, ServerConfig& config) {
    reader.know(sip, "sip.",
                {"listen", "from", "trunk", "user", "password", "register", "register_expires", "callers",
                 "users", "max_calls", "session_timer"});
    if (const auto listen = reader.text(sip, "listen", "sip.listen")) {
        if (const auto place = read_listen_place(*listen)) {
            config.sip.address = place->address;
            config.sip.port = place->port;
        } else {
            reader.fail(*sip.get("listen"), "sip.listen",
                        "is no address and port: write \"127.0.0.1:5060\" or \"[::1]:5060\"");
        }
    }
    if (const auto from = reader.text(sip, "from", "sip.from")) {
        config.from = *from;
        if (const auto fault = fault_of_sip_uri(*from)) {
            reader.fail(*sip.get("from"), "sip.from", *fault);
        }
    }
    if (const auto trunk = reader.text(sip, "trunk", "sip.trunk")) {
        config.trunk = *trunk;
        if (fault_of_sip_uri("sip:1@" + *trunk)) {
            reader.fail(*sip.get("trunk"), "sip.trunk",
                        "is no host: write \"sip.example\" or \"192.0.2.1:5060\"");
        }
    }
    const auto user = reader.text(sip, "user", "sip.user");
    const auto password = reader.text(sip, "password", "sip.password");
    if (user.has_value() != password.has_value()) {
        reader.fail(sip, user ? "sip.password" : "sip.user", "is missing beside the other: give both");
    } else if (user && (!is_one_line(*user) || !is_one_line(*password))) {
        const std::string_view which = is_one_line(*user) ? "password" : "user";
        reader.fail(*sip.get(which), "sip." + std::string(which), "has a control character: leave it out");
    } else if (user) {
        config.credentials = SipCredentials{*user, *password};
    }
    config.sip.callers = read_ranges(reader, sip, "callers", "sip.callers");
    read_users(reader, sip, config);
    read_registration(reader, sip, config);
    if (const auto most = reader.whole(sip, "max_calls", "sip.max_calls", 1, 10'000)) {
        config.max_calls = static_cast<std::size_t>(*most);
        config.sip.max_dialogs = 2 * config.max_calls;
    }
    if (const auto timer = reader.whole(sip, "session_timer", "sip.session_timer", 90, most_seconds)) {
        config.sip.session_timer = std::chrono::seconds(*timer);
    }
}

void read_rtp(ConfigReader& reader, const toml::table& rtp, ServerConfig& config) {
    reader.know(rtp, "rtp.", {"address", "ports", "keys", "srtp"});
    if (const auto policy = reader.word(rtp, "srtp", "rtp.srtp", {"off", "offered", "required"})) {
        config.sip.srtp = static_cast<SrtpPolicy>(*policy);
    }
    if (const auto address = reader.text(rtp, "address", "rtp.address")) {
        config.media_address = *address;
        if (!SocketAddress::parse(*address, 0)) {
            reader.fail(*rtp.get("address"), "rtp.address", "is no address: write it as a number");
        }
    }
    if (const auto ports = reader.text(rtp, "ports", "rtp.ports")) {
        if (const auto range = read_ports(*ports)) {
            config.ports = *range;
        } else {
            reader.fail(*rtp.get("ports"), "rtp.ports",
                        "are two numbers from 1024 to 65535: write \"20000-29999\"");
        }
    }
    if (const auto keys = reader.word(rtp, "keys", "rtp.keys", {"auto", "rfc4733", "inband", "info"})) {
        config.keys = static_cast<KeysOut>(*keys);
    }
}

void read_dial(ConfigReader& reader, const toml::table& dial, ServerConfig& config) {
    reader.know(dial, "dial.", {"allow", "max_calls", "calls_per_minute"});
    if (const auto most = reader.whole(dial, "max_calls", "dial.max_calls", 0, most_placed)) {
        config.max_placed = static_cast<std::size_t>(*most);
    }
    if (const auto most = reader.whole(dial, "calls_per_minute", "dial.calls_per_minute", 0, most_placed)) {
        config.placed_per_minute = static_cast<std::size_t>(*most);
    }
    const toml::node* const allow = dial.get("allow");
    if (allow == nullptr) {
        return;
    }
    constexpr std::string_view anybody_at = "sip:*@";
    AgentSettings settings;
    for (std::string& entry : settings.allow = reader.texts(dial, "allow", "dial.allow")) {
        if (entry.starts_with(anybody_at)) {
            entry.replace(0, anybody_at.size(), AgentSettings::sip_scheme);
        }
    }
    if (const auto fault = check(settings)) {
        reader.fail(*allow, "dial.allow",
                    fault->what == SettingFault::What::too_many
                        ? "has more than " + std::to_string(AgentSettings::max_allowed) +
                              " entries: write shorter prefixes"
                        : "takes the first digits of numbers and SIP domains: write \"+1530\" or "
                          "\"sip:*@pbx.example\"");
    }
    config.allowed_targets = std::move(settings.allow);
}

void read_answer(ConfigReader& reader, const toml::table& answer, ServerConfig& config) {
    reader.know(answer, "answer.", {"scenario", "prompts", "output", "memory_mb"});
    AnswerConfig& read = config.answer.emplace();
    if (answer.get("scenario") == nullptr) {
        reader.fail(answer, "answer.scenario", "is missing: name a file, or leave [answer] out");
    }
    read.scenario = reader.path(answer, "scenario", "answer.scenario").value_or("");
    read.prompts = reader.path(answer, "prompts", "answer.prompts").value_or("");
    read.output = reader.path(answer, "output", "answer.output").value_or("");
    read.memory_mb =
        reader.whole(answer, "memory_mb", "answer.memory_mb", 1, most_memory_mb).value_or(read.memory_mb);
}

void read_log(ConfigReader& reader, const toml::table& log, ServerConfig& config) {
    reader.know(log, "log.", {"format", "level"});
    if (const auto format = reader.word(log, "format", "log.format", {"text", "json"})) {
        config.log_format = *format == 0 ? LogFormat::text : LogFormat::json;
    }
    if (const auto level = reader.word(log, "level", "log.level", {"debug", "info", "warning", "error"})) {
        config.log_level = static_cast<LogLevel>(*level);
    }
}

// Scheme and host, as a port and a path may follow.
bool is_web_url(std::string_view url) {
    const auto is_plain = [](char c) { return c > ' ' && c < '\x7F' && c != '"' && c != '?' && c != '#'; };
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (url.starts_with(scheme)) {
            return url.size() > scheme.size() && url[scheme.size()] != '/' &&
                   std::ranges::all_of(url, is_plain);
        }
    }
    return false;
}

// For the API.
void read_http(ConfigReader& reader, const toml::table& http, ServerConfig& config) {
    reader.know(http, "http.", {"listen", "public_url"});
    if (auto url = reader.text(http, "public_url", "http.public_url")) {
        while (url->ends_with('/')) {
            url->pop_back();
        }
        if (!is_web_url(*url)) {
            reader.fail(*http.get("public_url"), "http.public_url",
                        "is no URL: write \"https://keytone.example\"");
        }
        config.public_url = *std::move(url);
    }
    if (const auto listen = reader.text(http, "listen", "http.listen")) {
        config.http = read_listen_place(*listen);
        if (!config.http) {
            reader.fail(*http.get("listen"), "http.listen",
                        "is no address and port: write \"127.0.0.1:8080\"");
        } else if (config.store.empty()) {
            reader.fail(*http.get("listen"), "http.listen",
                        "needs a store, which has the tokens: set store.path");
        }
    }
}

void read_store(ConfigReader& reader, const toml::table& store, ServerConfig& config) {
    reader.know(store, "store.", {"path", "keep_days"});
    if (store.get("path") == nullptr) {
        reader.fail(store, "store.path", "is missing: name a file, or leave [store] out");
    }
    config.store = reader.path(store, "path", "store.path").value_or("");
    config.keep_days = static_cast<int>(
        reader.whole(store, "keep_days", "store.keep_days", 1, most_days).value_or(config.keep_days));
}

void read_recordings(ConfigReader& reader, const toml::table& recordings, ServerConfig& config) {
    reader.know(recordings, "recordings.", {"path", "keep_days", "keys"});
    if (recordings.get("path") == nullptr) {
        reader.fail(recordings, "recordings.path", "is missing: name a folder, or leave [recordings] out");
    } else if (config.store.empty()) {
        reader.fail(*recordings.get("path"), "recordings.path",
                    "needs a store, which knows the calls: set store.path");
    }
    config.recordings = reader.path(recordings, "path", "recordings.path").value_or("");
    config.keep_recordings_days =
        static_cast<int>(reader.whole(recordings, "keep_days", "recordings.keep_days", 1, most_days)
                             .value_or(config.keep_recordings_days));
    if (const auto keys = reader.word(recordings, "keys", "recordings.keys", {"keep", "silence"})) {
        config.recorded_keys = *keys == 0 ? RecordedKeys::keep : RecordedKeys::silence;
    }
}

void read_reports(ConfigReader& reader, const toml::table& reports, ServerConfig& config) {
    reader.know(reports, "reports.", {"allow_addresses", "ca_file"});
    config.webhooks.allowed = read_ranges(reader, reports, "allow_addresses", "reports.allow_addresses");
    config.webhooks.ca_file = reader.path(reports, "ca_file", "reports.ca_file").value_or("");
}

} // namespace

std::string public_url_of(const ServerConfig& config) {
    if (!config.public_url.empty() || !config.http) {
        return config.public_url;
    }
    return "http://" + in_brackets(config.http->address) + ":" + std::to_string(config.http->port);
}

Result<ServerConfig, std::string> read_server_config(std::string_view text, std::string_view name) {
    toml::table root;
    try {
        root = toml::parse(text, name);
    } catch (const toml::parse_error& error) {
        return std::string(name) + ":" + std::to_string(error.source().begin.line) +
               ": is no TOML: " + tools::printable(error.description());
    }
    ConfigReader reader(name);
    ServerConfig config;
    reader.know(
        root, "",
        {"sip", "rtp", "dial", "answer", "agent", "media", "log", "http", "store", "reports", "recordings"});
    if (const toml::table* const sip = reader.table(root, "sip")) {
        read_sip(reader, *sip, config);
    }
    if (const toml::table* const rtp = reader.table(root, "rtp")) {
        read_rtp(reader, *rtp, config);
    }
    if (const toml::table* const dial = reader.table(root, "dial")) {
        read_dial(reader, *dial, config);
    }
    if (const toml::table* const answer = reader.table(root, "answer")) {
        read_answer(reader, *answer, config);
    }
    if (const toml::table* const agent = reader.table(root, "agent")) {
        config.agent = read_agent_section(reader, *agent);
        if (config.answer) {
            reader.fail(*agent, "agent", "and answer both say who has the calls: leave one of them out");
        }
    }
    if (const toml::table* const media = reader.table(root, "media")) {
        reader.know(*media, "media.", {"threads"});
        config.media_threads = static_cast<std::size_t>(
            reader.whole(*media, "threads", "media.threads", 1, most_threads).value_or(0));
    }
    if (const toml::table* const log = reader.table(root, "log")) {
        read_log(reader, *log, config);
    }
    if (const toml::table* const store = reader.table(root, "store")) {
        read_store(reader, *store, config);
    }
    if (const toml::table* const http = reader.table(root, "http")) {
        read_http(reader, *http, config);
    }
    if (const toml::table* const recordings = reader.table(root, "recordings")) {
        read_recordings(reader, *recordings, config);
    }
    if (const toml::table* const reports = reader.table(root, "reports")) {
        read_reports(reader, *reports, config);
    }
    if (reader.fault()) {
        return *reader.fault();
    }
    if (config.media_address.empty()) {
        config.media_address = config.sip.address;
    }
    return config;
}

} // namespace keytone::server
