// SPDX-License-Identifier: MIT
//
// A server's load: N calls of two legs, a tick every 20 ms, all on one thread. Every leg hears speech, with
// pauses, from a place of its own; one call in ten hears keys; one in ten sends keys, one in five plays a
// prompt, one in four is bridged. Each run checks that the keys heard are those that were sent.
//
//     keytone_bench --benchmark_filter=load
//     keytone_bench --benchmark_filter=load --benchmark_format=json
#include "bench/allocation_count.hpp"
#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"
#include "engine/io/flite_prompts.hpp"
#include "engine/session.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace keytone::bench {
namespace {

constexpr std::size_t tick = 160; // 20 ms at 8 kHz
constexpr double tick_ms = 20.0;
constexpr std::size_t ticks = 1000;
constexpr std::size_t idle_ticks = 50; // before time is measured: calls are answered, requests submitted

using Samples = std::vector<std::int16_t>;

/// Speech with the pauses of a conversation, long enough that no two legs hear the same at once.
Samples conversation(PromptSource& prompts) {
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
    Samples samples;
    for (const char* const sentence : sentences) {
        const auto prompt = prompts.speak(sentence, SampleRate::narrowband());
        if (prompt) {
            samples.insert(samples.end(), (*prompt)->samples.begin(), (*prompt)->samples.end());
        }
        samples.insert(samples.end(), pause, std::int16_t{0});
    }
    return samples;
}

/// A caller who presses keys all the time.
Samples keying(std::size_t length, std::size_t& keys) {
    const auto digits = DigitString::parse("1234567890*#w").value();
    const auto generator = DtmfGenerator::create(digits, {}, SampleRate::narrowband()).value();
    Samples samples(static_cast<std::size_t>(generator.length()));
    DtmfGenerator once = generator;
    once.generate(std::span(samples));
    keys = 0;
    generator.for_each_tone([&keys](const DtmfGenerator::Tone&) { ++keys; });
    const std::size_t period = samples.size();
    const std::size_t periods = length / period;
    keys *= periods;
    samples.resize(length, 0);
    for (std::size_t i = period; i < periods * period; ++i) {
        samples[i] = samples[i - period];
    }
    return samples;
}

/// Everything that the calls hear.
struct World {
    io::FlitePrompts prompts{"."};
    Samples speech = conversation(prompts);
    std::size_t keys = 0; // in `keyed`
    Samples keyed = keying((ticks - idle_ticks) * tick, keys);
};

/// One call, and where in the conversation its legs are.
struct LoadedCall {
    std::unique_ptr<Session> session;
    PerLeg<std::size_t> place;
    bool hears_keys;
    std::size_t heard = 0;
};

void ask(Session& session, Request request) {
    session.submit({"", std::nullopt, std::move(request)});
}

void tell(Session& session, Fact::Kind kind, Leg leg) {
    Fact fact{};
    fact.kind = kind;
    fact.leg = leg;
    session.submit({"", std::nullopt, fact});
}

LoadedCall make_call(std::size_t index, World& world) {
    SessionConfig config;
    config.prompts = &world.prompts;
    config.mix_bridge = true;
    LoadedCall call{std::make_unique<Session>(config), {}, index % 10 == 0, 0};
    for (const Leg leg : both_legs) {
        // Starting points far apart and in no order, as calls come in.
        const std::size_t leg_index = 2 * index + static_cast<std::size_t>(leg);
        call.place[leg] = leg_index * 2'654'435'761U % (world.speech.size() - tick);
    }
    tell(*call.session, Fact::Kind::leg_answered, Leg::a);
    return call;
}

/// Submits what the agent of the call asks for.
void submit_work(LoadedCall& call, std::size_t index) {
    if (index % 10 == 1) {
        ClickIvr click;
        click.digits = std::string(DigitString::max_length, '7');
        ask(*call.session, click);
    } else if (index % 5 == 2) {
        Say say;
        say.text = "Please listen carefully, as our menu options have changed.";
        ask(*call.session, say);
    } else if (index % 4 == 3) {
        Transfer transfer;
        transfer.phone_number = "+15551234567";
        transfer.extension = "221";
        ask(*call.session, transfer);
    }
}

void take_outcomes(LoadedCall& call) {
    while (const auto outcome = call.session->poll()) {
        call.heard += std::holds_alternative<DigitHeard>(outcome->what) && outcome->leg == Leg::a ? 1U : 0U;
        const auto* const intent = std::get_if<Intent>(&outcome->what);
        if (intent != nullptr && intent->what == Intent::Do::dial) {
            tell(*call.session, Fact::Kind::leg_answered, Leg::b);
        }
    }
}

/// Processes one leg's next 20 ms.
void process_leg(LoadedCall& call, Leg leg, std::size_t now, const World& world,
                 std::span<std::int16_t> sent) {
    std::span<const std::int16_t> heard;
    if (call.hears_keys && leg == Leg::a) {
        heard = now < idle_ticks ? std::span(world.speech).first(tick)
                                 : std::span(world.keyed).subspan((now - idle_ticks) * tick, tick);
    } else {
        std::size_t& place = call.place[leg];
        heard = std::span(world.speech).subspan(place, tick);
        place = place + 2 * tick > world.speech.size() ? 0 : place + tick;
    }
    std::ranges::fill(sent, std::int16_t{0});
    call.session->process(leg, heard, sent);
}

double milliseconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

void load(benchmark::State& state) {
    static World world;
    const auto count = std::max<std::size_t>(1, static_cast<std::size_t>(state.range(0)));
    const std::size_t before = allocated_bytes();
    std::vector<LoadedCall> calls;
    calls.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        calls.push_back(make_call(i, world));
    }
    const std::size_t bytes = (allocated_bytes() - before) / count;
    std::array<std::int16_t, tick> sent{};
    std::vector<double> tick_times;
    for ([[maybe_unused]] const auto _ : state) {
        for (std::size_t now = 0; now < ticks; ++now) {
            if (now == idle_ticks / 2) {
                for (std::size_t i = 0; i < count; ++i) {
                    submit_work(calls[i], i);
                }
            }
            const auto begin = std::chrono::steady_clock::now();
            for (LoadedCall& call : calls) {
                for (const Leg leg : both_legs) {
                    process_leg(call, leg, now, world, sent);
                }
            }
            if (now >= idle_ticks) {
                tick_times.push_back(milliseconds_since(begin));
            }
            std::ranges::for_each(calls, take_outcomes);
        }
    }
    for (const LoadedCall& call : calls) {
        if (call.hears_keys && call.heard != world.keys) {
            const std::string message =
                "heard " + std::to_string(call.heard) + " keys of " + std::to_string(world.keys);
            state.SkipWithError(message.c_str());
            return;
        }
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
