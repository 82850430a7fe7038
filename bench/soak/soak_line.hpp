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

/// What a line has sent, and what was heard of it.
struct SoakCount {
    std::uint64_t sent = 0;  ///< Keys.
    std::uint64_t exact = 0; ///< Heard as sent: the key, within 3 ms of its onset and of its duration.
    std::uint64_t wrong = 0; ///< Heard, but not sent; or another key; or at another time.

    SoakCount& operator+=(const SoakCount& other);
    [[nodiscard]] bool all_exact() const { return exact == sent && wrong == 0; }
};

/// One line for as long as anyone wants: speech, silence and digit strings by turns, in A-law or µ-law, some
/// of its frames lost while nothing is keyed. It knows what it sent, and compares.
class SoakLine {
  public:
    /// `speech` is long, holds no key, and outlives the line.
    SoakLine(std::uint64_t seed, std::span<const std::int16_t> speech);
    /// The next 20 ms.
    void tick();
    /// A second of silence: what was sent last is heard too.
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
    SampleCount left_ = 0; // of the part
    std::size_t at_ = 0;   // in the speech
    bool is_ulaw_;
    std::array<Sent, 32> sent_{}; // a ring: those that were not heard yet
    std::size_t first_sent_ = 0;
    std::size_t waiting_ = 0;
    SoakCount count_;
};

} // namespace keytone::bench
