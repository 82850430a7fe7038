// SPDX-License-Identifier: MIT
//
// Merges two streams of keys into one. A gateway that sends telephone events may let the tones through as
// well, all of them or the first 60 ms, until it has detected them itself:
//
//     events      |<-------- 5 -------->|
//     tones    |<- 5 ->|
//     merged   |<---------- 5 --------->|
//
// The rules:
//
// - The source that first reports a key begins it. The other source's key of the same digit is the same one
//   if its onset is within `window`; each key has at most one counterpart, so that a digit pressed twice
//   stays two keys.
// - A telephone event knows, a detector estimates: the event ends a key for which an event came before the
//   tone's end. A tone that begins while an event of its digit lasts is the same key, however often: the tone
//   was interrupted on the way.
// - A key that only one source reports is a key.
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/events/key_report.hpp"
#include "dsp/events/telephone_event.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/keys.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace keytone {

using namespace literals;

/// How the detector's clock relates to that of the RTP stream.
struct InBandClock {
    SampleRate rate;        ///< Of the samples that the detector hears.
    SampleRate rtp_clock;   ///< Usually the same rate.
    RtpTimestamp first = 0; ///< The RTP timestamp of the detector's sample 0.
};

/// Merges the keys of a stream that come as telephone events and as tones, so that each is reported once.
/// Lost samples have to be reported to the detector (process_lost()), or its times drift from the stream's. A
/// plain value. Its reports alternate: begin, end, begin, end.
class KeyMerger {
  public:
    using Sink = FunctionRef<void(const KeyReport&)>;

    /// Onsets this near belong to one key: a gateway detects a key 30 to 60 ms after its onset, and may take
    /// as long again to recode the voice. keytone's own figure. Below 0 counts as 0, above 2 s as 2 s.
    explicit KeyMerger(const InBandClock& clock, Milliseconds window = 150_ms) noexcept;

    /// Takes a report of the receiver of telephone events. `[audio]`
    void hear(const KeyReport& event, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// Takes a report of the detector; a hint is ignored. `[audio]`
    void hear(const DtmfReport& tone, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

  private:
    /// One key that was reported, and what each source said about it.
    struct Told {
        Key key = Key::at(0, 0);
        std::optional<RtpTimestamp> tone_onset;
        std::optional<RtpTimestamp> event_onset;
        std::optional<RtpTimestamp> event_end;
    };

    void hear_event_begin(const KeyReport& event, Sink sink) noexcept;
    void hear_tone_begin(const KeyReport& tone, Sink sink) noexcept;
    void begin(const KeyReport& report, Sink sink) noexcept;
    void end(RtpTimestamp at, bool inferred, Sink sink) noexcept;
    [[nodiscard]] bool near(RtpTimestamp a, RtpTimestamp b) const noexcept;
    [[nodiscard]] Told& latest() noexcept { return told_[told_count_ % told_.size()]; }
    [[nodiscard]] RtpTimestamp rtp_time(SampleIndex index) const noexcept;

    InBandClock clock_;
    SampleCount window_;
    // A ring of the last keys reported. 16 of the shortest keys last 1.3 s: longer than one source lags
    // behind the other.
    std::array<Told, 16> told_{};
    std::size_t told_count_ = 0;
    std::optional<KeyReport> sounding_; // its report of begin; its source is the one that will end it
};

} // namespace keytone
