// SPDX-License-Identifier: MIT
//
// keytone-server as a service, with sipp as its callers and phones: many calls at once, no room for more, and
// the ends of a service in each phase of a call.
#include "tests/support/child_process.hpp"
#include "tests/support/live_peers.hpp"
#include "tests/support/live_service.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

constexpr const char* stays = Service::stays;
constexpr const char* ends_soon = Service::ends_soon;
constexpr const char* transfers = Service::transfers;

/// The agent refers the caller at once.
constexpr const char* refers = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.1,"type":"based_call","id":"t1","name":"transfer","args":["+15303195426",{"sip_method":"refer"}]}
)";

class TheService : public testing::Test {
  protected:
    void SetUp() override {
        if (const auto problem = Sipp::problem(); !problem.empty()) {
            GTEST_SKIP() << problem;
        }
    }
};

TEST_F(TheService, RunsTwentyCallsAtOnce) {
    const TemporaryFolder calls;
    Service service({.scenario = ends_soon, .answer = "output = \"" + calls.file("calls") + "\"\n"});
    Sipp callers =
        Sipp::calling("caller_waits", service.port(), {.options = {"-m", "20", "-l", "20", "-r", "100"}});
    EXPECT_EQ(callers.exit_code(), 0);
    service.end();
    EXPECT_EQ(service.exit_code(), 0) << service.process().errors();
    service.expect_calls(20);
    int running = 0;
    int most = 0;
    for (const nlohmann::json& entry : service.log()) {
        running += entry["event"] == "call.began" ? 1 : entry["event"] == "call.ended" ? -1 : 0;
        most = std::max(most, running);
    }
    EXPECT_EQ(most, 20);
    EXPECT_EQ(service.values("session.completed", "call").size(), 20U);
    // Each has what simulate writes, in a folder of its own.
    EXPECT_THAT(service.values("call.written", "call"), SizeIs(20));
    for (const std::string& folder : service.values("call.written", "folder")) {
        for (const char* const name :
             {"leg-a.wav", "leg-b.wav", "events.jsonl", "recording.jsonl", "timeline.svg", "timeline.png"}) {
            EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(folder) / name)) << folder << name;
        }
    }
}

TEST_F(TheService, HasNoRoomForMoreThanItsMost) {
    Service service({.config = "max_calls = 2\n"});
    Sipp two = Sipp::calling("caller_waits", service.port(), {.options = {"-m", "2", "-r", "100"}});
    ASSERT_TRUE(service.says("\"call.began\"") && service.says("-2\",\"event\":\"leg.changed\""));
    EXPECT_EQ(Sipp::calling("caller_overloaded", service.port()).exit_code(), 0);
    service.end_at_once();
    EXPECT_EQ(two.exit_code(), 0);
    EXPECT_EQ(service.exit_code(), 0);
    service.expect_calls(2);
    EXPECT_THAT(service.values("call.refused", "message"),
                ElementsAre("there are sip.max_calls calls already"));
}

TEST_F(TheService, RefusesACallWithoutPortsForIt) {
    const int ports = free_port();
    Service service(
        {.config = "[rtp]\nports = \"" + std::to_string(ports) + "-" + std::to_string(ports + 1) + "\"\n"});
    Sipp first = Sipp::calling("caller_waits", service.port());
    ASSERT_TRUE(service.says("leg.changed"));
    EXPECT_EQ(Sipp::calling("caller_overloaded", service.port()).exit_code(), 0);
    service.end_at_once();
    EXPECT_EQ(first.exit_code(), 0);
    EXPECT_EQ(service.exit_code(), 0);
    service.expect_calls(1);
    EXPECT_THAT(service.values("call.refused", "message"),
                ElementsAre(HasSubstr("widen rtp.ports or end calls")));
}

TEST_F(TheService, WithoutAScenarioKnowsNobody) {
    Service service({.scenario = "", .config = "[dial]\nallow = [\"+1530\", \"sip:*@pbx.example\"]\n"});
    EXPECT_EQ(Sipp::calling("caller_refused", service.port(), {.words = {{"STATUS", "404"}}}).exit_code(), 0);
    service.end();
    EXPECT_EQ(service.exit_code(), 0);
    service.expect_calls(0);
    EXPECT_THAT(service.values("call.refused", "status"), ElementsAre("404"));
    EXPECT_THAT(service.values("service.silent", "message"), ElementsAre(HasSubstr("404")));
}

TEST_F(TheService, LetsAShortCallEndAndTakesNoOther) {
    Service service({.scenario = ends_soon});
    Sipp caller = Sipp::calling("caller_waits", service.port());
    ASSERT_TRUE(service.says("leg.changed"));
    service.end();
    ASSERT_TRUE(service.says("service.draining"));
    EXPECT_EQ(Sipp::calling("caller_overloaded", service.port()).exit_code(), 0);
    EXPECT_EQ(caller.exit_code(), 0);
    EXPECT_EQ(service.exit_code(), 0) << service.process().errors();
    service.expect_calls(1);
    EXPECT_THAT(service.values("service.ending", "calls"), IsEmpty()) << "it was the agent who ended it";
    EXPECT_THAT(service.values("call.refused", "message"), ElementsAre("the service is ending"));
}

TEST_F(TheService, EndsCallsThatOutlastItsPatience) {
    Service service({.options = {"--drain", "1"}});
    Sipp caller = Sipp::calling("caller_waits", service.port());
    ASSERT_TRUE(service.says("leg.changed"));
    service.end();
    EXPECT_EQ(caller.exit_code(), 0);
    EXPECT_EQ(service.exit_code(), 0) << service.process().errors();
    service.expect_calls(1);
    EXPECT_THAT(service.values("service.ending", "calls"), ElementsAre("1"));
    EXPECT_THAT(service.values("session.completed", "call"), SizeIs(1));
}

/// SIGTERM twice ends a call in any phase of it, with its one outcome. `phone`: leg b's part, if it has one.
struct Phase {
    const char* name;
    const char* scenario;
    const char* phone;
    const char* said; ///< Once this is said, the call is in this phase.
    const char* caller = "caller_waits";
};

class InEachPhase : public TheService, public testing::WithParamInterface<Phase> {};
INSTANTIATE_TEST_SUITE_P(, InEachPhase,
                         testing::Values(Phase{"InCall", stays, "", "\"leg.changed\""},
                                         Phase{"WhileATransferDials", transfers, "phone_rings", "b  rings"},
                                         Phase{"WhenPutThrough", transfers, "phone_basic", "b  answers"},
                                         Phase{"WhileAReferralIsPending", refers, "", "action.started",
                                               "caller_tells_nothing"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_P(InEachPhase, TheSecondSignalEndsTheCallAtOnce) {
    const int port = free_port();
    std::optional<Sipp> phone;
    if (*GetParam().phone != '\0') {
        phone = Sipp::phone(GetParam().phone, port, {.options = {"-m", "1"}});
    }
    // The SIP library keeps a subscription that its far side does not end until the process does.
    const bool may_leak = GetParam().scenario == refers;
    Service service({.scenario = GetParam().scenario,
                     .config = trunk(port),
                     .options = {"--drain", "600"},
                     .before = {"env", std::string("LSAN_OPTIONS=detect_leaks=") + (may_leak ? "0" : "1")}});
    Sipp caller = Sipp::calling(GetParam().caller, service.port());
    ASSERT_TRUE(service.says(GetParam().said)) << service.process().errors();
    service.end_at_once();
    EXPECT_EQ(caller.exit_code(), 0); // BYE
    if (phone) {
        EXPECT_EQ(phone->exit_code(), 0); // CANCEL, or BYE
    }
    EXPECT_EQ(service.exit_code(), 0) << service.process().errors();
    service.expect_calls(1);
    EXPECT_THAT(service.values("session.completed", "call"), SizeIs(1));
}

TEST_F(TheService, EndsACallThatWasNeverAcknowledged) {
    Service service({.options = {"--drain", "600"}});
    const int number = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(bind(number, reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);
    socklen_t size = sizeof place;
    ASSERT_EQ(getsockname(number, reinterpret_cast<sockaddr*>(&place), &size), 0);
    const std::string here = on_loopback(ntohs(place.sin_port));
    const std::string invite = "INVITE sip:keytone@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP " + here +
                               ";branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:a@127.0.0.1>;tag=1\r\n"
                               "To: <sip:b@127.0.0.1>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContact: <sip:a@" +
                               here + ">\r\nContent-Length: 0\r\n\r\n";
    place.sin_port = htons(static_cast<std::uint16_t>(service.port()));
    ASSERT_EQ(sendto(number, invite.data(), invite.size(), 0, reinterpret_cast<const sockaddr*>(&place),
                     sizeof place),
              static_cast<ssize_t>(invite.size()));
    ASSERT_TRUE(service.says("call.began")) << service.process().errors();
    service.end_at_once();
    EXPECT_EQ(service.exit_code(), 0) << service.process().errors();
    close(number);
    service.expect_calls(1);
}

TEST_F(TheService, DialsNobodyThatIsNotAllowed) {
    Service service({.scenario = transfers, .config = "trunk = \"127.0.0.1:9\"\n"});
    EXPECT_EQ(Sipp::calling("caller_basic", service.port()).exit_code(), 0);
    service.end();
    EXPECT_EQ(service.exit_code(), 0);
    service.expect_calls(1);
    ASSERT_THAT(service.values("action.rejected", "message"), SizeIs(1));
    EXPECT_THAT(service.values("action.rejected", "message").front(), HasSubstr("not_allowed"));
}

TEST_F(TheService, MasksSensitiveDigitsInItsLog) {
    Service service({.scenario = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.1,"type":"based_call","id":"k1","name":"click_ivr","args":["48",{"sensitive":true}]}
{"at":2.0,"type":"based_call","id":"b1","name":"end_call","args":[{"mode":"immediate"}]}
)",
                     .config = "[log]\nlevel = \"debug\"\n"});
    EXPECT_EQ(Sipp::calling("caller_waits", service.port()).exit_code(), 0);
    service.end();
    EXPECT_EQ(service.exit_code(), 0);
    std::size_t masked = 0;
    for (const nlohmann::json& entry : service.log()) {
        if (entry.contains("outcome") && entry["outcome"].contains("digit")) {
            EXPECT_EQ(entry["outcome"]["digit"], "?") << entry;
            EXPECT_THAT(entry.value("message", ""),
                        testing::Not(testing::ContainsRegex("(key|presses) [0-9]")))
                << entry;
            ++masked;
        }
    }
    EXPECT_GE(masked, 2U) << service.process().errors();
}

/// Three calls are served to their end; none can be written, and the log says why.
void expect_served_and_unwritten(Service& service, const std::string& why) {
    EXPECT_EQ(Sipp::calling("caller_basic", service.port(), {.options = {"-m", "3", "-r", "50"}}).exit_code(),
              0);
    service.end();
    EXPECT_EQ(service.exit_code(), 0) << service.process().errors();
    service.expect_calls(3);
    EXPECT_THAT(service.values("call.unwritten", "call"),
                UnorderedElementsAreArray(service.values("call.began", "call")));
    EXPECT_THAT(service.values("call.unwritten", "message").front(), HasSubstr(why));
}

TEST_F(TheService, ServesCallsThatItCannotWrite) {
    Service service({.answer = "output = \"/dev/full/calls\"\n"});
    expect_served_and_unwritten(service, "/dev/full");
}

TEST_F(TheService, ServesCallsWhenTheDiskIsFull) {
    const TemporaryFolder disk;
    const auto mounts = on_small_disk(disk.path().string(), "8k");
    if (mounts.empty()) {
        GTEST_SKIP() << "no file system may be mounted here";
    }
    Service service({.answer = "output = \"" + disk.path().string() + "\"\n", .before = mounts});
    expect_served_and_unwritten(service, "the disk is full");
}

TEST_F(TheService, RecordsNoMoreThanThereIsMemoryFor) {
    // A megabyte is 16 s of one call: four at once have less than 5 s each.
    const TemporaryFolder calls;
    Service service({.scenario = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":6.0,"type":"based_call","id":"b1","name":"end_call","args":[{"mode":"immediate"}]}
)",
                     .answer = "memory_mb = 1\noutput = \"" + calls.file("calls") + "\"\n"});
    EXPECT_EQ(Sipp::calling("caller_waits", service.port(), {.options = {"-m", "4", "-r", "50"}}).exit_code(),
              0);
    service.end();
    EXPECT_EQ(service.exit_code(), 0);
    service.expect_calls(4);
    const auto cut = service.values("call.ended", "record_cut");
    EXPECT_GE(std::ranges::count(cut, "answer.memory_mb is used up"), 1);
    EXPECT_THAT(service.values("call.written", "call"), SizeIs(4));
}

TEST_F(TheService, GoesOnWithoutRealTime) {
    std::vector<std::string> before{"prlimit", "--rtprio=0"};
    if (geteuid() == 0) {
        before.insert(before.end(), {"setpriv", "--bounding-set", "-sys_nice", "--inh-caps", "-sys_nice"});
    }
    Service service({.before = before});
    EXPECT_TRUE(service.says("service.no_real_time"));
    EXPECT_EQ(Sipp::calling("caller_basic", service.port()).exit_code(), 0);
    service.end();
    EXPECT_EQ(service.exit_code(), 0);
    service.expect_calls(1);
    EXPECT_THAT(service.values("service.no_real_time", "message"), ElementsAre(HasSubstr("LimitRTPRIO=20")));
}

/// A service that cannot begin: exit code 1 and one line.
std::string failure_of(const std::string& config) {
    const TemporaryFolder folder;
    const auto result = run_child(KEYTONE_SERVER, {"--config", folder.write("s.toml", config)});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(std::ranges::count(result.errors, '\n'), 1) << result.errors;
    return result.errors;
}

TEST(AServiceThatCannotBegin, SaysWhyInOneLine) {
    const int port = free_port();
    Service other({.config = ""});
    EXPECT_THAT(failure_of("[sip]\nlisten = \"" + on_loopback(other.port()) + "\"\n"),
                HasSubstr(on_loopback(other.port()) + ": cannot be listened on: name an address of this "
                                                      "machine and a port that is free"));
    EXPECT_THAT(failure_of("[sip]\nlisten = \"192.0.2.1:5060\"\n"), HasSubstr("address of this machine"));
    EXPECT_THAT(failure_of("[sip]\nlisten = \"" + on_loopback(port) + "\"\n[rtp]\naddress = \"192.0.2.1\"\n"),
                HasSubstr("set rtp.address to an address of this machine"));
    EXPECT_THAT(failure_of("[answer]\nscenario = \"/nowhere.jsonl\"\n"), HasSubstr("/nowhere.jsonl"));
    const auto without = run_child(KEYTONE_SERVER, {});
    EXPECT_EQ(without.exit_code, 2);
    EXPECT_THAT(without.errors, HasSubstr("give --config FILE or a command"));
    const auto before = run_child(KEYTONE_SERVER, {"--config", "x", "check", "y"});
    EXPECT_EQ(before.exit_code, 2);
    EXPECT_THAT(before.errors, HasSubstr("--config before a command"));
}

TEST(AServicesConfiguration, IsCheckedWithItsScenario) {
    const TemporaryFolder folder;
    const auto check = [&](const std::string& config) {
        return run_child(KEYTONE_SERVER, {"check", folder.write("s.toml", config)});
    };
    EXPECT_EQ(
        check("[sip]\nlisten = \"127.0.0.1:5060\"\n[http]\nlisten = \"127.0.0.1:8080\"\n[store]\npath = "
              "\"keytone.db\"\n[dial]\nallow = [\"+1530\", \"sip:*@pbx.example\"]\n")
            .exit_code,
        0);
    const auto missing = check("[answer]\nscenario = \"" + folder.file("none.jsonl") + "\"\n");
    EXPECT_EQ(missing.exit_code, 1);
    EXPECT_THAT(missing.errors, HasSubstr("none.jsonl"));
}

} // namespace
} // namespace keytone::test
