// SPDX-License-Identifier: MIT
#pragma once

#include "engine/prompt.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone::test {

/// Prompts that are made quickly and easily distinguished: every word lasts 100 ms at a constant value of 100
/// times its number of characters. The recording `missing` does not exist; any other speaks its own name.
class PlainPrompts : public PromptSource {
  public:
    Result<PromptPtr, PromptError> speak(std::string_view text, SampleRate rate) override {
        std::vector<std::int16_t> samples;
        while (!text.empty()) {
            const std::size_t end = std::min(text.find(' '), text.size());
            const auto level = static_cast<std::int16_t>(100 * std::min<std::size_t>(end, 300));
            samples.resize(samples.size() + static_cast<std::size_t>(rate.hz() / 10), level);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return PromptPtr(std::make_shared<const Prompt>(Prompt{rate, std::move(samples)}));
    }
    Result<PromptPtr, PromptError> load(const std::string& name, SampleRate rate) override {
        if (name == "missing") {
            return PromptError{"missing: no such recording"};
        }
        return speak(name, rate);
    }
};

} // namespace keytone::test
