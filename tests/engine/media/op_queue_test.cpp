// SPDX-License-Identifier: MIT
#include "engine/media/op_queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace keytone {
namespace {

MediaOp op(std::uint32_t action, std::uint32_t index, decltype(MediaOp::what) what = Wait{1}) {
    return {.key = {action, index}, .known_since = 0, .not_before = 0, .what = what};
}

struct Cancelled {
    std::vector<OpKey> keys;
    void operator()(const MediaOp& op) { keys.push_back(op.key); }
};

TEST(OpQueue, TakesInNoMoreThanHadArrived) {
    OpQueue queue(4);
    Cancelled cancelled;
    EXPECT_TRUE(queue.try_push(op(1, 0)));
    EXPECT_FALSE(queue.front(cancelled));
    queue.take_in();
    EXPECT_TRUE(queue.try_push(op(1, 1)));
    ASSERT_TRUE(queue.front(cancelled));
    EXPECT_EQ(queue.front()->key, (OpKey{1, 0}));
    queue.pop();
    EXPECT_FALSE(queue.front(cancelled));
    queue.take_in();
    ASSERT_TRUE(queue.front(cancelled));
    EXPECT_EQ(queue.front()->key, (OpKey{1, 1}));
    EXPECT_TRUE(cancelled.keys.empty());
}

TEST(OpQueue, ACutReachesWhatIsQueuedAndWhatComesLater) {
    OpQueue queue(4);
    Cancelled cancelled;
    queue.try_push(op(1, 0));
    queue.try_push(op(1, 1));
    queue.try_push(op(3, 0));
    queue.take_in();
    queue.front(cancelled);
    queue.cut({2, 0}, CutScope::everything);
    queue.cut({1, 0}, CutScope::everything); // an earlier cut stays
    ASSERT_TRUE(queue.front(cancelled));
    EXPECT_EQ(queue.front()->key, (OpKey{3, 0}));
    queue.pop();
    queue.try_push(op(1, 2));
    queue.take_in();
    EXPECT_FALSE(queue.front(cancelled));
    EXPECT_EQ(cancelled.keys, (std::vector<OpKey>{{1, 0}, {1, 1}, {1, 2}}));
}

TEST(OpQueue, ACutOfSpeechLeavesTheRest) {
    const std::array<std::int16_t, 7> samples{};
    const Gate drained{CueKind::drained, false, false, 0, unlimited};
    const Gate answered{CueKind::answered, false, false, 0, unlimited};
    OpQueue queue(8);
    Cancelled cancelled;
    queue.try_push(op(1, 0, drained));
    queue.try_push(op(1, 1, answered));
    queue.try_push(op(1, 2, PlayPrompt{samples, unlimited}));
    queue.try_push(op(1, 3));
    queue.try_push(op(2, 0, PlayPrompt{samples, unlimited}));
    queue.take_in();
    queue.cut({2, 0}, CutScope::speech);
    std::vector<OpKey> left;
    while (queue.front(cancelled)) {
        left.push_back(queue.front()->key);
        queue.pop();
    }
    EXPECT_EQ(left, (std::vector<OpKey>{{1, 1}, {1, 3}, {2, 0}}));
    EXPECT_EQ(cancelled.keys, (std::vector<OpKey>{{1, 0}, {1, 2}}));
}

TEST(OpQueue, ClosedItCancelsEverything) {
    OpQueue queue(4);
    Cancelled cancelled;
    queue.try_push(op(9, 0));
    queue.take_in();
    queue.close();
    EXPECT_FALSE(queue.front(cancelled));
    EXPECT_EQ(cancelled.keys, (std::vector<OpKey>{{9, 0}}));
}

TEST(OpQueue, KnowsHowLongAnOpSounds) {
    const std::array<std::int16_t, 7> samples{};
    const auto generator = DtmfGenerator::create(*DigitString::parse("12w"), {}, *SampleRate::from_hz(8000));
    EXPECT_EQ(sounding_length(op(1, 0, PlayPrompt{samples, 3})), 7);
    EXPECT_EQ(sounding_length(op(1, 0, SendTones{&*generator, 800})), 2400 + 4000);
    EXPECT_EQ(sounding_length(op(1, 0, Wait{5})), 0);
}

} // namespace
} // namespace keytone
