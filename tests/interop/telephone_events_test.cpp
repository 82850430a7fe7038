// SPDX-License-Identifier: MIT
//
// Telephone events with programs that share nothing with keytone: tshark decodes what keytone sends, field by
// field, and GStreamer plays it; keytone receives what GStreamer sends. Packets go through pipes and files,
// not a network. Only GStreamer's sender runs in real time.
#include "dsp/events/key_merger.hpp"
#include "dsp/events/telephone_event_receiver.hpp"
#include "dsp/events/telephone_event_sender.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/rtp_packets.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::test {
namespace {

// The exit codes of the script, and of `timeout`.
constexpr int not_installed = 77;
constexpr int not_found = 127;
constexpr std::string_view every_key = "0123456789*#ABCD";

/// Runs a program for at most 60 s.
ChildResult run(const std::vector<std::string>& command, const std::string& input = {}) {
    std::vector<std::string> bounded{"timeout", "60"};
    bounded.insert(bounded.end(), command.begin(), command.end());
    return run_child("/usr/bin/env", bounded, {.input = input});
}

bool runs(const std::vector<std::string>& command) {
    return run(command).exit_code == 0;
}

/// `digits` as one sender's packets, 100 ms each with `gap` between; the last one lasts `last`.
std::vector<RtpPacket> sent_packets(std::string_view digits, SampleRate clock, RtpTimestamp first,
                                    Milliseconds gap = 100_ms, Milliseconds last = 100_ms) {
    auto sender = TelephoneEventSender::create(clock, 20_ms, first).value();
    std::vector<RtpPacket> packets;
    SampleIndex onset = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const SampleCount tone = clock.samples(i + 1 < digits.size() ? 100_ms : last);
        EXPECT_TRUE(sender.send({*Key::from_character(digits[i]), onset, tone, Dbm0{-10}}));
        onset += tone + clock.samples(gap);
        while (const auto due = sender.due()) {
            const auto packet = *sender.next(*due);
            const auto payload = pack(packet.event);
            packets.push_back({static_cast<std::uint16_t>(packets.size() + 65'530),
                               packet.timestamp,
                               packet.marker,
                               {payload.begin(), payload.end()}});
        }
    }
    return packets;
}

class AtEveryClock : public testing::TestWithParam<int> {
  protected:
    [[nodiscard]] static SampleRate clock() { return *SampleRate::from_hz(GetParam()); }
};

class Tshark : public AtEveryClock {};
class GStreamerPlays : public AtEveryClock {};
class GStreamerSends : public AtEveryClock {};
INSTANTIATE_TEST_SUITE_P(AtEveryClock, Tshark, testing::Values(8000, 16000, 48000));
INSTANTIATE_TEST_SUITE_P(AtEveryClock, GStreamerPlays, testing::Values(8000, 16000, 48000));
INSTANTIATE_TEST_SUITE_P(AtEveryClock, GStreamerSends, testing::Values(8000, 16000, 48000));

// All keys; the last one is sent in segments.
TEST_P(Tshark, ReadsEveryFieldAsItWasMeant) {
    if (!runs({"tshark", "--version"})) {
        GTEST_SKIP() << "tshark (Debian package tshark) is not installed";
    }
    const auto packets = sent_packets(every_key, clock(), 0xFFFF'F000, 100_ms, Milliseconds{20'000});
    std::string expected;
    for (const RtpPacket& packet : packets) {
        const TelephoneEvent event = (*TelephoneEventPayload::from_bytes(packet.payload))[0];
        std::ostringstream line;
        line << packet.sequence << '\t' << packet.timestamp << '\t' << packet.marker << '\t'
             << int{event.code} << '\t' << event.end << "\t0\t" << int{event.volume} << '\t' << event.duration
             << '\n';
        expected += line.str();
    }

    const TemporaryFolder folder;
    std::vector<std::string> command{"tshark",
                                     "-r",
                                     folder.write("sent.pcap", to_capture(packets)),
                                     "-d",
                                     "udp.port==" + std::to_string(rtp_port) + ",rtp",
                                     "-o",
                                     "rtpevent.event_payload_type_value:101",
                                     "-T",
                                     "fields"};
    for (const char* field :
         {"rtp.seq", "rtp.timestamp", "rtp.marker", "rtpevent.event_id", "rtpevent.end_of_event",
          "rtpevent.reserved", "rtpevent.volume", "rtpevent.duration"}) {
        command.insert(command.end(), {"-e", field});
    }
    const ChildResult result = run(command);
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_EQ(result.output, expected);
}

// It prints the keys that it has read, and plays each for as long as it lasted.
TEST_P(GStreamerPlays, TheKeysThatWereSent) {
    for (const char* element : {"rtpdtmfdepay", "rtpstreamdepay"}) {
        if (!runs({"gst-inspect-1.0", "--exists", element})) {
            GTEST_SKIP()
                << "GStreamer's " << element
                << " (Debian packages gstreamer1.0-tools, gstreamer1.0-plugins-good) is not installed";
        }
    }
    const std::string digits = std::string(every_key) + "0055##";
    const TemporaryFolder folder;
    const ChildResult result =
        run({"gst-launch-1.0", "--messages", "fdsrc", "fd=0", "!",
             "application/x-rtp-stream,media=audio,encoding-name=TELEPHONE-EVENT,payload=101,clock-rate=" +
                 std::to_string(GetParam()),
             "!", "rtpstreamdepay", "!", "rtpdtmfdepay", "!", "filesink",
             "location=" + folder.file("played.raw")},
            to_rtp_stream(sent_packets(digits, clock(), 0xFFFF'F000)));
    ASSERT_EQ(result.exit_code, 0) << result.errors;

    std::string announced;
    constexpr std::string_view number = "dtmf-event, number=(int)";
    for (std::size_t at = result.output.find(number); at != std::string::npos;
         at = result.output.find(number, at)) {
        at += number.size();
        announced +=
            Key::from_event_code(static_cast<unsigned>(std::stoi(result.output.substr(at))))->character();
    }
    EXPECT_EQ(announced, digits);

    const std::string bytes = folder.read("played.raw");
    std::vector<std::int16_t> samples(bytes.size() / sizeof(std::int16_t));
    std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(std::int16_t));
    const std::size_t tone = static_cast<std::size_t>(clock().samples(100_ms));
    ASSERT_EQ(samples.size(), digits.size() * tone);
    // It plays no pauses: the keys follow each other directly.
    for (std::size_t i = 0; i < digits.size(); ++i) {
        std::vector<std::int16_t> alone(samples.begin() + static_cast<std::ptrdiff_t>(i * tone),
                                        samples.begin() + static_cast<std::ptrdiff_t>((i + 1) * tone));
        alone.resize(2 * tone);
        EXPECT_EQ(keytone::test::digits(hear(alone, GetParam())), std::string(1, digits[i]));
    }
}

TEST_P(GStreamerSends, KeysThatAreHeardOnceEach) {
    const std::string digits = "115#";
    std::vector<std::string> command{KEYTONE_RTPDTMFSRC, std::to_string(GetParam())};
    for (const char digit : digits) {
        command.push_back(std::to_string(Key::from_character(digit)->event_code()));
    }
    const ChildResult result = run(command);
    if (result.exit_code == not_installed || result.exit_code == not_found) {
        GTEST_SKIP()
            << "GStreamer's rtpdtmfsrc (Debian packages gstreamer1.0-plugins-good, python3-gst-1.0): "
            << result.errors;
    }
    ASSERT_EQ(result.exit_code, 0) << result.errors;

    const auto packets = from_rtp_stream(result.output);
    ASSERT_FALSE(packets.empty());
    TelephoneEventReceiver receiver(clock());
    KeyMerger merger({clock(), clock(), packets.front().timestamp});
    std::string heard;
    const auto note = [&](const KeyReport& report) {
        if (report.kind == KeyReport::Kind::end) {
            heard += report.key.character();
            EXPECT_FALSE(report.end_inferred);
            EXPECT_EQ(report.level, Dbm0{-10});
            EXPECT_GE(report.duration, clock().samples(Milliseconds{250})); // its least length
        }
    };
    for (const RtpPacket& packet : packets) {
        receiver.receive(packet.timestamp, packet.marker, packet.payload,
                         [&](const KeyReport& report) { merger.hear(report, note); });
    }
    EXPECT_EQ(heard, digits);
    EXPECT_EQ(receiver.ignored(), TelephoneEventsIgnored{});
}

} // namespace
} // namespace keytone::test
