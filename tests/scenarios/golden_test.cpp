// SPDX-License-Identifier: MIT
//
// Every call of testdata/scenarios/ gives the recorded lines, and keeps the rules of all lines. After an
// intended change: run testdata/scenarios/make-golden, and review the difference.
#include "tests/scenarios/scenario_run.hpp"
#include "tools/simulation/scenario_json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace keytone {
namespace {

using nlohmann::json;
using namespace test;

TEST(Scenarios, AreThere) {
    EXPECT_GE(scenario_names().size(), 70U);
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, Lines) {
    const CallRun run = run_offline(scenario_file(GetParam() + ".jsonl"));
    const auto golden = split_lines(scenario_file("golden/" + GetParam() + ".events.jsonl"));
    EXPECT_FALSE(golden.empty());
    EXPECT_TRUE(same_lines(golden, event_lines(run)));
}

TEST_P(Golden, BeginsWithWhatItSays) {
    const std::string text = scenario_file(GetParam() + ".jsonl");
    EXPECT_TRUE(text.starts_with("# ")) << "the first line says in a sentence what happens";
    EXPECT_EQ(text.find('\n'), text.find(".\n") + 1);
}

/// The lives of actions, by their lines.
struct Life {
    int accepted = 0;
    int started = 0;
    int concluded = 0;
};

TEST_P(Golden, KeepsTheRulesOfAllLines) {
    const auto lines = split_lines(scenario_file("golden/" + GetParam() + ".events.jsonl"));
    std::map<std::string, Life> lives;
    std::uint64_t seq = 0;
    for (const std::string& text : lines) {
        const json line = json::parse(text);
        EXPECT_EQ(line.at("v"), 1);
        EXPECT_EQ(line.at("seq"), ++seq);
        EXPECT_GE(line.at("sample"), 0);
        const std::string event = line.at("ev");
        if (!event.starts_with("action.") || line.contains("replayed")) {
            continue;
        }
        const std::string id = line.at("id");
        Life& life = lives[id];
        EXPECT_EQ(life.concluded, 0) << id << " goes on after its end";
        if (event == "action.accepted") {
            EXPECT_EQ(++life.accepted, 1) << id;
        } else if (event == "action.rejected") {
            EXPECT_EQ(life.accepted, 0) << id;
            const std::string code = line.at("code");
            if (code == "call_not_in_progress" || code == "queue_full") {
                lives.erase(id); // It may be sent again.
                continue;
            }
            ++life.accepted;
            ++life.concluded;
        } else if (event == "action.started") {
            EXPECT_EQ(life.accepted, 1) << id;
            EXPECT_EQ(++life.started, 1) << id;
        } else {
            EXPECT_TRUE(event == "action.completed" || event == "action.failed" ||
                        event == "action.cancelled");
            EXPECT_EQ(life.accepted, 1) << id;
            EXPECT_TRUE(life.started == 1 || event == "action.cancelled") << id << ": " << event;
            ++life.concluded;
        }
    }
    for (const auto& [id, life] : lives) {
        EXPECT_EQ(life.concluded, 1) << id;
    }
}

INSTANTIATE_TEST_SUITE_P(Scenario, Golden, testing::ValuesIn(scenario_names()), parameter_name);

/// The first samples of the keys that a leg sent.
std::vector<SampleIndex> starts(const CallRun& run, Leg leg) {
    std::vector<SampleIndex> found;
    for (const Outcome& outcome : sent_tones(run, leg)) {
        found.push_back(std::get<ToneCompleted>(outcome.what).begin);
    }
    return found;
}

TEST(SeedExample, ThreeKeysAre2400SamplesApart) {
    const CallRun run = run_offline(scenario_file("click_1_star_0.jsonl"));
    const std::vector<SampleIndex> at = starts(run, Leg::a);
    ASSERT_EQ(at.size(), 3U);
    EXPECT_EQ(at[0], 8000);
    EXPECT_EQ(at[1] - at[0], 2400);
    EXPECT_EQ(at[2] - at[0], 4800);
    for (const Outcome& outcome : sent_tones(run, Leg::a)) {
        const auto& tone = std::get<ToneCompleted>(outcome.what);
        EXPECT_EQ(tone.end - tone.begin, 1600);
    }
}

TEST(SeedExample, ExtensionBeginsTwoSecondsAfterTheAnswer) {
    const CallRun run = run_offline(scenario_file("transfer_pause_2s.jsonl"));
    EXPECT_EQ(starts(run, Leg::b), (std::vector<SampleIndex>{136000, 138400, 140800}));
    EXPECT_TRUE(starts(run, Leg::a).empty()) << "the caller never hears the keys";
}

/// Neither a number nor a domain can inject anything into a header: such a line is refused.
TEST(SeedExample, LineEndsInASipAddressAreRefusedByTheirKey) {
    const std::string header = "{\"v\":1,\"call\":\"c1\",\"rate\":8000}\n";
    const std::string begin = R"({"at":0,"type":"based_call","id":"b1","name":"transfer","args":[)";
    const auto user =
        simulation::parse_scenario(header + begin + R"("front\r\ndesk",{"sipDomain":"a.example"}]})");
    ASSERT_FALSE(user);
    EXPECT_EQ(user.error().message, "/args/0: holds a line end at position 6: take it out");
    const auto domain = simulation::parse_scenario(header + begin +
                                                   R"("frontdesk",{"sipDomain":"a.example\r\nX-Evil: 1"}]})");
    ASSERT_FALSE(domain);
    EXPECT_EQ(domain.error().message, "/args/1/sipDomain: holds a line end at position 10: take it out");
}

TEST(SeedExample, SensitiveDigitsAreInNoLine) {
    const auto lines = event_lines(run_offline(scenario_file("click_sensitive.jsonl")));
    int hidden = 0;
    for (const std::string& text : lines) {
        const json line = json::parse(text);
        if (line.contains("digit")) {
            EXPECT_EQ(line.at("digit"), "?");
            ++hidden;
        }
        for (const json& tone : line.value("tones", json::array())) {
            EXPECT_EQ(tone.at("digit"), "?");
        }
        EXPECT_EQ(text.find("123456789"), std::string::npos);
    }
    EXPECT_EQ(hidden, 9);
}

} // namespace
} // namespace keytone
