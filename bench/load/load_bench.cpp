// SPDX-License-Identifier: MIT
//
// A server's load: N calls of two legs, a tick every 20 ms, all on one thread. Each run checks that the keys
// heard are those that were sent.
//
//     keytone_bench --benchmark_filter=load
//     keytone_bench --benchmark_filter=load --benchmark_format=json
#include "bench/allocation_count.hpp"
#include "bench/load/loaded_calls.hpp"
#include "engine/io/flite_prompts.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace keytone::bench {
namespace {

constexpr double tick_ms = 20.0;
constexpr std::size_t ticks = 1000;

/// Speech with the pauses of a conversation.
LoadSound::Samples conversation(PromptSource& prompts) {
    constexpr std::array sentences{
        "Good morning, this is the service department, how can I help you today?",
        "I would like to ask about the order that I placed two weeks ago, it has not arrived yet.",
        "Let me have a look. Could you tell me the number of your order, please?",
        "One moment, I have to find the letter. Here it is. It begins with seven four two.",
        "Thank you. I can see that it was sent on Monday, so it should be with you tomorrow.",
        "That is very good to hear. And if nobody is at home, where will it be left?",
        "The driver will leave it with a neighbour, and put a note into your letter box.",
        "All right then, thank you very much for your help, and have a nice day. Goodbye!",
    };
    constexpr std::size_t pause = 8000;
    LoadSound::Samples samples;
    for (const char* const sentence : sentences) {
        const auto prompt = prompts.speak(sentence, SampleRate::narrowband());
        if (prompt) {
            samples.insert(samples.end(), (*prompt)->samples.begin(), (*prompt)->samples.end());
        }
        samples.insert(samples.end(), pause, std::int16_t{0});
    }
    return samples;
}

/// Everything that the calls hear.
struct World {
    io::FlitePrompts prompts{"."};
    LoadSound sound{conversation(prompts), ticks};
};

double milliseconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

void load(benchmark::State& state) {
    static World world;
    const auto count = std::max<std::size_t>(1, static_cast<std::size_t>(state.range(0)));
    const std::size_t before = allocated_bytes();
    LoadedCalls calls(count, world.prompts, world.sound);
    const std::size_t bytes = (allocated_bytes() - before) / count;
    std::vector<double> tick_times;
    for ([[maybe_unused]] const auto _ : state) {
        for (std::size_t now = 0; now < ticks; ++now) {
            calls.submit(now);
            const auto begin = std::chrono::steady_clock::now();
            calls.process(now);
            if (now >= LoadedCalls::idle_ticks) {
                tick_times.push_back(milliseconds_since(begin));
            }
            calls.take_outcomes();
        }
    }
    if (calls.wrong() > 0) {
        const std::string message = std::to_string(calls.wrong()) + " calls heard other keys than the " +
                                    std::to_string(world.sound.keys);
        state.SkipWithError(message.c_str());
        return;
    }
    std::ranges::sort(tick_times);
    const auto quantile = [&](double share) {
        return tick_times[static_cast<std::size_t>(share * static_cast<double>(tick_times.size() - 1))];
    };
    state.counters["tick_ms_median"] = quantile(0.5);
    state.counters["tick_ms_p999"] = quantile(0.999);
    state.counters["tick_ms_worst"] = tick_times.back();
    state.counters["us_per_call"] = 1000.0 * quantile(0.5) / static_cast<double>(count);
    state.counters["calls_per_core"] = tick_ms / quantile(0.5) * static_cast<double>(count);
    state.counters["bytes_per_call"] = static_cast<double>(bytes);
}
BENCHMARK(load)->RangeMultiplier(10)->Range(1, 10'000)->Iterations(1)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace keytone::bench
