// SPDX-License-Identifier: MIT
//
// The echo of a key in a line or a room is no key. The same key pressed again is one.
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"
#include "bench/accuracy/rows/timed_lines.hpp"

#include <array>
#include <cmath>
#include <string_view>
#include <vector>

namespace keytone::accuracy {

namespace {

constexpr std::string_view keypad = "123A456B789C*0#D";
constexpr double between_ms = 300.0;
constexpr double tolerance_ms = 5.0;
constexpr double shortest_ms = 50.0;
constexpr double longest_ms = 150.0;
constexpr KeyShape shape{};

/// Everything that is sent, with its echo added.
Comparison echoed(const Setting& setting) {
    constexpr double delay_ms = 20.0;
    constexpr double echo_db = -10.0;
    return compare_points(setting, 1,
                          [&](std::size_t, int digits, Random& random) {
                              Sound sound = key_stream({}, digits, setting.rate_hz, random);
                              const std::size_t delay = sample_count(delay_ms, setting.rate_hz);
                              const auto gain = static_cast<float>(std::sqrt(power_ratio(echo_db)));
                              // From the end, so that each sample gets the echo of a sample that has none
                              // yet.
                              for (std::size_t i = sound.samples.size(); i-- > delay;) {
                                  sound.samples[i] += gain * sound.samples[i - delay];
                              }
                              return sound;
                          })
        .front();
}

/// A key, and its tones again, weaker.
TimedSound again_weaker(const Column& column, std::size_t, int rate_hz, Random& random) {
    constexpr double least_delay_ms = 10.0;
    constexpr double most_delay_ms = 120.0;
    constexpr double least_loss_db = 10.0;
    constexpr double most_loss_db = 40.0;
    constexpr double shortest_echo_ms = 20.0;
    constexpr double longest_echo_ms = 150.0;
    // Weaker tones after an interruption continue the key, up to this difference; near the limits, either
    // result is right.
    constexpr double most_weaker_db = 12.0 + 1.0;
    constexpr double gap_error_ms = 2.0;
    TimedLine line(rate_hz, random);
    for (const char key : keypad) {
        line.silence(between_ms + random.uniform(0.0, 5.0));
        const double onset_ms = line.now_ms();
        KeyTones tones(key, shape, rate_hz, random);
        line.sound(tones, random.uniform(shortest_ms, longest_ms));
        const double end_ms = line.now_ms();
        const double delay_ms = random.uniform(least_delay_ms, most_delay_ms);
        line.silence(delay_ms);
        const double loss_db = random.uniform(least_loss_db, most_loss_db);
        KeyTones echo(key, shape, rate_hz, random);
        line.sound(echo, random.uniform(shortest_echo_ms, longest_echo_ms), [&](double) { return -loss_db; });
        const bool may_go_on = delay_ms <= column.interruption_ms + gap_error_ms && loss_db <= most_weaker_db;
        line.expect(key, onset_ms, end_ms, may_go_on ? line.now_ms() : end_ms, tolerance_ms);
    }
    return std::move(line).finish();
}

/// Keys in a room, at 8 kHz: their sound, followed by a decaying echo made of noise.
TimedSound in_a_room(const Column&, std::size_t, int, Random& random) {
    constexpr int rate = 8000;
    constexpr double least_decay_ms = 150.0; // to decay by 60 dB
    constexpr double most_decay_ms = 600.0;
    constexpr double least_direct_db = 9.0; // over all echoes together
    constexpr double most_direct_db = 15.0;
    TimedLine line(rate, random);
    const double decay_ms = random.uniform(least_decay_ms, most_decay_ms);
    for (int i = 0; i < 8; ++i) {
        line.silence(between_ms + random.uniform(0.0, 5.0));
        const double onset_ms = line.now_ms();
        const char key = random_key(random);
        KeyTones tones(key, shape, rate, random);
        line.sound(tones, random.uniform(shortest_ms, longest_ms));
        const double end_ms = line.now_ms();
        line.silence(decay_ms);
        // Any length of the echo may be counted as part of the key.
        line.expect(key, onset_ms, end_ms, line.now_ms(), 2.0 * tolerance_ms);
    }
    TimedSound room = std::move(line).finish();
    std::vector<double> response(sample_count(decay_ms, rate));
    double energy = 0.0;
    for (std::size_t n = 0; n < response.size(); ++n) {
        const double since = static_cast<double>(n) / static_cast<double>(response.size());
        response[n] = random.normal() * std::sqrt(power_ratio(-60.0 * since));
        energy += response[n] * response[n];
    }
    const double gain = std::sqrt(power_ratio(-random.uniform(least_direct_db, most_direct_db)) / energy);
    const std::vector<float> direct = room.sound.samples;
    for (std::size_t n = 0; n < direct.size(); ++n) {
        if (direct[n] != 0.0F) {
            const std::size_t end = std::min(response.size(), direct.size() - n);
            for (std::size_t m = 0; m < end; ++m) {
                room.sound.samples[n + m] += static_cast<float>(gain * response[m]) * direct[n];
            }
        }
    }
    return room;
}

/// The same key twice, with the shortest pause that separates two keys.
TimedSound pressed_again(const Column& column, std::size_t, int rate_hz, Random& random) {
    constexpr double most_different_db = 3.0;
    TimedLine line(rate_hz, random);
    for (const char key : keypad) {
        line.silence(between_ms + random.uniform(0.0, 5.0));
        for (int i = 0; i < 2; ++i) {
            const double onset_ms = line.now_ms();
            const double gain_db = i == 0 ? 0.0 : random.uniform(-most_different_db, most_different_db);
            KeyTones tones(key, shape, rate_hz, random);
            line.sound(tones, random.uniform(shortest_ms, longest_ms), [&](double) { return gain_db; });
            line.expect(key, onset_ms, line.now_ms(), line.now_ms(), tolerance_ms);
            line.silence(i == 0 ? column.pause_ms : 0.0);
        }
    }
    return std::move(line).finish();
}

} // namespace

Outcome measure_echo(const Setting& setting) {
    const std::size_t times = setting.quick ? 6 : 40;
    return {
        {all_heard(setting,
                   "echo after 20 ms at \xE2\x88\x92"
                   "10 dB",
                   echoed(setting)),
         all_in_time(setting, "10 to 120 ms behind a key, the same tones 10 to 40 dB weaker: one key", times,
                     again_weaker),
         all_in_time(setting, "a room that decays by 60 dB in 150 to 600 ms: one key each", times, in_a_room),
         all_in_time(setting,
                     "the same key again, its level \xC2\xB1"
                     "3 dB, behind the shortest pause: two",
                     times, pressed_again)}};
}

} // namespace keytone::accuracy
