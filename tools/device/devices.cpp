// SPDX-License-Identifier: MIT
#include "tools/device/devices.hpp"

#include "engine/io/device/audio_stream.hpp"
#include "tools/device/device_lines.hpp"

#include <string>
#include <string_view>

namespace keytone::tools {

namespace {

constexpr std::string_view devices_examples = R"(Examples:
  keytone devices
  keytone devices --json | jq -r 'select(.default_input) | .name'

Prints one device per line: its number, its name, the audio system that offers it, how many channels it has in and
out, its sampling rate, and whether it is the default. With --json, one object per line:
  device name system inputs outputs rate_hz default_input default_output
A number may be another one after something was plugged; --device of keytone play and keytone monitor takes a part of
the name, too.)";

} // namespace

CLI::App* add_devices_command(CLI::App& program, DevicesOptions& options) {
    CLI::App* command =
        program.add_subcommand("devices", "List the audio devices to play on and to listen to");
    command->footer(std::string(devices_examples));
    command->add_flag("--json", options.json, "Print JSON, one object per line");
    command->add_flag("--verbose", options.verbose, "Let the audio system's own messages through");
    return command;
}

std::optional<Failure> list_devices(const DevicesOptions& options, Console& console) {
    if (!options.verbose) {
        console.keep_streams_to_itself();
    }
    const auto system = io::AudioSystem::open();
    if (!system) {
        return Failure{ExitCode::failed, system.error().message};
    }
    const auto devices = system->devices();
    if (devices.empty()) {
        return Failure{ExitCode::failed, "there is no audio device: plug one in, or start its audio system "
                                         "(PulseAudio, JACK); --verbose shows what that says"};
    }
    if (!options.json) {
        console.print(device_table(devices));
        return std::nullopt;
    }
    for (const io::AudioDevice& device : devices) {
        console.print(json_device_line(device));
    }
    return std::nullopt;
}

} // namespace keytone::tools
