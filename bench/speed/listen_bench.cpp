// SPDX-License-Identifier: MIT
//
// The cost of all listeners of a leg together on N lines of speech.
//
// While one line is heard, others' listeners are fetched from memory, as a server would.
//
//     listen/keytone/1000      keys and all others
//     listen/others/1000       all but keys
//     listen/line/1000         the line listener alone, which every leg of a call has
#include "bench/all_listeners.hpp"
#include "bench/speed/lines.hpp"
#include "dsp/dtmf_detector.hpp"
#include "dsp/listener/line_listener.hpp"
#include "dsp/prefetch.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

namespace keytone::bench {
namespace {

constexpr SampleRate rate = SampleRate::narrowband();
constexpr std::size_t ahead = 4; // lines that are fetched ahead, first and then what that shows
constexpr std::size_t rest_ahead = 1;
constexpr std::size_t least_ticks = 200; // 4 s, as a person's greeting is shorter

/// How much was heard.
struct Heard {
    std::size_t keys = 0;
    std::size_t sounds = 0;
    std::size_t answers = 0;
};

class OtherEars {
  public:
    void prefetch() const { listeners_.prefetch(); }
    void prefetch_rest() const { listeners_.prefetch_rest(); }
    void hear(std::span<const std::int16_t> frame) { listeners_.hear(frame); }
    [[nodiscard]] Heard heard() const { return {0, listeners_.sounds(), listeners_.answers()}; }

  private:
    AllListeners listeners_;
};

class Ears {
  public:
    void prefetch() const {
        const auto* const detector = reinterpret_cast<const char*>(&detector_);
        prefetch_early(detector, detector + DtmfDetector::loud_size);
        listeners_.prefetch();
    }
    void prefetch_rest() const { listeners_.prefetch_rest(); }
    void hear(std::span<const std::int16_t> frame) {
        detector_.process(frame, [this](const DtmfReport& report) {
            keys_ += report.kind == DtmfReport::Kind::begin ? 1U : 0U;
        });
        listeners_.hear(frame);
    }
    [[nodiscard]] Heard heard() const { return {keys_, listeners_.sounds(), listeners_.answers()}; }

  private:
    DtmfDetector detector_{rate};
    AllListeners listeners_;
    std::size_t keys_ = 0;
};

class LineEars {
  public:
    void prefetch() const { line_.prefetch(); }
    void prefetch_rest() const {}
    void hear(std::span<const std::int16_t> frame) {
        line_.process(frame, [this](const LineEvent& /*event*/) { ++sounds_; });
    }
    [[nodiscard]] Heard heard() const { return {0, sounds_, 1}; }

  private:
    LineListener line_{rate};
    std::size_t sounds_ = 0;
};

template <class Listeners>
void listen(benchmark::State& state) {
    const Lines lines(Signal::speech, static_cast<std::size_t>(state.range(0)));
    std::vector<Listeners> ears(lines.count());
    std::size_t ticks = 0;
    const auto hear = [&] {
        for (std::size_t line = 0; line < lines.count(); ++line) {
            ears[(line + ahead) % lines.count()].prefetch();
            ears[(line + rest_ahead) % lines.count()].prefetch_rest();
            ears[line].hear(lines.frame(ticks % lines.ticks(), line));
        }
        ++ticks;
    };
    for ([[maybe_unused]] const auto _ : state) {
        hear();
    }
    while (ticks < least_ticks) {
        hear();
    }
    // Some lines hold one long sentence only.
    Heard all;
    for (const Listeners& each : ears) {
        const Heard heard = each.heard();
        all = {all.keys + heard.keys, all.sounds + heard.sounds, all.answers + heard.answers};
    }
    if (all.keys > 0 || all.sounds < lines.count() / 2 || all.answers == 0) {
        state.SkipWithError("a listener is deaf, or heard a key");
        return;
    }
    const double seconds = static_cast<double>(state.iterations()) * Lines::frame_seconds;
    state.counters["channels"] =
        benchmark::Counter(seconds * static_cast<double>(lines.count()), benchmark::Counter::kIsRate);
}
BENCHMARK_TEMPLATE(listen, Ears)->Name("listen/keytone")->Arg(100)->Arg(1'000)->Arg(10'000);
BENCHMARK_TEMPLATE(listen, OtherEars)->Name("listen/others")->Arg(100)->Arg(1'000)->Arg(10'000);
BENCHMARK_TEMPLATE(listen, LineEars)->Name("listen/line")->Arg(100)->Arg(1'000)->Arg(10'000);

} // namespace
} // namespace keytone::bench
