// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/receivers.hpp"

#include <gtest/gtest.h>

namespace keytone::accuracy {
namespace {

class Receivers : public testing::Test {
  protected:
    Receivers() : sound_(key_stream({}, 40, 8000, random_)), samples_(to_pcm(sound_.samples)) {}

    /// Each sent key was reported, between 10 and 60 ms after its onset.
    void expect_in_time(const std::vector<HeardKey>& heard) {
        ASSERT_EQ(heard.size(), sound_.keys.size());
        for (std::size_t i = 0; i < heard.size(); ++i) {
            EXPECT_EQ(heard[i].key, sound_.keys[i].key);
            EXPECT_GT(heard[i].at_s, sound_.keys[i].onset_s + 0.010);
            EXPECT_LT(heard[i].at_s, sound_.keys[i].onset_s + 0.060);
        }
    }

    Random random_{1};
    Sound sound_;
    Pcm samples_;
};

TEST_F(Receivers, BothTellTheTime) {
    expect_in_time(heard_by_keytone(samples_, 8000));
    expect_in_time(heard_by_spandsp(samples_));
}

TEST_F(Receivers, FeedsOfAnySizeHearTheSame) {
    for (const double ms : {1.0, 20.0}) {
        expect_in_time(heard_by_keytone(samples_, 8000, {}, {.ms = ms}));
        expect_in_time(heard_by_spandsp(samples_, {.ms = ms}));
    }
}

TEST_F(Receivers, WhatWasLostIsNotHeard) {
    const Feed all_lost{.ms = 20.0, .lost = std::vector<bool>(samples_.size() / 160 + 1, true)};
    EXPECT_TRUE(heard_by_keytone(samples_, 8000, {}, all_lost).empty());
    EXPECT_TRUE(heard_by_spandsp(samples_, all_lost).empty());
}

TEST_F(Receivers, RatesThatAreNotOfferedAreRefused) {
    EXPECT_THROW(heard_by_keytone(samples_, 11000), std::invalid_argument);
}

} // namespace
} // namespace keytone::accuracy
