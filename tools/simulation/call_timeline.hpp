// SPDX-License-Identifier: MIT
#pragma once

#include "engine/io/picture/timeline.hpp"
#include "tools/simulation/call_record.hpp"

#include <string>

namespace keytone::simulation {

/// The data for a picture of a call. It refers to the record's samples.
io::Timeline call_timeline(const std::string& title, const CallRecord& call);

} // namespace keytone::simulation
