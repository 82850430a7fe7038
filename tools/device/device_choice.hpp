// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"
#include "engine/io/device/audio_device.hpp"
#include "engine/io/device/audio_stream.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <span>
#include <string>

namespace keytone::tools {

/// Which device to use, and the form of the output.
struct DeviceOptions {
    std::string device; ///< Its number, or a part of its name; empty: the default device.
    int rate_hz = 0;    ///< 0: the device's own rate.
    bool json = false;
    bool verbose = false; ///< Let the audio system's own messages through.
};

/// Adds --device, --rate, --json and --verbose to `command`.
void add_device_options(CLI::App& command, DeviceOptions& options);

/// The device that `wanted` names, or the default one when it is empty.
Result<io::AudioDevice, Failure> choose_device(std::span<const io::AudioDevice> devices,
                                               io::AudioDirection direction, const std::string& wanted);

/// The rate to use `device` at: `wanted_hz` where that is not 0; otherwise the device's own, if keytone works
/// at it; otherwise the highest of keytone's rates that it `supports`.
Result<SampleRate, Failure> choose_rate(const io::AudioDevice& device, int wanted_hz,
                                        FunctionRef<bool(SampleRate)> supports);

/// The device and rate that `options` ask for.
struct ChosenDevice {
    io::AudioDevice device;
    SampleRate rate;
};
Result<ChosenDevice, Failure> choose(const io::AudioSystem& system, io::AudioDirection direction,
                                     const DeviceOptions& options);

} // namespace keytone::tools
