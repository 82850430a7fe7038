// SPDX-License-Identifier: MIT
//
// Any bytes as a session description: what is parsed and written again means the same, and an answer to it
// contains nothing that was not offered.
#include "server/sip/media_description.hpp"
#include "tests/fuzz/demand.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace {

using namespace keytone;
using namespace keytone::server;
using keytone::test::demand;

constexpr std::uint8_t last_payload_type = 127; // RFC 3551, 3: 7 bits

void check_types(const MediaDescription& read) {
    std::set<std::uint8_t> types;
    const auto is_new = [&](std::uint8_t type) {
        return type <= last_payload_type && types.insert(type).second;
    };
    demand(std::ranges::all_of(
               read.codecs, [&](const MediaDescription::Codec& codec) { return is_new(codec.payload_type); }),
           "a payload type names one codec");
    demand(!read.telephone_event || is_new(*read.telephone_event),
           "telephone events have a type of their own");
    demand(!read.comfort_noise || is_new(*read.comfort_noise), "comfort noise has a type of its own");
}

void check_answer(const MediaDescription& offer, SrtpPolicy policy) {
    MediaDescription own;
    offer_srtp(own, policy);
    own.address = offer.address.find(':') == std::string::npos ? "192.0.2.1" : "2001:db8::1";
    own.port = 4000;
    const auto answer = answer_to(offer, own);
    const bool may_be_secured = policy != SrtpPolicy::off && !offer.crypto.empty();
    const bool may_be_plain = policy != SrtpPolicy::required && !offer.savp;
    demand(answer.has_value() == (!offer.codecs.empty() && (may_be_secured || may_be_plain)),
           "PCMU and PCMA are all that is known, and nothing is in clear that must not be");
    if (!answer) {
        return;
    }
    demand(answer->codecs.size() == 1 && answer->codecs[0] == offer.codecs[0], "the offer's first codec");
    demand((!answer->sends || offer.receives) && (!answer->receives || offer.sends), "directions that fit");
    demand(answer->crypto.size() == (may_be_secured ? 1 : 0) && answer->savp == offer.savp,
           "one key where there can be one");
    auto read = read_session_description(write_session_description(*answer, 1, 2), policy);
    demand(read.has_value(), "our answer can be read");
    read->srtp = policy;
    demand(*read == *answer, "as it was meant");
}

void check_description(std::string_view text, SrtpPolicy policy) {
    const auto read = read_session_description(text, policy);
    if (!read) {
        demand(!read.error().empty() && read.error().find('\n') == std::string::npos, "one line says why");
        return;
    }
    demand(text.size() <= max_sdp_bytes && read->port != 0 && !read->address.empty(), "it can be sent to");
    demand(read->packet_time.value >= 10.0 && read->packet_time.value <= 60.0, "packets of 10 to 60 ms");
    demand(policy != SrtpPolicy::off || !read->savp, "SAVP is not taken for AVP");
    check_types(*read);
    if (!read->codecs.empty()) {
        const auto again = read_session_description(write_session_description(*read, 1, 1), policy);
        demand(again && *again == *read, "written and read again it says the same");
    }
    check_answer(*read, policy);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const SrtpPolicy policy : {SrtpPolicy::off, SrtpPolicy::offered, SrtpPolicy::required}) {
        check_description(text, policy);
    }
    return 0;
}
