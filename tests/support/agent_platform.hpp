// SPDX-License-Identifier: MIT
//
// The agent's side as a whole, on the loopback: a service with API, store, reports and recordings, agents
// whose requests the tests write, and a telephone exchange that takes each number they dial. For tests that
// define KEYTONE_ROOT and KEYTONE_RECEIVER beside what live tests define.
#pragma once

#include "tests/support/live_agent.hpp"
#include "tests/support/webhook_receiver.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace keytone::test {

/// What the API answers.
struct ApiAnswer {
    int status = 0;
    json body;

    [[nodiscard]] const json& data() const { return body.at("data"); }
    [[nodiscard]] std::string error() const { return body.at("error").at("message"); }
    [[nodiscard]] std::string code() const { return body.at("error").at("code"); }
};

/// A call as the phone at its other end saw it.
struct AnsweredCall {
    std::vector<json> events;

    [[nodiscard]] std::string keys() const { return test::keys(events); }
    /// Seconds from its answer to the first key that it heard; -1 without one.
    [[nodiscard]] double first_key_s() const;
};

class AgentPlatform {
  public:
    AgentPlatform();
    ~AgentPlatform();
    AgentPlatform(const AgentPlatform&) = delete;
    AgentPlatform& operator=(const AgentPlatform&) = delete;

    /// Asks the API, by curl. Without `token` it is the one that is accepted.
    ApiAnswer ask(const std::string& method, const std::string& path, const std::string& body = {},
                  const std::optional<std::string>& token = std::nullopt);
    /// A command of curl as a document has it, but for its host, its token and its `{…}`.
    ApiAnswer ask_as_written(std::string command, const std::string& id);

    /// Makes an agent that sends these frames on each of its calls. One with `until` is waited for.
    void put_agent(const std::string& id, const std::string& settings, const std::string& frames);
    /// The command of somebody who calls an agent, and that somebody.
    [[nodiscard]] std::vector<std::string> calling(const std::string& agent) const {
        return {"call", "--to", "sip:" + agent + "@" + on_loopback(service_->port())};
    }
    [[nodiscard]] LiveServer call(const std::string& agent, const std::string& scenario) const {
        return {calling(agent), scenario};
    }
    /// The agent's call once it is in this state; null where it is not soon.
    json until(const std::string& agent, const std::string& state);
    /// The `data` of the report of the agent's call, once it is taken; null where it is not soon.
    json report(const std::string& agent);
    /// What happened on a call, so far.
    std::vector<json> events(const std::string& call);
    /// The recording of a session.
    [[nodiscard]] std::string recording(const std::string& session) const;
    /// Whether the service has said that the report's call has ended, for the caller too.
    [[nodiscard]] bool has_ended(const json& report);

    /// The call that this number got, once it is over; nothing where there is none soon. By it all numbers
    /// answer, and stay for 3.5 s; after 3 s they press 7.
    std::optional<AnsweredCall> answered(const std::string& number);
    /// How many calls the numbers got.
    std::size_t dialled();
    [[nodiscard]] const std::string& trunk() const { return trunk_; }
    /// What it has to say where something is missing.
    [[nodiscard]] std::string story();

  private:
    TemporaryFolder folder_;
    ReportedStore store_;
    std::string token_;
    int http_port_ = free_port();
    int agent_port_ = free_port();
    std::unique_ptr<Service> exchange_;
    std::string trunk_;
    std::unique_ptr<Agent> agent_;
    std::unique_ptr<Service> service_;
};

/// Tests that share one.
class OnThePlatform : public testing::Test {
  protected:
    static void SetUpTestSuite();
    static void TearDownTestSuite();
    void SetUp() override;
    static AgentPlatform& platform();

  private:
    static std::unique_ptr<AgentPlatform> platform_;
};

/// The place of the first event with these values: so many are before it; the number of all where there is
/// none.
std::size_t place_of(const std::vector<json>& events, const json& values);
/// The first event with these values. Fails the test where there is none.
json event_of(const std::vector<json>& events, const json& values);

} // namespace keytone::test
