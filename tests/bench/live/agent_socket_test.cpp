// SPDX-License-Identifier: MIT
#include "bench/live/agent_socket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

namespace keytone::bench {
namespace {

using testing::ElementsAre;

/// A frame as a client sends it: masked.
std::string frame(char opcode, const std::string& payload) {
    constexpr std::string_view mask = "\x12\x34\x56\x78";
    std::string bytes{static_cast<char>(0x80 | opcode)};
    if (payload.size() < 126) {
        bytes += static_cast<char>(0x80U | payload.size());
    } else {
        bytes += {static_cast<char>(0xFE), static_cast<char>(payload.size() >> 8U),
                  static_cast<char>(payload.size() & 0xFFU)};
    }
    bytes += mask;
    for (std::size_t i = 0; i < payload.size(); ++i) {
        bytes += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
    }
    return bytes;
}

class ASocket : public testing::Test {
  protected:
    void SetUp() override {
        std::array<int, 2> ends{};
        ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
        far_ = ends[0];
        near_ = std::make_unique<AgentSocket>(ends[1]);
    }
    void TearDown() override { close(far_); }

    std::vector<std::string> after(const std::string& bytes) {
        EXPECT_EQ(send(far_, bytes.data(), bytes.size(), 0), std::ssize(bytes));
        std::vector<std::string> texts;
        near_->read([&](std::string_view text) { texts.emplace_back(text); });
        return texts;
    }
    std::string sent() {
        std::array<char, 4096> room{};
        const auto count = recv(far_, room.data(), room.size(), MSG_DONTWAIT);
        return {room.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
    }

    int far_ = -1;
    std::unique_ptr<AgentSocket> near_;
};

TEST_F(ASocket, TakesFramesHoweverTheyAreCut) {
    const std::string bytes = frame(1, "hello") + frame(2, std::string(320, 's')) + frame(1, "you");
    EXPECT_THAT(after(bytes), ElementsAre("hello", "you"));
    EXPECT_EQ(near_->heard(), 1U);
    std::vector<std::string> texts;
    for (const char byte : bytes) {
        for (const std::string& text : after({byte})) {
            texts.push_back(text);
        }
    }
    EXPECT_THAT(texts, ElementsAre("hello", "you"));
    EXPECT_EQ(near_->heard(), 2U);
    EXPECT_TRUE(near_->is_open());
}

TEST_F(ASocket, SendsFramesAndAnswersPings) {
    near_->send_text("hello");
    EXPECT_EQ(sent(), "\x81\x05hello");
    near_->send_sound(std::vector<std::int16_t>(160, 0x0102));
    const std::string sound = sent();
    EXPECT_EQ(sound.substr(0, 6), std::string("\x82\x7E\x01\x40\x02\x01", 6));
    EXPECT_EQ(sound.size(), 4U + 320U);
    after(frame(9, "are you there"));
    EXPECT_EQ(sent(), "\x8A\x0D"
                      "are you there");
}

TEST_F(ASocket, IsClosedByAFrameOrByWhatIsNone) {
    after(frame(8, "\x03\xE8"));
    EXPECT_FALSE(near_->is_open());
    EXPECT_EQ(sent(), "\x88\x02\x03\xE8");
    TearDown();
    SetUp();
    after("HTTP/1.1 200 OK\r\n\r\n");
    EXPECT_FALSE(near_->is_open());
}

} // namespace
} // namespace keytone::bench
