// SPDX-License-Identifier: MIT
#include "dsp/events/telephone_event_receiver.hpp"
#include "engine/session.hpp"
#include "tests/support/plain_prompts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
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

/// A source without any prompts.
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

    /// Runs leg a for a block; returns what leg a sent.
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
    // The call is unchanged: the next request is accepted.
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
    std::uint64_t seq = 1; // that of the answer
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

struct SentKeys {
    std::vector<std::int16_t> audio;
    std::vector<TelephoneEventPacket> packets;
    std::vector<ToneCompleted> tones;
};

/// The result of `digits` on a leg that sends keys in this form; the host asks for `samples` at a time. The
/// third key is cut within its tone.
SentKeys sent_keys(KeyForm form, std::size_t samples) {
    SessionConfig made;
    made.rules.keys[Leg::a] = form;
    Session session(made);
    session.submit(fact(Fact::Kind::leg_answered, Leg::a));
    session.submit(request("c1", click("1w12")));
    SentKeys result;
    CallEvent end = request("e1", EndCall{EndCall::Mode::immediate});
    end.at_s = 1.15; // the last key sounds from 1.1 s to 1.3 s
    bool ended = false;
    for (SampleIndex at = 0; at < 16'000; at += static_cast<SampleIndex>(samples)) {
        if (!ended && at + static_cast<SampleIndex>(samples) > 8000) {
            session.submit(end);
            ended = true;
        }
        std::vector<std::int16_t> sent(samples);
        session.process(Leg::a, {}, sent);
        result.audio.insert(result.audio.end(), sent.begin(), sent.end());
        while (const auto packet = session.next_key_event(Leg::a)) {
            result.packets.push_back(*packet);
        }
    }
    while (const auto outcome = session.poll()) {
        if (const auto* const tone = std::get_if<ToneCompleted>(&outcome->what)) {
            result.tones.push_back(*tone);
        }
    }
    return result;
}

/// A key of leg a came as a telephone event; begin and end are passed at once.
void hear_event(Session& session, char digit, SampleIndex onset, SampleCount duration) {
    KeyReport report{KeyReport::Kind::begin,
                     KeyReport::Source::telephone_event,
                     *Key::from_character(digit),
                     static_cast<RtpTimestamp>(onset),
                     0,
                     Dbm0{-10.0},
                     false};
    session.hear_key_event(Leg::a, report);
    report.kind = KeyReport::Kind::end;
    report.duration = duration;
    session.hear_key_event(Leg::a, report);
}

TEST(Session, HearsKeysThatComeAsTelephoneEvents) {
    AnsweredCall call(nullptr);
    call.run(1600);
    hear_event(call.session, '7', 1700, 800);
    call.run(1600);
    const auto outcomes = call.outcomes();
    ASSERT_EQ(outcomes.size(), 1U);
    const auto* const heard = std::get_if<DigitHeard>(&outcomes[0].what);
    ASSERT_NE(heard, nullptr);
    EXPECT_EQ(heard->digit, '7');
    EXPECT_EQ(heard->begin, 1700);
    EXPECT_EQ(heard->end, 2500);
    EXPECT_EQ(heard->snr_db, 0.0);
}

TEST(Session, AnotherFormOfKeysCountsFromTheNextDigits) {
    AnsweredCall call(nullptr);
    const auto packets_of = [&](const char* digits) {
        call.session.submit(request(digits, click(digits)));
        std::size_t packets = 0;
        for (int i = 0; i < 100; ++i) {
            call.run();
            while (call.session.next_key_event(Leg::a)) {
                ++packets;
            }
        }
        return packets;
    };
    EXPECT_EQ(packets_of("12"), 0U);
    call.session.set_key_form(Leg::a, KeyForm::events);
    EXPECT_GT(packets_of("34"), 10U);
    call.session.set_key_form(Leg::a, KeyForm::tones);
    EXPECT_EQ(packets_of("56"), 0U);
}

// The same keys at the same times; the samples are silent, and the packets carry the keys.
TEST(Session, SendsKeysAsTelephoneEvents) {
    const SentKeys tones = sent_keys(KeyForm::tones, block);
    const SentKeys events = sent_keys(KeyForm::events, block);
    ASSERT_EQ(tones.tones.size(), 3U);
    ASSERT_EQ(events.tones.size(), 3U);
    EXPECT_TRUE(tones.packets.empty());
    EXPECT_NE(tones.audio, std::vector<std::int16_t>(tones.audio.size()));
    EXPECT_EQ(events.audio, std::vector<std::int16_t>(events.audio.size()));
    TelephoneEventReceiver receiver(SampleRate::narrowband());
    std::vector<KeyReport> heard;
    for (const TelephoneEventPacket& packet : events.packets) {
        receiver.receive(packet.timestamp, packet.marker, pack(packet.event), [&](const KeyReport& report) {
            if (report.kind == KeyReport::Kind::end) {
                heard.push_back(report);
            }
        });
    }
    ASSERT_EQ(heard.size(), 3U);
    for (std::size_t i = 0; i < heard.size(); ++i) {
        EXPECT_EQ(events.tones[i].begin, tones.tones[i].begin);
        EXPECT_EQ(events.tones[i].end, tones.tones[i].end);
        EXPECT_EQ(heard[i].key.character(), tones.tones[i].digit);
        EXPECT_EQ(heard[i].onset, static_cast<RtpTimestamp>(tones.tones[i].begin));
        EXPECT_EQ(heard[i].duration, tones.tones[i].end - tones.tones[i].begin);
        EXPECT_FALSE(heard[i].end_inferred);
    }
    EXPECT_TRUE(events.tones[2].cut);
    for (const std::size_t samples : {1U, 37U, 800U}) {
        EXPECT_EQ(sent_keys(KeyForm::events, samples).packets, events.packets) << samples;
    }
}

/// The loudest sample that leg a sends in each half second from the dialling on; leg b answers after 3 s.
std::vector<int> heard_while_ringing(Hold hold, PromptSource* prompts) {
    SessionConfig made;
    made.prompts = prompts;
    made.rules.hold = hold;
    made.rules.hold_prompt = "music";
    Session session(made);
    session.submit(fact(Fact::Kind::leg_answered, Leg::a));
    Transfer transfer;
    transfer.phone_number = "+15303195426";
    transfer.extension = "1";
    session.submit(request("t1", transfer));
    std::vector<int> loudest;
    for (int half = 0; half < 8; ++half) {
        if (half == 6) {
            session.submit(fact(Fact::Kind::leg_answered, Leg::b));
        }
        int peak = 0;
        for (int i = 0; i < 25; ++i) {
            std::array<std::int16_t, block> sent{};
            session.process(Leg::a, {}, sent);
            std::array<std::int16_t, block> other{};
            session.process(Leg::b, {}, other);
            while (session.poll()) {
            }
            for (const std::int16_t sample : sent) {
                peak = std::max(peak, std::abs(int{sample}));
            }
        }
        loudest.push_back(peak);
    }
    return loudest;
}

TEST(Session, LetsTheCallerHearRingingUntilTheAnswer) {
    for (const int peak : heard_while_ringing(Hold::silence, nullptr)) {
        EXPECT_EQ(peak, 0);
    }
    // 2 s of the tone, both frequencies at -19 dBm0, and a pause.
    const auto ringing = heard_while_ringing(Hold::ringback, nullptr);
    for (int half = 0; half < 4; ++half) {
        EXPECT_NEAR(ringing[static_cast<std::size_t>(half)], 5124, 60) << half;
    }
    EXPECT_EQ(ringing[4], 0);
    EXPECT_EQ(ringing[5], 0);
}

TEST(Session, SendsKeysInEarlyMediaWhereItMay) {
    for (const bool may : {false, true}) {
        SessionConfig made;
        made.rules.keys_in_early_media = may;
        Session session(made);
        const auto accepted = [&](std::string id, Request what) {
            session.submit(request(std::move(id), std::move(what)));
            bool is_accepted = false;
            while (const auto outcome = session.poll()) {
                is_accepted = is_accepted || std::holds_alternative<ActionAccepted>(outcome->what);
            }
            return is_accepted;
        };
        EXPECT_FALSE(accepted("c0", click("1"))) << "it has no media yet";
        session.submit(fact(Fact::Kind::leg_early_media, Leg::a));
        EXPECT_EQ(accepted("c1", click("1")), may);
        EXPECT_FALSE(accepted("t1", Transfer{})) << "keys only";
        std::vector<std::int16_t> sent(1600);
        session.process(Leg::a, {}, sent);
        EXPECT_EQ(sent != std::vector<std::int16_t>(1600), may);
    }
}

} // namespace
} // namespace keytone
