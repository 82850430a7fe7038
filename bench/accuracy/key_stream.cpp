// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"

#include <array>
#include <numbers>
#include <string_view>
#include <utility>

namespace keytone::accuracy {

namespace {

// ITU-T Q.23: rows from top to bottom, columns from left to right.
constexpr std::string_view keypad = "123A456B789C*0#D";
constexpr std::array<double, 4> row_hz{697.0, 770.0, 852.0, 941.0};
constexpr std::array<double, 4> column_hz{1209.0, 1336.0, 1477.0, 1633.0};
constexpr double silence_around_ms = 200.0;
constexpr double full_turn = 2.0 * std::numbers::pi;

double deviated(double hz, const Deviation& deviation) {
    return hz * (1.0 + deviation.percent / 100.0) + deviation.hz;
}

} // namespace

char random_key(Random& random) {
    return keypad[random.below(keypad.size())];
}

KeyTones::KeyTones(char key, const KeyShape& shape, int rate_hz, Random& random) {
    const std::size_t position = keypad.find(key);
    const auto sine = [&](double hz, double dbm0) {
        return Sine{std::polar(sine_peak(dbm0), random.uniform(0.0, full_turn)),
                    std::polar(1.0, full_turn * hz / rate_hz)};
    };
    low_ = sine(deviated(row_hz.at(position / 4), shape.low), shape.low_dbm0);
    high_ = sine(deviated(column_hz.at(position % 4), shape.high), shape.high_dbm0);
}

void KeyTones::add_to(std::vector<float>& samples, std::size_t at, std::size_t count) {
    for (std::size_t i = at; i < at + count; ++i) {
        samples[i] += static_cast<float>(low_.value.imag() + high_.value.imag());
        low_.value *= low_.step;
        high_.value *= high_.step;
    }
}

void KeyTones::skip(std::size_t count) {
    for (Sine* sine : {&low_, &high_}) {
        sine->value *= std::polar(1.0, std::arg(sine->step) * static_cast<double>(count));
    }
}

KeyLine::KeyLine(const KeyShape& shape, int rate_hz, Random& random)
    : shape_(shape), random_(random), sound_{rate_hz, {}, {}} {
    silence(silence_around_ms);
}

void KeyLine::silence(double ms) {
    sound_.samples.resize(sound_.samples.size() + sample_count(ms, sound_.rate_hz));
}

void KeyLine::pause() {
    silence(shape_.pause_ms + random_.uniform());
}

void KeyLine::press() {
    press(random_key(random_));
}

void KeyLine::press(char key) {
    const std::size_t at = sound_.samples.size();
    const std::size_t count = sample_count(shape_.tone_ms, sound_.rate_hz);
    sound_.samples.resize(at + count);
    KeyTones(key, shape_, sound_.rate_hz, random_).add_to(sound_.samples, at, count);
    const double onset_s = static_cast<double>(at) / sound_.rate_hz;
    sound_.keys.push_back({key, onset_s, sound_.seconds()});
    pause();
}

void KeyLine::press_interrupted(double before_ms, double gap_ms, double after_ms, bool is_pause) {
    const char key = random_key(random_);
    KeyTones tones(key, shape_, sound_.rate_hz, random_);
    const auto sound_for = [&](double ms) {
        const std::size_t at = sound_.samples.size();
        const std::size_t count = sample_count(ms, sound_.rate_hz);
        const double onset_s = sound_.seconds();
        sound_.samples.resize(at + count);
        tones.add_to(sound_.samples, at, count);
        return SentKey{key, onset_s, sound_.seconds()};
    };
    const SentKey first = sound_for(before_ms);
    tones.skip(sample_count(gap_ms, sound_.rate_hz));
    silence(gap_ms);
    if (is_pause) {
        tones = KeyTones(key, shape_, sound_.rate_hz, random_);
    }
    const SentKey second = sound_for(after_ms);
    if (is_pause) {
        sound_.keys.push_back(first);
        sound_.keys.push_back(second);
    } else {
        sound_.keys.push_back({key, first.onset_s, second.end_s});
    }
    pause();
}

Sound KeyLine::finish() && {
    silence(silence_around_ms);
    return std::move(sound_);
}

Sound key_stream(const KeyShape& shape, int count, int rate_hz, Random& random) {
    KeyLine line(shape, rate_hz, random);
    for (int i = 0; i < count; ++i) {
        line.press();
    }
    return std::move(line).finish();
}

void add_sine(std::span<float> samples, double hz, double dbm0, int rate_hz, Random& random) {
    std::complex<double> value = std::polar(sine_peak(dbm0), random.uniform(0.0, full_turn));
    const std::complex<double> step = std::polar(1.0, full_turn * hz / rate_hz);
    for (float& sample : samples) {
        sample += static_cast<float>(value.imag());
        value *= step;
    }
}

} // namespace keytone::accuracy
