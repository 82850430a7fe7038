// SPDX-License-Identifier: MIT
//
// Calls with baresip, an independent client: keys both ways as telephone events, a caller transferred to an
// extension, and one transferred by REFER. tshark decodes the packets of these calls.
#include "tests/support/baresip.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/live_peers.hpp"
#include "tests/support/peer_programs.hpp"
#include "tests/support/tshark.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr const char* presses = R"({"v":1,"call":"keys","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.5,"type":"based_call","id":"b1","name":"click_ivr","args":["159#"]}
)";

/// What the only session.completed says: whether the caller was transferred.
bool is_transferred(const std::vector<nlohmann::json>& events) {
    std::vector<bool> told;
    for (const nlohmann::json& event : events) {
        if (event.at("ev") == "session.completed") {
            told.push_back(event.at("data").at("call").at("transferred").get<bool>());
        }
    }
    return told == std::vector<bool>{true};
}

class WithBaresip : public testing::Test {
  protected:
    void SetUp() override {
        phone_ = std::make_unique<Baresip>("phone");
        if (!phone_->problem().empty()) {
            GTEST_SKIP() << phone_->problem();
        }
    }
    void press_and_hear(LiveServer& server) {
        test::press_and_hear(*phone_, server);
        EXPECT_EQ(values_of(server.events(), "session.completed", "call").size(), 1U);
    }

    std::unique_ptr<Baresip> phone_;
};

TEST_F(WithBaresip, ThePhoneThatIsCalledHearsKeysAndIsHeard) {
    LiveServer server(LiveServer::calling(phone_->port()), presses);
    press_and_hear(server);
}

TEST_F(WithBaresip, ThePhoneThatCallsHearsKeysAndIsHeard) {
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), presses);
    phone_->command("dial", "sip:keytone@" + on_loopback(port));
    press_and_hear(server);
}

// baresip itself calls the target of the REFER, and reports the result.
TEST_F(WithBaresip, ACallerIsHandedOverByRefer) {
    Baresip target("frontdesk");
    const int port = free_port();
    LiveServer server(LiveServer::answering(port),
                      R"({"v":1,"call":"refer","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.5,"type":"based_call","id":"b1","name":"transfer","args":["frontdesk",{"sipDomain":")" +
                          on_loopback(target.port()) + R"(","sip_method":"refer"}]}
)");
    phone_->command("dial", "sip:keytone@" + on_loopback(port));
    EXPECT_TRUE(target.tells("CALL_ESTABLISHED", 20s));
    EXPECT_EQ(server.exit_code(), 0) << server.process().output() << server.process().errors();
    EXPECT_TRUE(is_transferred(server.events())) << server.process().output();
}

/// Captures the packets of some ports, for tshark.
class Capture {
  public:
    explicit Capture(const std::string& filter) {
        if (!can_start({"dumpcap", "--version"}) || !can_start({"tshark", "--version"})) {
            problem_ = "tshark (Debian package tshark) is not installed";
            return;
        }
        process_.emplace(std::vector<std::string>{"dumpcap", "-q", "-i", "lo", "-f", filter, "-w", file()});
        if (!process_->says("File:", 10s)) {
            problem_ = "packets on lo cannot be captured here: " + process_->errors();
        }
    }

    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] std::string file() const { return folder_.file("call.pcapng"); }
    void stop() {
        if (process_) {
            process_->signal(SIGINT);
            EXPECT_TRUE(process_->ends(10s));
        }
    }
    /// The fields of the packets that pass the filter, a row for each packet.
    [[nodiscard]] std::vector<std::vector<std::string>> read(const std::string& filter,
                                                             const std::vector<std::string>& fields) const {
        return tshark_rows(file(), filter, fields);
    }

  private:
    TemporaryFolder folder_;
    std::string problem_;
    std::optional<BackgroundProcess> process_;
};

std::string scenario_without_end(const std::string& path) {
    std::ifstream lines(path);
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        text += line.starts_with(R"({"end")") ? "" : line + "\n";
    }
    return text;
}

std::string media_of(const Baresip& phone) {
    return std::to_string(phone.first_media_port()) + "-" +
           std::to_string(phone.first_media_port() + Baresip::media_ports);
}

/// One call for all tests: a caller, keytone, and the extension.
class Transfer : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        caller_ = std::make_unique<Baresip>("caller");
        if (!caller_->problem().empty()) {
            return;
        }
        extension_ = std::make_unique<Baresip>("5303195426");
        capture_ =
            std::make_unique<Capture>("udp and (port " + std::to_string(extension_->port()) + " or port " +
                                      std::to_string(caller_->port()) + " or portrange " +
                                      media_of(*caller_) + " or portrange " + media_of(*extension_) + ")");
        const int port = free_port();
        auto command = LiveServer::answering(port);
        command.insert(command.end(), {"--trunk", on_loopback(extension_->port())});
        server_ = std::make_unique<LiveServer>(command, scenario_without_end(KEYTONE_TRANSFER));
        caller_->command("dial", "sip:keytone@" + on_loopback(port));
        keys_ = extension_->keys(3, 40s);
        is_bridged_ = server_->process().says("connects both legs", 10s);
        extension_->command("hangup");
        caller_->command("hangup");
        exit_code_ = server_->exit_code();
        capture_->stop();
    }
    static void TearDownTestSuite() {
        server_.reset();
        capture_.reset();
        extension_.reset();
        caller_.reset();
    }
    void SetUp() override {
        if (!caller_->problem().empty()) {
            GTEST_SKIP() << caller_->problem();
        }
    }

    /// Why packets cannot be captured; empty where they can.
    static const std::string& blindness() { return capture_->problem(); }
    static std::string to(const Baresip& phone) {
        return "udp.dstport >= " + std::to_string(phone.first_media_port()) +
               " && udp.dstport <= " + std::to_string(phone.first_media_port() + Baresip::media_ports);
    }

    static inline std::unique_ptr<Baresip> caller_;
    static inline std::unique_ptr<Baresip> extension_;
    static inline std::unique_ptr<Capture> capture_;
    static inline std::unique_ptr<LiveServer> server_;
    static inline std::string keys_;
    static inline bool is_bridged_ = false;
    static inline int exit_code_ = -1;
};

TEST_F(Transfer, TheExtensionHearsItsDigits) {
    EXPECT_EQ(keys_, "221");
    EXPECT_TRUE(is_bridged_) << server_->process().output();
    EXPECT_EQ(exit_code_, 0) << server_->process().errors();
    EXPECT_TRUE(is_transferred(server_->events()));
}

TEST_F(Transfer, TheFirstDigitIsTwoSecondsBehindTheAnswer) {
    if (!blindness().empty()) {
        GTEST_SKIP() << blindness();
    }
    const auto answers =
        capture_->read("sip.Status-Code == 200 && sip.CSeq.method == \"INVITE\" && udp.srcport == " +
                           std::to_string(extension_->port()),
                       {"frame.time_epoch"});
    const auto digits = capture_->read("rtpevent && " + to(*extension_), {"frame.time_epoch"});
    ASSERT_FALSE(answers.empty());
    ASSERT_FALSE(digits.empty());
    EXPECT_NEAR(std::stod(digits[0][0]) - std::stod(answers[0][0]), 2.0, 0.020);
}

TEST_F(Transfer, DigitsAre300MillisecondsApart) {
    if (!blindness().empty()) {
        GTEST_SKIP() << blindness();
    }
    std::vector<std::int64_t> onsets;
    for (const auto& row : capture_->read("rtpevent && " + to(*extension_), {"rtp.timestamp"})) {
        const std::int64_t stamp = std::stoll(row[0]);
        if (onsets.empty() || onsets.back() != stamp) {
            onsets.push_back(stamp);
        }
    }
    ASSERT_EQ(onsets.size(), 3U);
    EXPECT_NEAR(static_cast<double>(onsets[1] - onsets[0]), 2400.0, 8.0);
    EXPECT_NEAR(static_cast<double>(onsets[2] - onsets[1]), 2400.0, 8.0);
}

TEST_F(Transfer, TheCallerHearsNoDigit) {
    if (!blindness().empty()) {
        GTEST_SKIP() << blindness();
    }
    EXPECT_TRUE(capture_->read("rtpevent && " + to(*caller_), {"frame.number"}).empty());
    std::string bytes;
    for (const auto& row : capture_->read("rtp.p_type == 0 && " + to(*caller_), {"rtp.payload"})) {
        for (std::size_t i = 0; i + 1 < row.at(0).size(); i += 2) {
            bytes += static_cast<char>(std::stoi(row[0].substr(i, 2), nullptr, 16));
        }
    }
    EXPECT_GT(bytes.size(), 5U * 8000U);
    if (!can_start({"sox", "--version"}) || !can_start({"multimon-ng", "-h"})) {
        GTEST_SKIP() << "sox and multimon-ng are not both installed";
    }
    const TemporaryFolder folder;
    const std::string wav = folder.file("caller.wav");
    const ChildResult made = run_child(
        "/usr/bin/env", {"sox", "-t", "ul", "-r", "8000", "-c", "1", folder.write("caller.ul", bytes), wav});
    ASSERT_EQ(made.exit_code, 0) << made.errors;
    EXPECT_EQ(multimon_digits(wav), "");
}

// From severity `warning` on, as tshark grades them.
TEST_F(Transfer, TsharkFindsNoFaultInKeytonesPackets) {
    if (!blindness().empty()) {
        GTEST_SKIP() << blindness();
    }
    const std::string graded = "rtp && _ws.expert.severity >= 0x600000 && (";
    EXPECT_THAT(capture_->read(graded + to(*caller_) + ")", {"_ws.expert.message"}), ElementsAre());
    EXPECT_THAT(capture_->read(graded + to(*extension_) + ")", {"_ws.expert.message"}), ElementsAre());
}

} // namespace
} // namespace keytone::test
