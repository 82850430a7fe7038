// SPDX-License-Identifier: MIT
//
// Keys of which not only the digit is checked, but also when they begin and how long they are:
//
//     sent      |-------1-------||--2--|
//     reported   |------1------|              right: within the tolerance
//                |--------1------------|      wrong: too long, and 2 is missed
#pragma once

#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/sound.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace keytone::accuracy {

/// A key that was pressed, and the times that may be reported for it.
struct TimedKey {
    char key;
    double onset_s;
    double least_end_s;
    double most_end_s;
    double tolerance_s; ///< Of the onset, and of the length.
};

/// Counts of keys; scores can be added.
struct TimedScore {
    std::int64_t sent = 0;
    std::int64_t right = 0; ///< Reported with correct times.
    std::int64_t extra = 0; ///< Reports of anything else.

    TimedScore& operator+=(const TimedScore& other);
    [[nodiscard]] bool perfect() const { return right == sent && extra == 0; }
    [[nodiscard]] double right_percent() const;

    friend bool operator==(const TimedScore&, const TimedScore&) = default;
};

/// Scores the reports of ends; both are sorted by time.
TimedScore score(std::span<const TimedKey> sent, std::span<const KeytoneReport> reports, int rate_hz);

/// A sound, and its keys with their times.
struct TimedSound {
    Sound sound;
    std::vector<TimedKey> keys;
};

/// A line on which tones change their level and follow each other closely. Times are in milliseconds.
class TimedLine {
  public:
    /// The gain in dB at a time from the tones' first sample.
    using Course = std::function<double(double ms)>;

    /// Begins with 200 ms of silence.
    TimedLine(int rate_hz, Random& random);

    void silence(double ms);
    /// `tones` for `ms`.
    void sound(KeyTones& tones, double ms, const Course& gain_db = steady);
    /// Sines of these frequencies, at this level each.
    void sines(std::span<const double> hz, double dbm0, double ms);
    void samples(std::span<const float> samples);
    /// A key was pressed at `onset_ms`; its end may be reported between the other two times.
    void expect(char key, double onset_ms, double least_end_ms, double most_end_ms, double tolerance_ms);

    /// The time at the end of the line so far.
    [[nodiscard]] double now_ms() const { return 1000.0 * sound_.sound.seconds(); }
    [[nodiscard]] int rate_hz() const { return sound_.sound.rate_hz; }
    /// The line, followed by another 400 ms of silence.
    TimedSound finish() &&;

    static double steady(double) { return 0.0; }

  private:
    std::size_t extend(double ms);

    Random& random_;
    TimedSound sound_;
};

} // namespace keytone::accuracy
