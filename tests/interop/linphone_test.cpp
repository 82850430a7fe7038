// SPDX-License-Identifier: MIT
//
// Calls both ways with linphone, which knows nothing of keytone: keys that it hears, and that it sends as
// telephone events or by INFO. It has no way to send them as tones.
#include "tests/support/live_peers.hpp"
#include "tests/support/peer_programs.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr const char* presses = R"({"v":1,"call":"keys","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":1.0,"type":"based_call","id":"b1","name":"click_ivr","args":["159#"]}
)";

/// linphonec without sound cards, which answers by itself.
class Linphone {
  public:
    explicit Linphone(bool sends_info) {
        if (!can_start({"linphonec", "-v"})) {
            problem_ = "linphonec (Debian package linphone-cli) is not installed";
            return;
        }
        for (const char* const room : {".local/share/linphone", ".config/linphone"}) {
            std::filesystem::create_directories(folder_.path() / room);
        }
        const std::string settings = folder_.write(
            "settings", "[sip]\nsip_port=" + std::to_string(port_) +
                            "\nsip_tcp_port=" + std::to_string(port_) +
                            "\nsip_tls_port=-1\ncontact=sip:phone@" + on_loopback(port_) +
                            "\nguess_hostname=0\nregister_only_when_network_is_up=0\nuse_info=" +
                            (sends_info ? "1\nuse_rfc2833=0" : "0\nuse_rfc2833=1") +
                            "\n[rtp]\naudio_rtp_port=" + std::to_string(port_ + 10) + "\n");
        const std::string input = folder_.file("input");
        EXPECT_EQ(mkfifo(input.c_str(), 0600), 0);
        input_ = open(input.c_str(), O_RDWR | O_CLOEXEC); // O_RDWR: waits for nobody.
        process_.emplace(std::vector<std::string>{"sh", "-c", "exec linphonec -c \"$1\" -a -V -d 0 <\"$2\"",
                                                  "linphonec", settings, input},
                         std::vector<std::string>{"HOME=" + folder_.path().string()});
        EXPECT_TRUE(is_taken_soon(port_)) << process_->errors();
        command("ipv6 disable"); // Else its media would be at a global address, where the machine has one.
        command("soundcard use files");
        EXPECT_TRUE(process_->says("Using wav files", 10s)) << process_->output() << process_->errors();
        command("record " + recording());
    }
    ~Linphone() { end(); }
    Linphone(const Linphone&) = delete;
    Linphone& operator=(const Linphone&) = delete;

    void end() {
        if (process_) {
            command("quit");
            EXPECT_TRUE(process_->ends(20s)) << process_->output();
            process_.reset();
            close(input_);
        }
    }
    /// What it heard, once it has ended.
    [[nodiscard]] std::string recording() const { return folder_.file("heard.wav"); }
    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] int port() const { return port_; }
    void command(const std::string& line) {
        EXPECT_EQ(write(input_, (line + "\n").data(), line.size() + 1),
                  static_cast<ssize_t>(line.size() + 1));
    }
    bool says(const std::string& text) { return process_->says(text, 15s); }
    [[nodiscard]] const std::string& output() const { return process_->output(); }

  private:
    TemporaryFolder folder_;
    int port_ = free_port();
    int input_ = -1;
    std::string problem_;
    std::optional<BackgroundProcess> process_;
};

class Phones : public testing::TestWithParam<bool> {
  protected:
    void SetUp() override {
        phone_ = std::make_unique<Linphone>(GetParam());
        if (!phone_->problem().empty()) {
            GTEST_SKIP() << phone_->problem();
        }
    }
    /// Keys both ways, and the phone hangs up.
    void press_and_hear(LiveServer& server) {
        if (!GetParam()) {
            for (const std::string key : {"1", "5", "9", "#"}) {
                EXPECT_TRUE(phone_->says("Receiving tone " + key)) << phone_->output();
            }
        }
        EXPECT_TRUE(server.process().says("is done", 15s)) << server.process().output();
        for (const std::string key : {"7", "*", "0"}) {
            phone_->command(key);
            ASSERT_TRUE(server.process().says("hears the key " + key, 10s))
                << server.process().output() << phone_->output();
        }
        phone_->command("terminate");
        EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
        EXPECT_THAT(values_of(server.events(), "digit.heard", "digit"), ElementsAre("7", "*", "0"));
        if (GetParam()) { // It takes no events: keytone sends tones.
            phone_->end();
            // Behind them are its own keys, which it plays to its user.
            EXPECT_THAT(multimon_digits(phone_->recording()), testing::StartsWith("159#"));
        }
    }

    std::unique_ptr<Linphone> phone_;
};
INSTANTIATE_TEST_SUITE_P(WithLinphone, Phones, testing::Bool(),
                         [](const auto& row) { return row.param ? "KeysByInfo" : "KeysAsEvents"; });

TEST_P(Phones, ThatAreCalledHearKeysAndAreHeard) {
    LiveServer server(LiveServer::calling(phone_->port()), presses);
    press_and_hear(server);
}

TEST_P(Phones, ThatCallHearKeysAndAreHeard) {
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), presses);
    phone_->command("call sip:keytone@" + on_loopback(port));
    press_and_hear(server);
}

} // namespace
} // namespace keytone::test
