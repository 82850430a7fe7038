// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace keytone::test {

/// The fields of the packets in a capture that pass tshark's filter: a row for each packet, a cell for each
/// field. `options` are more of tshark's own.
std::vector<std::vector<std::string>> tshark_rows(const std::string& capture, const std::string& filter,
                                                  const std::vector<std::string>& fields,
                                                  const std::vector<std::string>& options = {});

} // namespace keytone::test
