// SPDX-License-Identifier: MIT
#include "bench/live/point_run.hpp"

#include "bench/live/cost.hpp"

#include <chrono>
#include <thread>
#include <utility>

namespace keytone::bench {

namespace {

constexpr double settling = 1.0;  // s, in which the streams of all calls begin
constexpr double beginning = 2.0; // with it
constexpr double ending = 1.5;
constexpr double packets_per_second = 50.0;

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

std::optional<Point> run_point(Side& side, const PointSetup& setup, const LoadSound& sound,
                               const std::function<bool(double)>& goes_on) {
    Generator generator;
    std::vector<std::unique_ptr<Line>> lines;
    const double whole = beginning + setup.seconds + ending;
    for (std::size_t i = 0; i < setup.calls; ++i) {
        LineSetup line = side.line(i);
        line.expected_packets = static_cast<std::size_t>((whole + ending) * packets_per_second);
        lines.push_back(std::make_unique<Line>(line, sound));
    }
    const auto routes = side.open(setup, generator.port());
    generator.start(std::move(lines), routes);
    const double begun = now();
    const auto wait_until = [&](double second) {
        while (now() - begun < second) {
            side.attend();
            if (!goes_on((now() - begun) / whole)) {
                return false;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return true;
    };
    Point point;
    point.side = side.name();
    point.setup = setup;
    if (!wait_until(settling)) {
        return std::nullopt;
    }
    side.begin();
    if (!wait_until(beginning)) {
        return std::nullopt;
    }
    const int thread = generator.thread_number();
    const double from = now();
    const double media = side.media_seconds();
    const auto parts = side.part_seconds();
    const double generating = seconds_run(0, thread).value_or(0.0);
    if (!wait_until(beginning + setup.seconds)) {
        return std::nullopt;
    }
    const double took = now() - from;
    point.media_cores = (side.media_seconds() - media) / took;
    for (const auto& [name, seconds] : side.part_seconds()) {
        const auto before = parts.find(name);
        point.part_cores[name] = (seconds - (before != parts.end() ? before->second : 0.0)) / took;
    }
    point.generator_cores = (seconds_run(0, thread).value_or(0.0) - generating) / took;
    point.cpu_us = 1e6 * point.media_cores / packets_per_second / static_cast<double>(setup.calls);
    generator.stop_keys();
    side.stop_keys();
    if (!wait_until(whole)) {
        return std::nullopt;
    }
    point.tick = side.tick(); // while both run: what is not on the way is lost
    const auto& done = generator.stop();
    side.attend();
    point.generator_late_slots = generator.late_slots();
    point.generator_failures = generator.send_failures();
    point.strangers = generator.strangers();
    point.bytes_per_call = static_cast<double>(side.bytes()) / static_cast<double>(setup.calls);
    point.service = side.service(done);
    judge(point, done, side);
    side.close();
    return point;
}

} // namespace keytone::bench
