// SPDX-License-Identifier: MIT
//
// What owners of calls ask for, on live calls: calls that are placed, handed on and ended by the desk, agents
// that numbers pick, and agents that dial in.
#include "server/agent/dial_in.hpp"
#include "server/agent/twilio_signature.hpp"
#include "server/store/call_history.hpp"
#include "server/store/call_table.hpp"
#include "tests/support/live_agent.hpp"
#include "tests/support/served_here.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace keytone::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using server::Adoption;
using server::CallStart;
using server::StoredAgent;
using testing::HasSubstr;
using testing::Not;

std::string all_events(ServedHere& service, const std::string& call) {
    const auto events = service.desk().events(call);
    return events ? events->text() : "";
}

std::string at(int port) {
    return R"("agentUrl":"ws://)" + on_loopback(port) + R"(/calls?key=1")";
}

class Desk : public LiveAgent {
  protected:
    int phone_port_ = free_port();
};

TEST_F(Desk, PlacesACallWhoseAgentIsThereAtTheAnswer) {
    Agent agent(agent_port_, "twilio", "ends");
    LiveServer phone(LiveServer::answering(phone_port_), stays(20));
    ASSERT_TRUE(is_taken_soon(phone_port_));
    ServedHere service(trunk(phone_port_), {{"ann", "Ann",
                                             "{" + at(agent_port_) +
                                                 R"(,"shape":"twilio","authToken":"12345",)"
                                                 R"("calls_per_minute":1,"name":"Ann"})",
                                             1, 1}});
    const auto refused = [&](const CallStart& start) {
        const auto names = service.start(start);
        EXPECT_FALSE(names);
        return names ? 0 : names.error().status;
    };
    EXPECT_EQ(refused({"bob", "+15303195426", "sip", ""}), 404);
    EXPECT_EQ(refused({"ann", "+14155551234", "sip", ""}), 403);
    EXPECT_EQ(refused({"ann", "+1 530 319 5426", "sip", ""}), 400);
    EXPECT_EQ(refused({"ann", "+15303195426", "pigeon", ""}), 400);
    EXPECT_EQ(refused({"ann", "+15303195426", "sip", "[]"}), 400);
    const auto names = service.start({"ann", "+15303195426", "sip", R"({"name":"Ada"})"});
    ASSERT_TRUE(names) << names.error().message;
    EXPECT_EQ(names->agent_id, "ann");
    EXPECT_EQ(names->to, "+15303195426");
    EXPECT_EQ(refused({"ann", "+15303195426", "sip", ""}), 429) << "one a minute";
    const auto ended = service.until(names->session, "ended");
    ASSERT_TRUE(ended) << service.log();
    EXPECT_EQ(ended->direction, "outbound");
    EXPECT_TRUE(ended->answered_ms);
    EXPECT_GT(ended->packets_in, 10U);
    EXPECT_EQ(phone.exit_code(), 0) << phone.process().errors();
    EXPECT_GT(seconds_of_sound(phone.file("leg-a-heard.wav")), 0.2) << "goodbye was not heard";
    ASSERT_TRUE(agent.says("\"closed\"")) << agent.errors();
    EXPECT_EQ(agent.said("called").at(0).at("signature"),
              server::twilio_signature("12345", "ws://" + on_loopback(agent_port_) + "/calls?key=1"));
    EXPECT_EQ(agent.frames("event", "start").at(0).at("start").at("customParameters").at("name"), "Ada");
    EXPECT_EQ(service.end(names->call, true).error().code, "call_over");
    EXPECT_EQ(service.transfer(names->call, std::nullopt).error().status, 400);
    EXPECT_EQ(service.end("nobody", true).error().status, 404);
    const std::string events = all_events(service, names->call);
    EXPECT_THAT(events, HasSubstr(R"("ev":"leg.changed","call":")" + names->call));
    service.stop();
    // All of it is kept.
    server::Database database(service.store());
    server::CallTable calls(database);
    const auto stored = server::CallHistory(database).find(names->call);
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->call.session, names->session);
    EXPECT_EQ(stored->call.direction, server::CallDirection::outbound);
    EXPECT_EQ(stored->call.variables, R"({"name":"Ada"})");
    EXPECT_EQ(calls.events(names->session), events);
    server::Query report(database, "SELECT body FROM reports");
    ASSERT_TRUE(report.next());
    const json data = json::parse(report.text(0)).at("data");
    EXPECT_EQ(data.at("variables"), (json{{"name", "Ada"}}));
    EXPECT_EQ(data.at("agent_name"), "Ann");
    EXPECT_EQ(data.at("call").at("direction"), "outbound");
    EXPECT_EQ(data.at("call").at("to_number"), "+15303195426");
    EXPECT_EQ(data.at("call").at("status"), "completed");
}

TEST_F(Desk, HandsACallOnThatItsNumbersAgentHas) {
    Agent agent(agent_port_, "keytone", "waits");
    LiveServer phone(LiveServer::answering(phone_port_), stays(2));
    ASSERT_TRUE(is_taken_soon(phone_port_));
    ServedHere service(trunk(phone_port_),
                       {{"sales", "Sales",
                         "{" + at(agent_port_) + R"(,"numbers":["phone"],"transferMessage":"Wait."})", 1, 1},
                        {"other", "Other", "{}", 1, 1}});
    LiveServer nobody({"call", "--to", "sip:nobody@" + on_loopback(service.port())}, stays(5));
    EXPECT_NE(nobody.exit_code(), 0);
    EXPECT_THAT(service.log(), HasSubstr("no agent has this number"));
    LiveServer calls(LiveServer::calling(service.port()), stays(20));
    const auto talks = service.until("", "in_progress");
    ASSERT_TRUE(talks) << service.log();
    EXPECT_EQ(talks->names.agent_id, "sales");
    EXPECT_EQ(service.desk().counts().active, 1U);
    const std::string call = talks->names.call;
    // Functions: the first outcome comes back, and no secret.
    const auto line = service.submit(
        call, R"({"type":"based_call","id":"k1","name":"click_ivr","args":["4711",{"sensitive":true}]})");
    ASSERT_TRUE(line) << line.error().message;
    EXPECT_EQ(json::parse(*line).at("ev"), "action.accepted");
    EXPECT_EQ(service.submit(call, "{").error().status, 400);
    EXPECT_EQ(service.submit(call, R"({"at":0.0,"ev":"leg.ended","leg":"a"})").error().status, 400);
    const auto rejected =
        service.submit(call, R"({"type":"based_call","id":"k2","name":"click_ivr","args":["x"]})");
    ASSERT_TRUE(rejected);
    EXPECT_EQ(json::parse(*rejected).at("ev"), "action.rejected");
    // Handed on, although the agent may not.
    const auto dear = service.transfer(call, "+15305551234x");
    ASSERT_FALSE(dear);
    EXPECT_EQ(dear.error().status, 400);
    EXPECT_EQ(service.transfer(call, "+14155551234").error().code, "not_allowed");
    EXPECT_EQ(service.transfer(call, std::nullopt).error().status, 400) << "there is no transferNumber";
    const auto handed = service.transfer(talks->names.session, "+15303195426");
    ASSERT_TRUE(handed) << handed.error().message;
    EXPECT_EQ(handed->call, call);
    EXPECT_TRUE(service.until(call, "transferring")) << service.log();
    EXPECT_TRUE(service.until(call, "transferred")) << service.log();
    EXPECT_TRUE(service.until(call, "ended")) << service.log();
    EXPECT_EQ(phone.exit_code(), 0) << phone.process().errors();
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    const std::string events = all_events(service, call);
    EXPECT_THAT(events, HasSubstr(R"("digit":"?")"));
    EXPECT_THAT(events, Not(HasSubstr("4711")));
    EXPECT_THAT(events, Not(testing::ContainsRegex(R"("ev":"tone.completed"[^\n]*"digit":"[0-9]")")));
}

/// An HTTP server that has read one upgrade, and the agent that has sent it.
class DialsIn {
  public:
    explicit DialsIn(ServedHere& service, const std::string& call) : agent_(context_) {
        tcp::acceptor acceptor(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        const auto endpoint = acceptor.local_endpoint();
        thread_ = std::thread([this, endpoint] {
            try {
                agent_.next_layer().connect(endpoint);
                agent_.handshake("localhost", "/api/v2/calls/x/stream");
                is_open = true;
                beast::flat_buffer frame;
                do {
                    frame.clear();
                    agent_.read(frame);
                } while (!agent_.got_text());
                first = beast::buffers_to_string(frame.data());
                agent_.write(asio::buffer(
                    std::string(R"({"type":"based_call","id":"s1","name":"say","args":["Goodbye."]})")));
                for (;;) { // Until it is closed.
                    frame.clear();
                    agent_.read(frame);
                    heard += agent_.got_binary() ? frame.size() : 0;
                }
            } catch (const beast::system_error& error) {
                end = error.code().message();
            }
        });
        server::DialIn dial_in{tcp::socket(server_context_), {}};
        acceptor.accept(dial_in.socket);
        beast::flat_buffer buffer;
        beast::http::read(dial_in.socket, buffer, dial_in.request);
        adoption = service.lines().adopt(call, std::move(dial_in));
        if (adoption != Adoption::taken) {
            dial_in.socket.close();
        }
    }
    ~DialsIn() { join(); }
    DialsIn(const DialsIn&) = delete;
    DialsIn& operator=(const DialsIn&) = delete;
    void join() {
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    Adoption adoption = Adoption::no_such_call;
    std::atomic<bool> is_open{false};
    // Once it is joined.
    std::string first;
    std::string end;
    std::size_t heard = 0;

  private:
    asio::io_context context_;
    asio::io_context server_context_;
    beast::websocket::stream<tcp::socket> agent_;
    std::thread thread_;
};

TEST_F(Desk, GivesACallToTheAgentThatDialsIn) {
    ServedHere service("", {{"phone", "P", R"({"answer_after":15,"endCallEnabled":false})", 1, 1}});
    LiveServer calls(LiveServer::calling(service.port()), stays(20));
    const auto rings = service.until("", "ringing");
    ASSERT_TRUE(rings) << service.log();
    const std::string call = rings->names.call;
    EXPECT_EQ(service.transfer(call, "+15303195426").error().code, "call_not_in_progress");
    EXPECT_EQ(DialsIn(service, "nobody").adoption, Adoption::no_such_call);
    // The call's agent is asked for a moment after the call is seen.
    ASSERT_TRUE(service.until(call, [&](const server::CallView&) {
        return service.log().find("call.began") != std::string::npos;
    }));
    DialsIn agent(service, call);
    EXPECT_EQ(agent.adoption, Adoption::taken);
    ASSERT_TRUE(service.until(call, "in_progress")) << service.log();
    EXPECT_EQ(DialsIn(service, call).adoption, Adoption::has_socket);
    // Its owner may end it, though the agent may not: once it has said what it had to say.
    ASSERT_TRUE(service.until(call, [&](const server::CallView&) {
        return all_events(service, call).find(R"("ev":"op.started")") != std::string::npos;
    }));
    const auto refused =
        service.submit(call, R"({"type":"based_call","id":"e1","name":"end_call","args":[]})");
    ASSERT_TRUE(refused);
    EXPECT_THAT(*refused, HasSubstr(R"("disabled")"));
    EXPECT_TRUE(service.end(call, true));
    EXPECT_TRUE(service.until(call, "ended")) << service.log();
    agent.join();
    EXPECT_EQ(json::parse(agent.first).at("ev"), "call.began");
    EXPECT_GT(agent.heard, 1000U);
    EXPECT_THAT(agent.end, HasSubstr("closed"));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_GT(seconds_of_sound(calls.file("leg-a-heard.wav")), 0.2) << "goodbye was cut";
}

} // namespace
} // namespace keytone::test
