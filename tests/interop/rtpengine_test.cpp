// SPDX-License-Identifier: MIT
//
// rtpengine between two keytone-servers' media: a proxy of signalling has it rewrite both descriptions, as
// Kamailio does. Here the descriptions are ours, so that nothing but rtpengine is in between.
#include "server/media/media_thread.hpp"
#include "server/sip/media_description.hpp"
#include "tests/support/background_process.hpp"
#include "tests/support/live_party.hpp"
#include "tests/support/live_peers.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using server::MediaDescription;
using server::MediaThread;

std::string bencode(const std::string& text) {
    return std::to_string(text.size()) + ":" + text;
}

/// The relay, controlled by its ng protocol.
class Rtpengine {
  public:
    Rtpengine() : port_(free_port()) {
        if (!can_start({"rtpengine", "--version"})) {
            problem_ = "rtpengine (Debian package rtpengine-daemon) is not installed";
            return;
        }
        const int media = free_port();
        process_.emplace(std::vector<std::string>{
            "rtpengine", "--foreground", "--no-fallback", "--table=-1", "--interface=127.0.0.1",
            "--listen-ng=" + on_loopback(port_), "--num-threads=1", "--log-level=3", "--log-stderr",
            "--port-min=" + std::to_string(media), "--port-max=" + std::to_string(media + 99)});
        socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_port = htons(static_cast<std::uint16_t>(port_));
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);
        if (!is_taken_soon(port_) || ask({{"command", "ping"}}).find("pong") == std::string::npos) {
            problem_ = "rtpengine does not run here: " + process_->errors();
        }
    }
    ~Rtpengine() {
        if (socket_ >= 0) {
            close(socket_);
        }
    }
    Rtpengine(const Rtpengine&) = delete;
    Rtpengine& operator=(const Rtpengine&) = delete;

    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// The description as it is passed on.
    MediaDescription pass(const std::string& command, const MediaDescription& described) {
        std::vector<std::pair<std::string, std::string>> words{
            {"command", command},
            {"call-id", "one"},
            {"from-tag", "a"},
            {"sdp", write_session_description(described, 1, 1)},
            {"ICE", "remove"}};
        if (command == "answer") {
            words.insert(words.begin() + 3, {"to-tag", "b"});
        }
        const std::string answer = ask(words);
        const auto begin = answer.find("v=0");
        auto read = server::read_session_description(
            begin == std::string::npos ? "" : answer.substr(begin, answer.find("6:result", begin) - begin));
        EXPECT_TRUE(read) << answer;
        return read ? *read : MediaDescription{};
    }

  private:
    std::string ask(const std::vector<std::pair<std::string, std::string>>& words) {
        std::string message = "t" + std::to_string(++asked_) + " d";
        for (const auto& [key, value] : words) {
            message += bencode(key) + bencode(value);
        }
        message += "e";
        EXPECT_EQ(send(socket_, message.data(), message.size(), 0), static_cast<ssize_t>(message.size()));
        pollfd ready{socket_, POLLIN, 0};
        std::array<char, 8192> answer{};
        const ssize_t size = poll(&ready, 1, 5000) == 1 ? recv(socket_, answer.data(), answer.size(), 0) : 0;
        return {answer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
    }

    int port_;
    int socket_ = -1;
    int asked_ = 0;
    std::string problem_;
    std::optional<BackgroundProcess> process_;
};

MediaDescription described(const LiveParty& party, bool events) {
    MediaDescription own;
    own.address = "127.0.0.1";
    own.port = party.address.port();
    own.codecs = {{G711Law::ulaw, 0}};
    own.comfort_noise.reset();
    if (!events) {
        own.telephone_event.reset();
    }
    return own;
}

class Between : public testing::TestWithParam<bool> {};

TEST_P(Between, KeysPassUnharmedBothWays) {
    Rtpengine relay;
    if (!relay.problem().empty()) {
        GTEST_SKIP() << relay.problem();
    }
    LiveParty near;
    LiveParty far;
    ASSERT_TRUE(near.port && far.port);
    const auto offer = relay.pass("offer", described(near, GetParam()));
    const auto answer = relay.pass("answer", described(far, GetParam()));
    ASSERT_NE(offer.port, near.address.port());
    ASSERT_NE(answer.port, far.address.port());
    EXPECT_EQ(offer.telephone_event.has_value(), GetParam());
    MediaThread media({.max_calls = 2});
    ASSERT_TRUE(near.open(near.address.with_port(answer.port), GetParam()));
    ASSERT_TRUE(far.open(far.address.with_port(offer.port), GetParam()));
    ASSERT_TRUE(media.add(near.call));
    ASSERT_TRUE(media.add(far.call));
    const std::string pressed = "1234567890*#5500";
    const std::string others = "99#*";
    near.press(pressed, "k");
    far.press(others, "l");
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < until &&
           (far.heard.size() < pressed.size() || near.heard.size() < others.size())) {
        near.listen();
        far.listen();
        std::this_thread::sleep_for(10ms);
    }
    const auto position = far.call->position(Leg::a);
    while (far.call->position(Leg::a) < position + 8000) { // and none twice
        near.listen();
        far.listen();
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_EQ(far.heard, pressed);
    EXPECT_EQ(near.heard, others);
    for (const DigitHeard& key : far.reports) { // as long as they were
        EXPECT_NEAR(static_cast<double>(key.end - key.begin), 1600.0, GetParam() ? 1.0 : 80.0);
    }
    EXPECT_EQ(far.figures().refused, 0U);
    EXPECT_EQ(far.figures().far.port(), offer.port);
}

INSTANTIATE_TEST_SUITE_P(Rtpengine, Between, testing::Bool(),
                         [](const auto& what) { return what.param ? "AsEvents" : "AsTones"; });

} // namespace
} // namespace keytone::test
