// SPDX-License-Identifier: MIT
#include "tests/support/impaired_relay.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <span>
#include <stdexcept>

namespace keytone::test {

namespace {

sockaddr_in on_loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

} // namespace

ImpairedRelay::ImpairedRelay(const Setup& setup) : ppm_(setup.ppm) {
    for (std::size_t i = 0; i < sides_.size(); ++i) {
        Side& side = sides_[i];
        side.socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        sockaddr_in address = on_loopback(0);
        socklen_t size = sizeof address;
        if (bind(side.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            getsockname(side.socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
            throw std::runtime_error("no socket for the relay");
        }
        side.port = ntohs(address.sin_port);
        side.to_other = std::make_unique<ImpairedNetwork>(setup.impairment, 2 * setup.seed + i);
    }
}

ImpairedRelay::~ImpairedRelay() {
    stop();
    for (const Side& side : sides_) {
        close(side.socket);
    }
}

void ImpairedRelay::start(std::uint16_t first, std::uint16_t second) {
    sides_[0].end = first;
    sides_[1].end = second;
    thread_ = std::thread([this] { run(); });
}

void ImpairedRelay::stop() {
    if (thread_.joinable()) {
        stops_.store(true);
        thread_.join();
    }
}

std::size_t ImpairedRelay::sent() const {
    return sides_[0].to_other->sent() + sides_[1].to_other->sent();
}

std::size_t ImpairedRelay::lost() const {
    return sides_[0].to_other->lost() + sides_[1].to_other->lost();
}

void ImpairedRelay::run() {
    const auto begin = std::chrono::steady_clock::now();
    const auto now_ms = [&] {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    };
    while (!stops_.load()) {
        std::array<pollfd, 2> ready{pollfd{sides_[0].socket, POLLIN, 0}, pollfd{sides_[1].socket, POLLIN, 0}};
        poll(ready.data(), ready.size(), 1);
        for (std::size_t i = 0; i < sides_.size(); ++i) {
            std::array<std::uint8_t, 2048> bytes{};
            for (ssize_t size = 0; (size = recv(sides_[i].socket, bytes.data(), bytes.size(), 0)) >= 0;) {
                const double now = now_ms();
                sides_[i].to_other->send(
                    std::span<const std::uint8_t>(bytes).first(static_cast<std::size_t>(size)),
                    now * (1.0 + ppm_ * 1e-6));
            }
            const Side& other = sides_[1 - i];
            const sockaddr_in to = on_loopback(other.end);
            sides_[i].to_other->deliver(now_ms(), [&](std::span<const std::uint8_t> datagram, double) {
                static_cast<void>(sendto(other.socket, datagram.data(), datagram.size(), 0,
                                         reinterpret_cast<const sockaddr*>(&to), sizeof to));
            });
        }
    }
}

} // namespace keytone::test
