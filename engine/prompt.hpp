// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace keytone {

/// Speech, or any other sound, that is played once as it is: one channel of 16-bit samples.
struct Prompt {
    SampleRate rate;
    std::vector<std::int16_t> samples;
};

/// A prompt never changes once it is made: everyone who plays it shares it. The last holder frees its memory;
/// so the control side keeps a pointer of its own until the audio side has reported that the prompt is done.
using PromptPtr = std::shared_ptr<const Prompt>;

/// Why there is no prompt: one line that names the thing and the remedy.
struct PromptError {
    std::string message;
};

/// Makes prompts, off the audio thread: it allocates, reads files and may take long.
class PromptSource {
  public:
    PromptSource() = default;
    PromptSource(const PromptSource&) = delete;
    PromptSource& operator=(const PromptSource&) = delete;
    virtual ~PromptSource() = default;

    /// `text` (UTF-8), spoken. The same text gives the same samples every time. `[control]`
    virtual Result<PromptPtr, PromptError> speak(std::string_view text, SampleRate rate) = 0;
    /// The recording called `name`, converted to `rate`. `[control]`
    virtual Result<PromptPtr, PromptError> load(const std::string& name, SampleRate rate) = 0;
};

} // namespace keytone
