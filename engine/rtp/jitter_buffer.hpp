// SPDX-License-Identifier: MIT
//
// From packets, as they come, to samples, one after the other:
//
//     sent         | 1 | 2 | 3 | 4 |
//     came               1    2 4  3
//     played                 | 1 | 2 | 3 | 4 |
//                  |<------->| transit's base + playout delay
//
// The playout delay is one block of the host's plus what 99 % of the packets need: DelayEstimate. It changes
//
//     - in a pause, which is made shorter or longer once 60 ms of its silence were played;
//     - when nothing has come: what is played then is a loss, and the delay grows by as much. Samples that
//       then turn out to be lost do not take their time a second time;
//     - in sound that never pauses, by one sample in 20 ms, when it is far off: a tone is shifted by 0.6 % at
//       most meanwhile.
//
// The drift of the sender's clock is followed in the same ways. A pause between two keys is never made
// shorter than those 60 ms.
//
// The time between two packets of consecutive numbers is silence, however long; the time of a missing packet
// is a loss. Where nothing newer has come, it is a loss for 250 ms and silence after that; behind comfort
// noise, and while an event lasts, it is silence at once.
#pragma once

#include "dsp/events/telephone_event.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/g711.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/rtp/comfort_noise.hpp"
#include "engine/rtp/delay_estimate.hpp"
#include "engine/rtp/packet_window.hpp"
#include "engine/rtp/playout_ring.hpp"

#include <cstdint>
#include <span>

namespace keytone {

/// Part of what was played.
struct PlayedStretch {
    enum class Kind : std::uint8_t {
        heard,  ///< Samples that came.
        silent, ///< A pause of the sender: zeros or comfort noise.
        lost,   ///< Never came, or too late: zeros. DtmfDetector::process_lost() wants to know.
    };

    Kind kind;
    SampleCount begin;      ///< First sample, counted from the first one asked for.
    SampleCount count;      ///< In samples, 1 or more.
    RtpTimestamp timestamp; ///< Of the first sample.
};

/// The limits within which a jitter buffer adapts.
struct JitterBufferLimits {
    Milliseconds block{20};      ///< What play() is asked for at once, at most.
    Milliseconds min_delay{20};  ///< The playout delay, from the quickest packet's arrival on.
    Milliseconds max_delay{200}; ///< At most 250 ms.
};

/// Counts of packets and samples, from the construction on.
struct JitterBufferFigures {
    std::uint64_t late = 0;       ///< Packets of which at least a part came too late.
    std::uint64_t duplicates = 0; ///< Packets that came again.
    std::uint64_t malformed = 0;  ///< Payloads of an impossible size.
    std::uint64_t heard = 0;      ///< Samples played, by the kind of their stretch.
    std::uint64_t silent = 0;
    std::uint64_t lost = 0;
    std::uint64_t dropped = 0;    ///< Samples left out, in silence.
    std::uint64_t inserted = 0;   ///< Samples never sent: in silence, or as a loss while the delay grows.
    std::uint64_t bent = 0;       ///< Samples by which sound was made shorter or longer; not in these two.
    std::uint64_t overflowed = 0; ///< Samples left out, as newer ones came before there was room for them.

    friend bool operator==(const JitterBufferFigures&, const JitterBufferFigures&) = default;
};

/// What a jitter buffer needs of a packet's header.
struct TimedPacket {
    std::int64_t sequence; ///< Extended: RtpSource.
    RtpTimestamp timestamp;
    SampleIndex arrival; ///< On the receiver's clock, in units of the RTP clock; 0 or later.
};

/// The jitter buffer of one stream of PCMU or PCMA at 8 kHz. A plain value; allocates only at construction.
class JitterBuffer {
  public:
    using Sink = FunctionRef<void(const PlayedStretch&)>;

    /// Delays below 0 count as 0, above 250 ms as 250 ms. `[control]`
    explicit JitterBuffer(const JitterBufferLimits& limits = {});

    /// The packets to come are another stream's: what has not been played of this one is dropped. `[audio]`
    void begin_anew() noexcept KEYTONE_NONBLOCKING;
    /// A packet of sound came: a code for each sample, 1 to 960. `[audio]`
    void take_audio(const TimedPacket& packet, G711Law law,
                    std::span<const std::uint8_t> codes) noexcept KEYTONE_NONBLOCKING;
    /// A packet of comfort noise came: RFC 3389. An empty one gives no level. `[audio]`
    void take_noise(const TimedPacket& packet,
                    std::span<const std::uint8_t> payload) noexcept KEYTONE_NONBLOCKING;
    /// A packet with a telephone event came, of `duration` since its timestamp: RFC 4733. `[audio]`
    void take_event(const TimedPacket& packet, SampleCount duration) noexcept KEYTONE_NONBLOCKING;
    /// A packet of another payload type came: its number does not count as lost. `[audio]`
    void take_other(const TimedPacket& packet) noexcept KEYTONE_NONBLOCKING;

    /// The next samples, at `now` on the receiver's clock: the instant at which this block is due. `sink` is
    /// called for each stretch of them, in order; the stretch's samples are in `out` by then. `[audio]`
    void play(SampleIndex now, std::span<std::int16_t> out, Sink sink) noexcept KEYTONE_NONBLOCKING;

    /// Whether the stream has begun: whether position() has a meaning. `[any]`
    [[nodiscard]] bool has_begun() const noexcept { return begun_; }
    /// The timestamp of the next sample to be played. `[any]`
    [[nodiscard]] RtpTimestamp position() const noexcept { return static_cast<RtpTimestamp>(ring_.begin()); }
    /// The playout delay that is aimed at, and what it is at `now`; in samples. `[audio]`
    [[nodiscard]] SampleCount target_delay() const noexcept;
    [[nodiscard]] SampleCount delay(SampleIndex now) const noexcept;
    /// `[audio]`
    [[nodiscard]] const JitterBufferFigures& figures() const noexcept { return figures_; }

  private:
    [[nodiscard]] SampleIndex extended(RtpTimestamp timestamp) const noexcept;
    [[nodiscard]] SampleIndex begin_at(RtpTimestamp timestamp, SampleIndex arrival) noexcept;
    [[nodiscard]] bool enter(const TimedPacket& packet, SampleIndex begin, SampleIndex end,
                             SampleIndex silent_until) noexcept;
    void make_room(SampleIndex begin, SampleIndex end) noexcept;
    void skip(SampleCount count) noexcept;

    void adjust(SampleIndex now) noexcept;
    void shorten_pause(SampleCount too_long) noexcept;
    SampleCount play_some(SampleIndex now, std::span<std::int16_t> out, Sink sink) noexcept;
    SampleCount play_audio(SampleIndex now, std::span<std::int16_t> out, SampleCount count,
                           Sink sink) noexcept;
    SampleCount play_bent(std::span<std::int16_t> out, SampleCount taken, Sink sink) noexcept;
    SampleCount play_silence(std::span<std::int16_t> out, SampleCount moved, Sink sink) noexcept;
    SampleCount play_loss(std::span<std::int16_t> out, bool moves, Sink sink) noexcept;
    SampleCount await(SampleIndex now, std::span<std::int16_t> out, Sink sink) noexcept;
    void tell(PlayedStretch::Kind kind, SampleCount count, SampleIndex timestamp, Sink sink) noexcept;
    void weigh(std::span<const std::int16_t> samples) noexcept;

    SampleCount block_;
    SampleCount min_delay_;
    SampleCount max_delay_;
    DelayEstimate delays_;
    PlayoutRing ring_;
    PacketWindow packets_;
    ComfortNoise noise_;
    JitterBufferFigures figures_;

    bool begun_ = false;
    SampleIndex now_ = 0;           // of the next block, if they follow each other
    SampleIndex last_audio_ = 0;    // its arrival
    SampleIndex silent_until_ = 0;  // unknown samples before it are silence
    SampleIndex sounded_until_ = 0; // samples before it were played, and cannot be again
    SampleCount played_ = 0;
    SampleCount starved_ = 0;   // samples lost in a row, as nothing newer came
    SampleCount waited_ = 0;    // of these, those by which the delay grew
    SampleCount to_insert_ = 0; // samples of silence, before what comes next
    SampleCount quiet_ = 0;     // samples of silence played in a row
    SampleCount weighed_ = 0;   // samples of the part that is tested for silence
    std::int64_t energy_ = 0;   // of these
};

} // namespace keytone
