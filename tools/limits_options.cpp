// SPDX-License-Identifier: MIT
#include "tools/limits_options.hpp"

#include "tools/option_checks.hpp"

#include <vector>

namespace keytone::tools {

namespace {

std::vector<std::string> profile_names() {
    std::vector<std::string> names;
    for (const DtmfProfile& profile : dtmf_profiles()) {
        names.emplace_back(profile.name);
    }
    return names;
}

std::vector<std::string> sensitivity_names() {
    std::vector<std::string> names;
    for (const Sensitivity each : sensitivities) {
        names.emplace_back(name(each));
    }
    return names;
}

} // namespace

void add_limits_options(CLI::App& command, LimitsOptions& options) {
    command
        .add_option("--profile", options.profile, "Limits to accept digits by: " + enumerate(profile_names()))
        ->type_name("NAME")
        ->check(one_of(profile_names()))
        ->capture_default_str();
    command
        .add_option("--sensitivity", options.sensitivity,
                    "strict hears fewest false digits, sensitive most digits in noise")
        ->type_name("NAME")
        ->check(one_of(sensitivity_names()))
        ->capture_default_str();
}

DtmfLimits limits_of(const LimitsOptions& options) {
    DtmfLimits limits = dtmf_profile(options.profile).value();
    limits.sensitivity = sensitivity_named(options.sensitivity).value();
    return limits;
}

} // namespace keytone::tools
