// SPDX-License-Identifier: MIT
#include "bench/live/agent_farm.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <numbers>
#include <stdexcept>
#include <utility>

namespace keytone::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto slot_length = 1ms;
constexpr auto most_behind = 20ms;
constexpr std::uint64_t order = 7;         // prime to the number of slots
constexpr std::uint64_t key_period = 4000; // slots
constexpr std::size_t tone_blocks = 2;     // 40 ms
constexpr std::size_t tone_period = 45;    // blocks, and up to 10 more
constexpr std::array<std::int16_t, samples_per_packet> silence{};
constexpr std::string_view function_id = "k"; // and a number

std::int64_t nanoseconds() {
    return std::chrono::nanoseconds(Clock::now().time_since_epoch()).count();
}

std::vector<std::int16_t> make_tone() {
    constexpr double amplitude = 8000.0;
    std::vector<std::int16_t> samples(tone_blocks * samples_per_packet);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] = static_cast<std::int16_t>(
            amplitude * std::sin(2.0 * std::numbers::pi * 1000.0 / 8000.0 * static_cast<double>(i)));
    }
    return samples;
}

std::string function(char key, std::size_t number) {
    return R"({"type":"based_call","id":")" + std::string(function_id) + std::to_string(number) +
           R"(","name":"click_ivr","args":[")" + key + R"(",{"tone_ms":100,"gap_ms":60}]})";
}

} // namespace

AgentFarm::AgentFarm(const LoadSound& sound, std::size_t calls)
    : sound_(&sound), records_(calls), tone_(make_tone()) {
    listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listening_, SOMAXCONN) != 0 ||
        getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error(std::string("no socket for the agents: ") + std::strerror(errno));
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

AgentFarm::~AgentFarm() {
    stop();
    close(listening_);
}

void AgentFarm::stop() {
    if (!thread_.joinable()) {
        return;
    }
    stops_.store(true);
    thread_.join();
    for (const auto& agent : agents_) {
        if (agent->index) {
            records_[*agent->index].blocks_heard = agent->socket->heard();
            records_[*agent->index].is_open = agent->socket->is_open();
        }
    }
}

void AgentFarm::run() {
    thread_number_.store(gettid());
    auto due = Clock::now();
    bool begun = false;
    for (std::uint64_t slot = 0; !stops_.load(std::memory_order_relaxed); ++slot) {
        std::this_thread::sleep_until(due);
        if (Clock::now() - due > 5 * slot_length) {
            late_slots_.fetch_add(1, std::memory_order_relaxed);
        }
        if (agents_.size() < records_.size()) {
            if (auto socket = AgentSocket::accept(listening_)) {
                agents_.push_back(std::make_unique<Agent>());
                agents_.back()->socket = std::move(socket);
            }
        }
        // In another order than that of the calls: the media threads have theirs by that, and each call is to
        // have a way of its own to the next tick.
        for (std::size_t i = slot * order % slots; i < agents_.size(); i += slots) {
            tick(*agents_[i]);
        }
        if (may_begin_.load(std::memory_order_relaxed)) {
            if (!std::exchange(begun, true)) {
                begin_keys(slot);
            }
            press_due(slot);
        }
        due += slot_length;
        if (const auto behind = Clock::now() - due; behind > most_behind) {
            due +=
                behind; // What was not said in time is left out: what comes next is not to be late for ever.
            left_out_.fetch_add(1, std::memory_order_relaxed);
        }
    }
}

void AgentFarm::tick(Agent& agent) {
    const std::uint64_t before = agent.socket->heard();
    agent.socket->read([&](std::string_view text) { take_text(agent, text); });
    blocks_heard_.fetch_add(agent.socket->heard() - before, std::memory_order_relaxed);
    if (!agent.index) {
        agent.socket->send_sound(silence);
    } else if (sends_tones(*agent.index)) {
        send_tones(agent, records_[*agent.index]);
    } else {
        agent.socket->send_sound(sound_->speech_samples(agent.place++));
    }
}

void AgentFarm::send_tones(Agent& agent, AgentRecord& record) {
    if (agent.in_tone == 0 && may_begin_.load(std::memory_order_relaxed)) {
        if (agent.wait == 0) {
            agent.wait = tone_period + (*agent.index * 7 + record.tones_at.size() * 13) % 10;
            agent.in_tone = tone_blocks;
            record.tones_at.push_back(nanoseconds());
        } else {
            --agent.wait;
        }
    }
    if (agent.in_tone == 0) {
        agent.socket->send_sound(silence);
        return;
    }
    agent.socket->send_sound(
        std::span(tone_).subspan((tone_blocks - agent.in_tone) * samples_per_packet, samples_per_packet));
    --agent.in_tone;
}

void AgentFarm::take_text(Agent& agent, std::string_view text) {
    const auto frame = nlohmann::json::parse(text, nullptr, false);
    if (!frame.is_object()) {
        return;
    }
    const std::string event = frame.value("ev", "");
    if (event == "call.began") {
        constexpr std::string_view before = "sip:call";
        const std::string from = frame.value("from", "");
        const std::size_t at = from.find(before);
        const std::size_t index = at == std::string::npos
                                      ? records_.size()
                                      : std::strtoul(from.c_str() + at + before.size(), nullptr, 10);
        if (index < records_.size() && records_[index].call.empty()) {
            agent.index = index;
            agent.place = index * 97;
            agent.wait = 25 + index * 7 % tone_period;
            records_[index].call = frame.value("call", "");
            known_.fetch_add(1);
        }
        return;
    }
    if (!agent.index) {
        return;
    }
    AgentRecord& record = records_[*agent.index];
    if (event == "digit.heard") {
        record.keys_heard += frame.value("digit", "?");
    } else if (event == "error" || event == "action.failed" || event == "action.rejected") {
        // What the API asks for is refused, and not a function of the agent's.
        const bool is_own = event == "error" || frame.value("id", "").starts_with(function_id);
        record.faults += is_own ? 1U : 0U;
    }
}

void AgentFarm::begin_keys(std::uint64_t slot) {
    for (const auto& agent : agents_) {
        agent->socket->send_text(R"({"ev":"clear"})"); // What has piled up while calls began.
        if (agent->index && !sends_tones(*agent->index)) {
            presses_.push({slot + 500 + *agent->index * 1009 % key_period, agent.get()});
        }
    }
}

void AgentFarm::press_due(std::uint64_t slot) {
    while (!presses_.empty() && presses_.top().slot <= slot) {
        Agent& agent = *presses_.top().agent;
        presses_.pop();
        AgentRecord& record = records_[*agent.index];
        const std::size_t number = record.keys_asked.size();
        const char key = LoadSound::keys[(*agent.index + number) % LoadSound::keys.size()];
        const std::string text = function(key, number);
        record.keys_asked += key;
        record.keys_asked_at.push_back(nanoseconds());
        agent.socket->send_text(text);
        // At no fixed place between the call's ticks.
        presses_.push({slot + key_period + (*agent.index * 7 + number * 13) % slots, &agent});
    }
}

} // namespace keytone::bench
