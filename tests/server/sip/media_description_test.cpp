// SPDX-License-Identifier: MIT
//
// Offers as others send them, and what is read of each.
#include "server/sip/media_description.hpp"

#include <ostream>
#include <string>
#include <string_view>

namespace keytone::server {
namespace {

using Codec = MediaDescription::Codec;
using Codecs = std::vector<Codec>;

constexpr Codec ulaw{G711Law::ulaw, 0};
constexpr Codec alaw{G711Law::alaw, 8};

/// Lines with their ends.
std::string lines(std::initializer_list<std::string_view> all) {
    std::string text;
    for (const std::string_view line : all) {
        text += line;
        text += "\r\n";
    }
    return text;
}

/// What stands in front of the streams.
std::string session(const std::string& network = "IN IP4 192.0.2.7") {
    return lines({"v=0", "o=- 1 1 " + network, "s=-", "c=" + network, "t=0 0"});
}

struct Offer {
    const char* name;
    std::string text;
    MediaDescription read;
};

std::ostream& operator<<(std::ostream& out, const Offer& offer) {
    return out << offer.name;
}

/// What an offer without any attribute says.
MediaDescription plain(Codecs codecs) {
    MediaDescription read;
    read.address = "192.0.2.7";
    read.port = 4000;
    read.codecs = std::move(codecs);
    read.telephone_event.reset();
    read.comfort_noise.reset();
    return read;
}

template <class Change>
MediaDescription with(MediaDescription read, Change change) {
    change(read);
    return read;
}

std::vector<Offer> offers() {
    return {
        {"Asterisk",
         lines({"v=0", "o=- 1391 1391 IN IP4 192.0.2.7", "s=Asterisk", "c=IN IP4 192.0.2.7", "t=0 0",
                "m=audio 4000 RTP/AVP 0 8 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
                "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=ptime:20", "a=maxptime:150",
                "a=sendrecv"}),
         with(plain({ulaw, alaw}), [](auto& read) { read.telephone_event = 101; })},
        {"FreeSWITCH",
         lines({"v=0", "o=FreeSWITCH 1700000000 1700000001 IN IP4 192.0.2.7", "s=FreeSWITCH",
                "c=IN IP4 192.0.2.7", "t=0 0", "m=audio 4000 RTP/AVP 102 9 0 8 103 101",
                "a=rtpmap:102 opus/48000/2", "a=fmtp:102 useinbandfec=1; maxaveragebitrate=30000",
                "a=rtpmap:9 G722/8000", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
                "a=rtpmap:103 telephone-event/48000", "a=fmtp:103 0-15", "a=rtpmap:101 telephone-event/8000",
                "a=fmtp:101 0-15", "a=ptime:20", "a=rtcp:4001 IN IP4 192.0.2.7"}),
         with(plain({ulaw, alaw}), [](auto& read) { read.telephone_event = 101; })},
        {"a phone with G.722 first and comfort noise",
         session() + lines({"m=audio 4000 RTP/AVP 9 8 0 18 13 101", "a=rtpmap:9 G722/8000",
                            "a=rtpmap:8 PCMA/8000", "a=rtpmap:0 PCMU/8000", "a=rtpmap:18 G729/8000",
                            "a=rtpmap:13 CN/8000", "a=rtpmap:101 telephone-event/8000"}),
         with(plain({alaw, ulaw}),
              [](auto& read) {
                  read.telephone_event = 101;
                  read.comfort_noise = 13;
              })},
        {"hold: sendonly", session() + lines({"m=audio 4000 RTP/AVP 0", "a=sendonly"}),
         with(plain({ulaw}), [](auto& read) { read.receives = false; })},
        {"recvonly", session() + lines({"m=audio 4000 RTP/AVP 0", "a=recvonly"}),
         with(plain({ulaw}), [](auto& read) { read.sends = false; })},
        {"inactive, said for the session", session() + lines({"a=inactive", "m=audio 4000 RTP/AVP 0"}),
         with(plain({ulaw}), [](auto& read) { read.sends = read.receives = false; })},
        {"hold: 0.0.0.0", session("IN IP4 0.0.0.0") + lines({"m=audio 4000 RTP/AVP 0"}),
         with(plain({ulaw}),
              [](auto& read) {
                  read.address = "0.0.0.0";
                  read.receives = false;
              })},
        {"IPv6", session("IN IP6 2001:db8::7") + lines({"m=audio 4000 RTP/AVP 8"}),
         with(plain({alaw}), [](auto& read) { read.address = "2001:db8::7"; })},
        {"an address of the stream's own",
         session() + lines({"m=audio 4000 RTP/AVP 8", "c=IN IP4 198.51.100.1"}),
         with(plain({alaw}), [](auto& read) { read.address = "198.51.100.1"; })},
        {"static types without rtpmap", session() + lines({"m=audio 4000 RTP/AVP 8 0 13 3"}),
         with(plain({alaw, ulaw}), [](auto& read) { read.comfort_noise = 13; })},
        {"dynamic PCMU", session() + lines({"m=audio 4000 RTP/AVP 96", "a=rtpmap:96 pcmu/8000/1"}),
         plain({{G711Law::ulaw, 96}})},
        {"PCMU at 16 kHz is none", session() + lines({"m=audio 4000 RTP/AVP 96 8", "a=rtpmap:96 PCMU/16000"}),
         plain({alaw})},
        {"static type of another meaning",
         session() + lines({"m=audio 4000 RTP/AVP 0 8", "a=rtpmap:0 opus/48000/2"}), plain({alaw})},
        {"ptime 30", session() + lines({"m=audio 4000 RTP/AVP 0", "a=ptime:30"}),
         with(plain({ulaw}), [](auto& read) { read.packet_time = Milliseconds{30}; })},
        {"ptime beyond what is sent", session() + lines({"m=audio 4000 RTP/AVP 0", "a=ptime:1000"}),
         with(plain({ulaw}), [](auto& read) { read.packet_time = Milliseconds{60}; })},
        {"ptime that is no number", session() + lines({"m=audio 4000 RTP/AVP 0", "a=ptime:x"}),
         plain({ulaw})},
        {"telephone-event 96",
         session() + lines({"m=audio 4000 RTP/AVP 0 96", "a=rtpmap:96 telephone-event/8000"}),
         with(plain({ulaw}), [](auto& read) { read.telephone_event = 96; })},
        {"two types for events: the first",
         session() + lines({"m=audio 4000 RTP/AVP 0 96 101", "a=rtpmap:96 telephone-event/8000",
                            "a=rtpmap:101 telephone-event/8000"}),
         with(plain({ulaw}), [](auto& read) { read.telephone_event = 96; })},
        {"a type that is said twice", session() + lines({"m=audio 4000 RTP/AVP 0 0 8 0"}),
         plain({ulaw, alaw})},
        {"types that are none",
         session() + lines({"m=audio 4000 RTP/AVP 256 x -1 300 128 8", "a=rtpmap:300 PCMU/8000",
                            "a=rtpmap:128 PCMU/8000"}),
         plain({alaw})},
        {"nothing that is known", session() + lines({"m=audio 4000 RTP/AVP 3 18"}), plain({})},
        {"two audio streams: the first",
         session() + lines({"m=audio 4000 RTP/AVP 0", "m=audio 4002 RTP/AVP 8"}),
         with(plain({ulaw}), [](auto& read) { read.refused_behind = {"audio 0 RTP/AVP 8"}; })},
        {"two audio streams, the first refused",
         session() + lines({"m=audio 0 RTP/AVP 0", "m=audio 4000 RTP/AVP 8"}),
         with(plain({alaw}), [](auto& read) { read.refused_before = {"audio 0 RTP/AVP 0"}; })},
        {"encrypted or not", session() + lines({"m=audio 4002 RTP/SAVP 0", "m=audio 4000 RTP/AVP 0"}),
         with(plain({ulaw}), [](auto& read) { read.refused_before = {"audio 0 RTP/SAVP 0"}; })},
        {"video and fax beside",
         session() + lines({"m=video 4002 RTP/AVP 96 97", "a=rtpmap:96 H264/90000", "m=audio 4000 RTP/AVP 0",
                            "m=image 4004 udptl t38"}),
         with(plain({ulaw}),
              [](auto& read) {
                  read.refused_before = {"video 0 RTP/AVP 96"};
                  read.refused_behind = {"image 0 udptl t38"};
              })},
        {"line feeds alone",
         "v=0\no=- 1 1 IN IP4 192.0.2.7\ns=-\nc=IN IP4 192.0.2.7\nt=0 0\n"
         "m=audio 4000 RTP/AVP 0\n",
         plain({ulaw})},
    };
}

class Offers : public testing::TestWithParam<Offer> {};

TEST_P(Offers, AreRead) {
    const auto read = read_session_description(GetParam().text);
    ASSERT_TRUE(read) << read.error();
    const MediaDescription& wanted = GetParam().read;
    EXPECT_EQ(read->address, wanted.address);
    EXPECT_EQ(read->port, wanted.port);
    EXPECT_EQ(read->codecs, wanted.codecs);
    EXPECT_EQ(read->telephone_event, wanted.telephone_event);
    EXPECT_EQ(read->comfort_noise, wanted.comfort_noise);
    EXPECT_EQ(read->packet_time.value, wanted.packet_time.value);
    EXPECT_EQ(read->sends, wanted.sends);
    EXPECT_EQ(read->receives, wanted.receives);
    EXPECT_EQ(read->refused_before, wanted.refused_before);
    EXPECT_EQ(read->refused_behind, wanted.refused_behind);
}

INSTANTIATE_TEST_SUITE_P(Of, Offers, testing::ValuesIn(offers()));

struct Refused {
    const char* name;
    std::string text;
    const char* error;
};

std::ostream& operator<<(std::ostream& out, const Refused& refused) {
    return out << refused.name;
}

std::string garbage() {
    std::string text;
    for (unsigned i = 0; i < 4000; ++i) {
        text.push_back(static_cast<char>(i * 2'654'435'761U >> 24U));
    }
    return text;
}

std::vector<Refused> refused() {
    return {
        {"no audio", session() + lines({"m=video 4000 RTP/AVP 96"}),
         "the session description has no audio by RTP/AVP"},
        {"no stream", session(), "the session description has no audio by RTP/AVP"},
        {"port 0", session() + lines({"m=audio 0 RTP/AVP 0"}),
         "the session description has no audio by RTP/AVP"},
        {"encrypted alone", session() + lines({"m=audio 4000 RTP/SAVP 0"}),
         "the session description has no audio by RTP/AVP"},
        {"no address", lines({"v=0", "o=- 1 1 IN IP4 192.0.2.7", "s=-", "t=0 0", "m=audio 4000 RTP/AVP 0"}),
         "the session description has no address"},
        {"a name for an address", session("IN IP4 phone.example") + lines({"m=audio 4000 RTP/AVP 0"}),
         "the session description has no address"},
        {"20 KB", session() + lines({"m=audio 4000 RTP/AVP 0", "a=x:" + std::string(20'000, 'y')}),
         "the session description has more than 16 KiB"},
        {"more streams than can be refused",
         [] {
             std::string text = session() + lines({"m=audio 4000 RTP/AVP 0"});
             for (int i = 0; i < 17; ++i) {
                 text += lines({"m=video 4002 RTP/AVP 96"});
             }
             return text;
         }(),
         "the session description has no audio by RTP/AVP"},
        {"binary garbage", garbage(), "the session description cannot be read"},
        {"zeros", std::string(500, '\0'), "the session description cannot be read"},
        {"nothing", "", "the session description has no audio by RTP/AVP"},
        {"cut off", "v=0\r\nm=audio", "the session description cannot be read"},
    };
}

class Refusals : public testing::TestWithParam<Refused> {};

TEST_P(Refusals, SayWhy) {
    const auto read = read_session_description(GetParam().text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error(), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(Of, Refusals, testing::ValuesIn(refused()));

MediaDescription ours() {
    MediaDescription own;
    own.address = "198.51.100.2";
    own.port = 6000;
    return own;
}

TEST(Answer, TakesTheOffersFirstCodecAndItsTypes) {
    const auto offer =
        read_session_description(session() + lines({"m=audio 4000 RTP/AVP 9 8 0 96",
                                                    "a=rtpmap:96 telephone-event/8000", "a=ptime:30"}));
    ASSERT_TRUE(offer);
    const auto answer = answer_to(*offer, ours());
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->codecs, Codecs{alaw});
    EXPECT_EQ(answer->telephone_event, 96);
    EXPECT_EQ(answer->comfort_noise, std::nullopt);
    EXPECT_EQ(answer->packet_time.value, 30.0);
    EXPECT_EQ(answer->address, "198.51.100.2");
}

TEST(Answer, ToHoldReceivesAlone) {
    MediaDescription offer = plain({ulaw});
    offer.receives = false;
    const auto answer = answer_to(offer, ours());
    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->sends);
    EXPECT_TRUE(answer->receives);
    EXPECT_THAT(write_session_description(*answer, 1, 1), testing::HasSubstr("a=recvonly\r\n"));
}

TEST(Answer, HasAsManyStreamsAsItsOffer) {
    const auto offer = read_session_description(
        session() + lines({"m=video 4002 RTP/AVP 96", "m=audio 4000 RTP/AVP 0", "m=image 4004 udptl t38"}));
    ASSERT_TRUE(offer);
    const auto answer = answer_to(*offer, ours());
    ASSERT_TRUE(answer);
    EXPECT_EQ(write_session_description(*answer, 7, 2),
              lines({"v=0", "o=- 7 2 IN IP4 198.51.100.2", "s=-", "c=IN IP4 198.51.100.2", "t=0 0",
                     "m=video 0 RTP/AVP 96", "m=audio 6000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=ptime:20",
                     "a=sendrecv", "m=image 0 udptl t38"}));
}

TEST(Answer, IsNoneWithoutACommonCodec) {
    EXPECT_EQ(answer_to(plain({}), ours()), std::nullopt);
    EXPECT_EQ(answer_to(plain({alaw}), with(ours(), [](auto& own) { own.codecs = {ulaw}; })), std::nullopt);
}

TEST(Answer, IsNoneToTheOtherFamilyOfAddresses) {
    const auto far = [](const std::string& address) {
        return with(plain({ulaw}), [&](auto& offer) { offer.address = address; });
    };
    const auto own = [](const std::string& address) {
        return with(ours(), [&](auto& description) { description.address = address; });
    };
    EXPECT_EQ(answer_to(far("2001:db8::1"), own("192.0.2.1")), std::nullopt);
    EXPECT_EQ(answer_to(far("192.0.2.1"), own("2001:db8::1")), std::nullopt);
    EXPECT_TRUE(answer_to(far("2001:db8::1"), own("2001:db8::2")));
}

TEST(Description, IsReadAsItWasWritten) {
    for (const char* const address : {"192.0.2.1", "2001:db8::1"}) {
        MediaDescription own = ours();
        own.address = address;
        const auto read = read_session_description(write_session_description(own, 1, 1));
        ASSERT_TRUE(read) << read.error();
        EXPECT_EQ(*read, own);
    }
}

} // namespace
} // namespace keytone::server
