// SPDX-License-Identifier: MIT
#include "tests/support/live_agent.hpp"

#include "tests/support/child_process.hpp"
#include "tests/support/peer_programs.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numbers>
#include <sstream>

namespace keytone::test {

namespace {

/// How much of a second's samples is a tone, 0 to 1.
double share_of_tone(const std::vector<std::int16_t>& samples, std::size_t begin, double hz) {
    double in_phase = 0.0;
    double quadrature = 0.0;
    double power = 1.0;
    constexpr std::size_t length = 800;
    for (std::size_t i = begin; i < std::min(begin + length, samples.size()); ++i) {
        const double phase = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / 8000.0;
        in_phase += samples[i] * std::cos(phase);
        quadrature += samples[i] * std::sin(phase);
        power += static_cast<double>(samples[i]) * samples[i];
    }
    return 2.0 * (in_phase * in_phase + quadrature * quadrature) / (power * length);
}

} // namespace

bool works(const std::vector<std::string>& command) {
    return run_child("/usr/bin/env", command).exit_code == 0;
}

std::vector<json> lines_of(const std::string& text) {
    std::vector<json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        const json read = json::parse(line, nullptr, false);
        if (read.is_object()) {
            lines.push_back(read);
        }
    }
    return lines;
}

double seconds_of_tone(const std::string& wav, double hz) {
    const auto samples = sox_samples_8khz(wav);
    double seconds = 0.0;
    for (std::size_t begin = 0; begin + 800 <= samples.size(); begin += 400) {
        const auto at = samples.begin() + static_cast<std::ptrdiff_t>(begin);
        seconds +=
            *std::max_element(at, at + 800) > 4000 && share_of_tone(samples, begin, hz) > 0.9 ? 0.05 : 0.0;
    }
    return seconds == 0.0 ? 0.0 : seconds + 0.05;
}

double seconds_of_sound(const std::string& wav) {
    const auto samples = sox_samples_8khz(wav);
    return static_cast<double>(
               std::ranges::count_if(samples, [](std::int16_t s) { return std::abs(s) > 300; })) /
           8000.0;
}

std::string stays(int seconds) {
    return R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":)" + std::to_string(seconds) +
           R"(.0,"type":"based_call","id":"e1","name":"end_call","args":[{"mode":"immediate"}]}
)";
}

std::string keys(const std::vector<json>& events) {
    std::string heard;
    for (const std::string& digit : values_of(events, "digit.heard", "digit")) {
        heard += digit;
    }
    return heard;
}

} // namespace keytone::test
