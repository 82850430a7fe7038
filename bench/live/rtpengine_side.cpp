// SPDX-License-Identifier: MIT
#include "bench/live/rtpengine_side.hpp"

#include "bench/live/cost.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <initializer_list>
#include <stdexcept>
#include <thread>
#include <utility>

namespace keytone::bench {

namespace {

constexpr std::uint16_t control_port = 2223;
constexpr std::uint8_t event_payload_type = 96; // the one that it offers

std::string text(const std::string& value) {
    return std::to_string(value.size()) + ':' + value;
}
std::string list(std::initializer_list<std::string> values) {
    std::string out = "l";
    for (const std::string& value : values) {
        out += text(value);
    }
    return out + 'e';
}

/// A command's dictionary, of parts that are bencode already.
std::string dictionary(std::initializer_list<std::pair<std::string, std::string>> entries) {
    std::string out = "d";
    for (const auto& [key, value] : entries) {
        out += text(key) + value;
    }
    return out + 'e';
}

std::string description(std::uint16_t port, const std::string& formats, const std::string& maps) {
    return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio " +
           std::to_string(port) + " RTP/AVP " + formats + "\r\n" + maps + "a=ptime:20\r\na=sendrecv\r\n";
}

std::uint16_t media_port(const std::string& answer) {
    const auto at = answer.find("m=audio ");
    if (at == std::string::npos) {
        throw std::runtime_error("rtpengine answers without audio: " + answer);
    }
    return static_cast<std::uint16_t>(std::strtoul(answer.c_str() + at + 8, nullptr, 10));
}

} // namespace

RtpengineSide::~RtpengineSide() {
    close();
}

LineSetup RtpengineSide::line(std::size_t index) const {
    LineSetup setup;
    setup.index = index;
    setup.payload_type = 8;
    setup.event_payload_type = event_payload_type;
    setup.keys_come_as_events = true;
    return setup;
}

void RtpengineSide::start(unsigned cores) {
    program_.emplace(std::vector<std::string>{
        "rtpengine", "--foreground", "--no-fallback", "--table=-1", "--interface=127.0.0.1",
        "--listen-ng=127.0.0.1:" + std::to_string(control_port), "--num-threads=" + std::to_string(cores),
        "--log-level=2", "--scheduling=fifo", "--priority=11", "--log-stderr", "--port-min=10000",
        "--port-max=59999"});
    socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(control_port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        throw std::runtime_error("no socket for rtpengine's control");
    }
    for (int i = 0; i < 50; ++i) {
        try {
            ask(dictionary({{"command", text("ping")}}));
            return;
        } catch (const std::exception&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    }
    throw std::runtime_error("rtpengine does not answer");
}

std::string RtpengineSide::ask(const std::string& command) {
    const std::string cookie = std::to_string(++asked_) + ' ';
    const std::string message = cookie + command;
    static_cast<void>(send(socket_, message.data(), message.size(), 0));
    pollfd waits{socket_, POLLIN, 0};
    std::array<char, 8192> answer{};
    while (poll(&waits, 1, 2000) > 0) {
        const auto size = recv(socket_, answer.data(), answer.size(), 0);
        if (size < 0) {
            break; // nobody listens yet
        }
        const std::string got(answer.data(), static_cast<std::size_t>(size));
        if (got.starts_with(cookie)) {
            if (got.find("6:result5:error") != std::string::npos) {
                throw std::runtime_error("rtpengine refuses: " + got);
            }
            return got;
        }
    }
    throw std::runtime_error("rtpengine does not answer");
}

LineRoute RtpengineSide::open_call(std::size_t index, std::uint16_t far_port) {
    const std::string call = text("call-" + std::to_string(index));
    const std::string events = std::to_string(event_payload_type);
    const auto replaced = list({"origin", "session-connection"});
    const std::string offer =
        ask(dictionary({{"command", text("offer")},
                        {"call-id", call},
                        {"from-tag", text("a")},
                        {"sdp", text(description(far_port, "8", "a=rtpmap:8 PCMA/8000\r\n"))},
                        {"ICE", text("remove")},
                        {"replace", replaced},
                        {"codec", "d" + text("mask") + list({"PCMA"}) + text("transcode") +
                                      list({"PCMU", "telephone-event"}) + 'e'}}));
    const std::string answer =
        ask(dictionary({{"command", text("answer")},
                        {"call-id", call},
                        {"from-tag", text("a")},
                        {"to-tag", text("b")},
                        {"sdp", text(description(far_port, "0 " + events,
                                                 "a=rtpmap:0 PCMU/8000\r\na=rtpmap:" + events +
                                                     " telephone-event/8000\r\n"))},
                        {"ICE", text("remove")},
                        {"replace", replaced}}));
    return {media_port(answer), media_port(offer)};
}

std::vector<LineRoute> RtpengineSide::open(const PointSetup& setup, std::uint16_t far_port) {
    start(setup.cores);
    const std::size_t before = resident_bytes(program_->process());
    std::vector<LineRoute> routes;
    for (std::size_t i = 0; i < setup.calls; ++i) {
        routes.push_back(open_call(i, far_port));
    }
    bytes_ = resident_bytes(program_->process()) - before;
    return routes;
}

double RtpengineSide::media_seconds() {
    return seconds_run(program_->process());
}

void RtpengineSide::close() {
    if (socket_ >= 0) {
        ::close(std::exchange(socket_, -1));
    }
    program_.reset();
}

} // namespace keytone::bench
