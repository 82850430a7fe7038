// SPDX-License-Identifier: MIT
//
// All that is heard on one line of a call but its keys. Each frame of 10 ms goes once through the listeners
// that are on, and what they hear is told in this order:
//
//     samples ─► line_front ─► line, beeps ─► call progress ─► who answered
//                                  └── a beep ─────────────────────►┘
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/listener/answer_listener.hpp"
#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/line_listener.hpp"
#include "dsp/listener/progress_listener.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/progress/country_tones.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// Listens to one line: for sounds and beeps from the first sample on, for call progress and for who answered
/// from where these begin to where they end. A plain value; what is reported does not depend on how the
/// stream is cut into calls.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): what is left to the end of a cache line
class alignas(64) CallListener {
  public:
    /// Who is told what. A sink may begin and end what is listened for.
    struct Sinks {
        FunctionRef<void(const LineEvent&)> line; ///< Each beep once, whoever heard it.
        FunctionRef<void(const ProgressEvent&)> progress;
        FunctionRef<void(const Answer&)> answer; ///< Known at heard_to().
    };

    /// Call progress is that of `country`.
    explicit CallListener(SampleRate rate, Country country = Country::any()) noexcept;

    /// Begins to listen for call progress, of which nothing was heard yet. `[audio]`
    void begin_progress() noexcept KEYTONE_NONBLOCKING;
    /// `[audio]`
    void end_progress() noexcept KEYTONE_NONBLOCKING { hears_progress_ = false; }
    /// Begins to listen for who answers, of whom nothing was heard before `since`. It needs the call
    /// progress.
    /// `[audio]`
    void begin_answer(SampleIndex since) noexcept KEYTONE_NONBLOCKING;
    /// `[audio]`
    void end_answer() noexcept KEYTONE_NONBLOCKING { hears_answer_ = false; }

    /// Takes samples from the front of `in` until they complete a frame, and reports what is heard in it;
    /// false when they complete none. `[audio]`
    bool next(std::span<const std::int16_t>& in, const Sinks& sinks) noexcept KEYTONE_NONBLOCKING;
    /// Hears the next samples and reports what they complete. `[audio]`
    void process(std::span<const std::int16_t> in, const Sinks& sinks) noexcept KEYTONE_NONBLOCKING;
    /// Fetches from memory what the next frame touches, while other lines are heard. It reads nothing, so
    /// that it waits for nothing. `[any]`
    void prefetch() const noexcept;
    /// Fetches what it touches besides where something is followed: later, as it reads what prefetch()
    /// fetches. `[any]`
    void prefetch_rest() const noexcept;
    /// Forgets the stream; what is listened for stays so, from its first sample on. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    // The state at the end of the last whole frame. `[any]`

    /// Samples heard in whole frames.
    [[nodiscard]] SampleIndex heard_to() const noexcept { return line_.heard_to(); }
    [[nodiscard]] const LineListener& line() const noexcept { return line_; }
    /// The tone of the network or of a machine that was reported and has not ended.
    [[nodiscard]] std::optional<ProgressTone> sounding() const noexcept { return progress_.sounding(); }

  private:
    using LineSink = FunctionRef<void(const LineEvent&)>;

    [[gnu::always_inline]] bool hear(std::span<const std::int16_t>& in, LineFront::Frame& frame,
                                     LineSink on_line, const Sinks& sinks) noexcept;
    void hear_progress(const LineFront::Frame& frame, ProgressListener::Passes passes,
                       const Sinks& sinks) noexcept;
    void take(const LineEvent& event, const Sinks& sinks) noexcept;

    // The greater ones begin on a cache line, so that what every frame touches takes few of them.
    BeepListener beeps_;
    bool hears_progress_ = false;
    bool hears_answer_ = false;
    SampleIndex answer_since_ = 0;
    AnswerListener answer_;
    alignas(64) LineListener line_;
    ProgressListener progress_;
};

} // namespace keytone
