// SPDX-License-Identifier: MIT
#include "dsp/dtmf_generator.hpp"
#include "dsp/events/key_merger.hpp"
#include "dsp/events/telephone_event_receiver.hpp"
#include "dsp/events/telephone_event_sender.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone {
namespace {

constexpr SampleRate narrowband = SampleRate::narrowband();

/// A merger, and what it reported: `5e` is a key that a telephone event began, `5t` one that a tone began,
/// each followed by `@onset+duration`, and by `?` for an inferred end.
class Merged {
  public:
    explicit Merged(const InBandClock& clock = {narrowband, narrowband}, Milliseconds window = 150_ms)
        : merger_(clock, window) {}

    Merged& event_begins(char key, RtpTimestamp onset) {
        return event(KeyReport::Kind::begin, key, onset, 0, false);
    }
    Merged& event_ends(char key, RtpTimestamp onset, SampleCount duration, bool inferred = false) {
        return event(KeyReport::Kind::end, key, onset, duration, inferred);
    }
    Merged& tone_begins(char key, SampleIndex onset) { return tone(DtmfReport::Kind::begin, key, onset, 0); }
    Merged& tone_ends(char key, SampleIndex onset, SampleCount duration) {
        return tone(DtmfReport::Kind::end, key, onset, duration);
    }
    Merged& tone(DtmfReport::Kind kind, char key, SampleIndex onset, SampleCount duration) {
        DtmfReport report{kind, *Key::from_character(key), onset, duration, {}, {}, {}, {}, {}};
        report.low_level = Dbm0{-10};
        report.high_level = Dbm0{-8};
        merger_.hear(report, [this](const KeyReport& merged) { take(merged); });
        return *this;
    }
    KeyMerger& merger() { return merger_; }
    [[nodiscard]] const std::string& told() const { return told_; }
    [[nodiscard]] const std::vector<KeyReport>& reports() const { return reports_; }

  private:
    Merged& event(KeyReport::Kind kind, char key, RtpTimestamp onset, SampleCount duration, bool inferred) {
        merger_.hear({kind, KeyReport::Source::telephone_event, *Key::from_character(key), onset, duration,
                      Dbm0{-7}, inferred},
                     [this](const KeyReport& merged) { take(merged); });
        return *this;
    }
    void take(const KeyReport& report) {
        const bool begins = report.kind == KeyReport::Kind::begin;
        EXPECT_EQ(begins, reports_.size() % 2 == 0) << "begin and end in turn";
        reports_.push_back(report);
        if (begins) {
            told_ += (told_.empty() ? "" : " ") + std::string(1, report.key.character()) +
                     (report.source == KeyReport::Source::in_band ? "t@" : "e@") +
                     std::to_string(report.onset);
        } else {
            told_ += "+" + std::to_string(report.duration) + (report.end_inferred ? "?" : "");
        }
    }

    KeyMerger merger_;
    std::string told_;
    std::vector<KeyReport> reports_;
};

TEST(KeyMerger, PassesOnWhatOnlyOneTells) {
    EXPECT_EQ(Merged()
                  .event_begins('5', 1000)
                  .event_ends('5', 1000, 800)
                  .event_begins('5', 3000)
                  .event_ends('5', 3000, 400, true)
                  .told(),
              "5e@1000+800 5e@3000+400?");
    Merged tones;
    tones.tone(DtmfReport::Kind::hint, '5', 1000, 0);
    EXPECT_EQ(tones.told(), "");
    EXPECT_EQ(tones.tone_begins('5', 1000)
                  .tone_ends('5', 1000, 800)
                  .tone_begins('6', 3000)
                  .tone_ends('6', 3000, 400)
                  .told(),
              "5t@1000+800 6t@3000+400");
    EXPECT_EQ(tones.reports()[0].source, KeyReport::Source::in_band);
    EXPECT_NEAR(tones.reports()[0].level.value, -5.88, 0.01); // -10 and -8 dBm0 together
}

// Whichever of the two reports it first.
TEST(KeyMerger, ReportsAKeyThatComesBothWaysOnce) {
    EXPECT_EQ(Merged()
                  .event_begins('5', 1000)
                  .tone_begins('5', 1010)
                  .tone_ends('5', 1010, 790)
                  .event_ends('5', 1000, 800)
                  .told(),
              "5e@1000+800");
    EXPECT_EQ(Merged()
                  .tone_begins('5', 1010)
                  .event_begins('5', 1000)
                  .event_ends('5', 1000, 800)
                  .tone_ends('5', 1010, 790)
                  .told(),
              "5t@1010+790");
    EXPECT_EQ(Merged()
                  .event_begins('5', 1000)
                  .event_ends('5', 1000, 800)
                  .tone_begins('5', 1500)
                  .tone_ends('5', 1500, 800)
                  .told(),
              "5e@1000+800");
    EXPECT_EQ(Merged()
                  .tone_begins('5', 1500)
                  .tone_ends('5', 1500, 800)
                  .event_begins('5', 1000)
                  .event_ends('5', 1000, 800)
                  .told(),
              "5t@1500+800");
}

// The drawing in the header: the gateway cuts the tone off once it has detected it; the event goes on.
TEST(KeyMerger, LetsTheEventEndTheKey) {
    EXPECT_EQ(Merged()
                  .tone_begins('5', 1000)
                  .event_begins('5', 1400)
                  .tone_ends('5', 1000, 480)
                  .event_ends('5', 1400, 1600)
                  .told(),
              "5t@1000+2000");
}

TEST(KeyMerger, KeepsTwoPressesOfOneKeyTwo) {
    // The tones are 60 ms later than the events; both last 40 ms, with 40 ms between.
    Merged both;
    for (int i = 0; i < 5; ++i) {
        both.event_begins('5', static_cast<RtpTimestamp>(640 * i))
            .event_ends('5', static_cast<RtpTimestamp>(640 * i), 320);
        if (i > 0) {
            both.tone_begins('5', 640 * (i - 1) + 480).tone_ends('5', 640 * (i - 1) + 480, 320);
        }
    }
    both.tone_begins('5', 640 * 4 + 480);
    EXPECT_EQ(both.told(), "5e@0+320 5e@640+320 5e@1280+320 5e@1920+320 5e@2560+320");
    // The first press came by tone only, the second by both, the third by event only.
    EXPECT_EQ(Merged()
                  .tone_begins('5', 0)
                  .tone_ends('5', 0, 400)
                  .tone_begins('5', 2000)
                  .event_begins('5', 2000)
                  .tone_ends('5', 2000, 400)
                  .event_ends('5', 2000, 400)
                  .event_begins('5', 4000)
                  .event_ends('5', 4000, 400)
                  .told(),
              "5t@0+400 5t@2000+400 5e@4000+400");
}

TEST(KeyMerger, KeepsKeysApartThatAreFartherApartThanTheWindow) {
    EXPECT_EQ(Merged()
                  .tone_begins('5', 0)
                  .tone_ends('5', 0, 400)
                  .event_begins('5', 1200)
                  .event_ends('5', 1200, 400)
                  .told(),
              "5t@0+400");
    EXPECT_EQ(Merged()
                  .tone_begins('5', 0)
                  .tone_ends('5', 0, 400)
                  .event_begins('5', 1201)
                  .event_ends('5', 1201, 400)
                  .told(),
              "5t@0+400 5e@1201+400");
    EXPECT_EQ(
        Merged({narrowband, narrowband}, Milliseconds{-5}).tone_begins('5', 0).event_begins('5', 1).told(),
        "5t@0+1? 5e@1");
    EXPECT_EQ(Merged({narrowband, narrowband}, Milliseconds{1e300})
                  .tone_begins('5', 0)
                  .event_begins('5', 16'000)
                  .told(),
              "5t@0");
}

TEST(KeyMerger, TakesATornToneForOneKeyWhileItsEventLasts) {
    EXPECT_EQ(Merged()
                  .event_begins('5', 0)
                  .tone_begins('5', 100)
                  .tone_ends('5', 100, 800)
                  .tone_begins('5', 2000)
                  .tone_ends('5', 2000, 800)
                  .event_ends('5', 0, 4000)
                  .tone_begins('5', 3500)
                  .tone_ends('5', 3500, 400)
                  .told(),
              "5e@0+4000");
    // If the tone is interrupted and goes on after the event's end, it is a key of its own.
    EXPECT_EQ(Merged()
                  .event_begins('5', 0)
                  .tone_begins('5', 100)
                  .event_ends('5', 0, 4000)
                  .tone_ends('5', 100, 800)
                  .tone_begins('5', 4000)
                  .told(),
              "5e@0+4000 5t@4000");
}

TEST(KeyMerger, EndsAKeyWhenAnotherBegins) {
    EXPECT_EQ(Merged()
                  .event_begins('5', 0)
                  .tone_begins('6', 800)
                  .event_ends('5', 0, 400)
                  .tone_ends('6', 800, 400)
                  .told(),
              "5e@0+800? 6t@800+400");
    EXPECT_EQ(Merged()
                  .tone_begins('6', 800)
                  .event_begins('5', 0)
                  .tone_ends('6', 800, 400)
                  .event_ends('5', 0, 400)
                  .told(),
              "6t@800+0? 5e@0+400");
}

TEST(KeyMerger, KnowsOneClockFromTheOther) {
    // G.722: 16 000 samples a second, 8000 units of the RTP clock.
    const InBandClock g722{*SampleRate::from_hz(16000), narrowband, 0xFFFF'FF00};
    EXPECT_EQ(
        Merged(g722).event_begins('5', 0x100).tone_begins('5', 0x400).event_ends('5', 0x100, 800).told(),
        "5e@256+800");
    EXPECT_EQ(Merged(g722).tone_begins('5', 0x400).tone_ends('5', 0x400, 1600).told(), "5t@256+800");
    // After a year at 44 100 samples a second.
    const SampleIndex year = SampleIndex{44'100} * 31'536'000;
    const InBandClock cd{*SampleRate::from_hz(44100), *SampleRate::from_hz(48000)};
    EXPECT_EQ(Merged(cd).tone_begins('5', year + 44'100).told(),
              "5t@" + std::to_string(static_cast<RtpTimestamp>(SampleIndex{48'000} * 31'536'001)));
}

TEST(KeyMerger, TakesAnyTime) {
    for (const SampleIndex at :
         {std::numeric_limits<SampleIndex>::min(), std::numeric_limits<SampleIndex>::max() / 2}) {
        const InBandClock clock{narrowband, *SampleRate::from_hz(48000)};
        EXPECT_NE(Merged(clock).tone_begins('5', at).tone_ends('5', at, 800).told(), "");
    }
}

TEST(KeyMerger, IsFreshAfterReset) {
    Merged merged;
    merged.event_begins('5', 1000).event_ends('5', 1000, 400);
    merged.merger().reset();
    EXPECT_EQ(merged.tone_begins('5', 1010).told(), "5e@1000+400 5t@1010");
}

// A sender that sends both, heard by detector and receiver: all keys are sent both ways, a part of the tones
// is muted and a part of the packets is lost.
TEST(KeyMerger, MergesWhatDetectorAndReceiverReport) {
    for (const int rate_hz : {8000, 16000, 48000}) {
        const SampleRate rate = *SampleRate::from_hz(rate_hz);
        constexpr std::string_view digits = "11259#*0AA";
        auto generator = DtmfGenerator::create(*DigitString::parse(digits), {}, rate).value();
        std::vector<std::int16_t> samples(static_cast<std::size_t>(generator.length() + rate_hz));
        generator.generate(samples);
        constexpr RtpTimestamp first = 0xFFFF'0000;
        auto sender = TelephoneEventSender::create(rate, 20_ms, first).value();
        std::vector<TelephoneKey> keys;
        generator.for_each_tone([&](const DtmfGenerator::Tone& tone) {
            keys.push_back({tone.key, tone.begin, tone.end - tone.begin});
        });
        std::fill_n(samples.begin() + keys[3].onset, keys[3].duration, std::int16_t{0});

        std::string heard;
        const auto note = [&](const KeyReport& report) {
            heard += report.kind == KeyReport::Kind::begin ? std::string(1, report.key.character()) : "";
        };
        KeyMerger merger({rate, rate, first});
        DtmfDetector detector(rate);
        TelephoneEventReceiver receiver(rate);
        std::size_t next = 0;
        const auto frame = static_cast<std::size_t>(rate_hz / 50);
        for (std::size_t at = 0; at + frame <= samples.size(); at += frame) {
            const auto now = static_cast<SampleIndex>(at + frame);
            while (next < keys.size() && sender.send(keys[next])) {
                ++next;
            }
            while (const auto packet = sender.next(now)) {
                if (packet->event.code != 9) { // the 9 comes as a tone only
                    receiver.receive(packet->timestamp, packet->marker, pack(packet->event),
                                     [&](const KeyReport& event) { merger.hear(event, note); });
                }
            }
            detector.process(std::span(samples).subspan(at, frame),
                             [&](const DtmfReport& tone) { merger.hear(tone, note); });
        }
        EXPECT_EQ(heard, digits) << rate_hz;
    }
}

// Presses that come both ways, one way, or not at all, with the tones up to 60 ms later or earlier.
TEST(KeyMerger, ReportsEachPressOnceHoweverItCame) {
    std::mt19937_64 random(7);
    const auto below = [&](int count) { return std::uniform_int_distribution(0, count - 1)(random); };
    for (int round = 0; round < 500; ++round) {
        struct Report {
            SampleIndex at;
            bool event;
            bool begins;
            char key;
            SampleIndex onset;
            SampleCount duration;
        };
        std::vector<Report> reports;
        std::string wanted;
        SampleIndex onset = 1000;
        const SampleCount skew = below(961) - 480;
        for (int i = 0; i < 30; ++i) {
            const char key = below(2) == 0 ? '1' : '2';
            const SampleCount duration = 320 + below(2000);
            const int ways = below(8); // usually both
            if (ways != 1) {
                const SampleCount late = 160 + below(160);
                reports.push_back({onset + late, true, true, key, onset, 0});
                reports.push_back({onset + duration + late, true, false, key, onset, duration});
            }
            if (ways != 2) {
                reports.push_back({onset + skew + 240, false, true, key, onset + skew, 0});
                reports.push_back({onset + skew + duration + 200, false, false, key, onset + skew, duration});
            }
            wanted += key;
            onset += duration + 1300 + below(2000); // apart by more than the window
        }
        std::ranges::stable_sort(reports, {}, &Report::at);
        Merged merged;
        for (const Report& report : reports) {
            if (report.event) {
                report.begins
                    ? merged.event_begins(report.key, static_cast<RtpTimestamp>(report.onset))
                    : merged.event_ends(report.key, static_cast<RtpTimestamp>(report.onset), report.duration);
            } else {
                report.begins ? merged.tone_begins(report.key, report.onset)
                              : merged.tone_ends(report.key, report.onset, report.duration);
            }
        }
        std::string heard;
        for (const KeyReport& report : merged.reports()) {
            heard += report.kind == KeyReport::Kind::begin ? std::string(1, report.key.character()) : "";
        }
        ASSERT_EQ(heard, wanted) << round;
    }
}

} // namespace
} // namespace keytone
