// SPDX-License-Identifier: MIT
#pragma once

#include "bench/accuracy/random.hpp"
#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_generator.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace keytone::bench {

/// Counts of what a line has sent, and of what was heard of it.
struct SoakCount {
    std::uint64_t sent = 0;  ///< Keys sent.
    std::uint64_t exact = 0; ///< Heard as sent: the key, within 3 ms of its onset and of its duration.
    std::uint64_t wrong = 0; ///< Heard, but not sent; or another key; or at another time.

    SoakCount& operator+=(const SoakCount& other);
    [[nodiscard]] bool all_exact() const { return exact == sent && wrong == 0; }
};

/// One line, which runs for as long as needed: speech, silence and digit strings in turn, in A-law or µ-law;
/// some frames are lost while no key is sent. It knows what it sent, and compares that with what is heard.
class SoakLine {
  public:
    /// `speech` is long, holds no key, and must outlive the line.
    SoakLine(std::uint64_t seed, std::span<const std::int16_t> speech);
    /// Runs the next 20 ms.
    void tick();
    /// Runs a second of silence, so that the last key is heard, too.
    void finish();
    [[nodiscard]] const SoakCount& count() const { return count_; }

  private:
    static constexpr std::size_t frame_size = 160;

    struct Sent {
        char key;
        SampleIndex onset;
        SampleCount duration;
    };
    enum class Part { speech, silence, keys };

    void begin_part();
    void begin_keys();
    void hear(const DtmfReport& report);
    void forget_first();

    accuracy::Random random_;
    std::span<const std::int16_t> speech_;
    DtmfDetector detector_{SampleRate::narrowband()};
    std::optional<DtmfGenerator> generator_;
    Part part_ = Part::silence;
    SampleCount left_ = 0; // samples left of the part
    std::size_t at_ = 0;   // position in the speech
    bool is_ulaw_;
    std::array<Sent, 32> sent_{}; // a ring: the keys that were not heard yet
    std::size_t first_sent_ = 0;
    std::size_t waiting_ = 0;
    SoakCount count_;
};

} // namespace keytone::bench
