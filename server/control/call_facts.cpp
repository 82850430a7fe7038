// SPDX-License-Identifier: MIT
#include "server/control/call_facts.hpp"

#include <algorithm>

namespace keytone::server {

namespace {

constexpr int nothing_told = 500;

Fact response(int status, Leg leg) {
    Fact made = fact_of(Fact::Kind::sip_response, leg);
    made.status = std::clamp(status, Fact::min_status, Fact::max_status);
    return made;
}

} // namespace

Fact fact_of(Fact::Kind kind, Leg leg) {
    Fact made{};
    made.kind = kind;
    made.leg = leg;
    return made;
}

Fact::Reason reason_of(int status) {
    switch (status) {
    case 486: // Busy Here
    case 600: // Busy Everywhere
        return Fact::Reason::busy;
    case 408: // Request Timeout
    case 480: // Temporarily Unavailable
    case 487: // Request Terminated
        return Fact::Reason::no_answer;
    case 403: // Forbidden
    case 603: // Decline
        return Fact::Reason::declined;
    default:
        return Fact::Reason::failed;
    }
}

std::optional<Fact> fact_of(const Progress& progress, Leg leg, AskedBy asked) {
    if (progress.far) {
        return fact_of(Fact::Kind::leg_early_media, leg);
    }
    if (asked == AskedBy::sip_invite) {
        return response(progress.status, leg);
    }
    return progress.status == 180 ? std::optional(fact_of(Fact::Kind::leg_ringing, leg)) : std::nullopt;
}

Fact fact_of(const DialogEnded& end, Leg leg, AskedBy asked) {
    if (end.how == DialogEnded::How::refused && asked == AskedBy::sip_invite) {
        return response(end.status, leg);
    }
    Fact made = fact_of(Fact::Kind::leg_ended, leg);
    switch (end.how) {
    case DialogEnded::How::refused:
        made.reason = reason_of(end.status);
        break;
    case DialogEnded::How::failed:
        made.reason = Fact::Reason::failed;
        break;
    case DialogEnded::How::by_far_side:
    case DialogEnded::How::cancelled:
    case DialogEnded::How::by_us:
        made.reason = Fact::Reason::hangup;
        break;
    }
    return made;
}

std::optional<Fact> fact_of(const ReferProgress& progress) {
    if (progress.status < 200 && !progress.is_last) {
        return std::nullopt;
    }
    Fact made = fact_of(Fact::Kind::refer_notify, Leg::a);
    made.status = progress.status < 200 ? nothing_told : progress.status;
    return made;
}

std::optional<StreamParameters> agreed(const MediaDescription& own, const MediaDescription& far,
                                       KeysOut keys) {
    const auto common = match(own, far);
    const auto place = SocketAddress::parse(far.address, far.port);
    if (!common || !place) {
        return std::nullopt;
    }
    StreamParameters stream;
    if (common->crypto) {
        stream.srtp = SrtpKeys{common->crypto->own.key, common->crypto->far};
    }
    stream.far = *place;
    stream.heard = {std::nullopt, std::nullopt, own.comfort_noise, own.telephone_event};
    for (const MediaDescription::Codec& codec : own.codecs) {
        (codec.law == G711Law::ulaw ? stream.heard.pcmu : stream.heard.pcma) = codec.payload_type;
    }
    stream.law = common->codec.law;
    stream.payload_type = common->codec.payload_type;
    stream.event_payload_type = own.telephone_event ? far.telephone_event : std::nullopt;
    if (keys == KeysOut::rfc4733 && !stream.event_payload_type) {
        stream.event_payload_type = own.telephone_event;
    } else if (keys == KeysOut::inband || keys == KeysOut::info) {
        stream.event_payload_type.reset();
    }
    stream.keys_by_signalling = keys == KeysOut::info;
    stream.packet_time = far.packet_time;
    stream.sends = own.sends && far.receives;
    stream.receives = own.receives;
    return stream;
}

} // namespace keytone::server
