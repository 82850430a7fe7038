// SPDX-License-Identifier: MIT
#pragma once

#include "server/sip/signalling.hpp"

#include <string>

namespace keytone::server {

/// What became of a registration, in one line that names the remedy. `[any]`
std::string tell_registration(const RegistrationChanged& change);

} // namespace keytone::server
