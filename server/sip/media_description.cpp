// SPDX-License-Identifier: MIT
#include "server/sip/media_description.hpp"

#include "server/sip/sofia_home.hpp"

#include <sofia-sip/sdp.h>
#include <strings.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace keytone::server {

namespace {

constexpr unsigned long clock_hz = 8000;
constexpr Milliseconds shortest_packet{10};
constexpr Milliseconds longest_packet{60};

struct FreeParser {
    void operator()(sdp_parser_t* parser) const { sdp_parser_free(parser); }
};

bool is_called(const sdp_rtpmap_t& map, const char* name) {
    return map.rm_encoding != nullptr && strcasecmp(map.rm_encoding, name) == 0 && map.rm_rate == clock_hz;
}

void take(const sdp_rtpmap_t& map, MediaDescription& found) {
    const auto type = static_cast<std::uint8_t>(map.rm_pt);
    if (is_called(map, "PCMU")) {
        found.codecs.push_back({G711Law::ulaw, type});
    } else if (is_called(map, "PCMA")) {
        found.codecs.push_back({G711Law::alaw, type});
    } else if (is_called(map, "telephone-event")) {
        found.telephone_event = type;
    } else if (is_called(map, "CN")) {
        found.comfort_noise = type;
    }
}

Milliseconds packet_time(const sdp_media_t& media) {
    const sdp_attribute_t* const attribute = sdp_attribute_find(media.m_attributes, "ptime");
    if (attribute == nullptr || attribute->a_value == nullptr) {
        return Milliseconds{20};
    }
    const std::string_view text = attribute->a_value;
    int ms = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), ms).ec != std::errc{}) {
        return Milliseconds{20};
    }
    return std::clamp(Milliseconds{static_cast<double>(ms)}, shortest_packet, longest_packet);
}

const sdp_media_t* first_audio(const sdp_session_t& session) {
    for (const sdp_media_t* media = session.sdp_media; media != nullptr; media = media->m_next) {
        if (media->m_type == sdp_media_audio && media->m_proto == sdp_proto_rtp && !media->m_rejected &&
            media->m_port > 0 && media->m_port <= 65535) {
            return media;
        }
    }
    return nullptr;
}

// RFC 2543 put a party on hold so; RFC 3264, 8.4 still knows it.
bool is_nowhere(std::string_view address) {
    return address == "0.0.0.0" || address == "::";
}

} // namespace

Result<MediaDescription, std::string> read_session_description(std::string_view text) {
    if (text.size() > max_sdp_bytes) {
        return std::string("the session description has more than 16 KiB");
    }
    const SofiaHome home = make_sofia_home();
    const std::unique_ptr<sdp_parser_t, FreeParser> parser(
        sdp_parse(home.get(), text.data(), static_cast<issize_t>(text.size()), 0));
    const sdp_session_t* const session = sdp_session(parser.get());
    if (session == nullptr) {
        return std::string("the session description cannot be read");
    }
    const sdp_media_t* const media = first_audio(*session);
    if (media == nullptr) {
        return std::string("the session description has no audio by RTP/AVP");
    }
    const sdp_connection_t* const connection = sdp_media_connections(media);
    if (connection == nullptr || connection->c_address == nullptr) {
        return std::string("the session description has no address");
    }
    MediaDescription found;
    found.address = connection->c_address;
    found.port = static_cast<std::uint16_t>(media->m_port);
    found.codecs.clear();
    found.telephone_event.reset();
    found.comfort_noise.reset();
    for (const sdp_rtpmap_t* map = media->m_rtpmaps; map != nullptr; map = map->rm_next) {
        take(*map, found);
    }
    found.packet_time = packet_time(*media);
    found.sends = (media->m_mode & sdp_sendonly) != 0;
    found.receives = (media->m_mode & sdp_recvonly) != 0 && !is_nowhere(found.address);
    return found;
}

std::string write_session_description(const MediaDescription& own, std::uint64_t session,
                                      std::uint64_t version) {
    const std::string network =
        (own.address.find(':') == std::string::npos ? "IN IP4 " : "IN IP6 ") + own.address;
    std::string types;
    std::string maps;
    const auto add = [&](std::uint8_t type, const std::string& encoding) {
        const std::string number = std::to_string(type);
        types += " " + number;
        maps += "a=rtpmap:" + number + " " + encoding + "\r\n";
    };
    for (const MediaDescription::Codec& codec : own.codecs) {
        add(codec.payload_type, codec.law == G711Law::ulaw ? "PCMU/8000" : "PCMA/8000");
    }
    if (own.comfort_noise) {
        add(*own.comfort_noise, "CN/8000");
    }
    if (own.telephone_event) {
        add(*own.telephone_event, "telephone-event/8000");
        maps += "a=fmtp:" + std::to_string(*own.telephone_event) + " 0-15\r\n";
    }
    const char* const direction = own.sends      ? own.receives ? "sendrecv" : "sendonly"
                                  : own.receives ? "recvonly"
                                                 : "inactive";
    return "v=0\r\no=- " + std::to_string(session) + " " + std::to_string(version) + " " + network +
           "\r\ns=-\r\nc=" + network + "\r\nt=0 0\r\nm=audio " + std::to_string(own.port) + " RTP/AVP" +
           types + "\r\n" + maps + "a=ptime:" + std::to_string(static_cast<int>(own.packet_time.value)) +
           "\r\na=" + direction + "\r\n";
}

std::optional<MediaDescription> answer_to(const MediaDescription& offer, const MediaDescription& own) {
    const auto common = std::ranges::find_if(offer.codecs, [&](const MediaDescription::Codec& codec) {
        return std::ranges::find(own.codecs, codec.law, &MediaDescription::Codec::law) != own.codecs.end();
    });
    if (common == offer.codecs.end()) {
        return std::nullopt;
    }
    MediaDescription answer = own;
    answer.codecs = {*common};
    answer.telephone_event = own.telephone_event ? offer.telephone_event : std::nullopt;
    answer.comfort_noise = own.comfort_noise ? offer.comfort_noise : std::nullopt;
    answer.packet_time = offer.packet_time;
    answer.sends = own.sends && offer.receives;
    answer.receives = own.receives && offer.sends;
    return answer;
}

} // namespace keytone::server
