// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace keytone::io {

/// Which way a device is used.
enum class AudioDirection { input, output };

/// A microphone, a loudspeaker or a line, as the audio system offers it.
struct AudioDevice {
    int number;         ///< Among all devices; another one after the next plugging.
    std::string name;   ///< As the audio system calls it.
    std::string system; ///< Which audio system offers it: ALSA, JACK Audio Connection Kit, ...
    int inputs;         ///< Channels to hear, 0 when it has none.
    int outputs;        ///< Channels to sound on, 0 when it has none.
    double rate_hz;     ///< The rate that it works at unless told otherwise.
    bool default_input;
    bool default_output;

    [[nodiscard]] int channels(AudioDirection direction) const {
        return direction == AudioDirection::input ? inputs : outputs;
    }
    [[nodiscard]] bool is_default(AudioDirection direction) const {
        return direction == AudioDirection::input ? default_input : default_output;
    }
};

/// Why a device cannot be used: one line that names the thing and the remedy.
struct DeviceError {
    std::string message;
};

} // namespace keytone::io
