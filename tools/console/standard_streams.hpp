// SPDX-License-Identifier: MIT
#pragma once

namespace keytone::tools {

/// Makes the three standard streams safe to use, before anything is opened:
/// a closed one is held by a descriptor whose use fails, lest the next file opened take its number and
/// receive what is meant for it; and writing to a pipe that nobody reads becomes an error to report instead
/// of a silent death.
void prepare_standard_streams();

} // namespace keytone::tools
