// SPDX-License-Identifier: MIT
//
// What one side of a call says of its audio, and how two sides agree (RFC 4566, RFC 3264):
//
//     offer    m=audio 4000 RTP/AVP 0 8 101        what the one can receive, the best first
//     answer   m=audio 6000 RTP/AVP 0 101          of these, what the other takes
//
// Only PCMU, PCMA, comfort noise and telephone events at 8 kHz are known; all else is left out.
#pragma once

#include "dsp/g711.hpp"
#include "dsp/result.hpp"
#include "dsp/units.hpp"
#include "server/sip/srtp_crypto.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// The most bytes of a session description that are read.
inline constexpr std::size_t max_sdp_bytes = 16384;

/// One side's audio stream.
struct MediaDescription {
    struct Codec {
        G711Law law;
        std::uint8_t payload_type; ///< 0 and 8 are fixed for PCMU and PCMA: RFC 3551, 6.

        friend bool operator==(const Codec&, const Codec&) = default;
    };

    std::string address;    ///< Where it receives: a number, IPv4 or IPv6.
    std::uint16_t port = 0; ///< 0: the stream is refused. RFC 3264, 6.
    std::vector<Codec> codecs{{G711Law::ulaw, 0}, {G711Law::alaw, 8}}; ///< The best first.
    std::optional<std::uint8_t> telephone_event = 101;                 ///< RFC 4733, 2.4.1.
    std::optional<std::uint8_t> comfort_noise = 13;                    ///< RFC 3389, 4.
    Milliseconds packet_time{20};                                      ///< That it wishes to receive.
    /// Its SRTP keys: several in an offer, one in an answer. RFC 4568.
    std::vector<SrtpCrypto> crypto{};
    bool savp = false;                 ///< RTP/SAVP: without SRTP there is no stream.
    SrtpPolicy srtp = SrtpPolicy::off; ///< Of our own side: what it agrees to.
    bool sends = true;
    bool receives = true; ///< False while it has the other on hold.

    /// The other streams, in order, as the lines that refuse them: `video 0 RTP/AVP 96`. An answer has as
    /// many as its offer: RFC 3264, 6.
    std::vector<std::string> refused_before{};
    std::vector<std::string> refused_behind{};

    friend bool operator==(const MediaDescription&, const MediaDescription&) = default;
};

/// Has our own side offer what the policy says, with new keys. `[control]`
void offer_srtp(MediaDescription& own, SrtpPolicy policy);

/// Reads a session description; of several audio streams the first that is not refused, and that is not
/// RTP/SAVP where the policy is off. Errors: one line, without a full stop. `[any]`
Result<MediaDescription, std::string> read_session_description(std::string_view text,
                                                               SrtpPolicy policy = SrtpPolicy::off);

/// Writes one. `version` grows with each that is sent in the same dialog: RFC 3264, 8. `[any]`
std::string write_session_description(const MediaDescription& own, std::uint64_t session,
                                      std::uint64_t version);

/// What two sides have in common.
struct MediaMatch {
    MediaDescription::Codec codec;      ///< The first of the far side's that our own has.
    std::optional<CryptoChoice> crypto; ///< Nothing: in clear.
};

/// Nothing where they have no codec in common, where the far address is not of our own's family (an empty one
/// of ours fits all), or where one of them requires SRTP and the other has none. `[any]`
std::optional<MediaMatch> match(const MediaDescription& own, const MediaDescription& far);

/// What is answered to an offer: one codec, the first of `offer` that `own` has, and the offer's payload
/// types; and of its keys the first of a suite that `own` has. Nothing where the two do not match(). RFC
/// 3264, 6.1. `[any]`
std::optional<MediaDescription> answer_to(const MediaDescription& offer, const MediaDescription& own);

} // namespace keytone::server
