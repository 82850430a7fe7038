// SPDX-License-Identifier: MIT
#include "tools/device/device_choice.hpp"

#include "tools/option_checks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone::tools {

namespace {

/// `text` as a number, if all of it is one.
std::optional<int> number_of(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

std::string described(const io::AudioDevice& device) {
    return std::to_string(device.number) + " '" + device.name + "' (" + device.system + ")";
}

std::string in_hertz(double rate_hz) {
    return std::to_string(std::lround(rate_hz)) + " Hz";
}

} // namespace

void add_device_options(CLI::App& command, DeviceOptions& options) {
    command
        .add_option(
            "--device", options.device,
            "Its number, or a part of its name, of those that keytone devices lists [the default device]")
        ->type_name("DEVICE");
    command
        .add_option("--rate", options.rate_hz,
                    "Sampling rate: " + enumerate(offered_rates()) + " [the device's own]")
        ->type_name("HZ")
        ->check(one_of(offered_rates()));
    command.add_flag("--json", options.json, "Print JSON, one object per line");
    command.add_flag("--verbose", options.verbose, "Let the audio system's own messages through");
}

Result<io::AudioDevice, Failure> choose_device(std::span<const io::AudioDevice> devices,
                                               io::AudioDirection direction, const std::string& wanted) {
    const std::string kind = direction == io::AudioDirection::input ? "input" : "output";
    if (std::ranges::none_of(devices, [&](const auto& device) { return device.channels(direction) > 0; })) {
        return failed("there is no audio device with an " + kind +
                      ": plug one in, or start its audio system (PulseAudio, JACK), and see keytone devices");
    }
    std::vector<io::AudioDevice> fitting;
    const auto number = number_of(wanted);
    for (const io::AudioDevice& device : devices) {
        const bool named = wanted.empty() ? device.is_default(direction)
                           : number
                               ? device.number == *number
                               : in_lower_case(device.name).find(in_lower_case(wanted)) != std::string::npos;
        // A full name takes precedence over names that contain it.
        if (!number && !wanted.empty() && device.name == wanted && device.channels(direction) > 0) {
            return device;
        }
        if (named && (number || device.channels(direction) > 0)) {
            fitting.push_back(device);
        }
    }
    if (fitting.empty()) {
        return failed(wanted.empty()
                          ? "no " + kind + " is the default one: choose it by --device, see keytone devices"
                          : "--device '" + wanted + "' is no audio device with an " + kind +
                                ": see keytone devices");
    }
    if (fitting.size() > 1) {
        std::vector<std::string> names;
        std::ranges::transform(fitting, std::back_inserter(names), described);
        return failed("--device '" + wanted + "' may be " + enumerate(names) + ": give its number");
    }
    if (fitting.front().channels(direction) == 0) {
        return failed("device " + described(fitting.front()) + " has no " + kind +
                      ": choose one that has, see keytone devices");
    }
    return fitting.front();
}

Result<SampleRate, Failure> choose_rate(const io::AudioDevice& device, int wanted_hz,
                                        FunctionRef<bool(SampleRate)> supports) {
    const double whole_hz = std::round(device.rate_hz);
    const auto own = SampleRate::from_hz(whole_hz > 0 && whole_hz < 1e6 ? static_cast<int>(whole_hz) : 0);
    if (wanted_hz == 0 && own && supports(*own)) {
        return *own;
    }
    std::vector<SampleRate> supported;
    for (const int hz : SampleRate::offered_hz) {
        if (const auto rate = SampleRate::from_hz(hz); rate && supports(*rate)) {
            supported.push_back(*rate);
        }
    }
    if (supported.empty()) {
        return failed(
            "device " + described(device) + " works at " + in_hertz(device.rate_hz) + ", keytone at " +
            enumerate(offered_rates()) +
            " Hz: set its audio system to one of these, or see that no other program holds the device");
    }
    if (wanted_hz == 0) {
        return supported.back();
    }
    const auto wanted = std::ranges::find(supported, wanted_hz, &SampleRate::hz);
    if (wanted == supported.end()) {
        std::vector<std::string> rates;
        std::ranges::transform(supported, std::back_inserter(rates),
                               [](SampleRate rate) { return std::to_string(rate.hz()); });
        return failed("device " + described(device) + " does not work at " + std::to_string(wanted_hz) +
                      " Hz: use --rate " + enumerate(rates));
    }
    return *wanted;
}

Result<ChosenDevice, Failure> choose(const io::AudioSystem& system, io::AudioDirection direction,
                                     const DeviceOptions& options) {
    const auto devices = system.devices();
    const auto device = choose_device(devices, direction, options.device);
    if (!device) {
        return device.error();
    }
    const auto rate = choose_rate(*device, options.rate_hz,
                                  [&](SampleRate hz) { return system.supports(*device, direction, hz); });
    if (!rate) {
        return rate.error();
    }
    return ChosenDevice{*device, *rate};
}

} // namespace keytone::tools
