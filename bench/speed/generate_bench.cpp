// SPDX-License-Identifier: MIT
//
// The cost of sending keys all the time, 100 ms each and 100 ms apart; and a leg's whole work: G.711 in, keys
// listened for, keys sent, G.711 out. A run fails unless what was sent is heard.
//
//     generate/keytone  generate/spandsp
//     leg/keytone       leg/spandsp
#include "bench/speed/lines.hpp"
#include "dsp/digit_string.hpp"
#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/g711.hpp"

#include <benchmark/benchmark.h>
#include <spandsp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::bench {
namespace {

constexpr std::size_t frame = Lines::frame_size;
constexpr std::string_view digits = "1234567890ABCD*#";
constexpr std::size_t legs = 100;

using Frame = std::array<std::int16_t, frame>;
using Codes = std::array<std::uint8_t, frame>;

class KeytoneSender {
  public:
    KeytoneSender()
        : generator_(DtmfGenerator::create(DigitString::parse(looped()).value(), {}, rate).value()) {}

    void send(std::span<std::int16_t> out) {
        const std::size_t made = generator_.generate(out);
        if (made < out.size()) {
            generator_.reset();
            generator_.generate(out.subspan(made));
        }
    }

  private:
    static constexpr SampleRate rate = SampleRate::narrowband();
    // As many keys as one string holds, and a pause before they begin again.
    static std::string looped() {
        std::string keys;
        while (keys.size() + digits.size() < DigitString::max_length) {
            keys += digits;
        }
        return keys + "w";
    }

    DtmfGenerator generator_;
};

class SpandspSender {
  public:
    SpandspSender() : state_(dtmf_tx_init(nullptr)) {
        if (!state_) {
            throw std::bad_alloc();
        }
        dtmf_tx_set_timing(state_.get(), 100, 100);
    }

    void send(std::span<std::int16_t> out) {
        int made = dtmf_tx(state_.get(), out.data(), static_cast<int>(out.size()));
        while (made < static_cast<int>(out.size())) {
            dtmf_tx_put(state_.get(), digits.data(), static_cast<int>(digits.size()));
            made += dtmf_tx(state_.get(), out.data() + made, static_cast<int>(out.size()) - made);
        }
    }

  private:
    struct Free {
        void operator()(dtmf_tx_state_t* state) const { dtmf_tx_free(state); }
    };
    std::unique_ptr<dtmf_tx_state_t, Free> state_;
};

/// How many keys keytone hears in what is sent in `frames` frames.
template <class Sender>
std::size_t keys_sent_in(std::size_t frames) {
    Sender sender;
    DtmfDetector detector(SampleRate::narrowband());
    std::size_t keys = 0;
    for (std::size_t i = 0; i < frames; ++i) {
        Frame out;
        sender.send(out);
        detector.process(out, [&](const DtmfReport& report) {
            const bool is_next = report.kind == DtmfReport::Kind::begin &&
                                 report.key.character() == digits[keys % digits.size()];
            keys += is_next ? 1U : 0U;
        });
    }
    return keys;
}

template <class Sender>
void generate(benchmark::State& state) {
    constexpr std::size_t checked_frames = 500;
    if (keys_sent_in<Sender>(checked_frames) + 1 < checked_frames / 10) {
        state.SkipWithError("keys are missing from what was generated");
        return;
    }
    std::vector<Sender> senders(legs);
    Frame out;
    for ([[maybe_unused]] const auto _ : state) {
        for (Sender& sender : senders) {
            sender.send(out);
            benchmark::DoNotOptimize(out);
        }
    }
    state.counters["channels"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * legs * Lines::frame_seconds, benchmark::Counter::kIsRate);
}
BENCHMARK(generate<KeytoneSender>)->Name("generate/keytone");
BENCHMARK(generate<SpandspSender>)->Name("generate/spandsp");

class KeytoneLeg {
  public:
    void process(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
        Frame heard;
        g711_decode(G711Law::ulaw, in, heard);
        detector_.process(heard, [this](const DtmfReport& report) {
            if (report.kind == DtmfReport::Kind::begin) {
                check_.take(report.key.character(), digits);
            }
        });
        Frame sent;
        sender_.send(sent);
        g711_encode(G711Law::ulaw, sent, out);
    }
    [[nodiscard]] const KeyCheck& check() const { return check_; }

  private:
    DtmfDetector detector_{SampleRate::narrowband()};
    KeytoneSender sender_;
    KeyCheck check_;
};

class SpandspLeg {
  public:
    SpandspLeg() : detector_(dtmf_rx_init(nullptr, take, &check_)) {
        if (!detector_) {
            throw std::bad_alloc();
        }
    }
    SpandspLeg(const SpandspLeg&) = delete;
    SpandspLeg& operator=(const SpandspLeg&) = delete;

    void process(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
        Frame heard;
        std::ranges::transform(in, heard.begin(), ulaw_to_linear);
        dtmf_rx(detector_.get(), heard.data(), static_cast<int>(heard.size()));
        Frame sent;
        sender_.send(sent);
        std::ranges::transform(sent, out.begin(), [](std::int16_t sample) { return linear_to_ulaw(sample); });
    }
    [[nodiscard]] const KeyCheck& check() const { return check_; }

  private:
    struct Free {
        void operator()(dtmf_rx_state_t* state) const { dtmf_rx_free(state); }
    };
    static void take(void* user, const char* keys, int count) {
        for (int i = 0; i < count; ++i) {
            static_cast<KeyCheck*>(user)->take(keys[i], digits);
        }
    }

    KeyCheck check_;
    std::unique_ptr<dtmf_rx_state_t, Free> detector_;
    SpandspSender sender_;
};

/// Nine legs of ten hear speech, and one hears keys; all of them send keys.
template <class Leg>
void leg(benchmark::State& state) {
    static const Lines speech(Signal::speech, legs);
    static const Lines keys(Signal::dtmf, legs);
    static const auto encoded = [] {
        std::vector<Codes> frames(speech.ticks() * legs);
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const std::size_t line = i % legs;
            g711_encode(G711Law::ulaw, (line % 10 == 0 ? keys : speech).frame(i / legs, line), frames[i]);
        }
        return frames;
    }();
    std::vector<std::unique_ptr<Leg>> all;
    for (std::size_t i = 0; i < legs; ++i) {
        all.push_back(std::make_unique<Leg>());
    }
    std::size_t ticks = 0;
    const auto tick = [&] {
        for (std::size_t line = 0; line < legs; ++line) {
            Codes out;
            all[line]->process(encoded[ticks % speech.ticks() * legs + line], out);
            benchmark::DoNotOptimize(out);
        }
        ++ticks;
    };
    for ([[maybe_unused]] const auto _ : state) {
        tick();
    }
    while (ticks % speech.ticks() != 0) {
        tick();
    }
    for (std::size_t line = 0; line < legs; line += 10) {
        if (!all[line]->check().is_right(ticks / speech.ticks(), digits)) {
            state.SkipWithError("a leg heard other keys than were sent");
            return;
        }
    }
    state.counters["channels"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * legs * Lines::frame_seconds, benchmark::Counter::kIsRate);
}
BENCHMARK(leg<KeytoneLeg>)->Name("leg/keytone");
BENCHMARK(leg<SpandspLeg>)->Name("leg/spandsp");

} // namespace
} // namespace keytone::bench
