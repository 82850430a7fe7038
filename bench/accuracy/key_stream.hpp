// SPDX-License-Identifier: MIT
//
// Keys as a telephone sends them, with everything that may be wrong with them.
#pragma once

#include "bench/accuracy/random.hpp"
#include "bench/accuracy/sound.hpp"

#include <complex>
#include <cstddef>

namespace keytone::accuracy {

/// How far a tone is from its nominal frequency.
struct Deviation {
    double percent = 0.0;
    double hz = 0.0; ///< In addition to the percentage.
};

/// What all keys of a stream have in common. Levels are those of each tone.
struct KeyShape {
    double tone_ms = 50.0;
    double pause_ms = 50.0; ///< Up to 1 ms longer, so that keys begin anywhere in a block.
    double low_dbm0 = -13.0;
    double high_dbm0 = -13.0;
    Deviation low{};
    Deviation high{};

    /// Mean square of the two tones.
    [[nodiscard]] double power() const { return mean_square(low_dbm0) + mean_square(high_dbm0); }
};

/// One of the sixteen keys, all equally likely.
char random_key(Random& random);

/// The two sines of one key, continuous from sample to sample, with random phases. Switched on and off
/// abruptly.
class KeyTones {
  public:
    KeyTones(char key, const KeyShape& shape, int rate_hz, Random& random);

    /// Adds the next `count` samples to `samples` from `at` on; `samples` must be long enough.
    void add_to(std::vector<float>& samples, std::size_t at, std::size_t count);
    /// Advances by `count` samples without output.
    void skip(std::size_t count);

  private:
    struct Sine {
        std::complex<double> value;
        std::complex<double> step;
    };
    Sine low_;
    Sine high_;
};

/// A line on which keys are pressed one after the other.
class KeyLine {
  public:
    /// Begins with 200 ms of silence.
    KeyLine(const KeyShape& shape, int rate_hz, Random& random);

    /// Presses any key for shape.tone_ms, followed by the pause.
    void press();
    /// Presses `key`, followed by the pause.
    void press(char key);
    /// Presses any key with an interruption of `gap_ms`: this is one key, or, if `is_pause`, two presses of
    /// the same key.
    void press_interrupted(double before_ms, double gap_ms, double after_ms, bool is_pause);
    void silence(double ms);
    /// The line, followed by another 200 ms of silence.
    Sound finish() &&;

  private:
    void pause();

    KeyShape shape_;
    Random& random_;
    Sound sound_;
};

/// `count` keys of one shape.
Sound key_stream(const KeyShape& shape, int count, int rate_hz, Random& random);

/// Adds a sine of level `dbm0` from the first sample to the last, with a random phase.
void add_sine(std::span<float> samples, double hz, double dbm0, int rate_hz, Random& random);

} // namespace keytone::accuracy
