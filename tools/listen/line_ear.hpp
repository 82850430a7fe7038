// SPDX-License-Identifier: MIT
//
// All that is heard on a line besides keys: speech and other sounds, silence, beeps, call progress, faxes and
// modems, and who answered. Each is told once, when it is over.
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/listener/call_listener.hpp"
#include "dsp/listener/progress_tone.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/progress/country_tones.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone::tools {

/// One thing that was heard.
struct HeardThing {
    enum class What : std::uint8_t {
        speech,
        sound,   ///< Neither speech nor anything that has a name.
        silence, ///< Longer than the pauses between words.
        beep,
        progress, ///< `tone`, with its information and certainty.
        answer,   ///< `by` answered, as it sounds, if the line was picked up where the listening began.
    };

    What what;
    SampleIndex begin;
    SampleIndex end;
    AnsweredBy by = AnsweredBy::unknown;
    ProgressTone tone = ProgressTone::dial;
    SpecialInformation information = SpecialInformation::none;
    double certainty = 0.0; ///< 0 to 1.
};

/// Listens to one line. A plain value; what is told does not depend on how the stream is cut into calls.
class LineEar {
  public:
    using Sink = FunctionRef<void(const HeardThing&)>;

    /// Call progress is that of `country`.
    explicit LineEar(SampleRate rate, Country country = Country::any()) noexcept;

    /// `[audio]`
    void process(std::span<const std::int16_t> samples, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// A key sounded: then that was neither speech nor a sound without a name. `[audio]`
    void note_key(SampleIndex begin, SampleIndex end) noexcept KEYTONE_NONBLOCKING;
    /// The line is over: tells what was still going on. `[audio]`
    void finish(Sink sink) noexcept;

  private:
    void hear(const LineEvent& event, Sink sink) noexcept;
    void hear(const ProgressEvent& event, Sink sink) noexcept;
    void end_tone(SampleIndex end, Sink sink) noexcept;
    void end_sound(SampleIndex end, Sink sink) noexcept;
    void note_words() noexcept;
    void keep_words() noexcept;
    [[nodiscard]] bool is_keys(const LineSounds::Sound& sound) const noexcept;
    void note(SampleIndex end) noexcept { named_to_ = end > named_to_ ? end : named_to_; }

    CallListener listener_;
    std::optional<ProgressEvent> tone_; // the one that sounds
    SampleCount frame_;
    SampleIndex position_ = 0;
    SampleIndex since_ = 0;                    // of the sound, or of the silence
    SampleIndex named_to_ = 0;                 // the end of what had a name
    std::array<LineSounds::Sound, 16> keys_{}; // the last ones
    std::size_t next_key_ = 0;
    LineSounds::Sound last_words_;
    SampleIndex words_from_ = -1; // the first and the last words of the sound; -1: none
    SampleIndex words_to_ = -1;
    bool sounds_ = false;
};

} // namespace keytone::tools
