// SPDX-License-Identifier: MIT
#include "server/program/service.hpp"

#include "engine/io/flite_prompts.hpp"
#include "server/control/kept_prompts.hpp"
#include "server/program/api_service.hpp"
#include "server/program/call_service.hpp"
#include "server/program/config_file.hpp"
#include "server/program/local_address.hpp"
#include "server/program/observation.hpp"
#include "server/program/served_recordings.hpp"
#include "server/program/service_desk.hpp"
#include "server/store/agent_table.hpp"
#include "tools/console/interruption.hpp"
#include "tools/simulation/call_files.hpp"
#include "tools/simulation/scenario_file.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace keytone::server {

namespace {

using tools::failed;
using tools::Failure;

constexpr std::size_t bytes_a_mb = std::size_t{1024} * 1024;

LogFormat log_format(const ServiceCommand& command, const ServerConfig& config,
                     const tools::Console& console) {
    if (!command.log_format.empty()) {
        return command.log_format == "json" ? LogFormat::json : LogFormat::text;
    }
    return config.log_format.value_or(console.shows_progress() ? LogFormat::text : LogFormat::json);
}

// Allows as many open files as the system lets us have: each leg takes two sockets.
void raise_file_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
    }
}

// Checks that media can be received at all: without that there could be no call.
std::optional<Failure> check_media(const ServerConfig& config) {
    const auto local = SocketAddress::parse(config.media_address, 0);
    if (!local) {
        return failed(config.media_address + ": is no address: write rtp.address as a number");
    }
    const auto port = RtpPort::open(*local, config.ports);
    return port ? std::nullopt : std::optional(failed(port.error()));
}

// As many carry the calls' sound, and as many have the agents' sockets.
std::size_t threads_of(const ServerConfig& config) {
    return config.media_threads > 0 ? config.media_threads
                                    : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

std::vector<std::unique_ptr<MediaThread>> media_threads(const ServerConfig& config, Metrics& metrics) {
    std::vector<std::unique_ptr<MediaThread>> threads;
    for (std::size_t i = 0; i < threads_of(config); ++i) {
        // Room for all calls, whatever the other threads have, and for as many that have ended: each holds
        // its place for a moment.
        threads.push_back(std::make_unique<MediaThread>(
            MediaThreadOptions{.max_calls = 2 * config.max_calls, .metrics = &metrics}));
    }
    return threads;
}

// An agent names what is in the folder, and nothing where there is none: without a folder a name would be any
// path.
std::string prompts_of(const ServerConfig& config) {
    std::string folder;
    if (config.agent) {
        folder = config.agent->prompts;
    } else if (config.answer) {
        folder = tools::prompt_folder(config.answer->prompts, config.answer->scenario);
        return folder.empty() ? "." : folder; // Where the scenario lies.
    }
    return folder.empty() ? "/nonexistent" : folder;
}

// The agents of the store.
void load_agents(AgentDirectory& directory, const std::string& store, ServiceLog& log) {
    try {
        Database database(store);
        for (const std::string& unread : directory.load(AgentTable(database).list())) {
            log.put({LogLevel::error, "agent.unread", unread});
        }
    } catch (const StoreError& error) {
        log.put({LogLevel::error, "agent.unread", error.what()});
    }
}

// Warns of what an operator may miss.
void tell_what_is_missing(const ServerConfig& config, const AgentDirectory& directory, bool is_real_time,
                          ServiceLog& log) {
    // By the API agents come later.
    if (!config.answer && !config.http && directory.list().empty()) {
        log.put({LogLevel::warning, "service.silent",
                 "every call is refused with 404: name a scenario in [answer] of the configuration, or an "
                 "agent in [agent]"});
    } else if (config.trunk.empty()) {
        log.put({LogLevel::warning, "service.trunkless",
                 "transfers to numbers fail: say in sip.trunk where they are dialled"});
    }
    if (!is_real_time) {
        log.put(
            {LogLevel::warning, "service.no_real_time",
             "no permission for SCHED_FIFO: other programs will delay packets; allow it by LimitRTPRIO=20 "
             "in the unit, or CAP_SYS_NICE"});
    }
}

} // namespace

std::optional<Failure> run_service(const ServiceCommand& command, tools::Console& console) {
    auto config = read_config_file(command.config);
    if (!config) {
        return config.error();
    }
    std::optional<simulation::Scenario> scenario;
    if (config->answer) {
        auto read = tools::read_scenario(config->answer->scenario);
        if (!read) {
            return read.error();
        }
        scenario = *std::move(read);
    }
    if (config->sip.port == 0) {
        config->sip.port = usual_sip_port;
    }
    raise_file_limit();
    if (auto failure = check_media(*config)) {
        return failure;
    }
    ServiceLog log(log_format(command, *config, console), config->log_level,
                   [&console](std::string_view lines) { console.log(lines); });
    Metrics metrics;
    std::unique_ptr<Recordings>
        recordings; // What a service before has left is corrected before it is reported.
    if (!config->recordings.empty()) {
        recordings = std::make_unique<Recordings>(
            RecordingOptions{config->recordings, config->keep_recordings_days, config->recorded_keys},
            metrics, [&log](const RecordingNote& note) {
                log.put({note.is_error ? LogLevel::error : LogLevel::info, note.event, note.what, note.call});
            });
    }
    std::unique_ptr<CallReporter> reporter; // Ends after the last call.
    if (!config->store.empty()) {           // Calls that were lost are reported before others come in.
        config->webhooks.allow_http = command.allow_http_webhooks;
        auto created = CallReporter::create({config->store, config->webhooks, config->keep_days,
                                             config->recordings, public_url_of(*config), &metrics},
                                            log);
        if (!created) {
            return failed(created.error());
        }
        reporter = *std::move(created);
    }
    tools::catch_interruptions(2);
    auto signalling = make_re_signalling(config->sip);
    if (!signalling) {
        return failed(signalling.error());
    }
    const AnswerConfig answer = config->answer.value_or(AnswerConfig{});
    io::FlitePrompts voice(prompts_of(*config));
    KeptPrompts prompts(voice);
    if (scenario) { // What is wrong with its sounds is said now, and they are made.
        if (const auto agent = ScenarioAgent::create(*scenario, prompts); !agent) {
            return failed(answer.scenario + ": " + agent.error().message);
        }
    }
    AudioRoom room(static_cast<std::size_t>(answer.memory_mb) * bytes_a_mb);
    std::optional<CallWriter> writer;
    if (!answer.output.empty()) {
        writer.emplace(answer.output, log);
    }
    AgentDirectory directory(config->agent);
    if (reporter) {
        load_agents(directory, config->store, log);
    }
    auto agents = make_agent_lines({.ca = config->agent.value_or(AgentConfig{}).ca,
                                    .wake = [&signalling] { (*signalling)->wake(); },
                                    .threads = threads_of(*config),
                                    .metrics = &metrics});
    if (!agents) {
        return failed("agent.ca: " + agents.error());
    }
    auto media = media_threads(*config, metrics);
    ServiceOptions options;
    options.call.setup = call_setup(*config, "");
    options.call.setup.metrics = &metrics;
    options.call.dial_allow = config->allowed_targets.value_or(std::vector<std::string>{});
    options.call.room = &room;
    options.max_calls = config->max_calls;
    options.drain = std::chrono::seconds(command.drain_seconds);
    options.agent = std::filesystem::path(answer.scenario).stem().string();
    options.max_placed = config->max_placed;
    options.placed_per_minute = config->placed_per_minute;
    log.put({LogLevel::info,
             "service.started",
             {},
             {},
             {{"sip", in_brackets(config->sip.address) + ":" + std::to_string(config->sip.port)},
              {"max_calls", config->max_calls},
              {"media_threads", media.size()}}});
    tell_what_is_missing(*config, directory, std::ranges::all_of(media, &MediaThread::real_time), log);
    std::optional<ServiceDesk> desk; // Costs what nobody reads, where there is no API.
    if (config->http) {
        desk.emplace(config->max_calls, [&signalling] { (*signalling)->wake(); });
    }
    {
        CallService service({**signalling, media, log, scenario ? &*scenario : nullptr, agents->get(),
                             &prompts, writer ? &*writer : nullptr, reporter.get(), &directory,
                             desk ? &*desk : nullptr, recordings.get(), &metrics},
                            std::move(options));
        // It ends behind run(), which answers what is still asked of the desk, and before the agents' lines.
        std::optional<ServedRecordings> shelf;
        if (recordings && reporter) {
            shelf.emplace(*recordings, reporter->signer());
        }
        const Observation seen(metrics, media, **signalling, config->max_calls);
        std::unique_ptr<ApiService> api;
        if (config->http) {
            auto made =
                ApiService::create({*desk, directory, **agents, log, shelf ? &*shelf : nullptr,
                                    [&seen] { return seen.metrics(); }, [&seen] { return seen.health(); }},
                                   {*config->http, config->store, config->webhooks});
            if (!made) {
                return failed(made.error());
            }
            api = *std::move(made);
            log.put({LogLevel::info,
                     "service.http",
                     {},
                     {},
                     {{"listen", in_brackets(config->http->address) + ":" + std::to_string(api->port())}}});
        }
        service.run([] { return tools::interruptions(); });
    }
    agents->reset();
    writer.reset();
    reporter.reset();
    signalling->reset(); // Waits until the last BYE is answered or given up.
    log.put({LogLevel::info, "service.ended"});
    tools::forget_interruption(); // It was obeyed.
    return std::nullopt;
}

} // namespace keytone::server
