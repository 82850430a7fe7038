// SPDX-License-Identifier: MIT
//
// The detector on the audio thread, and whatever else listens there; the reports are passed to the control
// side in rings.
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_limits.hpp"
#include "dsp/levels.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/io/device/audio_stream.hpp"
#include "engine/media/spsc_ring.hpp"
#include "tools/listen/line_ear.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

namespace keytone::tools {

/// Listens to one channel of a device.
class LineMonitor final : public io::StreamClient {
  public:
    /// Reports that can wait for the control side: those of five seconds of the shortest keys.
    static constexpr std::size_t ring_capacity = 256;
    static constexpr SampleCount unlimited = std::numeric_limits<SampleCount>::max();

    /// Listens to channel `channel`, counted from 0, of `channels`; to at most `limit` samples of it. `all`:
    /// not for keys alone, but for call progress of this country, too. `[control]`
    LineMonitor(SampleRate rate, const DtmfLimits& limits, std::size_t channels, std::size_t channel,
                SampleCount limit = unlimited, std::optional<Country> all = std::nullopt)
        : detector_(rate, limits),
          channels_(channels),
          channel_(channel),
          limit_(limit),
          things_(ring_capacity),
          reports_(ring_capacity) {
        if (all) {
            ear_.emplace(rate, *all);
        }
    }

    /// `[audio]`
    void on_block(const io::AudioBlock& block) noexcept KEYTONE_NONBLOCKING override {
        const SampleCount before = detector_.position();
        const auto frames =
            static_cast<std::size_t>(std::min(static_cast<SampleCount>(block.frames), limit_ - before));
        if (block.heard.empty()) {
            detector_.process_lost(static_cast<SampleCount>(frames),
                                   [this](const auto& report) { put(report); });
            hear_silence(frames);
        }
        std::uint64_t energy = energy_.load(std::memory_order_relaxed);
        const std::size_t heard = block.heard.empty() ? 0 : frames;
        for (std::size_t done = 0; done < heard;) {
            const auto mono = std::span(mono_).first(std::min(mono_.size(), heard - done));
            for (std::int16_t& sample : mono) {
                sample = block.heard[done * channels_ + channel_];
                energy += static_cast<std::uint64_t>(std::int32_t{sample} * std::int32_t{sample});
                ++done;
            }
            detector_.process(mono, [this](const auto& report) { put(report); });
            hear(mono);
        }
        energy_.store(energy, std::memory_order_relaxed);
        position_.store(detector_.position(), std::memory_order_release);
    }

    /// Reports what the detector still held back. Only after the stream has ended. `[control]`
    void finish() {
        detector_.finish([this](const auto& report) { put(report); });
        if (ear_) {
            ear_->finish([this](const HeardThing& thing) { put(thing); });
        }
    }

    /// The next report, if there is one. `[control]`
    std::optional<DtmfReport> poll() noexcept {
        std::optional<DtmfReport> report;
        reports_.try_pop(report);
        return report;
    }

    /// The next thing that is no key, if there is one. `[control]`
    std::optional<HeardThing> poll_thing() noexcept {
        std::optional<HeardThing> thing;
        things_.try_pop(thing);
        return thing;
    }

    /// Level of what was heard since the last call; minus infinity for silence. `[control]`
    Dbm0 level_since() noexcept {
        const SampleIndex position = this->position();
        const std::uint64_t energy = energy_.load(std::memory_order_relaxed);
        // The sum may wrap around: the difference is right nevertheless.
        const auto sum = static_cast<double>(energy - seen_energy_);
        const auto count = static_cast<double>(std::max(SampleCount{1}, position - seen_position_));
        seen_energy_ = energy;
        seen_position_ = position;
        return mean_square_level(sum / count / (full_scale_pcm16 * full_scale_pcm16));
    }

    /// Samples heard. `[any]`
    [[nodiscard]] SampleIndex position() const noexcept { return position_.load(std::memory_order_acquire); }
    /// Reports that were lost because the ring was full. `[any]`
    [[nodiscard]] std::uint64_t reports_lost() const noexcept {
        return lost_.load(std::memory_order_relaxed);
    }

  private:
    void put(const DtmfReport& report) noexcept {
        if (ear_ && report.kind == DtmfReport::Kind::end) {
            ear_->note_key(report.onset, report.onset + report.duration);
        }
        if (!reports_.try_push(report)) {
            lost_.fetch_add(1, std::memory_order_relaxed);
        }
    }
    void put(const HeardThing& thing) noexcept {
        if (!things_.try_push(thing)) {
            lost_.fetch_add(1, std::memory_order_relaxed);
        }
    }

    void hear(std::span<const std::int16_t> samples) noexcept {
        if (ear_) {
            ear_->process(samples, [this](const HeardThing& thing) { put(thing); });
        }
    }
    void hear_silence(std::size_t frames) noexcept {
        if (!ear_) {
            return;
        }
        mono_.fill(0);
        for (; frames > 0; frames -= std::min(frames, mono_.size())) {
            hear(std::span(mono_).first(std::min(frames, mono_.size())));
        }
    }

    DtmfDetector detector_;
    std::size_t channels_;
    std::size_t channel_;
    SampleCount limit_;
    std::array<std::int16_t, 1024> mono_{};
    std::optional<LineEar> ear_;
    SpscRing<std::optional<HeardThing>> things_;
    SpscRing<std::optional<DtmfReport>> reports_; ///< optional, as a report has no default value.
    std::atomic<SampleIndex> position_{0};
    std::atomic<std::uint64_t> energy_{0}; ///< Sum of all squares, modulo 2^64.
    std::atomic<std::uint64_t> lost_{0};
    // Used by the control side only: where it last read the level.
    std::uint64_t seen_energy_ = 0;
    SampleIndex seen_position_ = 0;
};

} // namespace keytone::tools
