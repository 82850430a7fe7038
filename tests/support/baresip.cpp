// SPDX-License-Identifier: MIT
#include "tests/support/baresip.hpp"

#include "bench/live/netstring.hpp"
#include "tests/support/live_peers.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>

namespace keytone::test {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr const char* modules = "/usr/lib/baresip/modules";

std::string little_endian(std::uint32_t number, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) {
        text += static_cast<char>(number >> (8 * i) & 0xFFU);
    }
    return text;
}

// A minute of a faint hum, at 8 kHz, 16 bits.
std::string hum() {
    constexpr std::uint32_t samples = 60 * 8000;
    std::string data;
    for (std::uint32_t i = 0; i < samples; ++i) {
        const double turn = 2.0 * 3.141592653589793 * 300.0 * i / 8000.0;
        data += little_endian(static_cast<std::uint32_t>(std::lround(500.0 * std::sin(turn))), 2);
    }
    return "RIFF" + little_endian(36 + 2 * samples, 4) + "WAVEfmt " + little_endian(16, 4) +
           little_endian(1, 2) + little_endian(1, 2) + little_endian(8000, 4) + little_endian(16000, 4) +
           little_endian(2, 2) + little_endian(16, 2) + "data" + little_endian(2 * samples, 4) + data;
}

} // namespace

Baresip::Baresip(const std::string& user, const std::string& settings, const std::string& encryption)
    : port_(free_port()), control_port_(free_port()), media_port_(free_port()) {
    if (!can_start({"baresip", "-h"}) || !std::filesystem::exists(std::string(modules) + "/ctrl_tcp.so")) {
        problem_ = "baresip (Debian package baresip-core) is not installed";
        return;
    }
    const std::string voice = folder_.write("hum.wav", hum());
    static_cast<void>(folder_.write("contacts", ""));
    static_cast<void>(folder_.write("accounts", "<sip:" + user + "@" + on_loopback(port_) +
                                                    ";transport=udp>;regint=0;answermode=auto;"
                                                    "audio_codecs=PCMU;dtmfmode=rtpevent" +
                                                    (encryption.empty() ? "" : ";mediaenc=" + encryption) +
                                                    "\n"));
    static_cast<void>(folder_.write(
        "config", "poll_method epoll\nnet_interface 127.0.0.1\nsip_listen " + on_loopback(port_) +
                      "\nrtp_ports " + std::to_string(media_port_) + "-" +
                      std::to_string(media_port_ + media_ports) + "\nctrl_tcp_listen " +
                      on_loopback(control_port_) + "\naudio_source aufile," + voice +
                      "\naudio_player aubridge,nowhere\naudio_alert aubridge,nowhere\nmodule_path " +
                      modules + (encryption.empty() ? "" : "\nmodule srtp.so") +
                      "\nmodule g711.so\nmodule aufile.so\nmodule aubridge.so\nmodule_app account.so\n"
                      "module_app ctrl_tcp.so\nmodule_app menu.so\nstatmode_default off\nmenu_bell no\n" +
                      settings));
    process_.emplace(std::vector<std::string>{"baresip", "-4", "-f", folder_.path().string()});
    if (!process_->says("baresip is ready", 10s)) {
        ADD_FAILURE() << "baresip does not start: " << process_->output() << process_->errors();
        return;
    }
    control_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(static_cast<std::uint16_t>(control_port_));
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(control_, reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);
}

Baresip::~Baresip() {
    if (control_ >= 0) {
        close(control_);
    }
}

void Baresip::command(const std::string& name, const std::string& parameters) {
    const std::string text = Json{{"command", name}, {"params", parameters}, {"token", "t"}}.dump();
    const std::string netstring = std::to_string(text.size()) + ":" + text + ",";
    EXPECT_EQ(send(control_, netstring.data(), netstring.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(netstring.size()));
}

// False at the end.
bool Baresip::listen(Clock::time_point until) {
    pollfd ready{control_, POLLIN, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    if (poll(&ready, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 100))) != 1) {
        return true;
    }
    std::array<char, 4096> buffer{};
    const ssize_t count = recv(control_, buffer.data(), buffer.size(), 0);
    if (count <= 0) {
        return false;
    }
    unread_.append(buffer.data(), static_cast<std::size_t>(count));
    while (const auto text = bench::take_netstring(unread_)) {
        auto message = Json::parse(*text, nullptr, false);
        if (message.value("event", false)) {
            events_.push_back(std::move(message));
        }
    }
    return true;
}

bool Baresip::waits(const std::function<bool()>& done, std::chrono::milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    while (!done() && Clock::now() < deadline && listen(deadline)) {
    }
    return done();
}

bool Baresip::tells(const std::string& type, std::chrono::milliseconds patience) {
    return waits(
        [&] {
            return std::ranges::any_of(events_, [&](const Json& event) { return event.at("type") == type; });
        },
        patience);
}

std::string Baresip::keys(std::size_t count, std::chrono::milliseconds patience) {
    const auto heard = [&] {
        std::string keys;
        for (const Json& event : events_) {
            keys += event.at("type") == "CALL_DTMF_START" ? event.value("param", "?") : "";
        }
        return keys;
    };
    waits([&] { return heard().size() >= count; }, patience);
    return heard();
}

void press_and_hear(Baresip& phone, LiveServer& server) {
    EXPECT_EQ(phone.keys(4, 15s), "159#");
    for (const std::string key : {"7", "*", "0"}) {
        phone.command("sndcode", key);
        EXPECT_TRUE(server.process().says("hears the key " + key, 10s)) << server.process().output();
    }
    phone.command("hangup");
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
    EXPECT_EQ(values_of(server.events(), "digit.heard", "digit"), (std::vector<std::string>{"7", "*", "0"}));
}

} // namespace keytone::test
