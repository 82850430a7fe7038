// SPDX-License-Identifier: MIT
#include "engine/session.hpp"
#include "tests/support/plain_prompts.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keytone {
namespace {

constexpr std::size_t block = 160;

CallEvent request(std::string id, Request what) {
    return {std::move(id), std::nullopt, std::move(what)};
}

CallEvent fact(Fact::Kind kind, Leg leg) {
    Fact what{};
    what.kind = kind;
    what.leg = leg;
    return {"", std::nullopt, what};
}

ClickIvr click(std::string digits) {
    ClickIvr what;
    what.digits = std::move(digits);
    return what;
}

/// A prompt source that has none.
class NoPrompts : public PromptSource {
  public:
    Result<PromptPtr, PromptError> speak(std::string_view /*text*/, SampleRate /*rate*/) override {
        return PromptError{"no voice is installed"};
    }
    Result<PromptPtr, PromptError> load(const std::string& /*name*/, SampleRate /*rate*/) override {
        return PromptError{"no such prompt"};
    }
};

/// A call that leg a has answered.
class AnsweredCall {
  public:
    explicit AnsweredCall(PromptSource* prompts) : session(config(prompts)) {
        session.submit(fact(Fact::Kind::leg_answered, Leg::a));
        outcomes();
    }

    /// Runs leg a for a block; returns what it sent.
    std::vector<std::int16_t> run(std::size_t samples = block) {
        const std::vector<std::int16_t> heard(samples);
        std::vector<std::int16_t> sent(samples);
        session.process(Leg::a, heard, sent);
        return sent;
    }

    std::vector<Outcome> outcomes() {
        std::vector<Outcome> all;
        while (auto outcome = session.poll()) {
            all.push_back(*std::move(outcome));
        }
        return all;
    }

    template <class What>
    std::vector<What> outcomes_of() {
        std::vector<What> found;
        for (const Outcome& outcome : outcomes()) {
            if (const auto* const what = std::get_if<What>(&outcome.what)) {
                found.push_back(*what);
            }
        }
        return found;
    }

    Session session;

  private:
    static SessionConfig config(PromptSource* prompts) {
        SessionConfig made;
        made.prompts = prompts;
        return made;
    }
};

TEST(Session, AToneBeginsAtTheNextSampleTheHostAsksFor) {
    AnsweredCall call(nullptr);
    call.run();
    call.run(77);
    call.session.submit(request("k", click("5")));
    call.run();
    const auto planned = call.outcomes_of<OpPlanned>();
    ASSERT_EQ(planned.size(), 1U);
    EXPECT_EQ(planned[0].tones.at(0).begin, static_cast<SampleIndex>(block) + 77);
}

TEST(Session, AStampedEventTakesEffectAtItsSample) {
    AnsweredCall call(nullptr);
    call.session.submit({"k", 0.01, Request(click("1*0"))});
    for (int i = 0; i < 100; ++i) {
        call.run();
    }
    std::vector<SampleIndex> begins;
    for (const ToneCompleted& tone : call.outcomes_of<ToneCompleted>()) {
        begins.push_back(tone.begin);
    }
    EXPECT_EQ(begins, (std::vector<SampleIndex>{80, 80 + 2400, 80 + 4800}));
}

TEST(Session, APromptThatCannotBeMadeIsARefusalAndNothingElse) {
    NoPrompts prompts;
    AnsweredCall call(&prompts);
    call.session.submit(request("s", Say{"Hello.", std::nullopt, true}));
    const auto rejected = call.outcomes_of<ActionRejected>();
    ASSERT_EQ(rejected.size(), 1U);
    EXPECT_EQ(rejected[0].why.code, Code::prompt_failed);
    EXPECT_EQ(rejected[0].why.message, "no voice is installed");
    EXPECT_TRUE(call.session.state().actions.empty());
    // The call is as it was: the next request is taken.
    call.session.submit(request("k", click("5")));
    EXPECT_EQ(call.outcomes_of<ActionAccepted>().size(), 1U);
}

TEST(Session, WithoutPromptsTheHostSpeaks) {
    AnsweredCall call(nullptr);
    call.session.submit(request("s", Say{"Hello.", std::nullopt, true}));
    call.run();
    const auto intents = call.outcomes_of<Intent>();
    ASSERT_EQ(intents.size(), 1U);
    EXPECT_EQ(intents[0].what, Intent::Do::speak);
    EXPECT_EQ(intents[0].text, "Hello.");
}

TEST(Session, AFullQueueRefusesButAlwaysEnds) {
    AnsweredCall call(nullptr);
    std::size_t accepted = 0;
    std::size_t full = 0;
    for (int i = 0; i < 20; ++i) {
        call.session.submit(request("k" + std::to_string(i), click("1")));
        for (const Outcome& outcome : call.outcomes()) {
            accepted += std::holds_alternative<ActionAccepted>(outcome.what) ? 1U : 0U;
            const auto* const rejected = std::get_if<ActionRejected>(&outcome.what);
            full += rejected != nullptr && rejected->why.code == Code::queue_full ? 1U : 0U;
        }
    }
    EXPECT_EQ(accepted, 9U);
    EXPECT_EQ(full, 11U);
    call.session.submit(request("end", EndCall{EndCall::Mode::graceful}));
    EXPECT_EQ(call.outcomes_of<ActionAccepted>().size(), 1U);
    call.session.submit(fact(Fact::Kind::leg_ended, Leg::a));
    EXPECT_EQ(call.outcomes_of<SessionCompleted>().size(), 1U);
    EXPECT_EQ(call.session.state().phase, CallPhase::ended);
}

TEST(Session, NumbersItsOutcomesWithoutGaps) {
    test::PlainPrompts prompts;
    AnsweredCall call(&prompts);
    call.session.submit(request("s", Say{"Hello.", std::nullopt, true}));
    call.session.submit(request("k", click("12")));
    call.session.submit(request("e", EndCall{EndCall::Mode::graceful}));
    std::uint64_t seq = 1; // the answer's
    bool over = false;
    for (int i = 0; i < 2000 && !over; ++i) {
        call.run();
        for (const Outcome& outcome : call.outcomes()) {
            EXPECT_EQ(outcome.seq, ++seq);
            over = over || std::holds_alternative<SessionCompleted>(outcome.what);
        }
    }
    EXPECT_TRUE(over);
}

} // namespace
} // namespace keytone
