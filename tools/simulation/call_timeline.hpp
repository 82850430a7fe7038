// SPDX-License-Identifier: MIT
#pragma once

#include "engine/io/picture/timeline.hpp"
#include "tools/simulation/call_record.hpp"

#include <string>

namespace keytone::simulation {

/// A call as a picture shows it. The samples stay the record's.
io::Timeline call_timeline(const std::string& title, const CallRecord& call);

} // namespace keytone::simulation
