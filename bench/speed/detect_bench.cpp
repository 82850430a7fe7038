// SPDX-License-Identifier: MIT
//
// What it costs to listen for keys on N lines. Each run fails unless the keys heard are those that were sent.
//
//     detect/keytone/speech/10000     one process() a line and frame
//     batch/keytone/speech/10000      one call for all lines of a tick
//     scattered/keytone/speech/10000  the same, detectors and frames in a random order in memory
//     detect/spandsp/speech/10000     dtmf_rx() a line and frame
#include "bench/speed/lines.hpp"
#include "dsp/dtmf_detector.hpp"

#include <benchmark/benchmark.h>
#include <spandsp.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace keytone::bench {
namespace {

/// The lines of the benchmark before, as long as they are the same: benchmarks are run several times over.
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

class SpandspReceivers {
  public:
    explicit SpandspReceivers(const Lines& lines) : lines_(lines), receivers_(lines.count()) {
        for (Receiver& receiver : receivers_) {
            receiver.keys = lines.keys();
            receiver.state.reset(dtmf_rx_init(nullptr, take, &receiver));
            if (!receiver.state) {
                throw std::bad_alloc();
            }
        }
    }

    void hear(std::size_t tick) {
        for (std::size_t line = 0; line < lines_.count(); ++line) {
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
    // Whole rounds are easier to check.
    for (; ticks % heard.ticks() != 0; ++ticks) {
        receivers.hear(ticks % heard.ticks());
    }
    const auto checks = receivers.checks();
    const auto wrong = std::ranges::count_if(
        checks, [&](const KeyCheck& check) { return !check.is_right(ticks / heard.ticks(), heard.keys()); });
    if (wrong > 0) {
        const std::string message =
            std::to_string(wrong) + " lines of " + std::to_string(heard.count()) + " heard other keys than were sent";
        state.SkipWithError(message.c_str());
        return;
    }
    const double seconds = static_cast<double>(state.iterations()) * Lines::frame_seconds;
    state.counters["channels"] = benchmark::Counter(seconds * static_cast<double>(heard.count()),
                                                    benchmark::Counter::kIsRate);
}

const bool registered = [] {
    for (const Signal signal : {Signal::speech, Signal::dtmf, Signal::silence}) {
        for (const std::int64_t count : {1, 16, 100, 1'000, 10'000, 100'000}) {
            const auto add = [&](const char* receiver, auto&& run) {
                const std::string full = std::string("detect/") + receiver + "/" + std::string(name(signal));
                benchmark::RegisterBenchmark(full.c_str(), run, signal)->Arg(count);
            };
            add("keytone", detect<KeytoneReceivers>);
            add("spandsp", detect<SpandspReceivers>);
        }
    }
    return true;
}();

} // namespace
} // namespace keytone::bench
