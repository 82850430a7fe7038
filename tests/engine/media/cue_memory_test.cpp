// SPDX-License-Identifier: MIT
#include "engine/media/cue_memory.hpp"

#include <gtest/gtest.h>

namespace keytone {
namespace {

MediaCue cue(MediaCue::Kind kind, CueKind what, SampleIndex at) {
    return {.kind = kind, .cue = what, .before = {}, .at = at};
}

TEST(CueMemory, KeepsTheLastOfAKindForOneGate) {
    CueMemory memory;
    EXPECT_FALSE(memory.take(CueKind::answered, 0));
    memory.remember(cue(MediaCue::Kind::pass, CueKind::answered, 10));
    memory.remember(cue(MediaCue::Kind::refuse, CueKind::answered, 20));
    memory.remember(cue(MediaCue::Kind::pass, CueKind::drained, 5));
    EXPECT_FALSE(memory.take(CueKind::answered, 21));
    EXPECT_FALSE(memory.take(CueKind::released, 0));
    EXPECT_EQ(memory.take(CueKind::answered, 20), MediaCue::Kind::refuse);
    EXPECT_FALSE(memory.take(CueKind::answered, 0));
    EXPECT_EQ(memory.take(CueKind::drained, 0), MediaCue::Kind::pass);
}

TEST(CueMemory, ForgetsWhatTheLineDid) {
    for (const CueKind kind : {CueKind::prompt_end, CueKind::dial_tone, CueKind::beep, CueKind::silence}) {
        CueMemory memory;
        memory.remember(cue(MediaCue::Kind::pass, kind, 10));
        EXPECT_FALSE(memory.take(kind, 0));
    }
}

} // namespace
} // namespace keytone
