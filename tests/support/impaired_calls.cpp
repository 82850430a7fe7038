// SPDX-License-Identifier: MIT
#include "tests/support/impaired_calls.hpp"

#include "server/media/media_thread.hpp"
#include "tests/support/impaired_relay.hpp"
#include "tests/support/live_party.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace keytone::test {

namespace {

using namespace std::chrono_literals;
using server::MediaThread;
using server::StreamFigures;

/// A network, and how keys go over it.
struct Network {
    const char* name;
    bool events;
    Impairment impairment;
    double ppm;
};

/// The most packets of 20 ms that are lost in a row. Of an event some packet arrives then. Between tones a
/// loss leaves 40 ms of the pause: what swallows a pause makes one key of two that are equal, whoever hears
/// it.
constexpr std::size_t longest_burst_of_events = 8;
constexpr std::size_t longest_burst_of_tones = 3;

Impairment impairment(double loss, double jitter_ms, bool reorders, double doubled,
                      std::size_t longest_burst = longest_burst_of_events) {
    Impairment made;
    made.loss = loss;
    made.mean_burst = 2.0;
    made.max_burst = longest_burst;
    made.jitter_ms = jitter_ms;
    made.mostly_short = jitter_ms > 100.0; // else every packet would be as late as the jitter buffer is long
    made.reorders = reorders;
    made.doubled = doubled;
    return made;
}

std::vector<Network> networks() {
    return {
        {"events, nothing lost", true, impairment(0.0, 0.0, false, 0.0), 0.0},
        {"events, 2 % lost, 40 ms jitter, +100 ppm", true, impairment(0.02, 40.0, true, 0.01), 100.0},
        {"events, 5 % lost, 60 ms jitter, -100 ppm", true, impairment(0.05, 60.0, true, 0.02), -100.0},
        {"events, 5 % lost, 200 ms jitter", true, impairment(0.05, 200.0, true, 0.02), 0.0},
        {"tones, nothing lost", false, impairment(0.0, 0.0, false, 0.0), 0.0},
        {"tones, 2 % lost", false, impairment(0.02, 0.0, false, 0.0, longest_burst_of_tones), 0.0},
        {"tones, 2 % lost, 40 ms jitter, +100 ppm", false,
         impairment(0.02, 40.0, true, 0.01, longest_burst_of_tones), 100.0},
        {"tones, 2 % lost, 40 ms jitter, -100 ppm", false,
         impairment(0.02, 40.0, true, 0.01, longest_burst_of_tones), -100.0},
    };
}

/// One call over it.
struct Connection {
    Connection(const Network& network, std::uint64_t seed)
        : relay({network.impairment, seed, network.ppm}), is_good(near.port && far.port) {
        if (!is_good) {
            return;
        }
        relay.start(near.address.port(), far.address.port());
        is_good = near.open(near.address.with_port(relay.port(0)), network.events) &&
                  far.open(far.address.with_port(relay.port(1)), network.events);
    }

    LiveParty near;
    LiveParty far;
    ImpairedRelay relay;
    bool is_good;
    std::string pressed;
};

constexpr std::string_view some_digits = "1234567890*#55007#*0246813579";

} // namespace

void hear_every_key_once(int rounds) {
    constexpr std::size_t calls_each = 3;
    const auto all = networks();
    std::vector<std::unique_ptr<Connection>> connections;
    MediaThread media({.max_calls = 2 * all.size() * calls_each});
    for (const Network& network : all) {
        for (std::size_t i = 0; i < calls_each; ++i) {
            connections.push_back(std::make_unique<Connection>(network, connections.size() + 1));
            ASSERT_TRUE(connections.back()->is_good);
            ASSERT_TRUE(media.add(connections.back()->near.call));
            ASSERT_TRUE(media.add(connections.back()->far.call));
        }
    }
    const auto listen_for = [&](std::chrono::milliseconds time) {
        for (const auto end = std::chrono::steady_clock::now() + time;
             std::chrono::steady_clock::now() < end;) {
            for (const auto& connection : connections) {
                connection->near.listen();
                connection->far.listen();
            }
            std::this_thread::sleep_for(20ms);
        }
    };
    listen_for(2s);
    for (int round = 0; round < rounds; ++round) {
        for (const auto& connection : connections) {
            connection->near.press(std::string(some_digits), "k" + std::to_string(round));
            connection->pressed += some_digits;
        }
        listen_for(300ms * some_digits.size() + 1s);
    }
    listen_for(1s);
    for (std::size_t i = 0; i < connections.size(); ++i) {
        Connection& connection = *connections[i];
        connection.relay.stop();
        const StreamFigures figures = connection.far.figures();
        std::cout << all[i / calls_each].name << ": " << connection.relay.lost() << " of "
                  << connection.relay.sent() << " packets lost, " << figures.late << " late, "
                  << connection.far.heard.size() << " keys heard of " << connection.pressed.size() << '\n';
        EXPECT_EQ(connection.far.heard, connection.pressed) << all[i / calls_each].name;
        EXPECT_EQ(connection.near.heard, "") << all[i / calls_each].name;
    }
    std::cout << "ticks left out, as the machine was stopped: " << media.skipped_ticks() << '\n';
}

} // namespace keytone::test
