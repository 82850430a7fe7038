// SPDX-License-Identifier: MIT
//
// Two programs talk for most of a minute, and what each wrote is compared: the recording runs as the call
// did, from its first second to its last, and a goodbye is heard to its end.
#include "dsp/units.hpp"
#include "tests/support/audio_file.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/live_peers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr const char* stays = R"({"v":1,"call":"far","rate":8000}
)";
/// Two keys far from each other, and words at the end.
constexpr const char* talks = R"({"v":1,"call":"near","rate":8000,"options":{"keys":"tones"}}
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
        far_ = std::make_unique<LiveServer>(LiveServer::answering(port), stays);
        near_ = std::make_unique<LiveServer>(LiveServer::calling(port), talks);
        ASSERT_TRUE(near_->process().says("end_call (e1) is done", 70s)) << near_->process().output();
        ASSERT_EQ(near_->exit_code(), 0) << near_->process().errors();
        ASSERT_EQ(far_->exit_code(), 0) << far_->process().errors();
    }
    static void TearDownTestSuite() {
        near_.reset();
        far_.reset();
    }

    static inline std::unique_ptr<LiveServer> near_;
    static inline std::unique_ptr<LiveServer> far_;
};

TEST_F(LongCall, IsRecordedAsItRan) {
    for (const auto& audio : {written(*near_, "leg-a.wav"), written(*far_, "leg-a-heard.wav")}) {
        const auto keys = hear(audio, 8000);
        ASSERT_EQ(digits(keys), "12");
        EXPECT_NEAR(keys[1].start_s - keys[0].start_s, 47.0, 0.005);
    }
}

TEST_F(LongCall, IsAsLongInTheRecordingAsByTheClockThatAnswersIt) {
    for (const LiveServer* const server : {&*near_, &*far_}) {
        const double recorded_s = static_cast<double>(written(*server, "leg-a.wav").size()) / rate_hz;
        EXPECT_NEAR(recorded_s, server->events().back().at("sample").get<double>() / rate_hz, 1.0);
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
