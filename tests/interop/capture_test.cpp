// SPDX-License-Identifier: MIT
//
// A whole call between two keytone-servers, as the caller's own capture has it, read by tshark: SIP, SDP,
// RTP, telephone events and RTCP.
#include "tests/support/live_peers.hpp"
#include "tests/support/tshark.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

/// One call for all tests.
class Capture : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (!can_start({"tshark", "--version"})) {
            return;
        }
        folder_ = std::make_unique<TemporaryFolder>();
        const int port = free_port();
        LiveServer answers(LiveServer::answering(port), agent_that_presses("*0", 60.0));
        ASSERT_TRUE(is_taken_soon(port));
        auto command = LiveServer::calling(port);
        command.insert(command.end(), {"--pcap", folder_->file("call.pcap")});
        LiveServer calls(command, agent_that_presses("159#", 12.0));
        EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
        EXPECT_EQ(answers.exit_code(), 0) << answers.process().errors();
        sip_port_ = std::to_string(port);
    }
    static void TearDownTestSuite() { folder_.reset(); }
    void SetUp() override {
        if (!folder_) {
            GTEST_SKIP() << "tshark (Debian package tshark) is not installed";
        }
    }

    using Rows = std::vector<std::vector<std::string>>;
    /// The fields of the packets that pass the filter, a row each.
    static Rows read(const std::string& filter, const std::vector<std::string>& fields) {
        return tshark_rows(folder_->file("call.pcap"), filter, fields,
                           {"-d", "udp.port==" + sip_port_ + ",sip"});
    }

  private:
    static inline std::unique_ptr<TemporaryFolder> folder_;
    static inline std::string sip_port_;
};

// From `warning` on, as tshark grades them.
TEST_F(Capture, NothingIsWrongWithAnyPacket) {
    EXPECT_THAT(read("_ws.expert.severity >= 0x600000", {"frame.protocols", "_ws.expert.message"}),
                IsEmpty());
    EXPECT_THAT(read("_ws.malformed || udp && !(sip || rtp || rtcp)", {"frame.protocols"}), IsEmpty());
}

TEST_F(Capture, TheCallsMessagesAreInOrder) {
    std::vector<std::string> messages;
    for (const auto& row : read("sip", {"sip.Method", "sip.Status-Code", "sip.CSeq.method"})) {
        messages.push_back(row[0].empty() ? row[1] + " " + row[2] : row[0]);
    }
    EXPECT_THAT(messages, ElementsAre("INVITE", "180 INVITE", "200 INVITE", "ACK", "BYE", "200 BYE"));
    const auto formats = read("sdp", {"sdp.media.proto", "sdp.mime.type"});
    ASSERT_EQ(formats.size(), 2U);
    EXPECT_EQ(formats[0][0], "RTP/AVP");
    EXPECT_NE(formats[0][1].find("telephone-event"), std::string::npos);
    EXPECT_NE(formats[0][1].find("CN"), std::string::npos);
}

// RFC 3550, 5.1 and RFC 3551.
TEST_F(Capture, EachStreamsAudioIsOneLineOfNumbersAndTime) {
    struct Stream {
        std::uint16_t number = 0;
        std::uint32_t time = 0;
        std::size_t packets = 0;
        std::set<std::string> markers{};
    };
    std::map<std::string, Stream> streams;
    for (const auto& row : read("rtp", {"rtp.ssrc", "rtp.seq", "rtp.timestamp", "rtp.p_type", "rtp.marker",
                                        "rtp.version", "rtp.padding", "rtp.ext", "rtp.cc", "udp.length"})) {
        Stream& stream = streams[row[0]];
        const auto number = static_cast<std::uint16_t>(std::stoul(row[1]));
        const auto time = static_cast<std::uint32_t>(std::stoul(row[2]));
        if (stream.packets++ > 0) {
            EXPECT_EQ(number, static_cast<std::uint16_t>(stream.number + 1));
        }
        stream.number = number;
        EXPECT_EQ(row[5], "2");
        EXPECT_EQ(row[6] + row[7] + row[8], "000");
        if (row[3] == "0") {
            EXPECT_EQ(row[9], std::to_string(8 + 12 + 160));
            if (stream.time != 0) {
                EXPECT_EQ((time - stream.time) % 160, 0U);
                EXPECT_GT(static_cast<std::int32_t>(time - stream.time), 0);
            }
            stream.time = time;
        } else {
            EXPECT_EQ(row[3], "101");
            EXPECT_EQ(row[9], std::to_string(8 + 12 + 4));
        }
    }
    EXPECT_EQ(streams.size(), 2U);
    for (const auto& [ssrc, stream] : streams) {
        EXPECT_GT(stream.packets, 500U) << ssrc;
    }
}

// RFC 4733, 2.3 and 2.5.
TEST_F(Capture, EachKeyIsOneEventWithAMarkerAndThreeEnds) {
    struct Key {
        std::string ssrc;
        std::string time;
        std::string digit;
        int markers = 0;
        int ends = 0;
        int duration = 0;
    };
    std::vector<Key> keys;
    std::map<std::string, std::size_t> last;
    for (const auto& row : read("rtpevent", {"rtp.ssrc", "rtp.timestamp", "rtpevent.event_id", "rtp.marker",
                                             "rtpevent.end_of_event", "rtpevent.duration",
                                             "rtpevent.reserved", "rtpevent.volume"})) {
        if (!last.contains(row[0]) || keys[last[row[0]]].time != row[1]) {
            last[row[0]] = keys.size();
            keys.push_back({row[0], row[1], row[2]});
            EXPECT_EQ(row[3], "1");
        }
        Key& key = keys[last[row[0]]];
        key.markers += row[3] == "1" ? 1 : 0;
        key.ends += row[4] == "1" ? 1 : 0;
        EXPECT_EQ(key.digit, row[2]);
        EXPECT_GE(std::stoi(row[5]), key.duration); // it grows
        key.duration = std::stoi(row[5]);
        EXPECT_EQ(row[6], "0");
        EXPECT_LE(std::stoi(row[7]), 36); // RFC 4733, 2.3.3: what is a key
    }
    std::map<std::string, std::string> pressed;
    for (const Key& key : keys) {
        EXPECT_EQ(key.markers, 1) << key.digit;
        EXPECT_EQ(key.ends, 3) << key.digit;
        EXPECT_EQ(key.duration, 1600) << key.digit;
        pressed[key.ssrc] += key.digit + " ";
    }
    std::set<std::string> both;
    for (const auto& [ssrc, digits] : pressed) {
        both.insert(digits);
    }
    EXPECT_EQ(both, (std::set<std::string>{"1 5 9 11 ", "10 0 "}));
}

// RFC 3550, 6: reports with a name each, a block once the other was heard, and a BYE at the end.
TEST_F(Capture, ReportsTellOfBothStreams) {
    std::set<std::string> media;
    for (const auto& row : read("rtp", {"rtp.ssrc"})) {
        media.insert(row[0]);
    }
    const auto reports = read("rtcp", {"rtcp.pt", "rtcp.senderssrc", "rtcp.sdes.type", "rtcp.ssrc.identifier",
                                       "rtcp.ssrc.fraction", "rtcp.ssrc.cum_nr", "rtcp.version"});
    ASSERT_GE(reports.size(), 4U);
    int ends = 0;
    std::set<std::string> senders;
    for (const auto& row : reports) {
        senders.insert(row[1]);
        EXPECT_TRUE(row[0].starts_with("200,202") || row[0].starts_with("201,202")) << row[0];
        EXPECT_NE(row[2].find('1'), std::string::npos); // CNAME
        ends += row[0].ends_with(",203") ? 1 : 0;
        if (!row[4].empty()) {
            EXPECT_EQ(row[4], "0"); // nothing lost on loopback
        }
    }
    EXPECT_GE(ends, 1);
    EXPECT_EQ(senders, media);
}

} // namespace
} // namespace keytone::test
