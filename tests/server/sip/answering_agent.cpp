// SPDX-License-Identifier: MIT
//
// A user agent that takes every call, for programs that try to break it.
//
//     answering_agent PORT      says `answering` once it listens; ends on SIGTERM
//
// It hangs up after a minute, so that calls that others leave behind end.
#include "server/sip/re_signalling.hpp"

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <string_view>
#include <variant>

namespace {

using namespace keytone::server;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto longest_call = 60s;
/// How soon SIGTERM is noticed.
constexpr auto patience = 100ms;

volatile std::sig_atomic_t must_end = 0;

struct TakenCall {
    DialogId dialog;
    Clock::time_point until;
};

void answer_calls(Signalling& network, const MediaDescription& own) {
    std::deque<TakenCall> taken;
    while (must_end == 0) {
        if (const auto fact = network.next(Clock::now() + patience)) {
            if (std::holds_alternative<IncomingCall>(fact->what)) {
                network.accept(fact->dialog, own);
                taken.push_back({fact->dialog, Clock::now() + longest_call});
            }
        }
        while (!taken.empty() && taken.front().until < Clock::now()) {
            network.end(taken.front().dialog);
            taken.pop_front();
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    std::uint16_t port = 0;
    const std::string_view digits = argc == 2 ? argv[1] : "";
    if (std::from_chars(digits.data(), digits.data() + digits.size(), port).ec != std::errc{}) {
        std::fputs("usage: answering_agent PORT\n", stderr);
        return 2;
    }
    std::signal(SIGTERM, [](int) { must_end = 1; });
    const auto network = make_re_signalling({.port = port});
    if (!network) {
        std::fprintf(stderr, "%s\n", network.error().c_str());
        return 1;
    }
    MediaDescription own;
    own.address = "127.0.0.1";
    own.port = 25'090; // Nobody listens there.
    std::puts("answering");
    std::fflush(stdout);
    answer_calls(**network, own);
    return 0;
}
