// SPDX-License-Identifier: MIT
//
// One stream of keys out of two. A gateway that sends telephone events may let the tones through as well, all
// of them or the first 60 ms until it has heard them itself:
//
//     events      |<-------- 5 -------->|
//     tones    |<- 5 ->|
//     merged   |<---------- 5 --------->|
//
// The rules:
//
// - The first to tell of a key begins it. The other's key of the same digit is the same one if its onset is
//   within `window`; each is the other of one key only, so that a digit pressed twice stays two.
// - A telephone event says, a detector concludes: the event ends a key that it was told of before the tone's
//   end. A tone that begins while an event of its digit lasts is the same key, however often: it was torn on
//   the way.
// - A key that only one of them tells of is a key.
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

/// How the detector's clock lies on that of the RTP stream.
struct InBandClock {
    SampleRate rate;        ///< Of the samples that the detector hears.
    SampleRate rtp_clock;   ///< Mostly the same.
    RtpTimestamp first = 0; ///< The RTP timestamp of the detector's sample 0.
};

/// Merges the keys of a stream that come as telephone events and as tones, each key once. Samples that were
/// lost have to be told to the detector (process_lost()), or its times are no longer the stream's. A plain
/// value. Its reports alternate: begin, end, begin, end.
class KeyMerger {
  public:
    using Sink = FunctionRef<void(const KeyReport&)>;

    /// Onsets this near are one key's: a gateway hears a key 30 to 60 ms after its onset, and may take as
    /// long again to recode what is voice. keytone's own. Below 0 counts as 0, above 2 s as 2 s.
    explicit KeyMerger(const InBandClock& clock, Milliseconds window = 150_ms) noexcept;

    /// What the receiver of telephone events reported. `[audio]`
    void hear(const KeyReport& event, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// What the detector reported; a hint is nothing. `[audio]`
    void hear(const DtmfReport& tone, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

  private:
    /// One key that was reported, and what each source told of it.
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
    // The last keys reported, in turn. 16 of the shortest are 1.3 s: longer than one source is behind the
    // other.
    std::array<Told, 16> told_{};
    std::size_t told_count_ = 0;
    std::optional<KeyReport> sounding_; // as its begin was reported; its source is the one that will end it
};

} // namespace keytone
