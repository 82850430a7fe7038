// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/g711.hpp"
#include "dsp/units.hpp"
#include "engine/rtp/rtp_receiver.hpp"
#include "server/media/socket_address.hpp"
#include "server/media/srtp_key.hpp"

#include <cstdint>
#include <optional>

namespace keytone::server {

/// What an offer and its answer agree on for a leg's stream: RFC 3264. A plain value.
struct StreamParameters {
    SocketAddress far;      ///< Where the far end wants RTP; none: nothing is sent before it is known.
    SocketAddress far_rtcp; ///< None: the next port. RFC 3605.
    RtpPayloadTypes heard;  ///< What comes in.
    G711Law law = G711Law::ulaw;
    std::uint8_t payload_type = 0; ///< Of what goes out: 0 for PCMU, 8 for PCMA.
    /// Of keys that go out as telephone events; nothing: they go as tones.
    std::optional<std::uint8_t> event_payload_type = 101;
    bool keys_by_signalling = false; ///< Keys go out by INFO: the stream has silence in their place.
    Milliseconds packet_time{20};    ///< Of what goes out, 10 to 60 ms.
    bool sends = true;               ///< False where the far end, or keytone, holds the call.
    bool receives = true;            ///< False: what comes is counted, and nothing of it is heard.
    std::optional<SrtpKeys> srtp;    ///< Nothing: in clear.
    bool symmetric = true;           ///< Media goes to where packets come from, once that is known: FarEnd.
};

} // namespace keytone::server
