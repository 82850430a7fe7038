// SPDX-License-Identifier: MIT
#include "tools/simulation/scenario_file.hpp"

#include "tools/console/printable.hpp"
#include "tools/console/text_input.hpp"
#include "tools/simulation/scenario_json.hpp"

#include <filesystem>
#include <utility>

namespace keytone::tools {

std::string scenario_name(const std::string& file) {
    return file == "-" ? "standard input" : printable(file);
}

Result<simulation::Scenario, Failure> read_scenario(const std::string& file) {
    auto text = read_text(file, max_scenario_bytes);
    if (!text) {
        return text.error();
    }
    auto scenario = simulation::parse_scenario(*text);
    if (!scenario) {
        return failed(scenario_name(file) + ":" + std::to_string(scenario.error().line) + ": " +
                      scenario.error().message);
    }
    return *std::move(scenario);
}

std::string prompt_folder(const std::string& prompts, const std::string& scenario) {
    if (!prompts.empty()) {
        return prompts;
    }
    const std::string parent = std::filesystem::path(scenario).parent_path().string();
    return scenario == "-" || parent.empty() ? "." : parent;
}

} // namespace keytone::tools
