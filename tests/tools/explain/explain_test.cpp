// SPDX-License-Identifier: MIT
#include "tests/support/keytone_program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace keytone {
namespace {

using test::FailedWith;
using test::keytone_program;
using test::Succeeded;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

Json explained(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"explain", "--json"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto result = keytone_program(all);
    EXPECT_EQ(result.errors, "");
    EXPECT_TRUE(result.output.ends_with("}\n"));
    Json report = Json::parse(result.output);
    EXPECT_EQ(result.exit_code, report["refused"].is_null() ? 0 : 1);
    return report;
}

TEST(Explain, PrintsATable) {
    const auto result = keytone_program({"explain", "w1#", "--from", "asterisk"});
    EXPECT_THAT(result, Succeeded());
    EXPECT_EQ(result.output, "w1# to asterisk (SendDTMF)\n"
                             "tone: 100 ms; gap: 250 ms\n"
                             "\n"
                             "     at ms    length\n"
                             "         0       100  silence\n"
                             "       100       500  pause w\n"
                             "       600       100  key 1\n"
                             "       950       100  key #\n"
                             "      1050            end\n"
                             "\n"
                             "note: in Dial's option D() a colon parts the digits for the two sides\n"
                             "keytone: w1# --tone-ms 100 --gap-ms 250\n");
}

TEST(Explain, SaysWhatIsNotDocumented) {
    const auto result = keytone_program({"explain", "12", "--from", "twilio"});
    EXPECT_THAT(result, Succeeded());
    EXPECT_THAT(result.output, HasSubstr("tone: not documented; gap: not documented\n"));
    EXPECT_THAT(result.output, HasSubstr("       >=0         ?  key 2\n"));
}

TEST(Explain, SaysWhyAStringIsRefused) {
    const auto result = keytone_program({"explain", "1w2w", "--from", "webrtc"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.errors, "");
    EXPECT_THAT(result.output,
                HasSubstr("refused\n'w' at position 2, 4: throws InvalidCharacterError: nothing is sent\n"));
    EXPECT_THAT(result.output, HasSubstr("keytone: none: the platform sends nothing\n"));
    EXPECT_THAT(keytone_program({"explain", "ww"}).output, HasSubstr("refused: a pause alone sends nothing"));
}

TEST(Explain, MeansKeytoneUnlessTold) {
    const auto result = keytone_program({"explain", "12w3#"});
    EXPECT_THAT(result, Succeeded());
    EXPECT_THAT(result.output, HasSubstr("12w3# to keytone (click_ivr)\ntone: 200 ms; gap: 100 ms\n"));
    EXPECT_THAT(result.output, HasSubstr("      1500            end\n"));
    EXPECT_THAT(result.output, Not(HasSubstr("keytone: ")));
    EXPECT_EQ(explained({"12w3#"}), explained({"12w3#", "--from", "keytone"}));
}

TEST(Explain, PrintsJson) {
    const Json report = explained({"1,2", "--from", "webrtc"});
    EXPECT_EQ(report["digits"], "1,2");
    EXPECT_EQ(report["from"], "webrtc");
    EXPECT_EQ(report["tone_ms"], 100);
    EXPECT_EQ(report["gap_ms"], 70);
    EXPECT_TRUE(report["refused"].is_null());
    EXPECT_EQ(report["total_ms"], 2270);
    EXPECT_EQ(report["steps"], Json::parse(R"([
        {"at_ms": 0, "at_least": false, "length_ms": 100, "what": "key", "character": "1", "position": 1},
        {"at_ms": 170, "at_least": false, "length_ms": 2000, "what": "pause", "character": ",", "position": 2},
        {"at_ms": 2170, "at_least": false, "length_ms": 100, "what": "key", "character": "2", "position": 3}])"));
    EXPECT_EQ(report["keytone"],
              Json::parse(R"({"digits": "1WW2", "tone_ms": 100, "gap_ms": 70, "pauses_shorter_ms": 70})"));
    const Json refused = explained({"1 2", "--from", "twilio"});
    EXPECT_TRUE(refused["tone_ms"].is_null());
    EXPECT_TRUE(refused["keytone"].is_null());
    EXPECT_EQ(refused["characters"][0]["position"], 2);
    EXPECT_THAT(refused["refused"], HasSubstr("a space at position 2"));
}

TEST(Explain, KeepsTheTerminalSafe) {
    const auto result = keytone_program({"explain", "1\x1b[2J", "--from", "asterisk"});
    EXPECT_THAT(result, Succeeded());
    EXPECT_EQ(result.output.find('\x1b'), std::string::npos);
    EXPECT_THAT(result.output, HasSubstr("the byte 0x1B at position 2"));
    EXPECT_EQ(explained({"1\xff"})["characters"][0]["position"], 2);
}

TEST(Explain, RefusesWhatItCannotExplain) {
    EXPECT_THAT(keytone_program({"explain", ""}), FailedWith(2, "DIGITS is empty"));
    EXPECT_THAT(keytone_program({"explain", std::string(128, '1')}), Succeeded());
    EXPECT_THAT(keytone_program({"explain", std::string(129, '1')}),
                FailedWith(2, "DIGITS has 129 characters"));
    EXPECT_THAT(keytone_program({"explain", "1", "--from", "pigeon"}), FailedWith(2, "twilio"));
    EXPECT_THAT(keytone_program({"explain"}), FailedWith(2, "see keytone explain --help"));
    const auto help = keytone_program({"explain", "--help"});
    EXPECT_THAT(help, Succeeded());
    EXPECT_THAT(help.output, HasSubstr("keytone explain 'wwww1234#' --from twilio"));
}

} // namespace
} // namespace keytone
