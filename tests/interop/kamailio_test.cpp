// SPDX-License-Identifier: MIT
//
// kamailio between keytone-server and others: a registrar, a proxy that stays in each call's path and asks
// for passwords and session timers, and TLS in front. What it does is in kamailio/kamailio.cfg.
#include "tests/support/baresip.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/live_peers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* stays = R"({"v":1,"call":"c","rate":8000}
)";
constexpr const char* presses = R"({"v":1,"call":"keys","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.5,"type":"based_call","id":"b1","name":"click_ivr","args":["159#"]}
{"at":3.5,"type":"based_call","id":"b2","name":"end_call","args":[{"mode":"immediate"}]}
)";

/// In a folder of the machine's architecture.
bool knows_tls() {
    return std::ranges::any_of(std::filesystem::directory_iterator("/usr/lib"), [](const auto& folder) {
        return std::filesystem::exists(folder.path() / "kamailio/modules/tls.so");
    });
}

class Kamailio {
  public:
    /// `target`: the port to which calls to users who are not registered go.
    explicit Kamailio(int target, bool with_tls = false) {
        if (!can_start({"kamailio", "-v"})) {
            problem_ = "kamailio (Debian package kamailio) is not installed";
            return;
        }
        std::vector<std::string> command{
            "kamailio", "-DD", "-E", "-m", "32", "-M", "4", "-Y", folder_.path().string(), "-f"};
        if (with_tls && !make_certificate()) {
            return;
        }
        const std::string text = text_with(KEYTONE_KAMAILIO, {{"PORT", std::to_string(port_)},
                                                              {"TLS_PORT", std::to_string(tls_port())},
                                                              {"TARGET", std::to_string(target)},
                                                              {"CERTIFICATE", certificate()},
                                                              {"KEY", folder_.file("key.pem")}});
        command.push_back(folder_.write("kamailio.cfg", text));
        if (with_tls) {
            command.insert(command.end(), {"-A", "WITH_TLS"});
        }
        process_.emplace(command);
        if (!is_taken_soon(port_)) {
            ADD_FAILURE() << "kamailio does not start: " << process_->errors();
        }
    }
    ~Kamailio() {
        if (process_) { // It has children.
            process_->signal(SIGTERM);
            EXPECT_TRUE(process_->ends(40s));
        }
    }
    Kamailio(const Kamailio&) = delete;
    Kamailio& operator=(const Kamailio&) = delete;

    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] int tls_port() const { return port_ + 1; }
    [[nodiscard]] std::string certificate() const { return folder_.file("certificate.pem"); }
    [[nodiscard]] std::string certificate_and_key() const { return folder_.file("both.pem"); }
    bool says(const std::string& text) { return process_->says(text, 10s); }
    [[nodiscard]] const std::string& log() const { return process_->errors(); }

  private:
    bool make_certificate() {
        if (!knows_tls() || !can_start({"openssl", "version"})) {
            problem_ = "kamailio-tls-modules and openssl (Debian packages) are not both installed";
            return false;
        }
        const ChildResult made = run_child(
            "/usr/bin/env", {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                             folder_.file("key.pem"), "-out", certificate()});
        EXPECT_EQ(made.exit_code, 0) << made.errors;
        static_cast<void>(
            folder_.write("both.pem", folder_.read("certificate.pem") + folder_.read("key.pem")));
        return made.exit_code == 0;
    }

    TemporaryFolder folder_;
    int port_ = free_port();
    std::string problem_;
    std::optional<BackgroundProcess> process_;
};

/// A server's settings: it registers as `user`, and takes calls from the registrar only.
std::string registered_as(const std::string& user, const Kamailio& registrar, const std::string& password) {
    return "[sip]\nlisten = \"127.0.0.1:0\"\ntrunk = \"" + on_loopback(registrar.port()) + "\"\nuser = \"" +
           user + "\"\npassword = \"" + password +
           "\"\nregister = true\nregister_expires = 120\ncallers = [\"192.0.2.0/24\"]\n";
}

TEST(WithKamailio, OneServerRegistersAndAnotherCallsItThroughTheProxy) {
    Kamailio proxy(1);
    if (!proxy.problem().empty()) {
        GTEST_SKIP() << proxy.problem();
    }
    LiveServer registered(LiveServer::answering(free_port()), stays,
                          registered_as("frontdesk", proxy, "s3cret"));
    ASSERT_TRUE(
        registered.process().says("registered at sip:" + on_loopback(proxy.port()) + " for 120 s", 10s))
        << registered.process().output() << registered.process().errors();
    LiveServer caller({"call", "--to", "sip:frontdesk@" + on_loopback(proxy.port())}, presses,
                      "[sip]\nlisten = \"127.0.0.1:0\"\nuser = \"keytone\"\npassword = \"s3cret\"\n");
    EXPECT_EQ(caller.exit_code(), 0) << caller.process().errors() << proxy.log();
    EXPECT_EQ(registered.exit_code(), 0) << registered.process().errors();
    EXPECT_THAT(values_of(registered.events(), "digit.heard", "digit"), ElementsAre("1", "5", "9", "#"));
    EXPECT_TRUE(proxy.says("proves itself: keytone"));
    EXPECT_TRUE(proxy.says("within: BYE by Route"));
    EXPECT_TRUE(proxy.says(";expires=0")) << proxy.log(); // It removes its registration.
    EXPECT_THAT(proxy.log(), Not(HasSubstr("without Route")));
}

TEST(WithKamailio, AWrongPasswordIsTold) {
    Kamailio proxy(1);
    if (!proxy.problem().empty()) {
        GTEST_SKIP() << proxy.problem();
    }
    LiveServer server(LiveServer::answering(free_port()), stays, registered_as("frontdesk", proxy, "guess"));
    EXPECT_TRUE(server.process().says("failed: 401: check sip.user and sip.password", 10s))
        << server.process().output() << server.process().errors();
    server.process().signal(SIGTERM);
    EXPECT_NE(server.exit_code(), 0);
    EXPECT_THAT(proxy.log(), Not(HasSubstr("registers: ")));
}

// The phone knows no session timers: the proxy asks for one, and keytone refreshes.
TEST(WithKamailio, APhoneCallsThroughAProxyThatAsksForASessionTimer) {
    const int port = free_port();
    Kamailio proxy(port);
    Baresip phone("phone");
    if (!proxy.problem().empty() || !phone.problem().empty()) {
        GTEST_SKIP() << proxy.problem() << phone.problem();
    }
    LiveServer server(LiveServer::answering(port), presses);
    phone.command("dial", "sip:agent@" + on_loopback(proxy.port()));
    EXPECT_EQ(phone.keys(4, 15s), "159#");
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
    EXPECT_TRUE(proxy.says("a session timer is asked for"));
    EXPECT_TRUE(proxy.says("answered with 90;refresher=uas")) << proxy.log();
    EXPECT_TRUE(proxy.says("within: BYE by Route"));
}

TEST(WithKamailio, APhoneCallsByTls) {
    const int port = free_port();
    Kamailio proxy(port, true);
    if (!proxy.problem().empty()) {
        GTEST_SKIP() << proxy.problem();
    }
    Baresip phone("phone", "sip_certificate " + proxy.certificate_and_key() + "\nsip_cafile " +
                               proxy.certificate() + "\n");
    if (!phone.problem().empty()) {
        GTEST_SKIP() << phone.problem();
    }
    LiveServer server(LiveServer::answering(port), presses);
    phone.command("dial", "sip:agent@" + on_loopback(proxy.tls_port()) + ";transport=tls");
    EXPECT_EQ(phone.keys(4, 15s), "159#");
    phone.command("hangup");
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors() << proxy.log();
    EXPECT_TRUE(proxy.says("invites by tls"));
}

} // namespace
} // namespace keytone::test
