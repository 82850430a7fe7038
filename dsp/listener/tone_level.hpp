// SPDX-License-Identifier: MIT
//
// What the level of an answering tone does: a modem's is modulated by 15 Hz, a fifth of it (V.8), and codecs
// for speech make any tone's waver by half of it, which is called rough. There, the modulation is looked for
// in all frames, and in what is no tone as well: of a tone in noise, that is louder where the tone is softer.
#pragma once

#include <cstdint>

namespace keytone {

/// Adds up frames of 10 ms. A plain value; the same bits on every machine.
class ToneLevel {
  public:
    /// A frame of the tone, of this power, at so many turns of the modulation. `[audio]`
    void add(float power, double turns) noexcept;
    /// Each frame while it sounds, spoilt ones too: with the power of the frame before, and its share that is
    /// no tone. `[audio]`
    void add_any(float power, float power_before, float noise_share, double turns) noexcept;

    /// A codec makes it waver. `[any]`
    [[nodiscard]] bool is_rough() const noexcept;
    /// By at least so much, where it is not rough. Where it is, 2 s of it are needed at least. `[any]`
    [[nodiscard]] bool is_modulated(double min_depth) const noexcept;

  private:
    /// Values of frames: at the modulation's frequency, and all of them.
    struct Wave {
        float cos = 0.0F;
        float sin = 0.0F;
        float sum = 0.0F;

        void add(float value, float cosine, float sine) noexcept;
    };

    [[nodiscard]] float rough_evidence() const noexcept;

    std::int32_t frames_ = 0;
    Wave level_; // the root of the amplitude
    float level_squares_ = 0.0F;
    Wave loud_; // of the louder of two frames
    Wave rest_; // what is no tone
    Wave any_;  // 1
};

} // namespace keytone
