// SPDX-License-Identifier: MIT
//
// Keys through networks that lose, delay, reorder and double packets: each is reported once.
#include "tests/support/rtp_call.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace keytone::test {
namespace {

RtpCallResult run(const char* name, const RtpCallConfig& config) {
    const RtpCallResult result = run_rtp_call(config);
    std::cout << name << ": " << 100.0 * result.loss << " % lost, of " << result.pressed.size() << " keys "
              << result.missed << " missed (" << result.missed_at_best << " at best), " << result.doubled
              << " doubled, " << result.wholly_lost << " of which nothing came; delay "
              << result.mean_delay_ms << " ms, " << result.buffer.late << " packets late\n";
    EXPECT_EQ(result.reports_out_of_turn, 0U) << name;
    return result;
}

// Every key of which a packet arrives: if no more than three packets are lost in a row, that is every key.
TEST(RtpNetwork, EachEventIsReportedOnce) {
    for (const double loss : {0.0, 0.01, 0.05}) {
        for (const double jitter : {0.0, 50.0, 200.0}) {
            const auto result = run("events", {.impairment = {.loss = loss,
                                                              .mean_burst = 2.0,
                                                              .max_burst = 3,
                                                              .jitter_ms = jitter,
                                                              .doubled = 0.05},
                                               .as_events = true,
                                               .sender_ppm = loss > 0.0 ? -100.0 : 100.0,
                                               .keys = 1000});
            EXPECT_EQ(result.heard, result.pressed) << loss << ", " << jitter << " ms";
        }
    }
    const auto result =
        run("events, long bursts", {.impairment = {.loss = 0.10, .mean_burst = 3.0, .jitter_ms = 100.0},
                                    .as_events = true,
                                    .keys = 1000});
    EXPECT_EQ(result.missed, result.wholly_lost);
    EXPECT_EQ(result.doubled, 0U);
}

TEST(RtpNetwork, EachToneIsReportedOnceWhereNothingIsLost) {
    for (const double ppm : {-100.0, 100.0}) {
        for (const double noise : {-70.0, -35.0}) {
            for (const double jitter : {0.0, 20.0, 100.0, 150.0}) {
                const auto result = run("tones", {.impairment = {.jitter_ms = jitter, .doubled = 0.02},
                                                  .sender_ppm = ppm,
                                                  .noise_dbm0 = noise,
                                                  .keys = 500});
                EXPECT_EQ(result.heard, result.pressed)
                    << ppm << " ppm, " << noise << " dBm0, " << jitter << " ms";
            }
        }
    }
}

// A loss may take too much of a tone of 100 ms for any detector. Tested with packets of every length.
TEST(RtpNetwork, TwoPercentLossCostsFewTonesAndDoublesNone) {
    struct Packets {
        double ms;
        std::size_t longest_burst;
    };
    std::size_t missed = 0;
    std::size_t missed_at_best = 0;
    for (const Packets packets : {Packets{10.0, 6}, Packets{20.0, 3}, Packets{30.0, 2}, Packets{60.0, 1}}) {
        for (const double jitter : {0.0, 60.0}) {
            const auto result =
                run("tones, 2 % lost", {.impairment = {.loss = 0.02,
                                                       .mean_burst = packets.longest_burst > 2 ? 2.0 : 1.0,
                                                       .max_burst = packets.longest_burst,
                                                       .jitter_ms = jitter,
                                                       .doubled = 0.02},
                                        .sender_ppm = 100.0,
                                        .packet_ms = packets.ms,
                                        .keys = 1000});
            EXPECT_EQ(result.doubled, 0U);
            EXPECT_LE(result.missed, 10U);
            missed += result.missed;
            missed_at_best += result.missed_at_best;
        }
    }
    std::cout << missed << " of 8000 keys missed, " << missed_at_best << " at best\n";
    EXPECT_LE(missed, missed_at_best + 16);
}

// Keys of 200/100 ms. Where at most 60 ms are lost in a row each is heard. A loss of 80 ms and more may leave
// nothing of a pause between two equal keys, and then they are one to any detector.
TEST(RtpNetwork, ALossThatSwallowsAPauseJoinsEqualKeysAlone) {
    for (const std::size_t longest_burst : {3U, 8U}) {
        const auto result = run(
            "tones of 200/100 ms",
            {.impairment = {.loss = 0.02, .mean_burst = 2.0, .max_burst = longest_burst, .jitter_ms = 40.0},
             .tone_ms = 200.0,
             .min_pause_ms = 100.0,
             .max_pause_ms = 100.001,
             .keys = 1500});
        EXPECT_EQ(result.doubled, 0U);
        EXPECT_EQ(result.missed, result.missed_at_best);
        EXPECT_LE(result.missed, longest_burst == 3U ? 0U : 4U);
    }
}

TEST(RtpNetwork, HeavyLossDoublesHardlyAny) {
    for (const double loss : {0.05, 0.10}) {
        const auto result =
            run("tones", {.impairment = {.loss = loss, .mean_burst = 2.0, .jitter_ms = 40.0}, .keys = 1000});
        EXPECT_LE(result.doubled, result.doubled_at_best + 2);
        EXPECT_LE(result.missed, result.missed_at_best + 20);
    }
}

} // namespace
} // namespace keytone::test
