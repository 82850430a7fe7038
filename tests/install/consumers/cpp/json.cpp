// SPDX-License-Identifier: MIT
//
// Parses an agent's settings, and prints whether it may transfer.
#include <keytone/engine/json/settings_json.hpp>

#include <cstdio>

int main() {
    const auto settings = keytone::json::parse_settings(R"({"endCallEnabled":false})");
    std::puts(settings ? "taken" : "refused");
}
