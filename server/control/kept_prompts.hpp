// SPDX-License-Identifier: MIT
#pragma once

#include "engine/prompt.hpp"

#include <compare>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace keytone::server {

/// Keeps what another source made, and makes what prepare() asks for on a thread of its own: a call that has
/// much to say does not delay the others. What failed is tried again.
class KeptPrompts final : public PromptSource {
  public:
    /// How many are kept, and how many samples of them: half an hour. What was used longest ago goes first.
    static constexpr std::size_t most_kept = 1000;
    static constexpr std::size_t most_samples = std::size_t{30} * 60 * 8000;

    /// `source` outlives it, and may be used by two threads. `[control]`
    explicit KeptPrompts(PromptSource& source);
    /// Waits for the prompt that is being made. `[control]`
    ~KeptPrompts() override;

    /// Whether this text, or this recording where one is named, has been made: speak() or load() then returns
    /// at once. Else it is made meanwhile; ask again. `[control]`
    [[nodiscard]] bool prepare(std::string_view text, const std::optional<std::string>& recording,
                               SampleRate rate);

    /// What is not kept is made here and now. `[control]`
    Result<PromptPtr, PromptError> speak(std::string_view text, SampleRate rate) override;
    Result<PromptPtr, PromptError> load(const std::string& name, SampleRate rate) override;

  private:
    struct Key {
        bool is_recording;
        std::string what;
        int rate_hz;

        auto operator<=>(const Key&) const = default;
    };
    using Made = Result<PromptPtr, PromptError>;
    struct Kept {
        Made made;
        std::uint64_t used;
    };

    void work(const std::stop_token& stop);
    Made get(const Key& key);
    Made make(const Key& key);
    void keep(const Key& key, const Made& made);
    void make_room();

    PromptSource& source_;
    std::mutex mutex_; ///< Of all below; never held while a prompt is made.
    std::condition_variable_any is_wanted_;
    std::deque<Key> wanted_; ///< As many as there are calls, at most: each waits for one.
    std::set<Key> pending_;  ///< Those, and what is being made.
    std::map<Key, Kept> kept_;
    std::size_t samples_ = 0;
    std::uint64_t uses_ = 0;
    std::jthread worker_; // last: it uses all of the above
};

} // namespace keytone::server
