// SPDX-License-Identifier: MIT
//
// Any bytes as the server's configuration: what is accepted is within its limits, and an error is one line
// with its place.
#include "engine/unicode.hpp"
#include "server/program/server_config.hpp"
#include "server/sip/sip_text.hpp"
#include "tests/fuzz/demand.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace keytone;
using namespace keytone::server;
using keytone::test::demand;

void check_error(std::string_view error, std::string_view text) {
    constexpr std::string_view place = "x.toml:";
    demand(error.starts_with(place), "the file's name");
    const std::string_view behind = error.substr(place.size());
    std::size_t line = 0;
    const auto [end, fault] = std::from_chars(behind.data(), behind.data() + behind.size(), line);
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    demand(fault == std::errc{} && line >= 1 && line <= lines, "the line's number");
    demand(std::string_view(end, behind.data() + behind.size()).starts_with(": "), "a colon behind it");
    demand(find_control(error) == std::string_view::npos, "one line");
}

void check_config(const ServerConfig& config) {
    demand(config.ports.first >= 1024 && config.ports.last > config.ports.first, "a range of ports");
    demand(config.from.empty() || !fault_of_sip_uri(config.from), "who calls");
    demand(config.trunk.empty() || !fault_of_sip_uri("sip:1@" + config.trunk), "where numbers are dialled");
    demand(!config.media_address.empty() && !config.sip.address.empty(), "addresses");
    demand(config.sip.max_dialogs >= 2 && config.sip.max_dialogs <= 20'000, "so many calls");
    demand(config.sip.session_timer.count() >= 90 && config.sip.session_timer.count() <= 86'400, "a timer");
    for (const AddressRange& range : config.sip.callers) {
        const auto again = read_address_range(range.address + "/" + std::to_string(range.bits));
        demand(again && *again == range, "who may call");
    }
    if (config.credentials) {
        demand(find_control(config.credentials->user) == std::string::npos &&
                   find_control(config.credentials->password) == std::string::npos,
               "credentials that end no header");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto config = read_server_config(text, "x.toml");
    if (config) {
        check_config(*config);
    } else {
        check_error(config.error(), text);
    }
    return 0;
}
