// SPDX-License-Identifier: MIT
//
// Against a server that answers on a thread: the first bytes of each request decide.
#include "bench/live/api_load.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace keytone::bench {
namespace {

class Answerer {
  public:
    Answerer() : listening_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(bind(listening_, reinterpret_cast<const sockaddr*>(&address), size), 0);
        EXPECT_EQ(listen(listening_, 100), 0);
        EXPECT_EQ(getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size), 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~Answerer() {
        stops_.store(true);
        thread_.join();
        close(listening_);
    }
    Answerer(const Answerer&) = delete;
    Answerer& operator=(const Answerer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::size_t answered() const { return answered_.load(); }

  private:
    void run() {
        std::vector<pollfd> all{{listening_, POLLIN, 0}};
        while (!stops_.load()) {
            poll(all.data(), all.size(), 10);
            for (std::size_t i = 1; i < all.size(); ++i) {
                std::array<char, 4096> room{};
                const auto got = all[i].revents != 0 ? recv(all[i].fd, room.data(), room.size(), 0) : 0;
                if (got > 0) {
                    const std::string answer =
                        std::string(room[0] == 'G' ? "HTTP/1.1 200 OK" : "HTTP/1.1 403 Forbidden") +
                        "\r\nContent-Length: 5\r\n\r\nhello";
                    EXPECT_EQ(send(all[i].fd, answer.data(), answer.size(), 0), std::ssize(answer));
                    answered_.fetch_add(1);
                }
            }
            if (all[0].revents != 0) {
                all.push_back({accept(listening_, nullptr, nullptr), POLLIN, 0});
            }
        }
        for (std::size_t i = 1; i < all.size(); ++i) {
            close(all[i].fd);
        }
    }

    int listening_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stops_{false};
    std::atomic<std::size_t> answered_{0};
    std::thread thread_;
};

TEST(ApiLoad, CountsAnswersByTheirStatus) {
    const Answerer server;
    ApiLoad load({server.port(), "token", {"one", "two"}, 0.0});
    while (server.answered() < 1000) { // The test's own time limit is the bound.
        std::this_thread::yield();
    }
    const ApiFigures figures = load.stop();
    EXPECT_GE(figures.delays.count, 1000U);
    EXPECT_EQ(figures.delays.count, server.answered());
    EXPECT_EQ(figures.by_status.size(), 2U);
    EXPECT_EQ(figures.by_status.at(403), figures.delays.count / 10);
    EXPECT_EQ(figures.unanswered, 0U);
    EXPECT_GT(figures.per_second, 0.0);
    EXPECT_GT(figures.delays.median_ms, 0.0);
}

TEST(ApiLoad, AsksNoFasterThanItIsTold) {
    const Answerer server;
    const auto begun = std::chrono::steady_clock::now();
    ApiLoad load({server.port(), "token", {"one"}, 200.0});
    while (server.answered() < 50) {
        std::this_thread::yield();
    }
    const auto took = std::chrono::steady_clock::now() - begun;
    EXPECT_GE(std::chrono::duration<double>(took).count(), 49.0 / 200.0);
    load.stop();
}

TEST(ApiConnection, SaysThatNobodyAnswers) {
    std::uint16_t port = 0;
    {
        const Answerer server;
        port = server.port();
    }
    EXPECT_THAT([&] { ApiConnection connection(port); },
                testing::ThrowsMessage<std::runtime_error>("no connection to the API"));
}

} // namespace
} // namespace keytone::bench
