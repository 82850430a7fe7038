// SPDX-License-Identifier: MIT
//
// A call on the network. 20 ms of it, both legs:
//
//     datagrams ─► stream a ─► heard ─► Session ─► sent ─► stream a ─► datagrams
//     datagrams ─► stream b ─► heard ─►         ─► sent ─► stream b ─► datagrams
//
// A leg without a stream goes on all the same: it hears nothing, and what it sends goes nowhere.
#pragma once

#include "dsp/keys.hpp"
#include "dsp/prefetch.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/media/spsc_ring.hpp"
#include "engine/session.hpp"
#include "server/media/agent_audio.hpp"
#include "server/media/instant.hpp"
#include "server/media/latest_value.hpp"
#include "server/media/leg_stream.hpp"
#include "server/media/packet_io.hpp"
#include "server/media/recording_tap.hpp"
#include "server/media/rtp_port.hpp"
#include "server/media/stream_figures.hpp"
#include "server/media/stream_parameters.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace keytone::server {

/// What is added to a session for a live call.
struct LiveCallOptions {
    AgentAudio* agent = nullptr;       ///< Outlives the call. Null: the agent is silent.
    std::size_t recorded_blocks = 0;   ///< What a leg's tap holds, of 20 ms each; 0: nothing is recorded.
    RecordingTap* recording = nullptr; ///< Gets leg a's blocks, too; outlives the call.
};

/// A key that is to go out by signalling.
struct PressedKey {
    Key key;
    Milliseconds length;
};

/// A session with a stream for each leg, both at 8 kHz. One thread at a time may call what is `[control]`,
/// another what is `[audio]`; neither waits for the other.
class LiveCall {
  public:
    static constexpr std::size_t block = 160;

    /// Both legs' rates become 8 kHz, and blocks 20 ms. `[control]`
    explicit LiveCall(SessionConfig config, const LiveCallOptions& options = {});
    /// Only once the media thread has let go of it. `[control]`
    ~LiveCall();
    LiveCall(const LiveCall&) = delete;
    LiveCall& operator=(const LiveCall&) = delete;

    /// The leg has the stream from the next tick on. False where it has one already, or where too many
    /// commands wait because no thread runs the call. Where events were agreed on, the leg's keys go out as
    /// such from the next digit string on, else as tones. `[control]`
    bool open_stream(Leg leg, RtpPort port, const StreamParameters& parameters);
    /// After another offer and answer. False where the leg has no stream, where too many commands wait, or
    /// where an encrypted stream would go on in clear. `[control]`
    bool change_stream(Leg leg, const StreamParameters& parameters);
    /// Sends an RTCP BYE. The ports are closed once the media thread has let go of them, by the next call of
    /// one of these functions or of poll(). False where the leg has no stream, or too many commands wait.
    /// `[control]`
    bool close_stream(Leg leg);

    /// A key that came by signalling instead of the stream (INFO): it begins with the next tick, and is
    /// merged with the same key as a telephone event or a tone. False where too many commands wait.
    /// `[control]`
    bool hear_key(Leg leg, Key key, Milliseconds length);

    /// The next key that the leg pressed where its keys go out by signalling; nothing when there is none
    /// yet. `[control]`
    [[nodiscard]] std::optional<PressedKey> next_pressed(Leg leg);

    /// Session's own. `[control]`
    void submit(const CallEvent& event) { session_.submit(event); }
    std::optional<Outcome> poll();
    [[nodiscard]] const CallState& state() const { return session_.state(); }
    /// `[any]`
    [[nodiscard]] SampleIndex position(Leg leg) const noexcept { return session_.position(leg); }

    /// As of the last tick; those of a stream that was closed stay. `[control]`
    [[nodiscard]] StreamFigures figures(Leg leg) { return side(leg).figures.read(); }
    /// The next block of the leg's recording; nothing when there is none yet. `[control]`
    [[nodiscard]] std::optional<RecordedBlock> next_recorded(Leg leg);
    /// Blocks that were not recorded as the tap was full. `[any]`
    [[nodiscard]] std::uint64_t recorded_lost(Leg leg) const noexcept { return side(leg).tap_lost.load(); }

    /// Says what tick() will read: several calls' packets are read together. `[audio]`
    void expect(PacketIo& io) noexcept;
    /// The next 20 ms of both legs, due at `now`. What goes out does with the next flush(). Meanwhile what
    /// the sessions of `upcoming` calls touch is fetched from memory. `[audio]`
    void tick(Instant now, PacketIo& io, Upcoming<LiveCall> upcoming = {}) noexcept;

  private:
    /// Commands that wait, and streams that were not destroyed yet: more than a call needs in 20 ms.
    static constexpr std::size_t max_waiting = 8;
    /// Keys that wait for signalling: more than come in a second.
    static constexpr std::size_t max_pressed = 32;

    struct Command {
        enum class Do : std::uint8_t { open, change, close, hear_key } what;
        Leg leg;
        LegStream* stream; // of open
        StreamParameters parameters;
        std::optional<Key> key{}; // of hear_key
        SampleCount key_length = 0;
    };
    /// A leg, and what its tap and its figures need.
    struct Side {
        explicit Side(std::size_t recorded_blocks) : tap(recorded_blocks > 0 ? recorded_blocks : 1) {}

        LegStream* stream = nullptr; // the audio thread's
        bool has_stream = false;     // the control thread's
        bool secured = false;        // the control thread's
        LatestValue<StreamFigures> figures;
        SpscRing<RecordedBlock> tap;
        std::atomic<std::uint64_t> tap_lost{0};
        SpscRing<std::optional<PressedKey>> pressed{max_pressed};
        std::optional<RtpTimestamp> last_pressed; // the audio thread's: the last key's onset
    };

    [[nodiscard]] Side& side(Leg leg) noexcept { return leg == Leg::a ? a_ : b_; }
    [[nodiscard]] const Side& side(Leg leg) const noexcept { return leg == Leg::a ? a_ : b_; }
    bool command(const Command& command);
    void destroy_retired();
    void obey(const Command& command, Instant now, PacketIo& io) noexcept;
    void carry(Leg leg, Instant now, PacketIo& io, Upcoming<Session> upcoming) noexcept;
    void send_keys(Leg leg, LegStream* stream, PacketIo& io) noexcept;
    void hear(Leg leg, LegStream* stream, Instant now, std::span<std::int16_t> heard,
              std::span<std::int16_t> sent, Upcoming<Session> upcoming) noexcept;

    Session session_;
    AgentAudio* agent_;
    bool records_;
    RecordingTap* recording_;
    Side a_;
    Side b_;
    SpscRing<Command> commands_;
    SpscRing<LegStream*> retired_;
    std::array<LegStream*, max_waiting> left_{};      // closed in this tick
    std::vector<std::unique_ptr<LegStream>> streams_; // the control thread's, retired ones included
};

} // namespace keytone::server
