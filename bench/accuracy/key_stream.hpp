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
    double hz = 0.0; ///< On top of it.
};

/// What all keys of a stream have in common.
struct KeyShape {
    double tone_ms = 50.0;
    double pause_ms = 50.0; ///< And up to 1 ms more, so that keys meet every block at every place.
    double low_dbm0 = -13.0;
    double high_dbm0 = -13.0;
    Deviation low{};
    Deviation high{};

    /// Mean square of the two tones.
    [[nodiscard]] double power() const { return mean_square(low_dbm0) + mean_square(high_dbm0); }
};

/// One of the sixteen keys, drawn evenly.
char random_key(Random& random);

/// The two sines of one key, going on from sample to sample, with phases drawn anew. Abruptly on and off.
class KeyTones {
  public:
    KeyTones(char key, const KeyShape& shape, int rate_hz, Random& random);

    /// Adds the next `count` samples to `samples` from `at` on; they must be there.
    void add_to(std::vector<float>& samples, std::size_t at, std::size_t count);
    /// Time goes on unheard.
    void skip(std::size_t count);

  private:
    struct Sine {
        std::complex<double> value;
        std::complex<double> step;
    };
    Sine low_;
    Sine high_;
};

/// A line that keys are pressed on, one after the other.
class KeyLine {
  public:
    /// Begins with 200 ms of silence.
    KeyLine(const KeyShape& shape, int rate_hz, Random& random);

    /// Presses any key for shape.tone_ms, with the pause behind it.
    void press();
    /// Presses `key`, with the pause behind it.
    void press(char key);
    /// Presses any key, with the line interrupted for `gap_ms` in between: one key, or two if `is_pause`,
    /// when the same key is pressed again.
    void press_interrupted(double before_ms, double gap_ms, double after_ms, bool is_pause);
    void silence(double ms);
    /// The line with another 200 ms of silence.
    Sound finish() &&;

  private:
    void pause();

    KeyShape shape_;
    Random& random_;
    Sound sound_;
};

/// `count` keys of one shape.
Sound key_stream(const KeyShape& shape, int count, int rate_hz, Random& random);

/// Adds a sine of `dbm0` from the first sample to the last, with a phase drawn anew.
void add_sine(std::span<float> samples, double hz, double dbm0, int rate_hz, Random& random);

} // namespace keytone::accuracy
