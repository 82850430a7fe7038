// SPDX-License-Identifier: MIT
#include "engine/media/cue_memory.hpp"

#include <gtest/gtest.h>

namespace keytone {
namespace {

MediaCue cue(MediaCue::Kind kind, CueKind what, SampleIndex at) {
    return {.kind = kind, .cue = what, .before = {}, .at = at};
}

std::optional<MediaCue::Kind> take(CueMemory& memory, CueKind kind, SampleIndex known_since) {
    const auto taken = memory.take(kind, known_since);
    return taken ? std::optional(taken->given) : std::nullopt;
}

TEST(CueMemory, KeepsTheLastOfAKindForOneGate) {
    CueMemory memory;
    EXPECT_FALSE(memory.take(CueKind::answered, 0));
    memory.remember(cue(MediaCue::Kind::pass, CueKind::answered, 10));
    memory.remember(cue(MediaCue::Kind::refuse, CueKind::answered, 20));
    memory.remember(cue(MediaCue::Kind::pass, CueKind::drained, 5));
    EXPECT_EQ(take(memory, CueKind::answered, 20), MediaCue::Kind::refuse);
    EXPECT_FALSE(memory.take(CueKind::answered, 0));
    EXPECT_EQ(take(memory, CueKind::drained, 0), MediaCue::Kind::pass);
    memory.remember(cue(MediaCue::Kind::pass, CueKind::answered, 30));
    EXPECT_FALSE(memory.take(CueKind::answered, 31)) << "it is about another attempt";
    EXPECT_FALSE(memory.take(CueKind::answered, 0));
}

TEST(CueMemory, SpeechThatDrainsPieceByPieceOpensAGateEach) {
    CueMemory memory;
    memory.remember(cue(MediaCue::Kind::pass, CueKind::drained, 10));
    memory.remember(cue(MediaCue::Kind::pass, CueKind::drained, 20));
    EXPECT_EQ(take(memory, CueKind::drained, 0), MediaCue::Kind::pass);
    EXPECT_EQ(take(memory, CueKind::drained, 5), MediaCue::Kind::pass);
    EXPECT_FALSE(memory.take(CueKind::drained, 5));
}

TEST(CueMemory, KeepsWhatIsUntilItIsWithdrawn) {
    for (const CueKind kind : {CueKind::prompt_end, CueKind::dial_tone, CueKind::silence}) {
        CueMemory memory;
        memory.remember(cue(MediaCue::Kind::pass, kind, 10));
        EXPECT_FALSE(memory.take(kind, 11)) << "it was before";
        EXPECT_EQ(take(memory, kind, 10), MediaCue::Kind::pass);
        ASSERT_TRUE(memory.take(kind, 0));
        EXPECT_EQ(memory.take(kind, 0)->at, 10);
        memory.remember(cue(MediaCue::Kind::withdraw, kind, 20));
        EXPECT_FALSE(memory.take(kind, 0));
    }
}

TEST(CueMemory, ForgetsBeeps) {
    CueMemory memory;
    memory.remember(cue(MediaCue::Kind::pass, CueKind::beep, 10));
    EXPECT_FALSE(memory.take(CueKind::beep, 0));
}

} // namespace
} // namespace keytone
