// SPDX-License-Identifier: MIT
#pragma once

namespace keytone {

/// A frame of 10 ms of a line, as LineListener hears it.
struct LineFrame {
    bool active = false; ///< Louder than the line's noise.
    bool tone = false;   ///< Part of a steady tone, of at least 50 ms so far.
    float power = 0.0F;  ///< Mean square of 16-bit samples.
};

} // namespace keytone
