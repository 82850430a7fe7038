// SPDX-License-Identifier: MIT
#include "engine/io/recorder.hpp"
#include "tests/support/audio_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace keytone::io {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;
using Samples = std::vector<std::int16_t>;

/// Sample `index` of a signal that is nowhere 0: the value of a sample shows its position.
std::int16_t sample_at(SampleIndex index) {
    return static_cast<std::int16_t>(1 + index % 32749);
}
Samples stretch(SampleIndex begin, SampleCount count) {
    Samples samples;
    for (SampleIndex i = begin; i < begin + count; ++i) {
        samples.push_back(sample_at(i));
    }
    return samples;
}
Samples read(const std::string& path) {
    const auto file = test::read_audio(path);
    return file.channels.empty() ? Samples{} : file.channels.front();
}
Recorder recorder(const RecorderSettings& settings) {
    auto made = Recorder::create(settings);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return *std::move(made);
}
std::vector<Recording> closed(Recorder& recorder) {
    const auto recordings = recorder.close();
    EXPECT_TRUE(recordings) << (recordings ? "" : recordings.error().message);
    return recordings ? *recordings : std::vector<Recording>(8);
}

class RecorderTest : public testing::Test {
  protected:
    /// One leg at 8 kHz whose ring holds 1000 samples, of which save() leaves `hold_back_ms`.
    RecorderSettings small(double hold_back_ms = 0.0) {
        return {{{folder_.file("a.wav")}}, Milliseconds{125}, Milliseconds{hold_back_ms}};
    }
    [[nodiscard]] Samples recorded() const { return read(folder_.file("a.wav")); }

    TemporaryFolder folder_;
};

TEST_F(RecorderTest, WritesWhatItIsOffered) {
    Recorder leg = recorder(small());
    for (SampleIndex at = 0; at < 10'000; at += 250) {
        leg.offer(0, stretch(at, 250));
        const auto saved = leg.save();
        ASSERT_TRUE(saved);
        EXPECT_EQ(*saved, 250);
    }
    EXPECT_EQ(folder_.entries(), 1) << "under another name still";
    const auto recordings = closed(leg);
    ASSERT_EQ(recordings.size(), 1U);
    EXPECT_EQ(recordings[0].frames, 10'000);
    EXPECT_EQ(recordings[0].lost, 0);
    EXPECT_EQ(recorded(), stretch(0, 10'000));
}

TEST_F(RecorderTest, KeepsLegsApart) {
    RecorderSettings settings;
    settings.legs = {{folder_.file("a.wav")}, {folder_.file("b.wav"), *SampleRate::from_hz(16000)}};
    Recorder both = recorder(settings);
    both.offer(0, stretch(0, 800));
    both.offer(1, stretch(5, 1600));
    EXPECT_EQ(closed(both)[1].frames, 1600);
    EXPECT_EQ(recorded(), stretch(0, 800));
    EXPECT_EQ(read(folder_.file("b.wav")), stretch(5, 1600));
    EXPECT_EQ(test::read_audio(folder_.file("b.wav")).rate_hz, 16000);
}

TEST_F(RecorderTest, PutsSilenceWhereSamplesWereLost) {
    Recorder leg = recorder(small());
    leg.offer(0, stretch(0, 700));
    leg.offer(0, stretch(700, 500)); // 200 of them do not fit
    leg.offer(0, stretch(1200, 100));
    EXPECT_EQ(leg.lost(0), 300);
    ASSERT_TRUE(leg.save());
    leg.offer(0, stretch(1300, 400));
    leg.offer(0, stretch(1700, 900)); // 300 of them do not fit
    EXPECT_EQ(leg.lost(0), 600);
    const auto recordings = closed(leg);
    EXPECT_EQ(recordings[0].frames, 2600);
    EXPECT_EQ(recordings[0].lost, 600);
    Samples expected = stretch(0, 2600);
    std::fill(expected.begin() + 1000, expected.begin() + 1300, std::int16_t{0});
    std::fill(expected.begin() + 2300, expected.end(), std::int16_t{0});
    EXPECT_EQ(recorded(), expected);
}

TEST_F(RecorderTest, StaysAlignedAfterMoreGapsThanItCanRemember) {
    Recorder leg = recorder(small());
    SampleIndex at = 0;
    leg.offer(0, stretch(at, 1000));
    at += 1000;
    for (int i = 0; i < 2000; ++i) {
        leg.offer(0, stretch(at, 7));
        at += 7;
    }
    ASSERT_TRUE(leg.save());
    leg.offer(0, stretch(at, 10));
    const auto recordings = closed(leg);
    EXPECT_EQ(recordings[0].frames, at + 10);
    EXPECT_EQ(recordings[0].lost, 14'000);
    const Samples file = recorded();
    EXPECT_EQ(Samples(file.end() - 10, file.end()), stretch(at, 10));
}

TEST_F(RecorderTest, StopsAtTheSample) {
    for (const SampleIndex stop : {0, 1, 299, 300, 301, 999, 5000}) {
        Recorder leg = recorder(small(50)); // 400 samples
        leg.offer(0, stretch(0, 600));
        ASSERT_EQ(*leg.save(), 200);
        leg.offer(0, stretch(600, 400));
        const bool is_in_time = leg.stop_at(0, stop);
        EXPECT_EQ(is_in_time, stop >= 200) << stop;
        leg.offer(0, stretch(1000, 10)); // lost or not, it is after the end
        ASSERT_TRUE(leg.save());
        const SampleIndex end = std::clamp<SampleIndex>(stop, 200, 1010);
        EXPECT_EQ(closed(leg)[0].frames, end) << stop;
        const Samples file = recorded();
        ASSERT_EQ(static_cast<SampleIndex>(file.size()), end);
        EXPECT_TRUE(std::equal(file.begin(), file.begin() + std::min<SampleIndex>(end, 1000),
                               stretch(0, end).begin()));
    }
}

TEST_F(RecorderTest, StopsInsideAGap) {
    Recorder leg = recorder(small());
    leg.offer(0, stretch(0, 1500));
    ASSERT_TRUE(leg.stop_at(0, 1200));
    ASSERT_TRUE(leg.stop_at(0, 1400)) << "the first to come counts";
    const auto recordings = closed(leg);
    EXPECT_EQ(recordings[0].frames, 1200);
    EXPECT_EQ(recordings[0].lost, 200);
    EXPECT_EQ(leg.lost(0), 500);
}

TEST_F(RecorderTest, LeavesNothingWithoutClose) {
    {
        Recorder leg = recorder(small());
        leg.offer(0, stretch(0, 100));
        ASSERT_TRUE(leg.save());
    }
    EXPECT_EQ(folder_.entries(), 0);
}

TEST_F(RecorderTest, OneFailingFileLeavesTheOthersAlone) {
    RecorderSettings settings;
    settings.legs = {{"/dev/full"}, {folder_.file("a.wav")}};
    auto made = Recorder::create(settings);
    if (!made) {
        GTEST_SKIP() << made.error().message;
    }
    made->offer(0, stretch(0, 8000));
    made->offer(1, stretch(0, 8000));
    (void)made->save();
    const auto recordings = made->close();
    ASSERT_FALSE(recordings);
    EXPECT_THAT(recordings.error().message, HasSubstr("/dev/full"));
    EXPECT_EQ(recorded(), stretch(0, 8000));
}

TEST_F(RecorderTest, RefusesWhatItCannotRecord) {
    const auto refusal = [](const RecorderSettings& settings) {
        const auto made = Recorder::create(settings);
        return made ? "" : made.error().message;
    };
    EXPECT_THAT(refusal({}), HasSubstr("has no legs: give one"));
    EXPECT_THAT(refusal({{{folder_.file("no/a.wav")}}}), HasSubstr("no such folder"));
    for (const double capacity : {0.0, 19.9, 60001.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
        EXPECT_THAT(refusal({{{folder_.file("a.wav")}}, Milliseconds{capacity}, Milliseconds{0}}),
                    HasSubstr("capacity is out of range"));
    }
    for (const double hold_back : {-1.0, 501.0, std::numeric_limits<double>::quiet_NaN()}) {
        EXPECT_THAT(refusal({{{folder_.file("a.wav")}}, Milliseconds{1000}, Milliseconds{hold_back}}),
                    HasSubstr("hold-back is out of range"));
    }
    EXPECT_EQ(folder_.entries(), 0);
}

/// Two threads as fast as they can: the ring overflows, and every sample is nevertheless at its position.
TEST_F(RecorderTest, StaysAlignedWhenThreadsRace) {
    for (const double hold_back_ms : {0.0, 40.0}) {
        Recorder leg = recorder(small(hold_back_ms));
        constexpr SampleCount total = 4'000'000;
        std::atomic<bool> is_done = false;
        std::thread audio([&] {
            const Samples source = stretch(0, 32749 + 480);
            std::mt19937 random(1);
            for (SampleIndex at = 0; at < total;) {
                const auto count =
                    std::min<SampleCount>(1 + static_cast<SampleCount>(random() % 480), total - at);
                leg.offer(0, std::span(source).subspan(static_cast<std::size_t>(at % 32749),
                                                       static_cast<std::size_t>(count)));
                at += count;
            }
            is_done.store(true, std::memory_order_release);
        });
        while (!is_done.load(std::memory_order_acquire)) {
            ASSERT_TRUE(leg.save());
        }
        audio.join();
        const auto recordings = closed(leg);
        EXPECT_EQ(recordings[0].frames, total);
        EXPECT_EQ(recordings[0].lost, leg.lost(0));
        const Samples file = recorded();
        ASSERT_EQ(static_cast<SampleCount>(file.size()), total);
        SampleCount silent = 0;
        for (SampleIndex i = 0; i < total; ++i) {
            const std::int16_t sample = file[static_cast<std::size_t>(i)];
            silent += sample == 0 ? 1 : 0;
            ASSERT_TRUE(sample == 0 || sample == sample_at(i)) << i;
        }
        EXPECT_EQ(silent, recordings[0].lost);
        EXPECT_GT(recordings[0].frames - silent, 0);
    }
}

} // namespace
} // namespace keytone::io
