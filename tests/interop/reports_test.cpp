// SPDX-License-Identifier: MIT
//
// A service with a store: each call has one report, in every ending, and another program receives it. It
// checks the signature by itself, and makes every trouble that a receiver can make.
#include "server/store/database.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/live_peers.hpp"
#include "tests/support/live_service.hpp"
#include "tests/support/webhook_receiver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Reports : public testing::Test {
  protected:
    void SetUp() override {
        if (const auto problem = Sipp::problem(); !problem.empty()) {
            GTEST_SKIP() << problem;
        }
    }
};

Service::Setup serving(const ReportedStore& store, const char* scenario, const std::string& config = {}) {
    return {.scenario = scenario, .config = config + store.config(), .options = {"--allow-http-webhooks"}};
}

void end(Service& service) {
    service.end();
    EXPECT_EQ(service.exit_code(), 0) << service.process().errors();
}

/// The report's own words for a call's end.
std::vector<std::string> words(const nlohmann::json& data) {
    const auto& call = data["call"];
    return {call["status"], call["disposition"], call["answered_by"], call["transferred"].dump()};
}

TEST_F(Reports, TellOfACallThatTheCallerEnded) {
    ReportedStore store;
    store.receive("none");
    Service service(serving(store, Service::stays));
    EXPECT_EQ(Sipp::calling("caller_basic", service.port()).exit_code(), 0);
    ASSERT_TRUE(store.hears("\"taken\": true"));
    end(service);
    const auto data = store.data();
    ASSERT_THAT(data, SizeIs(1));
    EXPECT_THAT(words(data[0]), ElementsAre("completed", "user_hangup_no_speech", "unknown", "false"));
    EXPECT_EQ(data[0]["call"]["from_number"], "caller");
    EXPECT_EQ(data[0]["call"]["direction"], "inbound");
    EXPECT_EQ(data[0]["agent_name"], "scenario");
    EXPECT_THAT(service.values("call.began", "session"), ElementsAre(data[0]["session_id"]));
    EXPECT_THAT(service.values("call.began", "call"), ElementsAre(data[0]["call"]["call_id"]));
    EXPECT_THAT(service.values("report.delivered", "endpoint"), ElementsAre("crm"));
}

TEST_F(Reports, TellOfACallThatTheAgentEndedAndOfItsWords) {
    ReportedStore store;
    store.receive("none");
    Service service(serving(store, R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.1,"type":"based_call","id":"s1","name":"say","args":["Hello."]}
{"at":0.2,"type":"based_call","id":"s2","name":"say","args":["Goodbye."]}
{"at":0.3,"type":"based_call","id":"b1","name":"end_call","args":[]}
)"));
    EXPECT_EQ(Sipp::calling("caller_waits", service.port()).exit_code(), 0);
    ASSERT_TRUE(store.hears("\"taken\": true"));
    end(service);
    const auto data = store.data();
    ASSERT_THAT(data, SizeIs(1));
    EXPECT_THAT(words(data[0]), ElementsAre("completed", "completed", "unknown", "false"));
    ASSERT_THAT(data[0]["transcript"], SizeIs(2));
    EXPECT_EQ(data[0]["transcript"][0]["content"], "Hello.");
    EXPECT_EQ(data[0]["transcript"][1]["content"], "Goodbye.");
    EXPECT_EQ(data[0]["transcript"][0]["role"], "assistant");
    const auto outcome = nlohmann::json::parse(service.values("session.completed", "outcome").at(0));
    EXPECT_NEAR(data[0]["duration_seconds"].get<double>(),
                outcome["data"]["call"]["duration_seconds"].get<double>(), 0.006);
}

TEST_F(Reports, TellOfATransferWhileTheOthersTalk) {
    ReportedStore store;
    store.receive("none");
    const int port = free_port();
    Sipp phone = Sipp::phone("phone_basic", port, {.options = {"-m", "1"}});
    Service service(serving(store, Service::transfers, trunk(port)));
    Sipp caller = Sipp::calling("caller_waits", service.port());
    ASSERT_TRUE(store.hears("\"taken\": true")) << service.process().errors();
    EXPECT_THAT(service.values("call.ended", "call"), IsEmpty()) << "the caller is with the other now";
    service.end_at_once();
    EXPECT_EQ(caller.exit_code(), 0);
    EXPECT_EQ(phone.exit_code(), 0);
    EXPECT_EQ(service.exit_code(), 0);
    const auto data = store.data();
    ASSERT_THAT(data, SizeIs(1)) << "and the end of their talk has none";
    EXPECT_THAT(words(data[0]), ElementsAre("completed", "completed", "unknown", "true"));
    const auto outcome = nlohmann::json::parse(service.values("session.completed", "outcome").at(0));
    EXPECT_NEAR(data[0]["duration_seconds"].get<double>(),
                outcome["data"]["call"]["duration_seconds"].get<double>(), 0.006);
}

TEST_F(Reports, TellOfACallerWhoGaveUpWhileItRang) {
    ReportedStore store;
    store.receive("none");
    Service service(serving(store, Service::stays));
    {
        server::Database database(store.path());
        const server::Transaction held(database); // The call cannot be kept, and rings.
        EXPECT_EQ(Sipp::calling("caller_cancels", service.port()).exit_code(), 0);
        ASSERT_TRUE(service.says("call.missed")) << service.process().errors();
    }
    ASSERT_TRUE(store.hears("\"taken\": true"));
    end(service);
    const auto data = store.data();
    ASSERT_THAT(data, SizeIs(1));
    EXPECT_THAT(words(data[0]), ElementsAre("canceled", "canceled", "not_answered", "false"));
    EXPECT_EQ(data[0]["duration_seconds"], 0.0);
}

TEST_F(Reports, AnswerACallAlsoWhereTheStoreIsHeld) {
    ReportedStore store;
    store.receive("none");
    Service service(serving(store, Service::stays));
    {
        server::Database database(store.path());
        const server::Transaction held(database);
        EXPECT_EQ(Sipp::calling("caller_basic", service.port()).exit_code(), 0);
        ASSERT_TRUE(service.says("call.ended"));
    }
    ASSERT_TRUE(store.hears("\"taken\": true"));
    end(service);
    EXPECT_THAT(service.values("store.slow", "call"), SizeIs(1));
    EXPECT_THAT(store.data(), SizeIs(1));
}

TEST_F(Reports, AreDeliveredOnceWhateverTheReceiverDoes) {
    ReportedStore store;
    store.receive("none,refuse,stall,close,500,redirect,lie_more,lie_less,flood,headers,close+500+redirect");
    constexpr int calls = 11;
    Service service(serving(store, Service::stays));
    EXPECT_EQ(
        Sipp::calling("caller_basic", service.port(), {.options = {"-m", std::to_string(calls), "-r", "20"}})
            .exit_code(),
        0);
    const bool are_delivered = store.are_delivered(calls, std::chrono::seconds(60));
    end(service);
    ASSERT_TRUE(are_delivered) << service.process().errors();
    const auto taken = store.taken();
    EXPECT_THAT(taken, SizeIs(calls));
    for (const auto& [session, count] : taken) {
        EXPECT_EQ(count, 1) << session;
    }
    std::map<std::string, std::string> refused;
    for (const nlohmann::json& entry : service.log()) {
        if (entry["event"] == "report.refused") {
            refused[entry["message"]] = entry["again_s"].dump();
        }
    }
    EXPECT_THAT(refused, testing::Contains(testing::Key("500")));
    EXPECT_THAT(refused, testing::Contains(testing::Key("302")));
    EXPECT_THAT(refused, testing::Contains(testing::Key(HasSubstr("timed out"))));
    EXPECT_EQ(service.values("report.refused", "call").size(), 8U);
}

TEST_F(Reports, ReachAReceiverThatWasDown) {
    ReportedStore store;
    Service service(serving(store, Service::stays));
    EXPECT_EQ(Sipp::calling("caller_basic", service.port()).exit_code(), 0);
    ASSERT_TRUE(service.says("report.refused"));
    end(service); // It is in the store, and delivered by the next service.
    store.receive("none");
    Service next(serving(store, Service::stays));
    ASSERT_TRUE(store.hears("\"taken\": true"));
    end(next);
    EXPECT_THAT(next.values("call.lost", "call"), IsEmpty());
    EXPECT_THAT(store.taken(), SizeIs(1));
}

TEST_F(Reports, GoByHttpsToCertificatesThatAreTrusted) {
    ReportedStore store("https://localhost:");
    const std::string certificate = store.file("cert.pem");
    const std::string key = store.file("key.pem");
    ASSERT_EQ(
        run_child("/usr/bin/openssl",
                  {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                   "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate})
            .exit_code,
        0);
    store.receive("none", {certificate, key});
    {
        Service service(serving(store, Service::stays));
        EXPECT_EQ(Sipp::calling("caller_basic", service.port()).exit_code(), 0);
        ASSERT_TRUE(service.says("report.refused"));
        end(service);
        EXPECT_THAT(service.values("report.refused", "message").front(), HasSubstr("is no public address"));
    }
    const std::string allowed = "[reports]\nallow_addresses = [\"127.0.0.0/8\", \"::1\"]\n";
    store.command({"reports", "resend", "1"});
    {
        Service service(serving(store, Service::stays, allowed));
        ASSERT_TRUE(service.says("report.refused"));
        end(service);
        EXPECT_THAT(service.values("report.refused", "message").front(), HasSubstr("certificate"));
        EXPECT_THAT(store.taken(), IsEmpty());
    }
    store.command({"reports", "resend", "1"});
    Service service(serving(store, Service::stays, allowed + "ca_file = \"" + certificate + "\"\n"));
    ASSERT_TRUE(store.hears("\"taken\": true")) << service.process().errors();
    end(service);
}

TEST_F(Reports, AreSentAgainByHandAndSignedWithTheNewSecret) {
    ReportedStore store;
    store.receive("none");
    Service service(serving(store, Service::stays));
    EXPECT_EQ(Sipp::calling("caller_basic", service.port()).exit_code(), 0);
    ASSERT_TRUE(store.are_delivered(1));
    EXPECT_EQ(store.command({"reports", "resend"}), "0") << "nothing failed";
    EXPECT_EQ(store.command({"reports", "resend", "1"}), "1");
    ASSERT_TRUE(store.are_delivered(1));
    EXPECT_THAT(store.data(), SizeIs(2));
    EXPECT_THAT(store.taken(), SizeIs(1)) << "the same session, which a receiver knows already";
    EXPECT_NE(store.command({"webhooks", "rotate", "crm"}), store.secret());
    store.command({"reports", "resend", "1"});
    ASSERT_TRUE(store.are_delivered(1));
    end(service);
    const auto requests = store.requests();
    EXPECT_EQ(requests.back()["signed"], false) << "the receiver has the old secret";
}

TEST_F(Reports, CanWaitForADiskThatIsFull) {
    const TemporaryFolder disk;
    const auto mounts = on_small_disk(disk.path().string(), "256k");
    if (mounts.empty()) {
        GTEST_SKIP() << "no file system may be mounted here";
    }
    Service service({.config = "[store]\npath = \"" + disk.file("store.db") + "\"\n", .before = mounts});
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(
            Sipp::calling("caller_basic", service.port(), {.options = {"-m", "20", "-r", "50"}}).exit_code(),
            0);
    }
    end(service);
    service.expect_calls(40);
    EXPECT_THAT(service.values("store.failing", "message"), ElementsAre(HasSubstr("the disk is full")));
    EXPECT_THAT(service.values("store.lost", "changes"), SizeIs(1));
}

TEST_F(Reports, AreNotMadeWithoutAStore) {
    Service service({});
    EXPECT_EQ(Sipp::calling("caller_basic", service.port()).exit_code(), 0);
    end(service);
    service.expect_calls(1);
    EXPECT_THAT(service.values("call.began", "session"), ElementsAre(""));
}

/// What a command says, which does not succeed.
std::string refused(const std::vector<std::string>& words, int code) {
    const auto result = run_child(KEYTONE_SERVER, words);
    EXPECT_EQ(result.exit_code, code) << result.output << result.errors;
    EXPECT_EQ(std::ranges::count(result.errors, '\n'), 1) << result.errors;
    return result.errors;
}

TEST(StoreCommands, DoWhatTheySay) {
    ReportedStore store;
    EXPECT_THAT(store.secret(), testing::MatchesRegex("whsec_[0-9a-f]{64}"));
    EXPECT_THAT(store.command({"token", "create", "ada"}), testing::MatchesRegex("kt_live_[0-9a-f]{64}"));
    EXPECT_THAT(store.command({"token", "list"}), testing::StartsWith("ada  20"));
    EXPECT_EQ(store.command({"token", "revoke", "ada"}), "");
    EXPECT_EQ(store.command({"token", "list"}), "");
    EXPECT_THAT(store.command({"webhooks", "list", "--json"}), HasSubstr(R"({"label":"crm","url":"http)"));
    EXPECT_EQ(store.command({"webhooks", "list"}).find(store.secret()), std::string::npos);
    EXPECT_EQ(store.command({"reports", "list"}), "");
    EXPECT_EQ(store.command({"webhooks", "remove", "crm"}), "");
    EXPECT_EQ(store.command({"webhooks", "list"}), "");
}

TEST(StoreCommands, SayWhatIsWrong) {
    const ReportedStore store;
    const TemporaryFolder folder;
    const std::string config = folder.write("s.toml", store.config());
    const auto said = [&](std::vector<std::string> words, int code) {
        words.insert(words.end(), {"--config", config});
        return refused(words, code);
    };
    EXPECT_THAT(said({"token", "revoke", "bob"}, 1), HasSubstr("bob: there is no such token: see list"));
    EXPECT_THAT(said({"token", "create", "a b"}, 2), HasSubstr("is no name"));
    EXPECT_THAT(said({"token", "create"}, 2), HasSubstr("takes a NAME"));
    EXPECT_THAT(said({"token", "make", "x"}, 2), HasSubstr("create"));
    EXPECT_THAT(said({"webhooks", "add", "crm", "https://x.example"}, 1),
                HasSubstr("an endpoint of that label"));
    EXPECT_THAT(said({"webhooks", "add", "CRM", "https://x.example"}, 2), HasSubstr("is no label"));
    EXPECT_THAT(said({"webhooks", "add", "b", "http://x.example"}, 2), HasSubstr("is not https"));
    EXPECT_THAT(said({"webhooks", "add", "b", "http://127.0.0.1/"}, 2), HasSubstr("--allow-http-webhooks"));
    EXPECT_THAT(said({"webhooks", "add", "b"}, 2), HasSubstr("takes a LABEL and a URL"));
    EXPECT_THAT(said({"webhooks", "rotate", "b"}, 1), HasSubstr("there is no such endpoint"));
    EXPECT_THAT(said({"reports", "resend", "77"}, 1), HasSubstr("77: there is no such report"));
    EXPECT_THAT(said({"reports", "resend", "x"}, 2), HasSubstr("is no number of a report"));
    EXPECT_THAT(refused({"token", "list", "--config", folder.write("e.toml", "")}, 1),
                HasSubstr("names no store"));
    EXPECT_THAT(refused({"token", "list"}, 2), HasSubstr("--config"));
}

} // namespace
} // namespace keytone::test
