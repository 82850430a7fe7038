// SPDX-License-Identifier: MIT
//
// The sessions of testdata/: every key that was keyed is detected, at its time, and nothing else is.
#include "tests/support/audio_file.hpp"
#include "tests/support/heard_keys.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using nlohmann::json;

const std::filesystem::path testdata = KEYTONE_TESTDATA;

json read_truth() {
    std::ifstream file(testdata / "truth.json");
    return json::parse(file).at("files");
}

// Q.24 asks nothing about a receiver's times. These limits are keytone's own.
constexpr double onset_tolerance_s = 0.005;
constexpr double duration_tolerance_s = 0.010;
// GSM full rate processes sound in steps of 5 ms, so an edge may be off by up to that much, at either end.
constexpr double gsm_sub_frame_s = 0.005;

void expect_time(const json& keyed, const HeardKey& heard, double smear_s) {
    EXPECT_NEAR(heard.start_s, keyed.at("start_s").get<double>(), onset_tolerance_s + smear_s);
    EXPECT_NEAR(heard.duration_s, keyed.at("duration_s").get<double>(), duration_tolerance_s + 2.0 * smear_s);
}

void expect_tones(const json& keyed, const HeardKey& heard) {
    EXPECT_NEAR(heard.low_dbm0, keyed.at("low_dbm0").get<double>(), 1.0);
    EXPECT_NEAR(heard.high_dbm0, keyed.at("high_dbm0").get<double>(), 1.0);
    EXPECT_NEAR(heard.low_hz / keyed.at("low_hz").get<double>(), 1.0, 0.005);
    EXPECT_NEAR(heard.high_hz / keyed.at("high_hz").get<double>(), 1.0, 0.005);
}

void expect_channel(const json& truth, const std::string& codec, const std::vector<HeardKey>& heard) {
    ASSERT_EQ(digits(heard), truth.at("digits").get<std::string>());
    for (std::size_t i = 0; i < heard.size(); ++i) {
        const json& keyed = truth.at("keys").at(i);
        SCOPED_TRACE("key " + std::to_string(i + 1) + ": " + keyed.dump());
        const bool gsm = codec == "gsm";
        expect_time(keyed, heard[i], gsm ? gsm_sub_frame_s : 0.0);
        // Levels and frequencies are checked where no codec changes them and a tone is well above everything
        // else.
        if (!gsm && keyed.at("over_rest_db").get<double>() > 20.0) {
            expect_tones(keyed, heard[i]);
        }
    }
}

TEST(MenuSessions, EveryKeyIsHeardWhereItWasKeyedAndNothingElseIs) {
    for (const json& session : read_truth()) {
        const auto name = session.at("file").get<std::string>();
        const AudioFile file = read_audio(testdata / name);
        EXPECT_EQ(file.rate_hz, session.at("rate_hz").get<int>()) << name;
        ASSERT_EQ(file.channels.size(), session.at("channels").size()) << name;
        for (std::size_t i = 0; i < file.channels.size(); ++i) {
            const json& truth = session.at("channels").at(i);
            SCOPED_TRACE(name + ", " + truth.at("channel").get<std::string>() + ": " +
                         session.at("made").get<std::string>());
            expect_channel(truth, session.at("codec").get<std::string>(),
                           hear(file.channels[i], file.rate_hz));
        }
    }
}

TEST(MenuSessions, TheTruthNamesEveryFile) {
    std::vector<std::string> named;
    for (const json& session : read_truth()) {
        named.push_back(session.at("file").get<std::string>());
    }
    std::vector<std::string> present;
    for (const auto& entry : std::filesystem::directory_iterator(testdata)) {
        const std::string name = entry.path().filename();
        const bool is_session =
            entry.is_regular_file() && name != "make" && name != "README.md" && name != "truth.json";
        if (is_session) {
            present.push_back(name);
        }
    }
    std::sort(named.begin(), named.end());
    std::sort(present.begin(), present.end());
    EXPECT_EQ(present, named);
    EXPECT_FALSE(named.empty());
}

} // namespace
} // namespace keytone::test
