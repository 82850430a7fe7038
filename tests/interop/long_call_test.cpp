// SPDX-License-Identifier: MIT
//
// Two programs talk for most of a minute, and what each wrote is compared: the recording runs as the call
// did, from its first second to its last, and a goodbye is heard to its end.
#include "tests/support/audio_file.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/live_peers.hpp"
#include "tests/support/sanitizers.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* stays = R"({"v":1,"call":"far","rate":8000}
)";
/// Two keys far from each other, and words at the end.
constexpr const char* talks = R"({"v":1,"call":"near","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":1.0,"type":"based_call","id":"k1","name":"click_ivr","args":["1"]}
{"at":48.0,"type":"based_call","id":"k2","name":"click_ivr","args":["2"]}
{"at":49.0,"type":"based_call","id":"s1","name":"say","args":["Thank you for calling. Goodbye!",{"exact":true}]}
{"at":49.0,"type":"based_call","id":"e1","name":"end_call","args":[]}
)";
constexpr double rate_hz = 8000.0;

/// From the first loud sample behind `begin_s` to the last, in seconds.
double loud_s(const std::vector<std::int16_t>& audio, double begin_s) {
    constexpr int loud = 300;
    const auto first_asked = static_cast<std::size_t>(begin_s * rate_hz);
    std::size_t first = 0;
    std::size_t last = 0;
    for (std::size_t i = first_asked; i < audio.size(); ++i) {
        if (std::abs(audio[i]) >= loud) {
            first = first == 0 ? i : first;
            last = i;
        }
    }
    return static_cast<double>(last - first) / rate_hz;
}

/// What one side wrote of leg a.
std::vector<std::int16_t> written(const LiveServer& server, const std::string& name) {
    return read_audio(server.file(name)).channels.at(0);
}

class LongCall : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        const int port = free_port();
        const auto begin = std::chrono::steady_clock::now();
        far_ = std::make_unique<LiveServer>(LiveServer::answering(port), stays);
        near_ = std::make_unique<LiveServer>(LiveServer::calling(port), talks, "[rtp]\nkeys = \"inband\"\n");
        ASSERT_TRUE(near_->process().says("end_call (e1) is done", 70s)) << near_->process().output();
        ASSERT_EQ(near_->exit_code(), 0) << near_->process().errors();
        ASSERT_EQ(far_->exit_code(), 0) << far_->process().errors();
        lasted_s_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }
    static void TearDownTestSuite() {
        near_.reset();
        far_.reset();
    }

    static inline std::unique_ptr<LiveServer> near_;
    static inline std::unique_ptr<LiveServer> far_;
    static inline double lasted_s_ = 0.0;
};

/// Where the events of this kind begin, in seconds.
std::vector<double> starts_s(const LiveServer& server, const std::string& ev) {
    std::vector<double> starts;
    for (const nlohmann::json& event : server.events()) {
        if (event.at("ev") == ev) {
            starts.push_back(event.at("start").get<double>() / rate_hz);
        }
    }
    return starts;
}

/// The keys in a recording are where the events say.
void expect_keys(const LiveServer& server, const std::string& name, const std::string& ev) {
    const auto keys = hear(written(server, name), 8000);
    const auto starts = starts_s(server, ev);
    ASSERT_EQ(digits(keys), "12");
    ASSERT_EQ(starts.size(), 2U);
    EXPECT_NEAR(keys[0].start_s, starts[0], 0.005);
    EXPECT_NEAR(keys[1].start_s, starts[1], 0.005);
}

TEST_F(LongCall, IsRecordedAsItWasSent) {
    expect_keys(*near_, "leg-a.wav", "tone.completed");
}

TEST_F(LongCall, IsRecordedAsItWasHeard) {
    expect_keys(*far_, "leg-a-heard.wav", "digit.heard");
}

TEST_F(LongCall, IsAsLongInTheRecordingAsByTheClock) {
    // Both programs' beginning and end.
    constexpr double around_it_s = KEYTONE_SANITIZER_INTERCEPTS != 0 ? 15.0 : 3.0;
    for (const LiveServer* const server : {&*near_, &*far_}) {
        const double recorded_s = static_cast<double>(written(*server, "leg-a.wav").size()) / rate_hz;
        EXPECT_GT(recorded_s, 50.0);
        EXPECT_NEAR(recorded_s, lasted_s_, around_it_s);
    }
}

TEST_F(LongCall, TheGoodbyeIsHeardToItsEnd) {
    constexpr double behind_keys_s = 48.8;
    const double said_s = loud_s(written(*near_, "leg-a.wav"), behind_keys_s);
    EXPECT_GT(said_s, 1.0);
    EXPECT_NEAR(loud_s(written(*far_, "leg-a-heard.wav"), behind_keys_s), said_s, 0.03);
}

} // namespace
} // namespace keytone::test
