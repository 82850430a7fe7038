// SPDX-License-Identifier: MIT
#pragma once

#include "engine/prompt.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace keytone::io {

/// Speaks by flite (English, its voice kal), and loads recordings from a folder. flite's voice slt is not
/// offered: it says the same text slightly differently each time.
class FlitePrompts : public PromptSource {
  public:
    /// The longest prompt, spoken or loaded, in seconds.
    static constexpr int max_seconds = 600;

    /// load() finds recordings in `folder` and below, and nowhere else. With an empty `folder` a name may be
    /// any path: for hosts whose names do not come from outside. `[control]`
    explicit FlitePrompts(std::string folder);
    ~FlitePrompts() override;

    /// At most 2000 characters; see spoken_text() for those beyond ASCII. The active speech level is -20
    /// dBm0, without clipping; silence before and after is at most 20 ms. While someone holds a prompt, the
    /// same text at the same rate returns that same prompt. Several sources may be used from several threads:
    /// they wait for each other, as flite speaks one text at a time.
    /// Errors: those of spoken_text(), longer than max_seconds. `[control]`
    Result<PromptPtr, PromptError> speak(std::string_view text, SampleRate rate) override;

    /// Loads any file that AudioReader opens, of one channel; its level and length stay as they are. While
    /// someone holds a prompt and its file does not change, the same name at the same rate returns that same
    /// prompt.
    /// Errors: a name that leaves the folder, no such file, no audio file, more than one channel, longer than
    /// max_seconds, no samples. `[control]`
    Result<PromptPtr, PromptError> load(const std::string& name, SampleRate rate) override;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace keytone::io
