// SPDX-License-Identifier: MIT
#pragma once

#include "engine/prompt.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace keytone::server {

/// Keeps what another source made: speaking takes the control thread's time once for each text, not once for
/// each call. What failed is tried again.
class KeptPrompts final : public PromptSource {
  public:
    /// How many are kept, and how many samples of them: half an hour. Further ones are made anew each time.
    static constexpr std::size_t most_kept = 1000;
    static constexpr std::size_t most_samples = std::size_t{30} * 60 * 8000;

    /// `source` outlives it. `[control]`
    explicit KeptPrompts(PromptSource& source) : source_(source) {}

    Result<PromptPtr, PromptError> speak(std::string_view text, SampleRate rate) override {
        return kept({false, std::string(text), rate.hz()}, [&] { return source_.speak(text, rate); });
    }
    Result<PromptPtr, PromptError> load(const std::string& name, SampleRate rate) override {
        return kept({true, name, rate.hz()}, [&] { return source_.load(name, rate); });
    }

  private:
    using Key = std::tuple<bool, std::string, int>; ///< Loaded, what, rate.

    template <class Make>
    Result<PromptPtr, PromptError> kept(const Key& key, Make make) {
        if (const auto found = kept_.find(key); found != kept_.end()) {
            return found->second;
        }
        auto made = make();
        if (made && kept_.size() < most_kept && samples_ + (*made)->samples.size() <= most_samples) {
            samples_ += (*made)->samples.size();
            kept_.emplace(key, *made);
        }
        return made;
    }

    PromptSource& source_;
    std::map<Key, PromptPtr> kept_;
    std::size_t samples_ = 0;
};

} // namespace keytone::server
