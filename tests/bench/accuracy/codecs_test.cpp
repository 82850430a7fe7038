// SPDX-License-Identifier: MIT
#include "bench/accuracy/codecs/codecs.hpp"
#include "bench/accuracy/key_stream.hpp"

#include <gtest/gtest.h>

namespace keytone::accuracy {
namespace {

/// Half a second of silence, half a second of a tone, half a second of silence.
Pcm tone_between_silences() {
    std::vector<float> samples(12000);
    Random random(1);
    add_sine(std::span(samples).subspan(4000, 4000), 1000.0, -13.0, 8000, random);
    return to_pcm(samples);
}

double level(std::span<const std::int16_t> samples) {
    return dbm0_of(mean_square(from_pcm(samples)) + 1e-12);
}

TEST(Codecs, KeepAToneWhereItIs) {
    const Pcm sent = tone_between_silences();
    for (const Codec& codec : codecs()) {
        if (codec.pass == nullptr) {
            continue;
        }
        const Pcm heard = codec.pass(sent);
        ASSERT_EQ(heard.size(), sent.size()) << codec.name;
        const std::span<const std::int16_t> line(heard);
        EXPECT_NEAR(level(line.subspan(5000, 2500)), -13.0, 3.0) << codec.name;
        EXPECT_LT(level(line.subspan(1000, 2500)), -50.0) << codec.name;
        EXPECT_LT(level(line.subspan(9500, 2500)), -45.0) << codec.name;
        EXPECT_NE(heard, sent) << codec.name << " changed nothing";
    }
}

TEST(Codecs, StartAfresh) {
    const Pcm sent = tone_between_silences();
    for (const Codec& codec : codecs()) {
        if (codec.pass != nullptr) {
            EXPECT_EQ(codec.pass(sent), codec.pass(sent)) << codec.name;
        }
    }
}

TEST(Codecs, AnyLengthComesBack) {
    for (const std::size_t length : {std::size_t{0}, std::size_t{1}, std::size_t{159}, std::size_t{161}}) {
        for (const Codec& codec : codecs()) {
            if (codec.pass != nullptr) {
                EXPECT_EQ(codec.pass(Pcm(length)).size(), length) << codec.name;
            }
        }
    }
}

TEST(Codecs, FramesAreFilledWithSilence) {
    EXPECT_EQ(whole_frames(Pcm{1, 2, 3}, 4), (Pcm{1, 2, 3, 0}));
    EXPECT_EQ(whole_frames(Pcm{1, 2, 3, 4}, 4), (Pcm{1, 2, 3, 4}));
    EXPECT_TRUE(whole_frames(Pcm{}, 4).empty());
}

} // namespace
} // namespace keytone::accuracy
