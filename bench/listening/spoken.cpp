// SPDX-License-Identifier: MIT
#include "bench/listening/spoken.hpp"

#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/sound.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>

namespace keytone::listening {

namespace {

constexpr double softest_under_voice_db = 25.0;
constexpr double least_over_noise_db = 3.0;
constexpr double least_over_own_noise_db = 6.0;
// What is louder is voice, as a short recording may have no pause that shows its noise.
constexpr double loudest_own_noise_under_voice_db = 15.0;
constexpr double softest_sound_dbm0 = -50.0;
constexpr std::size_t frames_of_voice = 3;
constexpr std::size_t own_noise_part = 10; // the softest one in so many frames is no louder than it
constexpr std::size_t step = accuracy::recording_rate_hz / 100;

std::vector<double> powers_of(std::span<const float> samples) {
    std::vector<double> powers;
    for (std::size_t at = 0; at + step <= samples.size(); at += step) {
        powers.push_back(accuracy::mean_square(samples.subspan(at, step)));
    }
    return powers;
}

double own_noise(std::vector<double> powers) {
    const auto softest = powers.begin() + std::ssize(powers) / static_cast<std::ptrdiff_t>(own_noise_part);
    std::ranges::nth_element(powers, softest);
    return *softest;
}

/// The sample after the last frame that is louder.
std::size_t end_of(std::span<const double> powers, double least) {
    std::size_t frames = powers.size();
    while (frames > 0 && powers[frames - 1] <= least) {
        --frames;
    }
    return frames * step;
}

} // namespace

bool holds_words(std::string_view name) {
    constexpr std::array<std::string_view, 6> others{
        "beep", "monkey", "tone", "silence", "confbridge-join.", "confbridge-leave.",
    };
    return std::ranges::none_of(
        others, [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

std::vector<accuracy::Clip> spoken_prompts(bool to_judge) {
    const auto corpora = to_judge ? std::vector{accuracy::judging_prompts()}
                                  : std::vector{accuracy::telephone_prompts(), accuracy::packaged_speech()};
    std::vector<accuracy::Clip> found;
    for (const accuracy::Corpus& corpus : corpora) {
        std::ranges::copy_if(corpus.clips, std::back_inserter(found), [](const accuracy::Clip& clip) {
            return clip.kind.starts_with("asterisk") && holds_words(clip.name);
        });
    }
    if (found.empty()) {
        throw std::runtime_error(corpora.front().missing.front());
    }
    return found;
}

Spoken spoken(std::span<const float> samples, double voice, double noise) {
    using accuracy::power_ratio;
    const std::vector<double> powers = powers_of(samples);
    Spoken found;
    if (powers.empty()) {
        return found;
    }
    const double over_noise = noise * power_ratio(least_over_noise_db);
    const double loud = std::max(voice * power_ratio(-softest_under_voice_db), over_noise);
    const double least = std::max(loud, std::min(own_noise(powers) * power_ratio(least_over_own_noise_db),
                                                 voice * power_ratio(-loudest_own_noise_under_voice_db)));
    std::size_t run = 0;
    for (std::size_t i = 0; i < powers.size(); ++i) {
        run = powers[i] > least ? run + 1 : 0;
        if (run == frames_of_voice) {
            const std::size_t begin = (i + 1 - run) * step;
            found.begin = found.end == 0 ? begin : found.begin;
            found.longest_pause = std::max(found.longest_pause, found.end == 0 ? 0 : begin - found.end);
        }
        found.end = run >= frames_of_voice ? (i + 1) * step : found.end;
    }
    found.loud_end = end_of(powers, loud);
    found.sound_end =
        std::max(found.end, end_of(powers, std::max(noise, accuracy::mean_square(softest_sound_dbm0))));
    return found;
}

} // namespace keytone::listening
