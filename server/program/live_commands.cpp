// SPDX-License-Identifier: MIT
#include "server/program/live_commands.hpp"

#include "engine/io/flite_prompts.hpp"
#include "engine/json/outcome_json.hpp"
#include "server/control/dial_target.hpp"
#include "server/control/scenario_call.hpp"
#include "server/program/config_file.hpp"
#include "server/program/local_address.hpp"
#include "server/program/packet_capture.hpp"
#include "server/sip/registration_text.hpp"
#include "server/sip/sip_text.hpp"
#include "tools/console/interruption.hpp"
#include "tools/console/printable.hpp"
#include "tools/simulation/call_files.hpp"
#include "tools/simulation/call_story.hpp"
#include "tools/simulation/scenario_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>

namespace keytone::server {

namespace {

using tools::failed;
using tools::Failure;
using tools::misused;

// Where SIP and RTP are received: as the options say, or at the address from which the far side is reached.
std::optional<Failure> choose_address(const LiveOptions& options, ServerConfig& config) {
    if (!options.listen.empty()) {
        auto place = read_listen_place(options.listen);
        if (!place) {
            return misused("--listen " + tools::printable(options.listen) +
                           ": is no address and port: write 192.0.2.1:5060");
        }
        config.sip.address = place->address;
        config.sip.port = place->port;
        config.media_address = place->address;
    } else if (options.config.empty()) {
        if (options.to.empty()) {
            config.sip.port = usual_sip_port;
        } else {
            auto place = place_towards(host_of(options.to));
            if (!place) {
                return failed(place.error());
            }
            config.sip.address = place->address;
        }
        config.media_address = config.sip.address;
    }
    return std::nullopt;
}

// Numbers are dialled at the trunk, or else at the host that was called.
CallSetup setup_of(const LiveOptions& options, ServerConfig& config) {
    if (!options.trunk.empty()) {
        config.trunk = options.trunk;
    }
    CallSetup setup = call_setup(config, host_of(options.to));
    if (setup.trunk.empty()) {
        setup.trunk = host_of(setup.from);
    }
    return setup;
}

std::string stream_line(Leg leg, const StreamFigures& figures) {
    const auto whole = [](Milliseconds length) { return std::to_string(std::lround(length.value)); };
    return std::string("Leg ") + character(leg) + (figures.secured ? " by SRTP:   " : " by RTP:    ") +
           std::to_string(figures.packets_in) + " packets in, " + std::to_string(figures.packets_out) +
           " out, " + std::to_string(std::max<std::int64_t>(figures.lost, 0)) + " lost, " +
           std::to_string(figures.late) + " late, jitter " + whole(figures.jitter) + " ms" +
           (figures.tampered + figures.replayed == 0
                ? ""
                : ", " + std::to_string(figures.tampered + figures.replayed) + " forged or repeated") +
           (figures.round_trip ? ", round trip " + whole(*figures.round_trip) + " ms" : "") + "\n";
}

std::string end_of(const DialogEnded& end) {
    switch (end.how) {
    case DialogEnded::How::refused:
        return "it was refused with " + std::to_string(end.status);
    case DialogEnded::How::cancelled:
        return "the caller gave up";
    case DialogEnded::How::failed:
        return "nobody answered" + (end.status == 0 ? "" : " (" + std::to_string(end.status) + ")");
    case DialogEnded::How::by_far_side:
        return "the far side ended it";
    case DialogEnded::How::by_us:
        return "it was given up";
    }
    return "";
}

} // namespace

std::optional<Failure> run_live(const LiveOptions& options, tools::Console& console) {
    auto config = read_config_file(options.config);
    if (!config) {
        return config.error();
    }
    const auto scenario = tools::read_scenario(options.scenario);
    if (!scenario) {
        return scenario.error();
    }
    if (!options.to.empty()) {
        if (const auto fault = fault_of_sip_uri(options.to)) {
            return misused("--to " + tools::printable(options.to) + " " + *fault);
        }
    }
    if (auto failure = choose_address(options, *config)) {
        return failure;
    }
    if (!options.folder.empty()) {
        if (auto failure = tools::make_call_folder(options.folder)) {
            return failure;
        }
    }
    std::unique_ptr<PacketCapture> capture;
    if (!options.capture.empty()) {
        auto created = PacketCapture::create(options.capture);
        if (!created) {
            return failed(created.error());
        }
        capture = *std::move(created);
        config->sip.on_message = [&capture](const std::string& from, const std::string& to,
                                            std::string_view bytes) {
            capture->put_message(from, to, bytes);
        };
    }
    auto signalling = make_re_signalling(config->sip);
    if (!signalling) {
        return failed(signalling.error());
    }
    tools::catch_interruptions();
    io::FlitePrompts prompts(tools::prompt_folder(options.prompts, options.scenario));
    MediaThread media({.tap = capture ? &capture->tap() : nullptr});

    ScenarioCallOptions call;
    call.setup = setup_of(options, *config);
    call.dial_allow = config->allowed_targets;
    ScenarioRun run;
    run.to = options.to;
    run.is_interrupted = [] { return tools::interruption() != 0; };
    run.on_step = [&] {
        if (capture) {
            capture->write_due();
        }
    };
    run.on_registration = [&](const RegistrationChanged& change) {
        const std::string line = tools::printable(tell_registration(change));
        if (!change.is_registered) {
            console.error(line);
        } else if (!options.json) {
            console.print(line + "\n");
        }
    };
    const PerLeg<SampleRate> rate{SampleRate::narrowband(), SampleRate::narrowband()};
    call.on_outcome = [&](const Outcome& outcome) {
        if (options.json) {
            console.print(json::outcome_line(outcome, {scenario->header.call, scenario->header.session}));
            return;
        }
        for (const std::string& line : simulation::tell_story({outcome}, rate)) {
            console.print(line + "\n");
        }
    };
    if (!options.json) {
        console.print(options.to.empty() ? "Waiting for a call to sip:" + in_brackets(config->sip.address) +
                                               ":" + std::to_string(config->sip.port) + " ...\n"
                                         : "Calling " + tools::printable(options.to) + " ...\n");
    }
    auto result = run_scenario_call(*scenario, call, run, prompts, **signalling, media);
    if (!result) {
        return failed(result.error());
    }
    if (!options.json) {
        std::string text = "\n" + stream_line(Leg::a, result->figures[Leg::a]);
        if (result->figures[Leg::b].packets_out > 0) {
            text += stream_line(Leg::b, result->figures[Leg::b]);
        }
        console.print(text);
    }
    if (!options.folder.empty()) {
        if (auto failure = tools::write_call(result->record, result->recording, io::FileReaders::owner,
                                             options.folder)) {
            return failure;
        }
        if (!options.json) {
            console.print(tools::files_told(options.folder));
        }
    }
    if (capture) {
        if (!capture->finish()) {
            return failed(tools::printable(options.capture) + ": could not be written as a whole");
        }
        if (!options.json) {
            console.print("The packets:     " + options.capture + "\n");
        }
    }
    if (result->recorded_lost > 0) {
        return failed("the recording lacks " + std::to_string(20 * result->recorded_lost) +
                      " ms: the machine was too busy");
    }
    if (!result->answered && tools::interruption() == 0) {
        return failed(tools::printable(options.to) +
                      ": there was no call: " + (result->end ? end_of(*result->end) : "it was given up"));
    }
    if (result->answered) {
        tools::forget_interruption(); // It ended the call, as was asked for.
    }
    return std::nullopt;
}

std::optional<Failure> check_config(const std::string& file, tools::Console& console) {
    auto config = read_config_file(file);
    if (!config) {
        return config.error();
    }
    if (config->answer) {
        if (const auto scenario = tools::read_scenario(config->answer->scenario); !scenario) {
            return scenario.error();
        }
    }
    console.print(tools::printable(file) + ": nothing is wrong with it\n");
    return std::nullopt;
}

} // namespace keytone::server
