// SPDX-License-Identifier: MIT
//
// Stimuli are plain sines in double precision, by the figures of ITU-T E.180 Supplement 2, T.30, V.8 and
// V.21.
#include "dsp/listener/line_listener.hpp"
#include "dsp/listener/progress_listener.hpp"
#include "dsp/simd/instruction_set.hpp"
#include "tests/support/call_progress.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

constexpr double turn = 2.0 * std::numbers::pi;
using Kind = ProgressEvent::Kind;
using Events = std::vector<ProgressEvent>;

bool same(const ProgressEvent& a, const ProgressEvent& b) {
    return a.kind == b.kind && a.tone == b.tone && a.information == b.information && a.at == b.at &&
           a.known == b.known && a.first == b.first && a.second == b.second && a.modulation == b.modulation &&
           a.level == b.level && a.cycles == b.cycles && a.certainty == b.certainty && a.country == b.country;
}

bool same(const Events& a, const Events& b) {
    return std::ranges::equal(a, b, [](const auto& x, const auto& y) { return same(x, y); });
}

/// Hears `samples`, cut as `size()` says.
template <class Size>
Events hear(ProgressListener& progress, std::span<const std::int16_t> samples, int rate_hz,
            const Size& size) {
    LineListener line(*SampleRate::from_hz(rate_hz));
    Events events;
    while (!samples.empty()) {
        const std::size_t count = std::min<std::size_t>(samples.size(), size());
        line.process(
            samples.first(count), [](const LineEvent&) {},
            [&](const LineFront::Frame& frame) {
                progress.hear(frame, [&](const ProgressEvent& event) { events.push_back(event); });
            });
        samples = samples.subspan(count);
    }
    return events;
}

Events hear(const Signal& line, int rate_hz = 8000, const char* country = "any",
            const ProgressLimits& limits = {}) {
    ProgressListener progress(*SampleRate::from_hz(rate_hz), limits, *Country::from_code(country));
    const Events events = hear(progress, to_pcm16(line), rate_hz, [] { return std::size_t{800}; });
    for (std::size_t i = 0; i < events.size(); ++i) {
        EXPECT_LE(events[i].at, events[i].known);
        EXPECT_GE(events[i].known, i == 0 ? 0 : events[i - 1].known);
        EXPECT_GT(events[i].certainty, 0.0);
        EXPECT_LE(events[i].certainty, 1.0);
    }
    return events;
}

/// "dial -dial busy": what began and what ended.
std::string text(const Events& events) {
    std::string all;
    for (const ProgressEvent& event : events) {
        all += (all.empty() ? "" : " ") + std::string(event.kind == Kind::ended ? "-" : "");
        all += name_of(event.tone);
    }
    return all;
}

/// Frequencies for `ms`, each of `dbm0`.
Signal tones(const std::vector<double>& hz, double ms, int rate_hz = 8000, double dbm0 = -15.0) {
    Signal signal(sample_count(ms, rate_hz));
    const double peak = std::pow(10.0, (dbm0 - full_scale_sine_dbm0) / 20.0);
    for (std::size_t n = 0; n < signal.size(); ++n) {
        for (const double frequency : hz) {
            signal[n] += peak * std::sin(turn * frequency * static_cast<double>(n) / rate_hz);
        }
    }
    return signal;
}

/// The frequencies with these bursts and pauses, once.
Signal bursts(const std::vector<double>& hz, const std::vector<double>& on_off, int rate_hz = 8000,
              double dbm0 = -15.0) {
    Signal signal;
    for (std::size_t i = 0; i < on_off.size(); ++i) {
        append(signal, tones(i % 2 == 0 ? hz : std::vector<double>{}, on_off[i], rate_hz, dbm0));
    }
    return signal;
}

/// Half a second of noise alone, the signal in noise, and some noise behind it.
Signal on_line(const Signal& signal, int rate_hz = 8000, double behind_ms = 500.0) {
    Signal line(sample_count(500.0, rate_hz));
    append(line, signal);
    append_silence(line, sample_count(behind_ms, rate_hz));
    mix_into(line, white_noise(line.size(), -45.0, 7), 0);
    return line;
}

Signal information(const std::vector<double>& hz, const std::vector<double>& ms, double factor = 1.0) {
    Signal signal;
    for (std::size_t i = 0; i < hz.size(); ++i) {
        append(signal, tones({hz[i] * factor}, ms[i]));
    }
    return signal;
}

class ProgressListenerAt : public testing::TestWithParam<int> {
  protected:
    [[nodiscard]] static int rate_hz() { return GetParam(); }
    [[nodiscard]] static double ms(SampleIndex samples) {
        return 1000.0 * static_cast<double>(samples) / rate_hz() - 500.0;
    }
};

TEST_P(ProgressListenerAt, BusyIsKnownAfterTwoCycles) {
    const auto events =
        hear(on_line(bursts({425}, {480, 480, 480, 480, 480, 480}, rate_hz()), rate_hz(), 1500.0), rate_hz(),
             "de");
    ASSERT_EQ(text(events), "busy -busy");
    EXPECT_NEAR(ms(events[0].at), 0.0, 12.0);
    EXPECT_LE(ms(events[0].known), 1920.0);
    EXPECT_NEAR(events[0].first.value, 425.0, 2.0);
    EXPECT_EQ(events[0].second.value, 0.0);
    EXPECT_NEAR(events[0].level.value, -15.0, 0.7);
    EXPECT_EQ(events[0].country.code(), "de");
    EXPECT_GT(events[0].certainty, 0.8);
    EXPECT_NEAR(ms(events[1].at), 2400.0, 15.0);
    EXPECT_EQ(events[1].cycles, 3);
}

TEST_P(ProgressListenerAt, RingbackIsKnownAfterOneCycle) {
    const auto events =
        hear(on_line(bursts({440, 480}, {2000, 4000}, rate_hz()), rate_hz(), 2000.0), rate_hz());
    ASSERT_EQ(text(events), "ringback -ringback");
    EXPECT_LE(ms(events[0].known), 6000.0);
    EXPECT_NEAR(events[0].first.value, 440.0, 2.0);
    EXPECT_NEAR(events[0].second.value, 480.0, 2.0);
}

TEST_P(ProgressListenerAt, ADialToneOfItsOwnIsKnownAfter600Ms) {
    const auto events = hear(on_line(tones({350, 440}, 1500.0, rate_hz()), rate_hz()), rate_hz());
    ASSERT_EQ(text(events), "dial -dial");
    EXPECT_LE(ms(events[0].known), 600.0);
    EXPECT_NEAR(ms(events[0].at), 0.0, 12.0);
    EXPECT_NEAR(ms(events[1].at), 1500.0, 15.0);
}

TEST_P(ProgressListenerAt, SpecialInformationAndCalling) {
    Signal line;
    append(line, bursts({950}, {330}, rate_hz()));
    append(line, bursts({1400}, {330}, rate_hz()));
    append(line, bursts({1800}, {330, 2000}, rate_hz()));
    append(line, bursts({1100}, {500, 1000}, rate_hz()));
    const auto events = hear(on_line(line, rate_hz(), 4000.0), rate_hz());
    ASSERT_EQ(text(events), "sit -sit fax_calling -fax_calling");
    EXPECT_NEAR(ms(events[0].at), 0.0, 15.0);
    EXPECT_LE(ms(events[0].known), 990.0 + 45.0);
    EXPECT_LE(ms(events[2].known), 2990.0 + 1100.0);
    EXPECT_NEAR(events[2].first.value, 1100.0, 4.0);
}

TEST_P(ProgressListenerAt, APipIsNoCallWaitingTone) {
    const auto heard = [](double on_ms) {
        const Signal line = bursts({425}, {on_ms, 1050.0 - on_ms, on_ms, 1050.0 - on_ms, on_ms}, rate_hz());
        return text(hear(on_line(line, rate_hz(), 1500.0), rate_hz(), "br"));
    };
    EXPECT_EQ(heard(50.0), "call_waiting -call_waiting");
    EXPECT_EQ(heard(23.0), "");
}

TEST_P(ProgressListenerAt, DoesNotDependOnHowTheStreamIsCut) {
    Signal all = on_line(bursts({400, 450}, {400, 200, 400, 2000, 400, 200, 400, 500}, rate_hz()), rate_hz());
    append(all, on_line(tones({2100}, 1300.0, rate_hz()), rate_hz()));
    append(all, on_line(sound({.key = '5', .tone_ms = 300}, rate_hz()), rate_hz()));
    append(all, on_line(bursts({425}, {480, 480, 480, 480, 480, 480}, rate_hz()), rate_hz()));
    const auto samples = to_pcm16(all);
    ProgressListener whole(*SampleRate::from_hz(rate_hz()));
    const Events expected = hear(whole, samples, rate_hz(), [] { return std::size_t{1} << 30U; });
    ASSERT_GE(expected.size(), 5U) << text(expected);
    ProgressListener cut(*SampleRate::from_hz(rate_hz()));
    std::mt19937 random(42);
    EXPECT_TRUE(same(hear(cut, samples, rate_hz(), [&] { return 1 + random() % 700; }), expected));
    cut.reset();
    EXPECT_EQ(cut.sounding(), std::nullopt);
    ProgressListener copy = cut;
    EXPECT_TRUE(same(hear(copy, samples, rate_hz(), [] { return std::size_t{160}; }), expected));
}

INSTANTIATE_TEST_SUITE_P(EveryRate, ProgressListenerAt, testing::ValuesIn(SampleRate::offered_hz));

// Each country's cadences, off by 1 % in frequency and by 10 % in time either way.
struct Heard {
    const char* plan;
    const char* tone;
};
class ProgressListenerHears : public testing::TestWithParam<Heard> {};

TEST_P(ProgressListenerHears, InAnyCountry) {
    const auto& plans = call_progress_plans();
    const auto plan = std::ranges::find(plans, std::string(GetParam().plan), &CallProgress::name);
    ASSERT_NE(plan, plans.end());
    for (const double times : {0.9, 1.0, 1.1}) {
        for (const double frequencies : {0.99, 1.01}) {
            const Signal line = call_progress(*plan, 13000.0, 8000, {-18.0, frequencies, times, 0.0});
            const auto events = hear(on_line(line));
            ASSERT_FALSE(events.empty()) << times << ' ' << frequencies;
            for (const ProgressEvent& event : events) {
                EXPECT_EQ(name_of(event.tone), GetParam().tone) << times << ' ' << frequencies;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Plans, ProgressListenerHears,
                         testing::Values(Heard{"US ringing", "ringback"}, Heard{"US busy", "busy"},
                                         Heard{"US reorder", "congestion"}, Heard{"UK ringing", "ringback"},
                                         Heard{"UK busy", "busy"}, Heard{"UK congestion", "congestion"},
                                         Heard{"DE ringing", "ringback"}, Heard{"DE busy", "busy"},
                                         Heard{"DE congestion", "congestion"},
                                         Heard{"FR ringing", "ringback"}, Heard{"FR busy", "busy"},
                                         Heard{"ES ringing", "ringback"},
                                         Heard{"ES congestion", "congestion"},
                                         Heard{"JP ringing", "ringback"}, Heard{"CN ringing", "ringback"},
                                         Heard{"TR ringing", "ringback"}, Heard{"IN ringing", "ringback"},
                                         Heard{"ZA ringing", "ringback"}, Heard{"KR ringing", "ringback"},
                                         Heard{"US dial tone", "dial"}, Heard{"DE dial tone", "dial"}),
                         [](const auto& tested) {
                             std::string name = tested.param.plan;
                             std::ranges::replace(name, ' ', '_');
                             return name;
                         });

TEST(ProgressListener, TellsTheEightKindsOfSpecialInformation) {
    const std::vector<double> low{913.8, 985.2};
    const std::vector<double> middle{1370.6, 1428.5};
    struct Of {
        SpecialInformation kind;
        std::vector<double> hz;
        std::vector<double> ms;
    };
    const std::vector<Of> all{
        {SpecialInformation::intercept, {913.8, 1370.6, 1776.7}, {274, 274, 380}},
        {SpecialInformation::vacant_code, {985.2, 1370.6, 1776.7}, {380, 274, 380}},
        {SpecialInformation::reorder_local, {913.8, 1428.5, 1776.7}, {274, 380, 380}},
        {SpecialInformation::no_circuit_local, {985.2, 1428.5, 1776.7}, {380, 380, 380}},
        {SpecialInformation::reorder_distant, {985.2, 1370.6, 1776.7}, {274, 380, 380}},
        {SpecialInformation::no_circuit_distant, {913.8, 1370.6, 1776.7}, {380, 380, 380}},
        {SpecialInformation::ineffective, {913.8, 1428.5, 1776.7}, {380, 274, 380}},
        {SpecialInformation::reserved, {985.2, 1428.5, 1776.7}, {274, 274, 380}},
        {SpecialInformation::none, {950, 1400, 1800}, {330, 330, 330}},
    };
    for (const Of& of : all) {
        for (const double factor : {0.99, 1.0, 1.01}) {
            const auto events = hear(on_line(information(of.hz, of.ms, factor)));
            ASSERT_EQ(text(events), "sit -sit") << name_of(of.kind);
            EXPECT_EQ(name_of(events[0].information), name_of(of.kind)) << factor;
        }
    }
}

TEST(ProgressListener, OtherTonesInARowAreNoSpecialInformation) {
    EXPECT_EQ(text(hear(on_line(information({950, 1400, 1600}, {330, 330, 330})))), "");
    EXPECT_EQ(text(hear(on_line(information({1800, 1400, 950}, {330, 330, 330})))), "");
    EXPECT_EQ(text(hear(on_line(information({950, 1400, 1800}, {330, 330, 100})))), "");
    EXPECT_EQ(text(hear(on_line(information({950, 1400}, {330, 330})))), "");
}

/// 2100 Hz, by choice modulated by 15 Hz, or reversed every 450 ms.
Signal answering(double ms, bool modulated, bool reversed) {
    Signal signal = tones({2100}, ms);
    for (std::size_t n = 0; n < signal.size(); ++n) {
        const double at = static_cast<double>(n) / 8000.0;
        signal[n] *= modulated ? 1.0 + 0.2 * std::sin(turn * 15.0 * at) : 1.0;
        signal[n] *= reversed && static_cast<int>(at / 0.45) % 2 == 1 ? -1.0 : 1.0;
    }
    return signal;
}

TEST(ProgressListener, TellsAFaxFromAModem) {
    EXPECT_EQ(text(hear(on_line(answering(3300.0, false, false)))), "answering -answering");
    EXPECT_EQ(text(hear(on_line(answering(3300.0, true, false)))), "modem_answering -modem_answering");
    EXPECT_EQ(text(hear(on_line(answering(3300.0, false, true)))), "modem_answering -modem_answering");
    EXPECT_EQ(text(hear(on_line(answering(3300.0, true, true)))), "modem_answering -modem_answering");
    EXPECT_EQ(text(hear(on_line(answering(700.0, false, false)))), "");
    EXPECT_EQ(text(hear(on_line(tones({2225}, 3300.0)))), "");
}

/// V.21, channel 2: eight bits again and again, of 1650 Hz for a 1 and 1850 Hz for a 0.
Signal flags(const std::string& bits, double ms) {
    Signal signal(sample_count(ms, 8000));
    double turns = 0.0;
    for (std::size_t n = 0; n < signal.size(); ++n) {
        signal[n] = 0.15 * std::sin(turn * turns);
        const std::size_t bit = n * 300 / 8000;
        turns += (bits[bit % bits.size()] == '1' ? 1650.0 : 1850.0) / 8000.0;
    }
    return signal;
}

TEST(ProgressListener, HearsTheFlagsOfAFax) {
    EXPECT_EQ(text(hear(on_line(flags("01111110", 1000.0)))), "fax_preamble -fax_preamble");
    EXPECT_EQ(text(hear(on_line(tones({1700}, 1000.0)))), "");
    EXPECT_EQ(text(hear(on_line(flags("1101000110110010111000101", 1000.0)))), "");
}

TEST(ProgressListener, KeysAreNoTones) {
    Signal line;
    for (const char key : all_keys) {
        append(line, sound({.key = key, .tone_ms = 500}, 8000));
        append_silence(line, 4000);
    }
    EXPECT_EQ(text(hear(on_line(line))), "");
}

// A voice: harmonics of a pitch that moves.
TEST(ProgressListener, AVoiceIsNoTone) {
    Signal line;
    std::mt19937 random(5);
    for (int word = 0; word < 30; ++word) {
        const double from = 90.0 + static_cast<double>(random() % 150);
        double phase = 0.0;
        for (std::size_t n = 0; n < 4000; ++n) {
            phase += turn * (from + 0.01 * static_cast<double>(n)) / 8000.0;
            line.push_back(0.1 * (std::sin(phase) + std::sin(2 * phase) + 0.7 * std::sin(4 * phase)));
        }
        append_silence(line, 4000);
    }
    EXPECT_EQ(text(hear(on_line(line))), "");
}

// Germany's busy is not heard where only the United States' tones count, and a wrong cadence nowhere.
TEST(ProgressListener, CountryFrequencyAndCadenceDecide) {
    const Signal busy = bursts({425}, {480, 480, 480, 480, 480, 480});
    EXPECT_EQ(text(hear(on_line(busy), 8000, "de")), "busy -busy");
    EXPECT_EQ(text(hear(on_line(busy), 8000, "us")), "");
    EXPECT_EQ(text(hear(on_line(bursts({520}, {480, 480, 480, 480, 480, 480})))), "");
    EXPECT_EQ(text(hear(on_line(bursts({425}, {480, 1100, 480, 1100, 480, 1100})), 8000, "de")), "");
    EXPECT_EQ(text(hear(on_line(tones({425}, 700.0)), 8000, "de")), "") << "it may be a ringback's burst";
}

TEST(ProgressListener, KeepsToItsLimits) {
    const Signal line = on_line(bursts({425}, {480, 480, 480, 480, 480, 480}));
    ProgressLimits strict;
    strict.cadence.time_percent = 1.0;
    strict.cadence.time = Milliseconds{0};
    EXPECT_EQ(text(hear(on_line(bursts({425}, {530, 530, 530, 530, 530, 530})), 8000, "de")), "busy -busy");
    EXPECT_EQ(text(hear(on_line(bursts({425}, {530, 530, 530, 530, 530, 530})), 8000, "de", strict)), "");
    ProgressLimits pure;
    pure.min_tone_share = 1.5;
    EXPECT_EQ(text(hear(line, 8000, "de", pure)), "");
}

TEST(ProgressListener, WordsEndARingback) {
    Signal line = bursts({425}, {1000, 4000, 1000, 1000});
    append(line, white_noise(8000, -20.0, 3));
    const auto events = hear(on_line(line), 8000, "de");
    ASSERT_EQ(text(events), "ringback -ringback");
    EXPECT_NEAR(static_cast<double>(events[1].at) / 8.0 - 500.0, 6000.0, 15.0);
    EXPECT_LE(static_cast<double>(events[1].known) / 8.0 - 500.0, 7300.0);
}

TEST(ProgressListener, ThreeShortBurstsBeforeADialTone) {
    Signal line = bursts({350, 440}, {100, 100, 100, 100, 100, 100, 1500});
    EXPECT_EQ(text(hear(on_line(line), 8000, "us")), "second_dial -second_dial");
}

TEST(ProgressListener, DialTonesWithShortPauses) {
    EXPECT_EQ(text(hear(on_line(bursts({425}, {500, 50, 500, 50, 500, 50, 500, 50})), 8000, "nl")),
              "second_dial -second_dial");
    EXPECT_EQ(text(hear(on_line(bursts({425}, {400, 40, 400, 40, 400, 40, 400, 40})), 8000, "ru")),
              "second_dial -second_dial");
}

TEST(ProgressListener, ADialToneIsKnownWithin600MillisecondsWhereRingingIsAnotherTone) {
    const auto expect_soon = [](const std::vector<double>& hz, const char* country) {
        const auto events = hear(on_line(tones(hz, 1500.0)), 8000, country);
        ASSERT_EQ(text(events), "dial -dial") << country;
        EXPECT_LE(static_cast<double>(events[0].known) / 8.0 - 500.0, 600.0) << country;
    };
    expect_soon({350, 440}, "us");
    expect_soon({350, 440}, "gb");
    expect_soon({400}, "jp");
    expect_soon({400}, "nz");
}

/// A tone whose level changes by up to 6 dB every 20 ms, as GSM-FR makes it.
Signal wavering(double hz, double ms) {
    Signal signal = tones({hz}, ms);
    std::mt19937 random(3);
    for (std::size_t n = 0; n < signal.size(); n += 160) {
        const double gain = std::pow(10.0, (static_cast<double>(random() % 121) - 60.0) / 200.0);
        for (std::size_t i = n; i < std::min(n + 160, signal.size()); ++i) {
            signal[i] *= gain;
        }
    }
    return signal;
}

TEST(ProgressListener, ADialToneInDoubtIsNotReported) {
    Signal chords = tones({350, 440}, 210);
    append(chords, tones({440, 523}, 600));
    EXPECT_EQ(text(hear(on_line(chords), 8000, "us")), "");
    EXPECT_EQ(text(hear(on_line(tones({350, 440}, 810)), 8000, "us")), "dial -dial");
}

TEST(ProgressListener, AWaveringAnsweringToneIsNotModulated) {
    EXPECT_EQ(text(hear(on_line(wavering(2100.0, 3000.0)))), "answering -answering");
    const auto modulated = [](double depth) {
        Signal signal = wavering(2100.0, 3000.0);
        for (std::size_t n = 0; n < signal.size(); ++n) {
            signal[n] *= 1.0 + depth * std::sin(turn * 15.0 * static_cast<double>(n) / 8000.0);
        }
        return text(hear(on_line(signal)));
    };
    EXPECT_EQ(modulated(0.05), "answering -answering");
    EXPECT_EQ(modulated(0.3), "modem_answering -modem_answering");
}

TEST(ProgressListener, ASpoiltFrameIsNoEndOfASegment) {
    Signal line = tones({950}, 330.0);
    append(line, tones({1400}, 330.0));
    append(line, tones({1800}, 330.0));
    const std::size_t third = sample_count(760.0, 8000);
    mix_into(line, white_noise(80, -18.0, 9), third);
    EXPECT_EQ(text(hear(on_line(line))), "sit -sit");
}

// The tones of networks with faults, in every instruction set.
TEST(ProgressListener, EveryInstructionSetGivesTheSameReports) {
    Signal all;
    for (const CallProgress& plan : call_progress_plans()) {
        append(all, on_line(call_progress(plan, 7000.0, 8000, {-20.0, 1.004, 0.97, 1.5})));
    }
    const auto samples = to_pcm16(all);
    const InstructionSet before = instruction_set();
    std::vector<Events> found;
    for (const InstructionSet set : all_instruction_sets) {
        if (use_instruction_set(set)) {
            ProgressListener progress(SampleRate::narrowband());
            found.push_back(hear(progress, samples, 8000, [] { return std::size_t{160}; }));
        }
    }
    use_instruction_set(before);
    ASSERT_GE(found.front().size(), 40U);
    for (const Events& events : found) {
        EXPECT_TRUE(same(events, found.front()));
    }
}

TEST(ProgressListener, IsSmall) {
    EXPECT_LE(sizeof(ProgressListener), 3072U);
}

} // namespace
} // namespace keytone::test
