// SPDX-License-Identifier: MIT
#include "server/program/config_file.hpp"

#include "server/program/local_address.hpp"
#include "tools/console/printable.hpp"
#include "tools/console/text_input.hpp"

#include <cstddef>
#include <utility>

namespace keytone::server {

namespace {

constexpr std::size_t max_config_bytes = std::size_t{1024} * 1024;

} // namespace

Result<ServerConfig, tools::Failure> read_config_file(const std::string& file) {
    if (file.empty()) {
        return ServerConfig{};
    }
    auto text = tools::read_text(file, max_config_bytes);
    if (!text) {
        return text.error();
    }
    auto config = read_server_config(*text, tools::printable(file));
    if (!config) {
        return tools::failed(config.error());
    }
    return *std::move(config);
}

CallSetup call_setup(const ServerConfig& config, const std::string& trunk) {
    CallSetup setup;
    setup.media_address = config.media_address;
    setup.ports = config.ports;
    setup.from = config.from.empty() ? "sip:keytone@" + in_brackets(config.sip.address) : config.from;
    setup.trunk = config.trunk.empty() ? trunk : config.trunk;
    setup.credentials = config.credentials;
    setup.keys = config.keys;
    setup.srtp = config.sip.srtp;
    return setup;
}

} // namespace keytone::server
