// SPDX-License-Identifier: MIT
#include "bench/live/service_side.hpp"

#include "bench/live/cost.hpp"
#include "server/sip/re_signalling.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>
#include <variant>

namespace keytone::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto between_calls = 10ms;
constexpr std::size_t most_unanswered = 32;
constexpr auto longest_answer = 30s; // from one call to the next
constexpr std::uint8_t event_payload_type = 101;
constexpr std::size_t files_a_call = 4; // of the server: two ports, a WebSocket, a recording
constexpr std::size_t other_files = 300;
constexpr double blocks_a_second = 50.0;

bool keys_come_as_events(std::size_t index) {
    return index % 2 == 0;
}

/// What a counter of the metrics has grown by.
double grown(const std::map<std::string, double>& before, const std::map<std::string, double>& now,
             const std::string& name) {
    const auto was = before.find(name);
    const auto is = now.find(name);
    return (is == now.end() ? 0.0 : is->second) - (was == before.end() ? 0.0 : was->second);
}

/// Adds how long each took, where as many arrived as were sent.
void add_delays(std::vector<double>& delays, const std::vector<std::int64_t>& sent,
                const std::vector<std::int64_t>& arrived, std::uint64_t& unmatched) {
    if (sent.size() != arrived.size()) {
        ++unmatched;
        return;
    }
    for (std::size_t i = 0; i < sent.size(); ++i) {
        delays.push_back(static_cast<double>(arrived[i] - sent[i]) * 1e-6);
    }
}

} // namespace

ServiceSide::ServiceSide(const LoadSound& sound, Options options)
    : sound_(&sound), options_(std::move(options)) {}

ServiceSide::~ServiceSide() {
    close();
}

LineSetup ServiceSide::line(std::size_t index) const {
    LineSetup setup;
    setup.index = index;
    setup.event_payload_type = event_payload_type;
    setup.keys_as_events = index % 4 == 0; // Only where events are agreed on.
    setup.keys_come_as_events = keys_come_as_events(index);
    setup.listens_for_tones = !keys_come_as_events(index) && index % 20 == 1;
    setup.notes_sounds = AgentFarm::sends_tones(index);
    return setup;
}

void ServiceSide::place(std::size_t index, std::uint16_t far_port) {
    server::Invitation call;
    call.to = "sip:agent@" + program_->sip_address();
    call.from = AgentFarm::caller(index);
    call.own.address = "127.0.0.1";
    call.own.port = far_port;
    call.own.codecs = {{G711Law::ulaw, 0}};
    call.own.telephone_event = event_payload_type;
    if (!keys_come_as_events(index)) {
        call.own.telephone_event.reset();
    }
    call.own.comfort_noise.reset();
    calls_.emplace(signalling_->invite(call), index);
}

void ServiceSide::take(const server::SignallingFact& fact, std::vector<LineRoute>& routes) {
    const auto call = calls_.find(fact.dialog);
    if (call == calls_.end()) {
        return;
    }
    if (const auto* const answered = std::get_if<server::Answered>(&fact.what)) {
        routes.at(call->second) = {answered->far.port, answered->far.port};
        ++answered_;
    } else if (const auto* const ended = std::get_if<server::DialogEnded>(&fact.what)) {
        ++ended_;
        if (routes[call->second].to == 0) {
            throw std::runtime_error("keytone-server refuses a call, with status " +
                                     std::to_string(ended->status) + ": " + program_->log());
        }
    }
}

std::vector<LineRoute> ServiceSide::open(const PointSetup& setup, std::uint16_t far_port) {
    if (!allow_files(files_a_call * setup.calls + other_files)) {
        throw std::runtime_error("too few open files are allowed: raise the limit (ulimit -n)");
    }
    farm_ = std::make_unique<AgentFarm>(*sound_, setup.calls);
    program_ = std::make_unique<ServiceProgram>(
        ServiceProgram::Setup{options_.program, setup.calls, setup.cores, farm_->port(), options_.records});
    auto made = server::make_re_signalling({});
    if (!made) {
        throw std::runtime_error(made.error());
    }
    signalling_ = *std::move(made);
    const std::size_t before = resident_bytes(program_->process());
    std::vector<LineRoute> routes(setup.calls);
    auto due = Clock::now();
    auto patience = Clock::now() + longest_answer;
    while (answered_ < setup.calls || farm_->known() < setup.calls) {
        const std::size_t placed = calls_.size();
        const bool may_place = placed < setup.calls && placed - answered_ < most_unanswered;
        if (may_place && Clock::now() >= due) {
            place(placed, far_port);
            due = std::max(due + between_calls, Clock::now() - between_calls);
            patience = Clock::now() + longest_answer;
        }
        if (const auto fact = signalling_->next(may_place ? due : Clock::now() + between_calls)) {
            take(*fact, routes);
        }
        if (Clock::now() > patience) {
            throw std::runtime_error("keytone-server answers " + std::to_string(answered_) + " of " +
                                     std::to_string(placed) + " calls: " + program_->log());
        }
    }
    bytes_ = resident_bytes(program_->process()) - before;
    return routes;
}

void ServiceSide::begin() {
    metrics_at_begin_ = program_->metrics();
    heard_before_ = farm_->blocks_heard();
    late_before_ = farm_->late_slots();
    left_out_before_ = farm_->left_out();
    begun_ = Clock::now();
    farm_->begin();
    if (options_.api_rate) {
        std::vector<std::string> ids;
        for (const AgentRecord& record : farm_->records()) {
            ids.push_back(record.call);
        }
        api_ = std::make_unique<ApiLoad>(
            ApiLoad::Setup{program_->api_port(), program_->token(), std::move(ids), *options_.api_rate});
    }
}

void ServiceSide::attend() {
    if (!program_->runs()) {
        throw std::runtime_error("keytone-server has ended while it had calls");
    }
    while (const auto fact = signalling_->next(Clock::now())) {
        ended_ += std::holds_alternative<server::DialogEnded>(fact->what) ? 1U : 0U;
    }
}

double ServiceSide::media_seconds() {
    return program_->seconds_by_thread()["media"];
}

std::map<std::string, double> ServiceSide::part_seconds() {
    auto seconds = program_->seconds_by_thread();
    seconds.erase("media");
    seconds["bench:agents"] = seconds_run(0, farm_->thread_number()).value_or(0.0);
    if (api_) {
        seconds["bench:api"] = seconds_run(0, api_->thread_number()).value_or(0.0);
    }
    return seconds;
}

std::optional<Side::Tick> ServiceSide::tick() {
    const auto now = program_->metrics();
    const auto count = [&](const char* name) {
        return static_cast<std::uint64_t>(std::max(0.0, grown(metrics_at_begin_, now, name)));
    };
    Tick tick;
    tick.late_slots = count("keytone_media_lateness_seconds_count") -
                      count("keytone_media_lateness_seconds_bucket{le=\"0.001\"}");
    tick.skipped_ticks = count("keytone_media_skipped_ticks_total");
    tick.real_time = program_->real_time();
    tick.lost = count("keytone_rtp_packets_lost_total");
    tick.late = count("keytone_rtp_packets_late_total");
    return tick;
}

std::optional<ServiceFigures> ServiceSide::service(const std::vector<std::unique_ptr<Line>>& lines) {
    ServiceFigures figures;
    if (api_) {
        figures.api = api_->stop();
    }
    const double took = std::chrono::duration<double>(Clock::now() - begun_).count();
    figures.heard_share = static_cast<double>(farm_->blocks_heard() - heard_before_) /
                          (took * blocks_a_second * static_cast<double>(lines.size()));
    farm_->stop();
    figures.agent_late_slots = farm_->late_slots() - late_before_;
    figures.agents_left_out = farm_->left_out() - left_out_before_;
    figures.resident_bytes = resident_bytes(program_->process());
    figures.records = options_.records;
    figures.ended = ended_;
    std::vector<double> keys;
    std::vector<double> tones;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const AgentRecord& record = farm_->records()[i];
        if (keys_come_as_events(i)) {
            add_delays(keys, record.keys_asked_at, lines[i]->events_at(), figures.unmatched);
        }
        if (AgentFarm::sends_tones(i)) {
            add_delays(tones, record.tones_at, lines[i]->sounds_at(), figures.unmatched);
        }
        figures.agent_faults += record.faults;
        figures.agents_lost += record.is_open ? 0U : 1U;
    }
    figures.keys = delays_of(std::move(keys));
    figures.tones = delays_of(std::move(tones));
    return figures;
}

void ServiceSide::close() {
    api_.reset();
    signalling_.reset(); // says BYE
    program_.reset();
    farm_.reset();
    calls_.clear();
    answered_ = 0;
}

} // namespace keytone::bench
