// SPDX-License-Identifier: MIT
#include "server/control/scenario_call.hpp"

#include "engine/json/event_json.hpp"
#include "tools/simulation/scenario_json.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <utility>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto one_calls_step = 5ms;
/// Blocks that a leg's tap holds: the control thread may be busy elsewhere for 5 s.
constexpr std::size_t tap_blocks = 250;
/// How many outcomes, and how many facts, are kept: enough for a day with a key each second.
constexpr std::size_t most_recorded = 100'000;

SessionConfig session_config(const simulation::Scenario& scenario, const ScenarioCallOptions& options,
                             PromptSource& prompts) {
    SessionConfig config;
    config.rules = json::rules_of(scenario.header);
    config.rules.dial_allow = options.dial_allow;
    config.prompts = &prompts;
    config.mix_bridge = true;
    return config;
}

// The call as a scenario: what the agent asked for and said, at the call's times, and what the network said.
std::string recording_of(const simulation::Scenario& scenario, const std::string& id,
                         const std::vector<CallEvent>& facts, const ScenarioAgent& agent, double end_s) {
    std::string text;
    const auto add = [&text](const std::string& line) { text += line + "\n"; };
    for (const std::string& line : scenario.lines) {
        auto read = nlohmann::ordered_json::parse(line, nullptr, false);
        if (read.contains("v")) {
            if (!id.empty()) {
                read["call"] = id;
                read.erase("session");
            }
            add(read.dump());
        } else if (read.contains("at") && (read.contains("type") || read.contains("by"))) {
            read["at"] = agent.call_time_s(read["at"].get<double>());
            add(read.dump());
        }
    }
    for (const CallEvent& fact : facts) {
        add(simulation::fact_line(fact));
    }
    add(simulation::end_line(end_s));
    return text;
}

} // namespace

Result<std::unique_ptr<ScenarioCall>, std::string>
ScenarioCall::create(const simulation::Scenario& scenario, ScenarioCallOptions options, PromptSource& prompts,
                     Signalling& signalling, MediaThread& media) {
    auto agent = ScenarioAgent::create(scenario, prompts);
    if (!agent) {
        return agent.error().message;
    }
    return std::unique_ptr<ScenarioCall>(
        new ScenarioCall(scenario, std::move(options), *std::move(agent), prompts, signalling, media));
}

ScenarioCall::ScenarioCall(const simulation::Scenario& scenario, ScenarioCallOptions options,
                           std::unique_ptr<ScenarioAgent> agent, PromptSource& prompts,
                           Signalling& signalling, MediaThread& media)
    : scenario_(scenario),
      options_(std::move(options)),
      agent_(std::move(agent)),
      control_(options_.setup, session_config(scenario, options_, prompts),
               {agent_.get(), options_.records ? tap_blocks : 0}, signalling, media, options_.recording) {
    result_.share = AudioShare(options_.room);
    result_.record.call = options_.id.empty() ? scenario.header.call : options_.id;
    result_.record.session = options_.id.empty() ? scenario.header.session : "";
}

void ScenarioCall::step() {
    advance();
    if (!ends_by_ && (control_.is_over(Leg::a) || is_to_end())) {
        end();
    }
}

void ScenarioCall::end() {
    if (!ends_by_) {
        ends_by_ = SteadyClock::now() + last_wait;
        control_.end();
    }
}

bool ScenarioCall::is_over() const {
    return ends_by_ &&
           ((control_.is_over(Leg::a) && control_.is_over(Leg::b)) || SteadyClock::now() >= *ends_by_);
}

CallResult ScenarioCall::finish() {
    advance();
    for (const Leg leg : both_legs) {
        result_.figures[leg] = control_.call().figures(leg);
        result_.recorded_lost += control_.call().recorded_lost(leg);
    }
    result_.answered = control_.answered_at().has_value();
    result_.seconds = SampleRate::narrowband().seconds(control_.call().position(Leg::a));
    result_.end = control_.caller_end();
    if (options_.records) {
        result_.recording = recording_of(scenario_, options_.id, facts_, *agent_, result_.record.seconds());
    }
    return std::move(result_);
}

bool ScenarioCall::is_to_end() {
    const auto end = agent_->end_at();
    return end && control_.call().position(Leg::a) >= *end;
}

void ScenarioCall::advance() {
    if (const auto answered = control_.answered_at(); answered && !started_) {
        started_ = true;
        agent_->start(*answered);
    }
    for (const CallEvent& request : agent_->due(control_.call().position(Leg::a))) {
        control_.submit(request);
    }
    for (Outcome& outcome : control_.step()) {
        if (options_.on_outcome) {
            options_.on_outcome(outcome);
        }
        if (options_.records && result_.record.outcomes.size() < most_recorded) {
            result_.record.outcomes.push_back(std::move(outcome));
        }
    }
    for (CallEvent& fact : control_.take_facts()) {
        if (options_.records && facts_.size() < most_recorded) {
            facts_.push_back(std::move(fact));
        }
    }
    if (options_.records) {
        record();
    }
}

void ScenarioCall::record() {
    for (const Leg leg : both_legs) {
        simulation::LegAudio& audio = result_.record.audio[leg];
        while (const auto block = control_.call().next_recorded(leg)) {
            const auto begin = static_cast<std::size_t>(block->begin);
            const std::size_t more = begin + block->sent.size() - audio.sent.size();
            if (result_.is_cut || !result_.share.grow(2 * more * sizeof(std::int16_t))) {
                result_.is_cut = true;
                continue;
            }
            // Blocks that the tap lost are silence.
            audio.sent.resize(begin);
            audio.heard.resize(begin);
            audio.sent.insert(audio.sent.end(), block->sent.begin(), block->sent.end());
            audio.heard.insert(audio.heard.end(), block->heard.begin(), block->heard.end());
        }
    }
}

namespace {

void tell_registration(const std::optional<SignallingFact>& fact, const ScenarioRun& run) {
    const auto* const change = fact ? std::get_if<RegistrationChanged>(&fact->what) : nullptr;
    if (change != nullptr && run.on_registration) {
        run.on_registration(*change);
    }
}

std::optional<std::string> await_call(ScenarioCall& call, const ScenarioRun& run, Signalling& signalling) {
    while (!run.is_interrupted()) {
        const auto fact = signalling.next(SteadyClock::now() + 100ms);
        tell_registration(fact, run);
        const auto* const incoming = fact ? std::get_if<IncomingCall>(&fact->what) : nullptr;
        if (incoming != nullptr) {
            return call.take(fact->dialog, *incoming);
        }
    }
    return "no call came in";
}

} // namespace

Result<CallResult, std::string> run_scenario_call(const simulation::Scenario& scenario,
                                                  const ScenarioCallOptions& options, const ScenarioRun& run,
                                                  PromptSource& prompts, Signalling& signalling,
                                                  MediaThread& media) {
    auto created = ScenarioCall::create(scenario, options, prompts, signalling, media);
    if (!created) {
        return created.error();
    }
    ScenarioCall& call = **created;
    if (auto error = run.to.empty() ? await_call(call, run, signalling) : call.place(run.to)) {
        return *std::move(error);
    }
    while (!call.is_over()) {
        if (run.is_interrupted()) {
            call.end();
        }
        if (const auto fact = signalling.next(SteadyClock::now() + one_calls_step)) {
            tell_registration(fact, run);
            if (call.owns(fact->dialog)) {
                call.take(*fact);
            } else if (std::holds_alternative<IncomingCall>(fact->what)) {
                signalling.end(fact->dialog, 486); // one call at a time
            }
        }
        call.step();
        if (run.on_step) {
            run.on_step();
        }
    }
    return call.finish();
}

} // namespace keytone::server
