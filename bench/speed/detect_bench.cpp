// SPDX-License-Identifier: MIT
//
// The cost of listening for keys on N lines. A run fails unless the keys heard are those that were sent.
//
//     detect/keytone/speech/10000     one process() a line and frame
//     detect/spandsp/speech/10000     dtmf_rx() a line and frame
//     batch/keytone/speech/100000     one call for all lines of a tick
//     scattered/keytone/100000        the same, detectors and frames of speech in a random order in memory
//     scattered/spandsp/100000        dtmf_rx(), likewise
//     cores/keytone/1, cores/keytone/2   threads, 1 000 lines of speech each
//     length/keytone/60               one line of so many seconds, in one call
//     after_keys/keytone/1000         silence, on lines that heard keys before
#include "bench/speed/lines.hpp"
#include "dsp/dtmf_batch.hpp"
#include "dsp/dtmf_detector.hpp"

#include <benchmark/benchmark.h>
#include <spandsp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace keytone::bench {
namespace {

/// The lines of the previous benchmark, if they are the same: each benchmark is run several times.
const Lines& lines(Signal signal, std::size_t count) {
    static std::unique_ptr<Lines> last;
    static Signal last_signal;
    if (last == nullptr || last_signal != signal || last->count() != count) {
        last.reset();
        last = std::make_unique<Lines>(signal, count);
        last_signal = signal;
    }
    return *last;
}

class KeytoneReceivers {
  public:
    explicit KeytoneReceivers(const Lines& lines)
        : lines_(lines),
          detectors_(lines.count(), DtmfDetector(SampleRate::narrowband())),
          checks_(lines.count()) {}

    void hear(std::size_t tick) {
        for (std::size_t line = 0; line < lines_.count(); ++line) {
            detectors_[line].process(lines_.frame(tick, line),
                                     [&](const DtmfReport& report) { take(line, report); });
        }
    }
    [[nodiscard]] const std::vector<KeyCheck>& checks() const { return checks_; }

  private:
    void take(std::size_t line, const DtmfReport& report) {
        if (report.kind == DtmfReport::Kind::begin) {
            checks_[line].take(report.key.character(), lines_.keys());
        }
    }

    const Lines& lines_;
    std::vector<DtmfDetector> detectors_;
    std::vector<KeyCheck> checks_;
};

/// By the batch call, either in memory order or in an order that is shuffled for every tick.
template <bool scattered>
class BatchReceivers {
  public:
    explicit BatchReceivers(const Lines& lines)
        : lines_(lines),
          detectors_(lines.count(), DtmfDetector(SampleRate::narrowband())),
          checks_(lines.count()),
          frames_(lines.count()),
          order_(lines.count()) {
        std::iota(order_.begin(), order_.end(), 0U);
        if (scattered) {
            std::mt19937 random(1);
            std::ranges::shuffle(order_, random);
        }
    }

    void hear(std::size_t tick) {
        for (std::size_t i = 0; i < order_.size(); ++i) {
            frames_[i] = {&detectors_[order_[i]], lines_.frame(tick, order_[i])};
        }
        process_batch(frames_, [this](std::size_t index, const DtmfReport& report) {
            if (report.kind == DtmfReport::Kind::begin) {
                checks_[order_[index]].take(report.key.character(), lines_.keys());
            }
        });
    }
    [[nodiscard]] const std::vector<KeyCheck>& checks() const { return checks_; }

  private:
    const Lines& lines_;
    std::vector<DtmfDetector> detectors_;
    std::vector<KeyCheck> checks_;
    std::vector<DtmfFrame> frames_;
    std::vector<std::uint32_t> order_;
};

template <bool scattered>
class SpandspReceivers {
  public:
    explicit SpandspReceivers(const Lines& lines)
        : lines_(lines), receivers_(lines.count()), order_(lines.count()) {
        std::iota(order_.begin(), order_.end(), 0U);
        if (scattered) {
            std::mt19937 random(1);
            std::ranges::shuffle(order_, random);
        }
        for (Receiver& receiver : receivers_) {
            receiver.keys = lines.keys();
            receiver.state.reset(dtmf_rx_init(nullptr, take, &receiver));
            if (!receiver.state) {
                throw std::bad_alloc();
            }
        }
    }

    void hear(std::size_t tick) {
        for (const std::uint32_t line : order_) {
            dtmf_rx(receivers_[line].state.get(), lines_.frame(tick, line).data(), Lines::frame_size);
        }
    }
    [[nodiscard]] std::vector<KeyCheck> checks() const {
        std::vector<KeyCheck> checks;
        for (const Receiver& receiver : receivers_) {
            checks.push_back(receiver.check);
        }
        return checks;
    }

  private:
    struct Free {
        void operator()(dtmf_rx_state_t* receiver) const { dtmf_rx_free(receiver); }
    };
    struct Receiver {
        std::unique_ptr<dtmf_rx_state_t, Free> state;
        KeyCheck check;
        std::string_view keys;
    };

    static void take(void* user, const char* digits, int count) {
        auto& receiver = *static_cast<Receiver*>(user);
        for (int i = 0; i < count; ++i) {
            receiver.check.take(digits[i], receiver.keys);
        }
    }

    const Lines& lines_;
    std::vector<Receiver> receivers_;
    std::vector<std::uint32_t> order_;
};

template <class Receivers>
void detect(benchmark::State& state, Signal signal) {
    const Lines& heard = lines(signal, static_cast<std::size_t>(state.range(0)));
    Receivers receivers(heard);
    std::size_t ticks = 0;
    for ([[maybe_unused]] const auto _ : state) {
        receivers.hear(ticks % heard.ticks());
        ++ticks;
    }
    // Whole rounds of the lines are easier to check.
    for (; ticks % heard.ticks() != 0; ++ticks) {
        receivers.hear(ticks % heard.ticks());
    }
    const auto checks = receivers.checks();
    const auto wrong = std::ranges::count_if(
        checks, [&](const KeyCheck& check) { return !check.is_right(ticks / heard.ticks(), heard.keys()); });
    if (wrong > 0) {
        const std::string message = std::to_string(wrong) + " lines of " + std::to_string(heard.count()) +
                                    " heard other keys than were sent";
        state.SkipWithError(message.c_str());
        return;
    }
    const double seconds = static_cast<double>(state.iterations()) * Lines::frame_seconds;
    state.counters["channels"] =
        benchmark::Counter(seconds * static_cast<double>(heard.count()), benchmark::Counter::kIsRate);
}

/// Every thread has its own lines and detectors.
void cores(benchmark::State& state) {
    constexpr std::size_t count = 1000;
    static const Lines heard(Signal::speech, count);
    KeytoneReceivers receivers(heard);
    std::size_t ticks = 0;
    for ([[maybe_unused]] const auto _ : state) {
        receivers.hear(ticks++ % heard.ticks());
    }
    const double seconds = static_cast<double>(state.iterations()) * Lines::frame_seconds;
    state.counters["channels"] = benchmark::Counter(seconds * count, benchmark::Counter::kIsRate);
}

/// What a signal leaves in the detector must not slow down what follows, as denormal numbers would.
void after_keys(benchmark::State& state) {
    constexpr std::size_t count = 1000;
    static const Lines keys(Signal::dtmf, count);
    static const Lines silence(Signal::silence, count);
    std::vector<DtmfDetector> detectors(count, DtmfDetector(SampleRate::narrowband()));
    std::size_t heard = 0;
    const auto hear = [&](const Lines& lines, std::size_t tick) {
        for (std::size_t line = 0; line < count; ++line) {
            detectors[line].process(lines.frame(tick % lines.ticks(), line), [&](const DtmfReport& report) {
                heard += report.kind == DtmfReport::Kind::begin ? 1U : 0U;
            });
        }
    };
    for (std::size_t tick = 0; tick < keys.ticks(); ++tick) {
        hear(keys, tick);
    }
    std::size_t tick = 0;
    for ([[maybe_unused]] const auto _ : state) {
        hear(silence, tick++);
    }
    if (heard + count < count * keys.keys().size()) {
        state.SkipWithError("keys are missing");
        return;
    }
    const double seconds = static_cast<double>(state.iterations()) * Lines::frame_seconds;
    state.counters["channels"] = benchmark::Counter(seconds * count, benchmark::Counter::kIsRate);
}

/// One line, as from a file, in one call.
void length(benchmark::State& state) {
    const auto seconds = static_cast<double>(state.range(0));
    const Lines& speech = lines(Signal::speech, 100);
    std::vector<std::int16_t> samples;
    for (std::size_t line = 0; static_cast<double>(samples.size()) < 8000.0 * seconds; ++line) {
        for (std::size_t tick = 0; tick < speech.ticks(); ++tick) {
            const auto frame = speech.frame(tick, line % speech.count());
            samples.insert(samples.end(), frame.begin(), frame.end());
        }
    }
    DtmfDetector detector(SampleRate::narrowband());
    std::size_t keys = 0;
    for ([[maybe_unused]] const auto _ : state) {
        detector.process(samples, [&](const DtmfReport& report) {
            keys += report.kind == DtmfReport::Kind::begin ? 1U : 0U;
        });
    }
    if (keys > 0) {
        state.SkipWithError("there are no keys in speech");
        return;
    }
    state.counters["channels"] = benchmark::Counter(static_cast<double>(state.iterations()) *
                                                        static_cast<double>(samples.size()) / 8000.0,
                                                    benchmark::Counter::kIsRate);
}

const bool registered = [] {
    constexpr std::array<std::int64_t, 6> counts{1, 16, 100, 1'000, 10'000, 100'000};
    for (const Signal signal : {Signal::speech, Signal::dtmf, Signal::silence}) {
        const std::string of(name(signal));
        for (const std::int64_t count : counts) {
            const auto add = [&](const std::string& what, void (*run)(benchmark::State&, Signal)) {
                benchmark::RegisterBenchmark((what + of).c_str(), run, signal)->Arg(count);
            };
            add("detect/keytone/", detect<KeytoneReceivers>);
            add("detect/spandsp/", detect<SpandspReceivers<false>>);
            add("batch/keytone/", detect<BatchReceivers<false>>);
        }
    }
    constexpr std::int64_t most = counts.back();
    benchmark::RegisterBenchmark("scattered/keytone", detect<BatchReceivers<true>>, Signal::speech)
        ->Arg(most);
    benchmark::RegisterBenchmark("scattered/spandsp", detect<SpandspReceivers<true>>, Signal::speech)
        ->Arg(most);
    benchmark::RegisterBenchmark("after_keys/keytone/1000", after_keys);
    for (const int threads : {1, 2}) {
        benchmark::RegisterBenchmark("cores/keytone", cores)->Threads(threads)->UseRealTime();
    }
    for (const std::int64_t seconds : {1, 10, 60, 600}) {
        benchmark::RegisterBenchmark("length/keytone", length)->Arg(seconds);
    }
    return true;
}();

} // namespace
} // namespace keytone::bench
