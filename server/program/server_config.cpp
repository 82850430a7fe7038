// SPDX-License-Identifier: MIT
#include "server/program/server_config.hpp"

#include "engine/unicode.hpp"
#include "server/media/socket_address.hpp"
#include "server/program/local_address.hpp"
#include "server/sip/sip_text.hpp"
#include "tools/console/printable.hpp"
#include "tools/nearest_word.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace keytone::server {

namespace {

constexpr std::int64_t most_seconds = 86'400;

/// Reads one file, key by key; keeps the first fault.
class ConfigReader {
  public:
    explicit ConfigReader(std::string_view name) : name_(name) {}

    [[nodiscard]] const std::optional<std::string>& fault() const { return fault_; }

    void fail(const toml::node& at, std::string_view key, const std::string& what) {
        if (!fault_) {
            fault_ = name_ + ":" + std::to_string(at.source().begin.line) + ": " +
                     tools::printable(std::string(key) + " " + what);
        }
    }

    /// Every table and key that is known; anything else is a mistake of typing.
    void know(const toml::table& table, std::string_view prefix, const std::vector<std::string>& known) {
        for (const auto& [key, value] : table) {
            const std::string word(key.str());
            if (std::ranges::find(known, word) == known.end()) {
                const auto meant = tools::nearest_word(word, known);
                fail(value, std::string(prefix) + word,
                     "is not known" + (meant ? ": did you mean " + std::string(prefix) + *meant + "?"
                                             : ": see keytone-server(1)"));
            }
        }
    }

    const toml::table* table(const toml::table& root, std::string_view name) {
        const toml::node* const node = root.get(name);
        if (node == nullptr) {
            return nullptr;
        }
        if (!node->is_table()) {
            fail(*node, name, "is no table: write [" + std::string(name) + "] above its keys");
        }
        return node->as_table();
    }

    std::optional<std::string> text(const toml::table& table, std::string_view key, std::string_view path) {
        const toml::node* const node = table.get(key);
        if (node == nullptr) {
            return std::nullopt;
        }
        if (!node->is_string()) {
            fail(*node, path, "is no string: put it in quotes");
            return std::nullopt;
        }
        return node->as_string()->get();
    }

    std::vector<std::string> texts(const toml::table& table, std::string_view key, std::string_view path) {
        std::vector<std::string> found;
        const toml::node* const node = table.get(key);
        if (node == nullptr) {
            return found;
        }
        const toml::array* const array = node->as_array();
        if (array == nullptr || !array->is_homogeneous(toml::node_type::string)) {
            if (array == nullptr || !array->empty()) {
                fail(*node, path, "is no list of strings: write [\"…\", \"…\"]");
            }
            return found;
        }
        for (const toml::node& entry : *array) {
            found.push_back(entry.as_string()->get());
        }
        return found;
    }

    std::optional<std::int64_t> whole(const toml::table& table, std::string_view key, std::string_view path,
                                      std::int64_t least, std::int64_t most) {
        const toml::node* const node = table.get(key);
        if (node == nullptr) {
            return std::nullopt;
        }
        const auto value = node->value<std::int64_t>();
        if (!node->is_integer() || !value || *value < least || *value > most) {
            fail(*node, path,
                 "is a whole number from " + std::to_string(least) + " to " + std::to_string(most));
            return std::nullopt;
        }
        return value;
    }

  private:
    std::string name_;
    std::optional<std::string> fault_;
};

// A line end in credentials would begin a header of its own.
bool is_one_line(std::string_view text) {
    return find_control(text) == std::string_view::npos;
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

void read_sip(ConfigReader& reader, const toml::table& sip, ServerConfig& config) {
    reader.know(sip, "sip.",
                {"listen", "from", "trunk", "user", "password", "callers", "max_calls", "session_timer"});
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
    for (const std::string& text : reader.texts(sip, "callers", "sip.callers")) {
        if (auto range = read_address_range(text)) {
            config.sip.callers.push_back(*std::move(range));
        } else {
            reader.fail(*sip.get("callers"), "sip.callers:", range.error());
        }
    }
    if (const auto most = reader.whole(sip, "max_calls", "sip.max_calls", 1, 10'000)) {
        config.sip.max_dialogs = static_cast<std::size_t>(2 * *most);
    }
    if (const auto timer = reader.whole(sip, "session_timer", "sip.session_timer", 90, most_seconds)) {
        config.sip.session_timer = std::chrono::seconds(*timer);
    }
}

void read_rtp(ConfigReader& reader, const toml::table& rtp, ServerConfig& config) {
    reader.know(rtp, "rtp.", {"address", "ports", "srtp"});
    if (const auto policy = reader.text(rtp, "srtp", "rtp.srtp")) {
        constexpr std::array names{"off", "offered", "required"};
        const auto name = std::ranges::find(names, *policy);
        if (name == names.end()) {
            reader.fail(*rtp.get("srtp"), "rtp.srtp", "is \"off\", \"offered\" or \"required\"");
        } else {
            config.sip.srtp = static_cast<SrtpPolicy>(name - names.begin());
        }
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
}

} // namespace

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
    reader.know(root, "", {"sip", "rtp", "dial"});
    if (const toml::table* const sip = reader.table(root, "sip")) {
        read_sip(reader, *sip, config);
    }
    if (const toml::table* const rtp = reader.table(root, "rtp")) {
        read_rtp(reader, *rtp, config);
    }
    if (const toml::table* const dial = reader.table(root, "dial")) {
        reader.know(*dial, "dial.", {"allow"});
        config.allowed_targets = reader.texts(*dial, "allow", "dial.allow");
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
