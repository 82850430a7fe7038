// SPDX-License-Identifier: MIT
#include "bench/listening/beeps.hpp"

#include "bench/accuracy/recordings.hpp"
#include "bench/listening/spandsp_tones.hpp"
#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/line_listener.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace keytone::listening {

namespace {

using accuracy::Random;
using accuracy::sample_count;

constexpr int rate_hz = accuracy::recording_rate_hz;
constexpr double lowest_hz = 350.0;
constexpr double highest_hz = 2200.0;
// Between these, a single tone may be call progress: it is reported only after 7 s.
constexpr double progress_low_hz = 370.0;
constexpr double progress_high_hz = 530.0;
constexpr double edge_ms = 3.0;
constexpr double after_ms = 1500.0;
constexpr double in_time_ms = 130.0; // 120 ms, and a frame's rest

bool may_be_progress(double hz) {
    return hz > progress_low_hz && hz < progress_high_hz;
}

/// A beep's one or two frequencies at its begin, and by what they are multiplied until its end.
struct Pitch {
    double hz;
    double second_hz;
    double glide;
};

bool is_allowed(const Pitch& pitch, bool pair) {
    const double end_hz = pitch.hz * pitch.glide;
    const bool inside = std::min(pitch.hz, end_hz) >= lowest_hz && std::max(pitch.hz, end_hz) <= highest_hz;
    if (!pair) {
        return inside && !may_be_progress(pitch.hz) && !may_be_progress(end_hz);
    }
    const bool key =
        pitch.hz > 670.0 && pitch.hz < 970.0 && pitch.second_hz > 1170.0 && pitch.second_hz < 1680.0;
    return inside && pitch.second_hz >= 800.0 && pitch.second_hz <= highest_hz && !key;
}

Pitch draw_pitch(const BeepKind& kind, Random& random) {
    Pitch pitch{};
    do {
        pitch.hz = lowest_hz * std::pow(highest_hz / lowest_hz, random.uniform());
        pitch.glide = std::pow(kind.most_glide, random.uniform(-1.0, 1.0));
        pitch.second_hz = kind.pair ? pitch.hz * random.uniform(1.25, 2.5) : 0.0;
    } while (!is_allowed(pitch, kind.pair));
    return pitch;
}

std::vector<float> beep(const Pitch& pitch, double ms, double dbm0) {
    std::vector<float> samples(sample_count(ms, rate_hz));
    const double peak = accuracy::sine_peak(pitch.second_hz > 0.0 ? dbm0 - 3.0 : dbm0);
    const double edge = edge_ms * rate_hz / 1000.0;
    double turns = 0.0;
    double second_turns = 0.0;
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const double part = static_cast<double>(n) / static_cast<double>(samples.size());
        const double inside = static_cast<double>(std::min(n, samples.size() - 1 - n));
        const double glide = std::pow(pitch.glide, part);
        turns += pitch.hz * glide / rate_hz;
        second_turns += pitch.second_hz * glide / rate_hz;
        double sample = std::sin(2.0 * std::numbers::pi * turns);
        sample += pitch.second_hz > 0.0 ? std::sin(2.0 * std::numbers::pi * second_turns) : 0.0;
        samples[n] = static_cast<float>(peak * std::min(1.0, inside / edge) * sample);
    }
    return samples;
}

/// A second of 440 and 480 Hz, or of 425 Hz.
std::vector<float> ringing(double dbm0, Random& random) {
    const bool pair = random.uniform() < 0.5;
    std::vector<float> samples =
        beep({pair ? 440.0 : 425.0, pair ? 480.0 : 0.0, 1.0}, pair ? 2000.0 : 1000.0, dbm0);
    samples.resize(samples.size() + sample_count(random.uniform(300.0, 3000.0), rate_hz));
    return samples;
}

} // namespace

BeepCall beep_call(const BeepKind& kind, const BeepLine& line, const std::vector<Prompt>& prompts,
                   bool by_spandsp, Random& random) {
    const double dbm0 = random.uniform(-28.0, -8.0);
    std::vector<float> samples(sample_count(500.0, rate_hz));
    if (random.uniform() < 0.3) {
        const std::vector<float> ring = ringing(dbm0, random);
        samples.insert(samples.end(), ring.begin(), ring.end());
    }
    if (random.uniform() < 0.8 && !prompts.empty()) {
        const Prompt& prompt = prompts[random.below(prompts.size())];
        const double gain =
            std::sqrt(accuracy::mean_square(dbm0 + random.uniform(-5.0, 5.0)) / std::max(prompt.voice, 1e-9));
        for (const float sample : prompt.samples) {
            samples.push_back(static_cast<float>(gain) * sample);
        }
    }
    samples.resize(samples.size() + sample_count(random.uniform(100.0, 1000.0), rate_hz));
    const Pitch pitch = draw_pitch(kind, random);
    const double ms = random.uniform(kind.shortest_ms, kind.longest_ms);
    const std::vector<float> tone = by_spandsp && pitch.glide == 1.0
                                        ? steady_tone_by_spandsp({pitch.hz, pitch.second_hz}, ms, dbm0)
                                        : beep(pitch, ms, dbm0);
    samples.insert(samples.end(), tone.begin(), tone.end());
    BeepCall call{{}, samples.size()};
    samples.resize(samples.size() + sample_count(after_ms, rate_hz));
    const double noise =
        std::sqrt(line.snr_db > 0.0 ? accuracy::mean_square(dbm0) * accuracy::power_ratio(-line.snr_db)
                                    : accuracy::mean_square(-70.0));
    for (float& sample : samples) {
        sample += static_cast<float>(noise * random.normal());
    }
    call.samples = accuracy::to_pcm(samples);
    if (line.codec != nullptr) {
        call.samples = line.codec(call.samples);
    }
    return call;
}

BeepCount hear_beep(const BeepCall& call) {
    const auto end = static_cast<SampleIndex>(call.end);
    const auto near = static_cast<SampleIndex>(sample_count(60.0, rate_hz));
    const auto in_time = static_cast<SampleIndex>(sample_count(in_time_ms, rate_hz));
    BeepCount count{.sent = 1};
    LineListener listener(SampleRate::narrowband());
    BeepListener beeps(SampleRate::narrowband());
    beeps.process(listener, call.samples, [&](const LineEvent& event) {
        if (event.kind != LineEvent::Kind::beep_ended) {
            return;
        }
        const bool right = count.heard == 0 && event.at > end - near && event.at < end + near;
        count.heard += right ? 1 : 0;
        count.heard_in_time += right && event.known <= end + in_time ? 1 : 0;
        count.extra += right ? 0 : 1;
    });
    return count;
}

} // namespace keytone::listening
