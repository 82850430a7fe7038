// SPDX-License-Identifier: MIT
#include "server/control/dial_target.hpp"

namespace keytone::server {

std::string sip_target(std::string_view number_or_uri, std::string_view trunk) {
    if (number_or_uri.starts_with("sip:") || number_or_uri.starts_with("sips:")) {
        return std::string(number_or_uri);
    }
    return "sip:" + std::string(number_or_uri) + "@" + std::string(trunk);
}

std::string host_of(std::string_view uri) {
    uri.remove_prefix(uri.find(':') == std::string_view::npos ? 0 : uri.find(':') + 1);
    const auto user = uri.find('@');
    uri.remove_prefix(user == std::string_view::npos ? 0 : user + 1);
    return std::string(uri.substr(0, uri.find_first_of(";?")));
}

} // namespace keytone::server
