// SPDX-License-Identifier: MIT
//
// Where in a recording keys are silenced, channel by channel, in its own frames.
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/suppressor/key_redactor.hpp"
#include "dsp/units.hpp"
#include "engine/io/offline_resampler.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace keytone::tools {

/// A key that was silenced.
struct SilencedKey {
    int channel; ///< Counted from 1.
    SampleIndex begin;
    SampleIndex end;
    char digit;
};

/// Hears a recording and silences its keys.
class FileRedaction {
  public:
    /// Silences a sample: of `channel`, counted from 0, and in `frame`, `left` / `all` are left.
    using Silencer =
        FunctionRef<void(std::size_t channel, SampleIndex frame, std::int32_t left, std::int32_t all)>;

    /// `rate` is what the file, of `file_hz`, is heard at.
    FileRedaction(SampleRate rate, int file_hz, int channels);

    /// Hears the next frames.
    void hear(std::span<const std::int16_t> interleaved);
    /// There are no more.
    void finish();
    /// Frames of which all is known.
    [[nodiscard]] SampleIndex settled() const;
    /// Silences the frames from `first` to before `end`, which is settled. Each frame's turn comes once.
    void silence(SampleIndex first, SampleIndex end, Silencer silencer);
    /// All keys, each once, by their begin.
    [[nodiscard]] std::vector<SilencedKey> keys() &&;

  private:
    struct Channel {
        KeyRedactor redactor;
        std::optional<io::OfflineResampler> to_rate; ///< Where the file has another rate.
    };

    [[nodiscard]] KeySpan in_frames(const KeySpan& span) const;
    [[nodiscard]] SampleIndex in_samples(SampleIndex frame) const;
    void hear(Channel& channel, std::span<const std::int16_t> samples);

    SampleRate rate_;
    int file_hz_;
    std::int32_t fade_; // frames
    std::vector<Channel> channels_;
    std::vector<std::int16_t> samples_;
    std::vector<SilencedKey> keys_;
    SampleIndex heard_ = 0;
    bool is_over_ = false;
};

} // namespace keytone::tools
