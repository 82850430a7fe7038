// SPDX-License-Identifier: MIT
#include "bench/listening/prompt_ends.hpp"

#include "bench/accuracy/random.hpp"
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"
#include "dsp/listener/line_listener.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>
#include <optional>
#include <span>
#include <string_view>

namespace keytone::listening {

namespace {

using accuracy::sample_count;

constexpr int rate_hz = accuracy::recording_rate_hz;
constexpr double lead_ms = 1000.0;
constexpr double after_ms = 3000.0; // and the silence
constexpr double tolerance_ms = 200.0;
constexpr double softest_under_voice_db = 25.0;
constexpr double least_over_noise_db = 3.0;
constexpr double quiet_line_dbm0 = -75.0;
constexpr int harmonics = 5;
constexpr double shortest_prompt_ms = 200.0;

/// Not tones, chimes and animals.
bool holds_words(const std::string& name) {
    constexpr std::array<std::string_view, 6> others{
        "beep", "monkey", "tone", "silence", "confbridge-join.", "confbridge-leave.",
    };
    return std::ranges::none_of(others,
                                [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

double noise_power(const Prompt& prompt, const LineBeside& beside) {
    return beside.snr_db > 0.0 ? prompt.voice * accuracy::power_ratio(-beside.snr_db)
                               : accuracy::mean_square(quiet_line_dbm0);
}

/// Of one harmonic of the hum, from the first.
double harmonic_dbm0(const LineBeside& beside, int number) {
    return beside.hum_dbm0 - 6.0 * (number - 1);
}

double hum_power(const LineBeside& beside) {
    double power = 0.0;
    for (int number = 1; number <= harmonics && beside.hum_hz > 0.0; ++number) {
        power += accuracy::mean_square(harmonic_dbm0(beside, number));
    }
    return power;
}

/// Where the voice of a prompt is: every 10 ms that are at most 25 dB softer than all of it, and at least 3
/// dB louder than the noise.
struct Extent {
    std::size_t end = 0;
    std::size_t longest_pause = 0;
};

Extent extent(const Prompt& prompt, const LineBeside& beside) {
    const double noise = noise_power(prompt, beside) + hum_power(beside);
    const double least = std::max(prompt.voice * accuracy::power_ratio(-softest_under_voice_db),
                                  noise * accuracy::power_ratio(least_over_noise_db));
    const std::size_t step = sample_count(10.0, rate_hz);
    Extent found;
    for (std::size_t at = 0; at + step <= prompt.samples.size(); at += step) {
        if (accuracy::mean_square(std::span<const float>(prompt.samples).subspan(at, step)) > least) {
            found.longest_pause = found.end == 0 ? 0 : std::max(found.longest_pause, at - found.end);
            found.end = at + step;
        }
    }
    return found;
}

std::vector<float> line_with(const Prompt& prompt, const LineBeside& beside, double silence_ms,
                             accuracy::Random& random) {
    std::vector<float> line(sample_count(lead_ms, rate_hz));
    line.insert(line.end(), prompt.samples.begin(), prompt.samples.end());
    line.resize(line.size() + sample_count(after_ms + silence_ms, rate_hz));
    const double noise = std::sqrt(noise_power(prompt, beside));
    for (float& sample : line) {
        sample += static_cast<float>(noise * random.normal());
    }
    if (beside.hum_hz > 0.0) {
        const double phase = random.uniform(0.0, 2.0 * std::numbers::pi);
        for (std::size_t n = 0; n < line.size(); ++n) {
            for (int k = 1; k <= harmonics; ++k) {
                const double turns = beside.hum_hz * k * static_cast<double>(n) / rate_hz;
                line[n] += static_cast<float>(accuracy::sine_peak(harmonic_dbm0(beside, k)) *
                                              std::sin(2.0 * std::numbers::pi * turns + phase * k));
            }
        }
    }
    return line;
}

/// The sample at which a gate opens that has waited for the prompt's end since the line's beginning.
std::optional<SampleIndex> opened(std::span<const std::int16_t> line, SampleCount silence) {
    LineListener listener(SampleRate::narrowband());
    const auto frame = static_cast<std::size_t>(listener.frame());
    for (; line.size() >= frame; line = line.subspan(frame)) {
        listener.process(line.first(frame), [](const LineEvent&) {});
        const auto quiet = listener.quiet_since();
        if (quiet && listener.last_words() && listener.heard_to() - *quiet >= silence) {
            return listener.heard_to();
        }
    }
    return std::nullopt;
}

} // namespace

std::vector<Prompt> prompts_to_end(const std::filesystem::path& cache, bool to_judge, std::size_t most) {
    std::vector<accuracy::Clip> clips;
    for (const auto& corpus : to_judge
                                  ? std::vector{accuracy::judging_prompts()}
                                  : std::vector{accuracy::telephone_prompts(), accuracy::packaged_speech()}) {
        std::ranges::copy_if(corpus.clips, std::back_inserter(clips), [](const accuracy::Clip& clip) {
            return clip.kind.starts_with("asterisk") && holds_words(clip.name);
        });
    }
    std::vector<Prompt> found;
    for (const accuracy::Clip& clip :
         a_part_of(clips, std::max<std::size_t>(1, (clips.size() + most - 1) / most))) {
        Prompt prompt{clip.name, clip_samples(clip, cache, rate_hz), 0.0};
        prompt.voice = accuracy::active_mean_square(prompt.samples, rate_hz);
        if (extent(prompt, {}).end > sample_count(shortest_prompt_ms, rate_hz)) {
            found.push_back(std::move(prompt));
        }
    }
    return found;
}

PromptEnds hear_ends(const std::vector<Prompt>& prompts, const LineBeside& beside, double silence_ms,
                     accuracy::Work& work) {
    const auto silence = static_cast<SampleCount>(sample_count(silence_ms, rate_hz));
    const auto tolerance = static_cast<SampleCount>(sample_count(tolerance_ms, rate_hz));
    std::vector<std::optional<SampleIndex>> openings(prompts.size());
    work.for_each(prompts.size(), [&](std::size_t i) {
        accuracy::Random random(i + 1);
        openings[i] = opened(accuracy::to_pcm(line_with(prompts[i], beside, silence_ms, random)), silence);
    });
    PromptEnds ends;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        const Prompt& prompt = prompts[i];
        const Extent voice = extent(prompt, beside);
        const auto due = static_cast<SampleIndex>(sample_count(lead_ms, rate_hz) + voice.end) + silence;
        const bool premature = openings[i] && *openings[i] < due - tolerance;
        if (static_cast<SampleCount>(voice.longest_pause) >= silence - tolerance) {
            ++ends.with_pause;
            ends.in_pause += premature ? 1 : 0;
            continue;
        }
        const bool late = !openings[i] || *openings[i] > due + tolerance;
        ++ends.prompts;
        ++(premature ? ends.premature : late ? ends.late : ends.right);
        if (premature || late) {
            ends.wrong.push_back(prompt.name + (premature ? " premature" : openings[i] ? " late" : " never"));
        }
    }
    return ends;
}

} // namespace keytone::listening
