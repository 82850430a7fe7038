// SPDX-License-Identifier: MIT
#include "server/control/dial_permission.hpp"

#include "engine/policy/dial_target.hpp"
#include "engine/policy/premium_numbers.hpp"
#include "server/control/dial_target.hpp"
#include "server/sip/sip_text.hpp"

#include <optional>

namespace keytone::server {

namespace {

using What = DialRefusal::What;

constexpr std::string_view scheme = "sip:";
constexpr const char* forms =
    "is no number and no SIP URI: write + and 8 to 15 digits, such as +15551234567, or "
    "sip:user@host";

DialRefusal not_allowed(std::string_view number) {
    const auto range = premium_range(number);
    return {What::not_allowed,
            range
                ? "is a premium rate or a satellite, which dial.allow has to list by itself: \"" +
                      std::string(*range) + "\""
                : std::string("is not in dial.allow of the configuration: list its first digits, or its SIP "
                              "domain")};
}

} // namespace

Result<std::string, DialRefusal> permitted_target(std::string_view to, const std::vector<std::string>& allow,
                                                  std::string_view trunk) {
    if (to.starts_with(scheme)) {
        const std::string_view rest = to.substr(scheme.size());
        const auto at = rest.find('@');
        const std::string_view user = rest.substr(0, at);
        const std::optional<std::string> domain(at == std::string_view::npos ? "" : rest.substr(at + 1));
        auto uri = sip_uri(user, *domain);
        if (!uri || *uri != to || fault_of_sip_uri(to)) {
            return DialRefusal{What::malformed, forms};
        }
        if (!may_be_dialled(allow, user, domain)) {
            return not_allowed(is_listed(allow, user, domain) ? user : std::string_view{});
        }
        return *std::move(uri);
    }
    const auto number = parse_phone_number(to);
    if (!number || !number->e164 || number->digits != to) {
        return DialRefusal{What::malformed, forms};
    }
    if (!may_be_dialled(allow, to, std::nullopt)) {
        return not_allowed(is_listed(allow, to, std::nullopt) ? to : std::string_view{});
    }
    if (trunk.empty()) {
        return DialRefusal{What::no_trunk,
                           "needs sip.trunk in the configuration: name where numbers are dialled"};
    }
    return sip_target(to, trunk);
}

} // namespace keytone::server
