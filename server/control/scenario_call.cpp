// SPDX-License-Identifier: MIT
#include "server/control/scenario_call.hpp"

#include "engine/json/event_json.hpp"
#include "tools/simulation/scenario_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto step = 5ms;
/// What a leg's tap holds: the control thread may be away for so long.
constexpr std::size_t tap_blocks = 250;
/// After leg a is over: what is under way of reports and of leg b's end.
constexpr auto last_wait = 2s;

SessionConfig session_config(const simulation::Scenario& scenario, PromptSource& prompts) {
    SessionConfig config;
    config.rules = json::rules_of(scenario.header);
    config.prompts = &prompts;
    config.mix_bridge = true;
    return config;
}

// The call as a scenario: what the agent asked for and said, at the call's times, and what the network said.
std::string recording_of(const simulation::Scenario& scenario, const std::vector<CallEvent>& facts,
                         const ScenarioAgent& agent, double end_s) {
    std::string text;
    const auto add = [&text](const std::string& line) { text += line + "\n"; };
    for (const std::string& line : scenario.lines) {
        auto read = nlohmann::ordered_json::parse(line, nullptr, false);
        if (read.contains("v")) {
            add(line);
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

class ScenarioCall {
  public:
    ScenarioCall(const simulation::Scenario& scenario, const ScenarioCallOptions& options,
                 ScenarioAgent& agent, PromptSource& prompts, Signalling& signalling, MediaThread& media)
        : scenario_(scenario),
          options_(options),
          agent_(agent),
          signalling_(signalling),
          control_(options.setup, session_config(scenario, prompts), {&agent, tap_blocks}, signalling,
                   media) {
        result_.record.call = scenario.header.call;
        result_.record.session = scenario.header.session;
    }

    std::optional<std::string> begin() {
        return options_.to.empty() ? await_call() : control_.place(options_.to);
    }

    void run() {
        while (!control_.is_over(Leg::a) && !is_to_end()) {
            advance();
        }
        control_.end();
        const auto until = SteadyClock::now() + last_wait;
        while (SteadyClock::now() < until && !(control_.is_over(Leg::a) && control_.is_over(Leg::b))) {
            advance();
        }
    }

    ScenarioCallResult finish() {
        advance();
        for (const Leg leg : both_legs) {
            result_.figures[leg] = control_.call().figures(leg);
            result_.recorded_lost += control_.call().recorded_lost(leg);
        }
        result_.answered = control_.answered_at().has_value();
        result_.end = control_.caller_end();
        result_.recording = recording_of(scenario_, facts_, agent_, result_.record.seconds());
        return std::move(result_);
    }

  private:
    std::optional<std::string> await_call() {
        while (!options_.is_interrupted()) {
            const auto fact = signalling_.next(SteadyClock::now() + 100ms);
            if (fact) {
                tell_registration(*fact);
            }
            const auto* const call = fact ? std::get_if<IncomingCall>(&fact->what) : nullptr;
            if (call != nullptr) {
                return control_.take(fact->dialog, *call);
            }
        }
        return "no call came in";
    }

    [[nodiscard]] bool is_to_end() {
        const auto end = agent_.end_at();
        return options_.is_interrupted() || (end && control_.call().position(Leg::a) >= *end);
    }

    void tell_registration(const SignallingFact& fact) const {
        const auto* const change = std::get_if<RegistrationChanged>(&fact.what);
        if (change != nullptr && options_.on_registration) {
            options_.on_registration(*change);
        }
    }

    void advance() {
        if (const auto fact = signalling_.next(SteadyClock::now() + step)) {
            tell_registration(*fact);
            if (control_.owns(fact->dialog)) {
                control_.take(*fact);
            } else if (std::holds_alternative<IncomingCall>(fact->what)) {
                signalling_.end(fact->dialog, 486); // one call at a time
            }
        }
        if (const auto answered = control_.answered_at(); answered && !started_) {
            started_ = true;
            agent_.start(*answered);
        }
        for (const CallEvent& request : agent_.due(control_.call().position(Leg::a))) {
            control_.submit(request);
        }
        for (Outcome& outcome : control_.step()) {
            if (options_.on_outcome) {
                options_.on_outcome(outcome);
            }
            result_.record.outcomes.push_back(std::move(outcome));
        }
        std::ranges::move(control_.take_facts(), std::back_inserter(facts_));
        record();
        if (options_.on_step) {
            options_.on_step();
        }
    }

    void record() {
        for (const Leg leg : both_legs) {
            simulation::LegAudio& audio = result_.record.audio[leg];
            while (const auto block = control_.call().next_recorded(leg)) {
                // What was lost of the tape is silence.
                audio.sent.resize(static_cast<std::size_t>(block->begin));
                audio.heard.resize(static_cast<std::size_t>(block->begin));
                audio.sent.insert(audio.sent.end(), block->sent.begin(), block->sent.end());
                audio.heard.insert(audio.heard.end(), block->heard.begin(), block->heard.end());
            }
        }
    }

    const simulation::Scenario& scenario_;
    const ScenarioCallOptions& options_;
    ScenarioAgent& agent_;
    Signalling& signalling_;
    CallControl control_;
    ScenarioCallResult result_;
    std::vector<CallEvent> facts_;
    bool started_ = false;
};

} // namespace

Result<ScenarioCallResult, std::string> run_scenario_call(const simulation::Scenario& scenario,
                                                          const ScenarioCallOptions& options,
                                                          PromptSource& prompts, Signalling& signalling,
                                                          MediaThread& media) {
    auto agent = ScenarioAgent::create(scenario, prompts);
    if (!agent) {
        return agent.error().message;
    }
    ScenarioCall call(scenario, options, **agent, prompts, signalling, media);
    if (auto error = call.begin()) {
        return *std::move(error);
    }
    call.run();
    return call.finish();
}

} // namespace keytone::server
