// SPDX-License-Identifier: MIT
#pragma once

namespace keytone::tools {

/// Makes the three standard streams safe to use, before anything is opened. In place of a closed one there is
/// then a descriptor whose use fails: otherwise the next file opened would get its number, and the output
/// meant for it. And writing to a pipe that nobody reads becomes an error to report, instead of ending the
/// program silently.
void prepare_standard_streams();

} // namespace keytone::tools
