// SPDX-License-Identifier: MIT
#include "bench/live/keytone_side.hpp"

#include "bench/allocation_count.hpp"
#include "bench/live/cost.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace keytone::bench {

namespace {

constexpr std::size_t waits_per_key = 7; // 3.5 s
constexpr double seconds_per_key = 3.8;  // with tone and gap
constexpr std::size_t most_keys = 15;    // with the first wait less than a digit string's 128

/// A key every 3.8 s, the first after up to 3.5 s, all of them within the time.
std::string script_of(std::size_t index, double seconds) {
    std::string script(index % (waits_per_key + 1), 'w');
    const auto keys = std::min(most_keys, static_cast<std::size_t>(seconds / seconds_per_key));
    for (std::size_t i = 0; i < keys; ++i) {
        script += LoadSound::keys[(index + i) % LoadSound::keys.size()];
        script.append(i + 1 < keys ? waits_per_key : 0, 'w');
    }
    return script;
}

bool as_events(std::size_t index) {
    return index % 2 == 0;
}

} // namespace

/// Speaks from a place of its own.
struct KeytoneSide::Agent final : server::AgentAudio {
    void speak(Leg leg, std::span<std::int16_t> out) noexcept override {
        if (leg == Leg::a) {
            std::ranges::copy(sound->speech_samples(place++), out.begin());
        }
    }
    void hear(Leg /*leg*/, std::span<const std::int16_t> /*heard*/) noexcept override {}

    const LoadSound* sound = nullptr;
    std::size_t place = 0;
};

struct KeytoneSide::Call {
    Call(const LoadSound& sound, std::size_t index) {
        agent.sound = &sound;
        agent.place = index * 97;
    }

    Agent agent;
    std::shared_ptr<server::LiveCall> live =
        std::make_shared<server::LiveCall>(SessionConfig{}, server::LiveCallOptions{.agent = &agent});
    std::uint16_t port = 0;
    std::string sent;
    std::string heard;
};

KeytoneSide::KeytoneSide(const LoadSound& sound, bool batches) : sound_(&sound), batches_(batches) {}

KeytoneSide::~KeytoneSide() {
    close();
}

LineSetup KeytoneSide::line(std::size_t index) const {
    LineSetup setup;
    setup.index = index;
    // Four calls have all combinations: keys that come, and keys that go, each as events or as tones.
    setup.keys_as_events = index / 2 % 2 == 0;
    setup.keys_come_as_events = as_events(index);
    setup.listens_for_tones = !as_events(index) && index % 20 == 1;
    return setup;
}

void KeytoneSide::start_threads(const PointSetup& setup) {
    for (unsigned i = 0; i < setup.cores; ++i) {
        const Pinned pinned(i);
        const auto before = threads_of(0);
        threads_.push_back(std::make_unique<server::MediaThread>(
            server::MediaThreadOptions{.max_calls = setup.calls / setup.cores + 1, .batches = batches_}));
        std::ranges::set_difference(threads_of(0), before, std::back_inserter(thread_numbers_));
    }
}

void KeytoneSide::open_call(std::size_t index, const PointSetup& setup, std::uint16_t far_port) {
    auto port = server::RtpPort::open(*server::SocketAddress::parse("127.0.0.1", 0),
                                      server::PortRange{10'000, 59'999});
    if (!port) {
        throw std::runtime_error(port.error());
    }
    server::StreamParameters parameters;
    parameters.far = *server::SocketAddress::parse("127.0.0.1", far_port);
    if (!as_events(index)) {
        parameters.event_payload_type.reset();
    }
    calls_.push_back(std::make_unique<Call>(*sound_, index));
    Call& call = *calls_.back();
    Fact answered{};
    answered.kind = Fact::Kind::leg_answered;
    answered.leg = Leg::a;
    call.live->submit({"", std::nullopt, answered});
    ClickIvr click;
    click.digits = script_of(index, setup.seconds);
    std::ranges::copy_if(click.digits, std::back_inserter(call.sent), [](char key) { return key != 'w'; });
    if (!call.sent.empty()) {
        call.live->submit({"", std::nullopt, Request(click)});
    }
    call.port = port->local().port();
    call.live->open_stream(Leg::a, *std::move(port), parameters);
}

std::vector<LineRoute> KeytoneSide::open(const PointSetup& setup, std::uint16_t far_port) {
    constexpr std::size_t other_files = 100;
    if (!allow_files(2 * setup.calls + other_files)) {
        throw std::runtime_error("too few open files are allowed: raise the limit (ulimit -n)");
    }
    start_threads(setup);
    const std::size_t before = allocated_bytes();
    std::vector<LineRoute> routes;
    for (std::size_t i = 0; i < setup.calls; ++i) {
        open_call(i, setup, far_port);
    }
    bytes_ = allocated_bytes() - before;
    for (std::size_t i = 0; i < setup.calls; ++i) {
        routes.push_back({calls_[i]->port, calls_[i]->port});
        while (!threads_[i % threads_.size()]->add(calls_[i]->live)) { // its queue is full
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    return routes;
}

void KeytoneSide::attend() {
    for (const auto& call : calls_) {
        while (const auto outcome = call->live->poll()) {
            if (const auto* const digit = std::get_if<DigitHeard>(&outcome->what)) {
                call->heard += digit->digit;
            }
        }
    }
}

double KeytoneSide::media_seconds() {
    double sum = 0.0;
    for (const int thread : thread_numbers_) {
        sum += seconds_run(0, thread).value_or(0.0);
    }
    return sum;
}

std::optional<std::string> KeytoneSide::keys_heard(std::size_t index) const {
    return calls_[index]->heard;
}

std::optional<std::string> KeytoneSide::keys_sent(std::size_t index) const {
    return calls_[index]->sent;
}

std::optional<Side::Tick> KeytoneSide::tick() {
    Tick tick;
    tick.real_time = true;
    for (const auto& thread : threads_) {
        tick.late_slots += thread->late_slots();
        tick.skipped_ticks += thread->skipped_ticks();
        tick.longest_slot_ms = std::max(
            tick.longest_slot_ms, std::chrono::duration<double, std::milli>(thread->longest_slot()).count());
        tick.real_time = tick.real_time && thread->real_time();
    }
    for (const auto& call : calls_) {
        const auto figures = call->live->figures(Leg::a);
        tick.lost += static_cast<std::uint64_t>(std::max<std::int64_t>(figures.lost, 0));
        tick.late += figures.late;
    }
    return tick;
}

void KeytoneSide::close() {
    threads_.clear(); // lets go of all calls
    thread_numbers_.clear();
    calls_.clear();
}

} // namespace keytone::bench
