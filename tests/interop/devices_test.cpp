// SPDX-License-Identifier: MIT
//
// The program on real audio systems, without a sound card: it, and others, hear what it plays; and when a
// device goes away, that is an error, not a wait.
#include "tests/support/background_process.hpp"
#include "tests/support/device_layers.hpp"
#include "tests/support/keytone_program.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <sstream>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using testing::HasSubstr;

constexpr const char* started = R"("ev":"start")";

std::vector<Json> events(const std::string& lines) {
    std::vector<Json> events;
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);) {
        events.push_back(Json::parse(line));
    }
    return events;
}

/// The digits of the events of one kind.
std::string digits_of(const std::vector<Json>& events, const std::string& kind) {
    std::string digits;
    for (const Json& event : events) {
        digits += event.at("ev") == kind ? event.at("digit").get<std::string>() : "";
    }
    return digits;
}

std::vector<std::string> program(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), KEYTONE_PROGRAM);
    return arguments;
}

class OnJack : public testing::Test {
  protected:
    void start(int rate_hz) {
        server_.emplace(rate_hz);
        if (!server_->problem().empty()) {
            GTEST_SKIP() << server_->problem();
        }
    }
    [[nodiscard]] ChildResult run(const std::vector<std::string>& arguments) const {
        BackgroundProcess child(program(arguments), server_->environment());
        const auto code = child.ends(20s);
        EXPECT_TRUE(code) << "it does not end";
        return {code.value_or(-1), child.output(), child.errors()};
    }

    std::optional<JackServer> server_;
};

class AtEveryRate : public OnJack, public testing::WithParamInterface<int> {};

TEST_P(AtEveryRate, TheLineHearsWhatIsPlayed) {
    ASSERT_NO_FATAL_FAILURE(start(GetParam()));
    if (IsSkipped()) {
        return;
    }
    BackgroundProcess monitor(program({"monitor", "--json", "--device", "system"}), server_->environment());
    ASSERT_TRUE(monitor.says(started, 15s)) << monitor.errors();
    BackgroundProcess play(program({"play", "159D#", "--json", "--device", "system", "--lead-ms", "1500",
                                    "--tone-ms", "80", "--gap-ms", "80"}),
                           server_->environment());
    ASSERT_TRUE(play.says(started, 15s)) << play.errors();
    ASSERT_TRUE(server_->connect("PortAudio-01:out_0", "PortAudio:in_0"));
    EXPECT_EQ(play.ends(20s), 0) << play.errors();
    EXPECT_EQ(play.errors(), "");
    EXPECT_TRUE(monitor.says(R"("ev":"end","digit":"#")", 5s)) << monitor.output();
    monitor.signal(SIGINT);
    EXPECT_EQ(monitor.ends(10s), 0) << monitor.errors();
    EXPECT_EQ(monitor.errors(), "");

    const auto played = events(play.output());
    ASSERT_EQ(played.size(), 7U) << play.output();
    EXPECT_EQ(played.front().at("rate_hz"), GetParam());
    EXPECT_EQ(digits_of(played, "key"), "159D#");
    EXPECT_EQ(played[1].at("start_s"), 1.5);
    EXPECT_EQ(played.back().at("digits"), "159D#");
    const auto heard = events(monitor.output());
    EXPECT_EQ(heard.front().at("rate_hz"), GetParam());
    EXPECT_EQ(digits_of(heard, "begin"), "159D#");
    EXPECT_EQ(digits_of(heard, "end"), "159D#");
    EXPECT_EQ(heard.back().at("ev"), "summary");
    EXPECT_EQ(heard.back().at("digits"), "159D#");
    EXPECT_EQ(heard.back().at("reports_lost"), 0);
    EXPECT_GT(heard.back().at("blocks"), 20);
}

INSTANTIATE_TEST_SUITE_P(Devices, AtEveryRate, testing::Values(8000, 16000, 44100, 48000));

TEST_F(OnJack, ListsTheDevice) {
    ASSERT_NO_FATAL_FAILURE(start(48000));
    if (IsSkipped()) {
        return;
    }
    const auto plain = run({"devices"});
    EXPECT_THAT(plain, Succeeded());
    EXPECT_THAT(plain.output, HasSubstr("system  JACK Audio Connection Kit  2 in  2 out  48000 Hz"));
    const auto json = run({"devices", "--json"});
    EXPECT_THAT(json, Succeeded());
    bool found = false;
    for (const Json& device : events(json.output)) {
        if (device.at("name") == "system") {
            found = true;
            EXPECT_EQ(device.at("inputs"), 2);
            EXPECT_EQ(device.at("outputs"), 2);
            EXPECT_EQ(device.at("rate_hz"), 48000.0);
        }
    }
    EXPECT_TRUE(found) << json.output;
}

TEST_F(OnJack, ListensForAsLongAsItIsTold) {
    ASSERT_NO_FATAL_FAILURE(start(48000));
    if (IsSkipped()) {
        return;
    }
    const auto plain = run({"monitor", "--device", "system", "--seconds", "0.5", "--channel", "2"});
    EXPECT_THAT(plain, Succeeded());
    EXPECT_THAT(plain.output,
                HasSubstr("listening to system (JACK Audio Connection Kit), channel 2, 48000 Hz\n"));
    EXPECT_THAT(plain.output, HasSubstr("heard no digit in 0.500 s; "));
    EXPECT_THAT(run({"monitor", "--device", "system", "--channel", "3"}),
                FailedWith(1, "device 'system' has no channel 3: use --channel 1 to 2"));
    EXPECT_THAT(run({"play", "1", "--device", "system", "--rate", "8000"}),
                FailedWith(1, "does not work at 8000 Hz: use --rate 48000"));
}

TEST_F(OnJack, ADeviceAtAnotherRateIsAnErrorWithItsRemedy) {
    ASSERT_NO_FATAL_FAILURE(start(64000));
    if (IsSkipped()) {
        return;
    }
    EXPECT_THAT(run({"play", "1", "--device", "system"}),
                FailedWith(1, "works at 64000 Hz, keytone at 8000, 11025, 12000,"));
}

TEST_F(OnJack, AServerThatEndsIsAnError) {
    ASSERT_NO_FATAL_FAILURE(start(48000));
    if (IsSkipped()) {
        return;
    }
    BackgroundProcess monitor(program({"monitor", "--json", "--device", "system"}), server_->environment());
    ASSERT_TRUE(monitor.says(started, 15s)) << monitor.errors();
    BackgroundProcess play(program({"play", "12345", "--json", "--device", "system", "--tone-ms", "6000"}),
                           server_->environment());
    ASSERT_TRUE(play.says(R"("ev":"key")", 15s)) << play.errors();
    server_->stop();
    for (BackgroundProcess* const child : {&monitor, &play}) {
        const auto code = child->ends(15s);
        ASSERT_TRUE(code) << "it does not end";
        EXPECT_THAT(
            (ChildResult{*code, child->output(), child->errors()}),
            FailedWith(1,
                       "device 'system' (JACK Audio Connection Kit) has stopped: see that it is plugged in"));
        EXPECT_EQ(events(child->output()).back().at("ev"), "summary");
    }
}

class OnPulse : public testing::Test {
  protected:
    void SetUp() override {
        if (!daemon_.problem().empty()) {
            GTEST_SKIP() << daemon_.problem();
        }
        BackgroundProcess devices(program({"devices"}), daemon_.environment());
        if (devices.ends(20s) != 0 || devices.output().find("pulse") == std::string::npos) {
            GTEST_SKIP() << "ALSA has no plugin for PulseAudio: Debian package libasound2-plugins";
        }
    }

    PulseDaemon daemon_;
};

// The sink has no output: it is recorded to a file, which is decoded, and keytone listens to it at the same
// time.
TEST_F(OnPulse, TheMonitorOfASinkHearsWhatIsPlayed) {
    const TemporaryFolder folder;
    const std::string recording = folder.file("sink.wav");
    BackgroundProcess recorder({"parecord", "--device=keytone.monitor", "--latency-msec=20", "--format=s16le",
                                "--rate=8000", "--channels=1", "--file-format=wav", recording},
                               daemon_.environment());
    BackgroundProcess monitor(program({"monitor", "--json", "--device", "pulse"}), daemon_.environment());
    ASSERT_TRUE(monitor.says(started, 15s)) << monitor.errors();
    BackgroundProcess play(
        program({"play", "0*42#A", "--device", "pulse", "--lead-ms", "500", "--tail-ms", "500"}),
        daemon_.environment());
    EXPECT_EQ(play.ends(20s), 0) << play.errors();
    EXPECT_THAT(play.output(), HasSubstr("\n     0.500 s  0\n     0.700 s  *\n"));
    EXPECT_TRUE(monitor.says(R"("ev":"end","digit":"A")", 5s)) << monitor.output();
    monitor.signal(SIGINT);
    EXPECT_EQ(monitor.ends(10s), 0) << monitor.errors();
    EXPECT_EQ(events(monitor.output()).back().at("digits"), "0*42#A");
    recorder.signal(SIGTERM);
    EXPECT_EQ(recorder.ends(5s), 0) << recorder.errors();
    EXPECT_EQ(keytone_program({"detect", recording}).output, recording + "\t0*42#A\n");
}

TEST_F(OnPulse, ADaemonThatDiesIsAnError) {
    BackgroundProcess monitor(program({"monitor", "--device", "pulse"}), daemon_.environment());
    ASSERT_TRUE(monitor.says("listening to pulse", 15s)) << monitor.errors();
    daemon_.kill();
    const auto code = monitor.ends(15s);
    ASSERT_TRUE(code) << "it does not end";
    EXPECT_THAT((ChildResult{*code, monitor.output(), monitor.errors()}),
                FailedWith(1, "device 'pulse' (ALSA) has"));
    EXPECT_THAT(monitor.output(), HasSubstr("heard no digit in "));
}

} // namespace
} // namespace keytone::test
