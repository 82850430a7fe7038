// SPDX-License-Identifier: MIT
//
// An agent's settings, and whether it may transfer.
#include <keytone/engine/json/settings_json.hpp>

#include <cstdio>

int main() {
    const auto settings = keytone::json::parse_settings(R"({"endCallEnabled":false})");
    std::puts(settings ? "taken" : "refused");
}
