// SPDX-License-Identifier: MIT
//
// Recordings of live calls: another keytone-server is the caller, and a third one the phone that a transfer
// dials. libsndfile reads them, SpanDSP looks for the keys.
#include "server/store/database.hpp"
#include "tests/support/audio_file.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/live_peers.hpp"
#include "tests/support/live_service.hpp"
#include "tests/support/signal.hpp"
#include "tests/support/spandsp_decoder.hpp"
#include "tests/support/wav_bytes.hpp"
#include "tests/support/webhook_receiver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace keytone::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

constexpr auto signed_url =
    "https://keytone\\.example/recordings/[0-9a-f-]+\\.wav\\?expires=[0-9]+&signature=[0-9a-f]+";

/// A store with recordings.
struct Recorded {
    ReportedStore store;
    std::string folder = store.file("recordings");
    std::string more{}; ///< Of the table `recordings`.

    [[nodiscard]] Service::Setup serving(const char* scenario, const std::string& sip = {}) const {
        return {.scenario = scenario,
                .config = sip + store.config() + "[http]\npublic_url = \"https://keytone.example/\"\n" +
                          "[recordings]\npath = \"" + folder + "\"\n" + more + "[log]\nlevel = \"debug\"\n",
                .options = {"--allow-http-webhooks"}};
    }
    [[nodiscard]] std::string file(const std::string& session) const {
        return folder + "/" + session + ".wav";
    }
};

std::string bytes_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

int end(Service& service) {
    service.end_at_once();
    return service.exit_code();
}

// The agent presses 5, then a secret, then 9; the caller presses 147 meanwhile. After the transfer caller and
// phone press keys for each other. As tones, so that all of them would be in the recording.
constexpr const char* presses_and_transfers = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.3,"type":"based_call","id":"k1","name":"click_ivr","args":["5"]}
{"at":2.0,"type":"based_call","id":"k2","name":"click_ivr","args":["86420864",{"sensitive":true}]}
{"at":5.0,"type":"based_call","id":"k3","name":"click_ivr","args":["9"]}
{"at":5.5,"type":"based_call","id":"t1","name":"transfer","args":["+15303195426"]}
)";

std::string presses(const std::vector<std::pair<double, std::string>>& keys, double seconds) {
    std::string text = R"({"v":1,"call":"keys","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
)";
    for (const auto& [at, pressed] : keys) {
        text += R"({"at":)" + std::to_string(at) + R"(,"type":"based_call","id":"b)" + std::to_string(at) +
                R"(","name":"click_ivr","args":[")" + pressed + R"("]})" + "\n";
    }
    return text + R"({"at":)" + std::to_string(seconds) +
           R"(,"type":"based_call","id":"e","name":"end_call","args":[{"mode":"immediate"}]})" + "\n";
}

TEST(Recording, HasTheAgentsPartAndNoSecretAndNothingOfTheHuman) {
    Recorded recorded;
    recorded.store.receive("none");
    const int phone_port = free_port();
    const std::string tones = "\n[rtp]\nkeys = \"inband\"\n";
    const std::string sip = "users.ada = \"hush-hush\"\nuser = \"trunk-user\"\npassword = \"trunk-hush\"\n" +
                            trunk(phone_port) + tones;
    Service service(recorded.serving(presses_and_transfers, sip));
    const std::string token = recorded.store.command({"token", "create", "ada"});
    LiveServer phone(LiveServer::answering(phone_port), presses({{0.8, "333"}}, 3.0), tones);
    ASSERT_TRUE(is_taken_soon(phone_port));
    LiveServer caller(LiveServer::calling(service.port()), presses({{0.5, "147"}, {7.5, "666"}}, 20.0),
                      tones);
    EXPECT_EQ(phone.exit_code(), 0) << phone.process().errors();
    EXPECT_EQ(caller.exit_code(), 0) << caller.process().errors();
    ASSERT_TRUE(recorded.store.hears("\"taken\": true"));
    EXPECT_EQ(end(service), 0);
    const auto data = recorded.store.data();
    ASSERT_THAT(data, SizeIs(1));
    EXPECT_EQ(data[0]["call"]["transferred"], true);
    EXPECT_THAT(data[0]["recording_url"].get<std::string>(), MatchesRegex(signed_url));
    EXPECT_THAT(data[0]["recording_url"].get<std::string>(),
                HasSubstr(data[0]["session_id"].get<std::string>()));
    EXPECT_FALSE(data[0].contains("recording_fault"));
    EXPECT_FALSE(data[0].contains("recording_missing_ms")) << data[0];
    const auto audio = read_audio(recorded.file(data[0]["session_id"]));
    ASSERT_THAT(audio.channels, SizeIs(2));
    EXPECT_EQ(audio.rate_hz, 8000);
    // To the sample where the caller was handed on.
    EXPECT_NEAR(static_cast<double>(audio.channels[0].size()) / 8000.0, data[0]["duration_seconds"], 0.0051);
    EXPECT_EQ(spandsp_digits(audio.channels[0]), "147");
    EXPECT_EQ(spandsp_digits(audio.channels[1]), "59");
    // They were on the line.
    std::string heard;
    for (const std::string& digit : values_of(caller.events(), "digit.heard", "digit")) {
        heard += digit;
    }
    EXPECT_THAT(heard, HasSubstr("586420864")) << heard;
    EXPECT_THAT(heard, HasSubstr("333")) << heard;

    // Nor is a secret anywhere else.
    const std::string log = service.process().errors();
    EXPECT_THAT(log, HasSubstr("digit.heard")) << "of the level debug";
    for (const std::string& secret :
         {std::string("86420864"), std::string("hush"), token, recorded.store.secret()}) {
        EXPECT_EQ(log.find(secret), std::string::npos) << secret;
        EXPECT_EQ(data[0].dump().find(secret), std::string::npos) << secret;
        const std::string stored = bytes_of(recorded.store.path()) + bytes_of(recorded.store.path() + "-wal");
        if (secret != recorded.store.secret()) { // With which reports are signed.
            EXPECT_EQ(stored.find(secret), std::string::npos) << secret;
        }
    }
    // Each line about a call has its id.
    const auto entries = service.log();
    const std::string call = data[0]["call"]["call_id"];
    for (const auto& entry : entries) {
        const std::string event = entry.at("event");
        if (!event.starts_with("service.")) {
            EXPECT_EQ(entry.value("call", ""), call) << entry;
        }
    }
}

// Somebody reads a card number aloud and keys it in at the same time, into a recorded call.
TEST(Recording, HasNoneOfTheCallersKeysWhereTheyAreToBeSilent) {
    constexpr const char* voice = "/usr/share/asterisk/sounds/en_US_f_Allison/demo-congrats.wav";
    if (!std::filesystem::exists(voice)) {
        GTEST_SKIP() << "no " << voice << ": install the Debian package asterisk-core-sounds-en-wav";
    }
    const std::string digits = "4929123456781234";
    Signal speech = at_level(from_pcm16(read_audio(voice).channels.at(0)), -24.0);
    Signal sound = speech;
    sound.resize(std::max<std::size_t>(sound.size(), 8000 * 8));
    std::size_t at = 6000;
    for (const char digit : digits) {
        mix_into(sound, test::sound({.key = digit, .tone_ms = 80 + 10.0 * (digit - '0')}, 8000), at);
        at += 3300;
    }
    sound.resize(8000 * 8);
    const TemporaryFolder prompts;
    static_cast<void>(prompts.write("card.wav", wav_bytes(8000, 1, to_pcm16(sound))));
    for (const bool is_silent : {false, true}) {
        Recorded recorded;
        recorded.more = is_silent ? "keys = \"silence\"\n" : "keys = \"keep\"\n";
        recorded.store.receive("none");
        Service service(recorded.serving(Service::stays));
        auto command = LiveServer::calling(service.port());
        command.insert(command.end(), {"--prompts", prompts.path().string()});
        LiveServer caller(command, R"({"v":1,"call":"card","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.3,"leg":"a","by":"agent","play":"card.wav"}
{"at":9.0,"type":"based_call","id":"e","name":"end_call","args":[{"mode":"immediate"}]}
)");
        EXPECT_EQ(caller.exit_code(), 0) << caller.process().errors();
        ASSERT_TRUE(recorded.store.hears("\"taken\": true"));
        EXPECT_EQ(end(service), 0);
        std::string told;
        for (const auto& entry : service.log()) {
            told += entry.at("event") == "digit.heard" ? entry.at("outcome").value("digit", "") : "";
        }
        const auto data = recorded.store.data();
        ASSERT_THAT(data, SizeIs(1));
        const auto heard = read_audio(recorded.file(data[0]["session_id"])).channels.at(0);
        DtmfLimits most;
        most.sensitivity = Sensitivity::sensitive;
        EXPECT_EQ(test::digits(hear(heard, 8000, most)), is_silent ? "" : digits);
        EXPECT_EQ(spandsp_digits(heard), is_silent ? "" : digits);
        EXPECT_GT(level_dbm0(from_pcm16(heard)), -40.0) << "the voice is there";
        EXPECT_EQ(told, digits) << "the agent is told them all the same";
    }
}

TEST(Recording, OfACallThatIsLostWithTheServicePlaysAndIsReported) {
    Recorded recorded;
    recorded.store.receive("none");
    std::string session;
    {
        Service service(recorded.serving(Service::stays));
        LiveServer caller(LiveServer::calling(service.port()), presses({{0.3, "147"}}, 20.0));
        ASSERT_TRUE(service.says("call.began"));
        session = service.values("call.began", "session").at(0);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(15);
        while (bytes_of(recorded.file(session)).size() < 80'000 &&
               std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        service.process().signal(SIGKILL);
        service.process().ends(std::chrono::seconds(5));
        const auto killed = read_audio(recorded.file(session));
        EXPECT_GT(killed.channels.at(0).size(), 8000U);
        caller.process().signal(SIGKILL);
    }
    Service service(recorded.serving(Service::stays));
    ASSERT_TRUE(recorded.store.hears("\"taken\": true"));
    EXPECT_EQ(end(service), 0);
    const auto data = recorded.store.data();
    ASSERT_THAT(data, SizeIs(1));
    EXPECT_EQ(data[0]["call"]["reason"], "node_lost");
    EXPECT_THAT(data[0]["recording_url"].get<std::string>(), HasSubstr(session));
    EXPECT_EQ(44 + 4 * read_audio(recorded.file(session)).channels.at(0).size(),
              bytes_of(recorded.file(session)).size());
}

TEST(Recording, OnADiskThatIsFullCostsSoundAndNoCall) {
    Recorded recorded;
    const TemporaryFolder disk;
    recorded.folder = disk.path().string();
    recorded.store.receive("none");
    Service::Setup setup = recorded.serving(R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":4.5,"type":"based_call","id":"b1","name":"end_call","args":[{"mode":"immediate"}]}
)");
    setup.before = on_small_disk(recorded.folder, "64k");
    if (setup.before.empty()) {
        GTEST_SKIP() << "no file system may be mounted here";
    }
    Service service(setup);
    EXPECT_EQ(Sipp::calling("caller_waits", service.port()).exit_code(), 0);
    ASSERT_TRUE(recorded.store.hears("\"taken\": true"));
    EXPECT_EQ(end(service), 0);
    service.expect_calls(1);
    const auto data = recorded.store.data();
    ASSERT_THAT(data, SizeIs(1));
    EXPECT_EQ(data[0]["call"]["status"], "completed");
    EXPECT_THAT(data[0]["recording_url"].get<std::string>(), MatchesRegex(signed_url));
    EXPECT_THAT(data[0]["recording_fault"].get<std::string>(), HasSubstr("No space left on device"));
    EXPECT_GT(data[0]["recording_missing_ms"].get<int>(), 1500);
    EXPECT_LT(data[0]["recording_missing_ms"].get<int>(), 4000);
    EXPECT_THAT(service.values("recording.failing", "call"), ElementsAre(data[0]["call"]["call_id"]));
    EXPECT_THAT(service.values("recording.incomplete", "call"), ElementsAre(data[0]["call"]["call_id"]));
}

TEST(Recording, WithoutAFolderIsSaidInLogAndReport) {
    Recorded recorded;
    recorded.folder = "/proc/nothing";
    recorded.store.receive("none");
    Service service(recorded.serving(Service::stays));
    EXPECT_THAT(service.values("recording.folder", "message"), ElementsAre(HasSubstr("set recordings.path")));
    EXPECT_EQ(Sipp::calling("caller_basic", service.port()).exit_code(), 0);
    ASSERT_TRUE(recorded.store.hears("\"taken\": true"));
    EXPECT_EQ(end(service), 0);
    const auto data = recorded.store.data();
    ASSERT_THAT(data, SizeIs(1));
    EXPECT_TRUE(data[0]["recording_url"].is_null());
    EXPECT_THAT(data[0]["recording_fault"].get<std::string>(), HasSubstr("cannot be made"));
    EXPECT_EQ(data[0]["recording_fault"].get<std::string>().find("/proc"), std::string::npos);
    EXPECT_EQ(data[0]["call"]["status"], "completed");
    EXPECT_THAT(service.values("recording.failing", "call"), ElementsAre(data[0]["call"]["call_id"]));
}

} // namespace
} // namespace keytone::test
