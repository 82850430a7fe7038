// SPDX-License-Identifier: MIT
#include "server/sip/media_description.hpp"

#include "server/sip/re_library.hpp"

#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace keytone::server {

namespace {

constexpr std::uint32_t clock_hz = 8000;
constexpr std::uint8_t last_payload_type = 127; // RFC 3551, 3: 7 bits
constexpr std::size_t most_refused = 16;        // streams; telephones offer two or three
constexpr std::size_t most_cryptos = 8;         // telephones offer one to four
constexpr std::string_view secure_transport = "RTP/SAVP";
constexpr Milliseconds usual_packet{20};
constexpr Milliseconds shortest_packet{10};
constexpr Milliseconds longest_packet{60};

bool is_called(const sdp_format& format, const char* name) {
    return format.name != nullptr && strcasecmp(format.name, name) == 0 && format.srate == clock_hz;
}

// Static types need no rtpmap: RFC 3551, 6.
bool is_type(const sdp_format& format, int type) {
    return format.name == nullptr && format.pt == type;
}

// The library reads 0 from a type that is no number.
std::optional<std::uint8_t> payload_type(std::string_view text) {
    std::uint8_t type = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), type);
    return error == std::errc{} && end == text.data() + text.size() && type <= last_payload_type
               ? std::optional(type)
               : std::nullopt;
}

bool is_taken(const MediaDescription& found, std::uint8_t type) {
    return found.telephone_event == type || found.comfort_noise == type ||
           std::ranges::find(found.codecs, type, &MediaDescription::Codec::payload_type) !=
               found.codecs.end();
}

// Of several types for telephone events or comfort noise the first one counts.
void take(const sdp_format& format, MediaDescription& found) {
    const auto type = payload_type(format.id);
    if (!type || is_taken(found, *type)) {
        return;
    }
    if (is_called(format, "PCMU") || is_type(format, 0)) {
        found.codecs.push_back({G711Law::ulaw, *type});
    } else if (is_called(format, "PCMA") || is_type(format, 8)) {
        found.codecs.push_back({G711Law::alaw, *type});
    } else if (is_called(format, "telephone-event")) {
        found.telephone_event = found.telephone_event.value_or(*type);
    } else if (is_called(format, "CN") || is_type(format, 13)) {
        found.comfort_noise = found.comfort_noise.value_or(*type);
    }
}

bool is_printable(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

// The line by which our answer refuses a stream: RFC 3264, 6.
std::optional<std::string> refusal_of(const sdp_media* media) {
    const le* const first = sdp_media_format_lst(media, false)->head;
    const std::string type = first == nullptr ? "0" : static_cast<const sdp_format*>(first->data)->id;
    const std::string name = sdp_media_name(media);
    const std::string transport = sdp_media_proto(media);
    if (!is_printable(name) || !is_printable(transport) || !is_printable(type)) {
        return std::nullopt;
    }
    return name + " 0 " + transport + " " + type;
}

bool is_audio(const sdp_media* media, SrtpPolicy policy) {
    const std::string_view transport = sdp_media_proto(media);
    return std::string_view(sdp_media_name(media)) == "audio" &&
           (transport == "RTP/AVP" || (policy != SrtpPolicy::off && transport == secure_transport)) &&
           sdp_media_rport(media) != 0;
}

// Returns the first audio stream, and adds to `found` the refusals of the streams before and behind it. Null
// where there is none, where a line cannot be repeated, or where there are too many.
const sdp_media* take_streams(const sdp_session* session, SrtpPolicy policy, MediaDescription& found) {
    const sdp_media* audio = nullptr;
    for (const le* entry = sdp_session_medial(session, false)->head; entry != nullptr; entry = entry->next) {
        const auto* const media = static_cast<const sdp_media*>(entry->data);
        if (audio == nullptr && is_audio(media, policy)) {
            audio = media;
            continue;
        }
        auto refusal = refusal_of(media);
        auto& refused = audio == nullptr ? found.refused_before : found.refused_behind;
        if (!refusal || refused.size() == most_refused) {
            return nullptr;
        }
        refused.push_back(*std::move(refusal));
    }
    return audio;
}

Milliseconds packet_time(const sdp_media* media) {
    const char* const value = sdp_media_rattr(media, "ptime");
    if (value == nullptr) {
        return usual_packet;
    }
    const std::string_view text = value;
    int ms = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), ms).ec != std::errc{}) {
        return usual_packet;
    }
    return std::clamp(Milliseconds{static_cast<double>(ms)}, shortest_packet, longest_packet);
}

std::vector<SrtpCrypto> cryptos(const sdp_media* media) {
    std::vector<SrtpCrypto> found;
    sdp_media_rattr_apply(
        media, "crypto",
        [](const char* /*name*/, const char* value, void* out) {
            auto& all = *static_cast<std::vector<SrtpCrypto>*>(out);
            if (const auto crypto = value == nullptr ? std::nullopt : read_crypto(value);
                crypto && all.size() < most_cryptos) {
                all.push_back(*crypto);
            }
            return false; // goes on
        },
        &found);
    return found;
}

// How RFC 2543 put a party on hold; RFC 3264, 8.4 still accepts it.
bool is_nowhere(std::string_view address) {
    return address == "0.0.0.0" || address == "::";
}

} // namespace

void offer_srtp(MediaDescription& own, SrtpPolicy policy) {
    own.srtp = policy;
    own.savp = policy == SrtpPolicy::required;
    own.crypto = policy == SrtpPolicy::off ? std::vector<SrtpCrypto>{} : new_cryptos();
}

Result<MediaDescription, std::string> read_session_description(std::string_view text, SrtpPolicy policy) {
    if (text.size() > max_sdp_bytes) {
        return std::string("the session description has more than 16 KiB");
    }
    sdp_session* made_session = nullptr;
    sa any{};
    sa_init(&any, AF_INET);
    if (sdp_session_alloc(&made_session, &any) != 0) {
        return std::string("out of memory");
    }
    const Reference<sdp_session> session(made_session);
    const auto body = buffer_of(text);
    if (body == nullptr || sdp_decode(session.get(), body.get(), true) != 0) {
        return std::string("the session description cannot be read");
    }
    MediaDescription found;
    const sdp_media* const media = take_streams(session.get(), policy, found);
    if (media == nullptr) {
        return std::string("the session description has no audio by RTP/AVP") +
               (policy == SrtpPolicy::off ? "" : " or RTP/SAVP");
    }
    const sa* const far = sdp_media_raddr(media);
    std::array<char, 64> address{};
    // The library gives "any" for an address that is missing or is a name.
    if (sa_is_any(far) && text.find("c=IN IP4 0.0.0.0") == std::string_view::npos &&
        text.find("c=IN IP6 ::") == std::string_view::npos) {
        return std::string("the session description has no address");
    }
    if (re_snprintf(address.data(), address.size(), "%j", far) < 0) {
        return std::string("the session description has no address");
    }
    found.address = address.data();
    found.port = sdp_media_rport(media);
    found.codecs.clear();
    found.telephone_event.reset();
    found.comfort_noise.reset();
    for (const le* entry = sdp_media_format_lst(media, false)->head; entry != nullptr; entry = entry->next) {
        take(*static_cast<const sdp_format*>(entry->data), found);
    }
    found.packet_time = packet_time(media);
    found.savp = sdp_media_proto(media) == secure_transport;
    found.crypto = cryptos(media);
    // The library gives the direction as seen from our side: for `a=sendonly` SDP_RECVONLY.
    const auto direction = static_cast<unsigned>(sdp_media_rdir(media));
    found.sends = (direction & SDP_RECVONLY) != 0;
    found.receives = (direction & SDP_SENDONLY) != 0 && !is_nowhere(found.address);
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
    for (const SrtpCrypto& crypto : own.crypto) {
        maps += "a=crypto:" + write_crypto(crypto) + "\r\n";
    }
    const auto lines = [](const std::vector<std::string>& refused) {
        std::string text;
        for (const std::string& stream : refused) {
            text += "m=" + stream + "\r\n";
        }
        return text;
    };
    const char* const direction = own.sends      ? own.receives ? "sendrecv" : "sendonly"
                                  : own.receives ? "recvonly"
                                                 : "inactive";
    return "v=0\r\no=- " + std::to_string(session) + " " + std::to_string(version) + " " + network +
           "\r\ns=-\r\nc=" + network + "\r\nt=0 0\r\n" + lines(own.refused_before) + "m=audio " +
           std::to_string(own.port) + " " + (own.savp ? std::string(secure_transport) : "RTP/AVP") + types +
           "\r\n" + maps + "a=ptime:" + std::to_string(static_cast<int>(own.packet_time.value)) +
           "\r\na=" + direction + "\r\n" + lines(own.refused_behind);
}

std::optional<MediaMatch> match(const MediaDescription& own, const MediaDescription& far) {
    const auto codec = std::ranges::find_if(far.codecs, [&](const MediaDescription::Codec& spoken) {
        return std::ranges::find(own.codecs, spoken.law, &MediaDescription::Codec::law) != own.codecs.end();
    });
    const auto is_ipv6 = [](const std::string& address) { return address.find(':') != std::string::npos; };
    const bool is_reachable = own.address.empty() || is_ipv6(far.address) == is_ipv6(own.address);
    if (codec == far.codecs.end() || !is_reachable) {
        return std::nullopt;
    }
    const auto crypto = own.srtp == SrtpPolicy::off ? std::nullopt : choose_crypto(own.crypto, far.crypto);
    if (!crypto && (far.savp || own.srtp == SrtpPolicy::required)) {
        return std::nullopt;
    }
    return MediaMatch{*codec, crypto};
}

std::optional<MediaDescription> answer_to(const MediaDescription& offer, const MediaDescription& own) {
    const auto agreed = match(own, offer);
    if (!agreed) {
        return std::nullopt;
    }
    MediaDescription answer = own;
    answer.savp = offer.savp;
    answer.crypto = agreed->crypto ? std::vector{agreed->crypto->own} : std::vector<SrtpCrypto>{};
    answer.codecs = {agreed->codec};
    answer.telephone_event = own.telephone_event ? offer.telephone_event : std::nullopt;
    answer.comfort_noise = own.comfort_noise ? offer.comfort_noise : std::nullopt;
    answer.packet_time = offer.packet_time;
    answer.sends = own.sends && offer.receives;
    answer.receives = own.receives && offer.sends;
    answer.refused_before = offer.refused_before;
    answer.refused_behind = offer.refused_behind;
    return answer;
}

} // namespace keytone::server
