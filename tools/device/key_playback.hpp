// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"
#include "engine/io/device/audio_stream.hpp"
#include "tools/render/digit_stream.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace keytone::tools {

/// Sends digits on every channel of a device, and silence after them.
class KeyPlayback final : public io::StreamClient {
  public:
    /// `[control]`
    KeyPlayback(DigitStream stream, std::size_t channels) : stream_(std::move(stream)), channels_(channels) {}

    /// `[audio]`
    void on_block(const io::AudioBlock& block) noexcept KEYTONE_NONBLOCKING override {
        std::span<std::int16_t> sent = block.sent;
        while (!sent.empty()) {
            const auto mono = std::span(mono_).first(std::min(mono_.size(), sent.size() / channels_));
            std::ranges::fill(mono.subspan(stream_.generate(mono)), std::int16_t{0});
            for (const std::int16_t sample : mono) {
                std::ranges::fill(sent.first(channels_), sample);
                sent = sent.subspan(channels_);
            }
        }
        position_.fetch_add(static_cast<SampleCount>(block.frames), std::memory_order_release);
    }

    /// Samples that were passed to the device, including the silence after the digits. `[any]`
    [[nodiscard]] SampleIndex position() const noexcept { return position_.load(std::memory_order_acquire); }

  private:
    DigitStream stream_;
    std::size_t channels_;
    std::array<std::int16_t, 1024> mono_{};
    std::atomic<SampleIndex> position_{0};
};

} // namespace keytone::tools
