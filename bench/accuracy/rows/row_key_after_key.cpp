// SPDX-License-Identifier: MIT
//
// What directly follows a key, with no gap or a short one, ends it: another key, which is heard too, other
// tones, a voice, noise.
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/rows/rows.hpp"
#include "bench/accuracy/rows/timed_lines.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

namespace keytone::accuracy {

namespace {

constexpr std::string_view keypad = "123A456B789C*0#D";
constexpr std::array gaps_ms{0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0};
constexpr double shortest_ms = 40.0;
constexpr double longest_ms = 1000.0;
constexpr double key_tolerance_ms = 5.0;
// The tolerance where there is no gap between two keys and one is of the shortest length.
constexpr double shortest_tolerance_ms = 10.0;
constexpr double other_tolerance_ms = 10.0;
constexpr double between_ms = 200.0;
constexpr KeyShape shape{};

/// Half of them as short as keys may be, as those of automatic diallers are; the others of any length,
/// distributed so that short and long ones are equally common.
double any_length_ms(Random& random) {
    return random.uniform() < 0.5 ? shortest_ms
                                  : shortest_ms * std::pow(longest_ms / shortest_ms, random.uniform());
}

/// All pairs of different keys, with one gap; only every `step`th of them, beginning at `from`.
TimedSound pairs(double gap_ms, std::size_t from, std::size_t step, int rate_hz, Random& random) {
    TimedLine line(rate_hz, random);
    for (std::size_t pair = from; pair < keypad.size() * keypad.size(); pair += step) {
        const std::array keys{keypad[pair / keypad.size()], keypad[pair % keypad.size()]};
        if (keys[0] == keys[1]) {
            continue;
        }
        line.silence(between_ms + random.uniform(0.0, 5.0));
        const std::array lengths_ms{any_length_ms(random), any_length_ms(random)};
        const bool is_shortest = gap_ms == 0.0 && std::min(lengths_ms[0], lengths_ms[1]) < shortest_ms + 1.0;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const double onset_ms = line.now_ms();
            KeyTones tones(keys.at(i), shape, rate_hz, random);
            line.sound(tones, lengths_ms.at(i));
            line.expect(keys.at(i), onset_ms, line.now_ms(), line.now_ms(),
                        is_shortest ? shortest_tolerance_ms : key_tolerance_ms);
            line.silence(i == 0 ? gap_ms : 0.0);
        }
    }
    return std::move(line).finish();
}

/// Adds what follows a key whose tones have `dbm0` each.
using Follower = std::function<void(TimedLine& line, double dbm0, Random& random)>;

TimedSound followed(const Follower& follow, int rate_hz, Random& random) {
    TimedLine line(rate_hz, random);
    for (const char key : keypad) {
        line.silence(between_ms + random.uniform(0.0, 5.0));
        const double onset_ms = line.now_ms();
        KeyTones tones(key, shape, rate_hz, random);
        line.sound(tones, random.uniform(shortest_ms, 4.0 * shortest_ms));
        line.expect(key, onset_ms, line.now_ms(), line.now_ms(), other_tolerance_ms);
        follow(line, shape.low_dbm0, random);
    }
    return std::move(line).finish();
}

constexpr double least_after_ms = 60.0;
constexpr double most_after_ms = 600.0;
constexpr double softest_after_db = -6.0;
constexpr double loudest_after_db = 6.0;

Follower tones_of(std::vector<double> hz) {
    return [hz = std::move(hz)](TimedLine& line, double dbm0, Random& random) {
        line.sines(hz, dbm0 + random.uniform(softest_after_db, loudest_after_db),
                   random.uniform(least_after_ms, most_after_ms));
    };
}

/// White noise of the power of both tones together, or up to 6 dB more or less.
void noise_follows(TimedLine& line, double dbm0, Random& random) {
    std::vector<float> noise(sample_count(random.uniform(least_after_ms, most_after_ms), line.rate_hz()));
    // The same power below 4 kHz at every rate.
    const double power = 2.0 * mean_square(dbm0 + random.uniform(softest_after_db, loudest_after_db)) *
                         line.rate_hz() / recording_rate_hz;
    for (float& sample : noise) {
        sample = static_cast<float>(std::sqrt(power) * random.normal());
    }
    line.samples(noise);
}

/// A prompt from where it is loud, with the power of both tones together, or up to 6 dB more or less.
void speech_follows(TimedLine& line, double dbm0, Random& random) {
    const Recording& prompt = prompts()[random.below(prompts().size())];
    const double power = active_mean_square(prompt.samples, recording_rate_hz);
    const auto loud = std::ranges::find_if(prompt.samples, [&](float sample) {
        return static_cast<double>(sample) * static_cast<double>(sample) > power;
    });
    const std::size_t most = sample_count(most_after_ms, recording_rate_hz);
    std::vector<float> voice(loud, prompt.samples.end());
    voice.resize(std::min(voice.size(), most));
    const double gain = std::sqrt(
        2.0 * mean_square(dbm0 + random.uniform(softest_after_db, loudest_after_db)) / std::max(power, 1e-9));
    for (float& sample : voice) {
        sample *= static_cast<float>(gain);
    }
    line.samples(line.rate_hz() == recording_rate_hz
                     ? voice
                     : resampled(voice, static_cast<double>(line.rate_hz()) / recording_rate_hz));
}

} // namespace

Outcome measure_key_after_key(const Setting& setting) {
    // At the higher rates, in a quick run, a third of the pairs for each gap.
    const std::size_t step = setting.quick && setting.rate_hz != recording_rate_hz ? 3 : 1;
    Outcome outcome;
    outcome.lines.push_back(
        all_in_time(setting,
                    "all 240 pairs of different keys, gaps of 0 to 40 ms, times \xC2\xB1"
                    "5 ms",
                    gaps_ms.size(), [&](const Column&, std::size_t number, int rate_hz, Random& random) {
                        return pairs(gaps_ms.at(number), number % step, step, rate_hz, random);
                    }));
    const std::size_t times = setting.quick ? 2 : 12;
    const auto add = [&](const std::string& what, const Follower& follow) {
        outcome.lines.push_back(all_in_time(setting,
                                            what + " at once behind a key, its times \xC2\xB1"
                                                   "10 ms",
                                            times,
                                            [&](const Column&, std::size_t, int rate_hz, Random& random) {
                                                return followed(follow, rate_hz, random);
                                            }));
    };
    add("914 Hz", tones_of({914.0}));
    add("1100 Hz", tones_of({1100.0}));
    add("900+1300 Hz", tones_of({900.0, 1300.0}));
    add("700+1100 Hz", tones_of({700.0, 1100.0}));
    add("white noise", noise_follows);
    if (!prompts().empty()) {
        add("speech", speech_follows);
    }
    return outcome;
}

} // namespace keytone::accuracy
