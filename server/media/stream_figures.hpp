// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"
#include "engine/rtp/rtcp_session.hpp"
#include "server/media/instant.hpp"
#include "server/media/socket_address.hpp"

#include <cstdint>
#include <optional>

namespace keytone::server {

/// How a leg's stream fares, as of its last tick. Counts are from its opening on.
struct StreamFigures {
    bool is_open = false;
    bool secured = false;  ///< By SRTP, both ways.
    bool locked = false;   ///< Packets showed where the far end is: FarEnd.
    bool far_left = false; ///< It said so: RTCP BYE.
    SocketAddress far;     ///< Where media goes.

    std::uint64_t packets_in = 0;  ///< RTP packets that were heard.
    std::uint64_t packets_out = 0; ///< RTP packets.
    /// Packets that the far end numbered and that never came, since its stream began; below 0 where more came
    /// than were numbered, as duplicates do.
    std::int64_t lost = 0;
    std::uint64_t late = 0; ///< Packets that came too late to be played as a whole.
    /// Datagrams from an address that is not the far end's. The far end's first two count, too, where its SDP
    /// did not name the address that they come from.
    std::uint64_t foreign_source = 0;
    std::uint64_t foreign_ssrc = 0; ///< Packets of another stream from its address.
    std::uint64_t refused = 0; ///< Datagrams that are neither RTP nor RTCP, or of no payload type agreed.
    std::uint64_t tampered =
        0; ///< Datagrams that the far end's SRTP key did not sign, those in clear included.
    std::uint64_t replayed = 0; ///< Datagrams of SRTP that came before.
    std::uint64_t streams = 0;  ///< How often the far end's stream began, or began anew.

    Milliseconds jitter{0}; ///< Of the interarrival: RFC 3550, 6.4.1.
    std::optional<Milliseconds> round_trip;
    std::optional<FarReception> far_reception; ///< What the far end says of what is sent to it.
    std::optional<Instant> first_arrival;      ///< Of RTP that was heard.
    /// For how many samples no RTP was heard, since the opening if none ever was. Grows also while none is
    /// expected, as on hold.
    SampleCount since_last_packet = 0;
};

} // namespace keytone::server
