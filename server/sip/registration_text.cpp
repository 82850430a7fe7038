// SPDX-License-Identifier: MIT
#include "server/sip/registration_text.hpp"

namespace keytone::server {

std::string tell_registration(const RegistrationChanged& change) {
    if (change.is_registered) {
        return "registered at " + change.registrar + " for " + std::to_string(change.interval.count()) + " s";
    }
    const std::string failed = "registration at " + change.registrar + " failed: ";
    switch (change.status) {
    case 0:
        return failed + "nobody answers there: check sip.trunk";
    case 401:
    case 403:
    case 407:
        return failed + std::to_string(change.status) + ": check sip.user and sip.password";
    case 404:
        return failed + "404: check sip.from";
    default:
        if (change.status < 300) {
            return failed + "it lasts for no time there: ask the provider";
        }
        return failed + std::to_string(change.status) + ": it is tried again";
    }
}

} // namespace keytone::server
