// SPDX-License-Identifier: MIT
#include "bench/listening/prompt_ends.hpp"

#include "bench/accuracy/random.hpp"
#include "bench/accuracy/recordings.hpp"
#include "bench/listening/spoken.hpp"
#include "dsp/listener/line_listener.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <optional>
#include <span>

namespace keytone::listening {

namespace {

using accuracy::sample_count;

constexpr int rate_hz = accuracy::recording_rate_hz;
constexpr double lead_ms = 1000.0;
constexpr double after_ms = 3000.0; // and the silence
constexpr double tolerance_ms = 200.0;
constexpr double quiet_line_dbm0 = -75.0;
constexpr int harmonics = 5;
constexpr double shortest_prompt_ms = 200.0;

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

/// Where the prompt is heard on such a line.
Spoken extent(const Prompt& prompt, const LineBeside& beside) {
    return spoken(prompt.samples, prompt.voice, noise_power(prompt, beside) + hum_power(beside));
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
    const std::vector<accuracy::Clip> clips = spoken_prompts(to_judge);
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

namespace {

/// The prompt's true end is that of its voice, or of what sounds behind it, or between the two.
void count(PromptEnds& ends, const Prompt& prompt, const Spoken& voice, std::optional<SampleIndex> opening,
           SampleCount silence) {
    const auto tolerance = static_cast<SampleCount>(sample_count(tolerance_ms, rate_hz));
    const auto due = [&](std::size_t end) {
        return static_cast<SampleIndex>(sample_count(lead_ms, rate_hz) + end) + silence;
    };
    const bool premature = opening && *opening < due(voice.end) - tolerance;
    if (static_cast<SampleCount>(voice.longest_pause) >= silence - tolerance) {
        ++ends.with_pause;
        ends.in_pause += premature ? 1 : 0;
        return;
    }
    const bool late = !opening || *opening > due(voice.sound_end) + tolerance;
    ++ends.prompts;
    ++(premature ? ends.premature : late ? ends.late : ends.right);
    if (premature || late) {
        ends.wrong.push_back(prompt.name + (premature ? " premature" : opening ? " late" : " never"));
    }
    const SampleIndex loud_due = due(voice.loud_end);
    ends.right_by_level += opening && std::abs(*opening - loud_due) <= tolerance ? 1 : 0;
    ends.premature_by_level += opening && *opening < loud_due - tolerance ? 1 : 0;
}

} // namespace

PromptEnds hear_ends(const std::vector<Prompt>& prompts, const LineBeside& beside, double silence_ms,
                     accuracy::Work& work) {
    const auto silence = static_cast<SampleCount>(sample_count(silence_ms, rate_hz));
    std::vector<std::optional<SampleIndex>> openings(prompts.size());
    work.for_each(prompts.size(), [&](std::size_t i) {
        accuracy::Random random(i + 1);
        openings[i] = opened(accuracy::to_pcm(line_with(prompts[i], beside, silence_ms, random)), silence);
    });
    PromptEnds ends;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        count(ends, prompts[i], extent(prompts[i], beside), openings[i], silence);
    }
    return ends;
}

} // namespace keytone::listening
