// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace keytone::test {

/// Ends the fuzzer with a finding where `kept` is false; `promise` names what was violated.
inline void demand(bool kept, std::string_view promise = {}) {
    if (kept) {
        return;
    }
    if (!promise.empty()) {
        static_cast<void>(
            std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(promise.size()), promise.data()));
    }
    std::abort();
}

} // namespace keytone::test
