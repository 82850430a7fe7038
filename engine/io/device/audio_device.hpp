// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace keytone::io {

/// Which way a device is used.
enum class AudioDirection { input, output };

/// A microphone, a loudspeaker or a line, as the audio system offers it.
struct AudioDevice {
    int number;         ///< Among all devices; may change when a device is plugged in.
    std::string name;   ///< As the audio system calls it.
    std::string system; ///< Which audio system offers it: ALSA, JACK Audio Connection Kit, ...
    int inputs;         ///< Input channels, 0 when it has none.
    int outputs;        ///< Output channels, 0 when it has none.
    double rate_hz;     ///< Its default rate.
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
