// SPDX-License-Identifier: MIT
#include "tests/support/agent_platform.hpp"

#include "tests/support/child_process.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <string_view>
#include <thread>

namespace keytone::test {

namespace {

constexpr const char* answers = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":3.0,"type":"based_call","id":"k1","name":"click_ivr","args":["7"]}
{"at":3.5,"type":"based_call","id":"e1","name":"end_call","args":[{"mode":"immediate"}]}
)";

// As in a URL's path.
std::string percent_encoded(const std::string& text) {
    constexpr std::string_view kept = "-_.~,:";
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            kept.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            encoded += {'%', hex[byte / 16], hex[byte % 16]};
        }
    }
    return encoded;
}

// Looks again until there is something.
template <class Value>
Value soon(const std::function<Value()>& look) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        auto found = look();
        if (found != Value{} || std::chrono::steady_clock::now() > deadline) {
            return found;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

// What curl has printed: the body, and in a line of its own the status.
ApiAnswer read_answer(const ChildResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    const auto end = result.output.rfind('\n');
    if (end == std::string::npos) {
        return {};
    }
    return {std::stoi(result.output.substr(end + 1)),
            json::parse(result.output.substr(0, end), nullptr, false)};
}

// Its log, of which only that is there which was read.
void read_on(Service& service) {
    service.process().says("\n\n", std::chrono::milliseconds(20)); // Which it never says.
}

void replace(std::string& text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what << " is not in " << text;
    if (at != std::string::npos) {
        text.replace(at, what.size(), by);
    }
}

bool has(const json& event, const json& values) {
    return std::ranges::all_of(values.items(), [&](const auto& wanted) {
        return event.contains(wanted.key()) && event.at(wanted.key()) == wanted.value();
    });
}

} // namespace

double AnsweredCall::first_key_s() const {
    for (const json& event : events) {
        if (event.at("ev") == "digit.heard") {
            return event.at("start").get<double>() / 8000.0;
        }
    }
    return -1.0;
}

AgentPlatform::AgentPlatform() : token_(store_.command({"token", "create", "test"})) {
    store_.receive("none");
    exchange_ = std::make_unique<Service>(
        Service::Setup{.scenario = answers, .answer = "output = \"" + folder_.file("numbers") + "\"\n"});
    trunk_ = on_loopback(exchange_->port());
    agent_ = std::make_unique<Agent>(agent_port_, "keytone", "plays");
    service_ = std::make_unique<Service>(
        Service::Setup{.scenario = "",
                       .config = "trunk = \"" + trunk_ +
                                 "\"\n[dial]\nallow = [\"+1\", \"+91\", \"sip:*@127.0.0.1\"]\n[http]\n"
                                 "listen = \"" +
                                 on_loopback(http_port_) + "\"\n[recordings]\npath = \"" +
                                 folder_.file("recordings") + "\"\n" + store_.config(),
                       .options = {"--allow-http-webhooks"}});
}

AgentPlatform::~AgentPlatform() {
    for (Service* const service : {service_.get(), exchange_.get()}) {
        service->end_at_once();
    }
    for (Service* const service : {service_.get(), exchange_.get()}) {
        EXPECT_EQ(service->exit_code(), 0) << service->process().errors();
    }
}

ApiAnswer AgentPlatform::ask(const std::string& method, const std::string& path, const std::string& body,
                             const std::optional<std::string>& token) {
    std::vector<std::string> command{"curl",
                                     "--silent",
                                     "--max-time",
                                     "20",
                                     "--write-out",
                                     "\n%{http_code}",
                                     "--request",
                                     method,
                                     "http://" + on_loopback(http_port_) + "/api/v2/" + path,
                                     "--header",
                                     "Authorization: Bearer " + token.value_or(token_)};
    if (!body.empty()) {
        command.insert(command.end(), {"--header", "Content-Type: application/json", "--data", body});
    }
    return read_answer(run_child("/usr/bin/env", command));
}

ApiAnswer AgentPlatform::ask_as_written(std::string command, const std::string& id) {
    replace(command, "https://api.example.com", "http://" + on_loopback(http_port_));
    replace(command, "rg_live_abc123def456ghi789jkl012", token_);
    const auto begin = command.find('{');
    command.replace(begin, command.find('}') + 1 - begin, id);
    return read_answer(
        run_child("/bin/bash", {"-c", command + " --silent --max-time 20 --write-out '\\n%{http_code}'"}));
}

void AgentPlatform::put_agent(const std::string& id, const std::string& settings, const std::string& frames) {
    json body = json::parse(settings);
    body["agentUrl"] = "ws://" + on_loopback(agent_port_) + "/" + percent_encoded(json::parse(frames).dump());
    const auto answer = ask("PUT", "agent/" + id, body.dump());
    EXPECT_EQ(answer.status, 200) << answer.body;
}

json AgentPlatform::until(const std::string& agent, const std::string& state) {
    return soon<json>([&]() -> json {
        const auto calls = ask("GET", "calls");
        for (const json& call : calls.data().at("calls")) {
            if (call.at("agent_id") == agent && call.at("state") == state) {
                return call;
            }
        }
        return nullptr;
    });
}

json AgentPlatform::report(const std::string& agent) {
    EXPECT_TRUE(store_.hears(R"(\"agent_id\":\")" + agent + R"(\")")) << story();
    for (const json& data : store_.data()) {
        if (data.at("agent_id") == agent) {
            return data;
        }
    }
    return nullptr;
}

std::vector<json> AgentPlatform::events(const std::string& call) {
    const auto result =
        run_child("/usr/bin/env",
                  {"curl", "--silent", "--max-time", "20", "--header", "Authorization: Bearer " + token_,
                   "http://" + on_loopback(http_port_) + "/api/v2/calls/" + call + "/events"});
    return lines_of(result.output);
}

std::string AgentPlatform::recording(const std::string& session) const {
    return folder_.file("recordings/" + session + ".wav");
}

bool AgentPlatform::has_ended(const json& report) {
    read_on(*service_);
    const auto ended = service_->values("call.ended", "call");
    return std::ranges::count(ended, report.at("call").at("call_id").get<std::string>()) > 0;
}

std::optional<AnsweredCall> AgentPlatform::answered(const std::string& number) {
    const auto call = soon<std::string>([&]() -> std::string {
        read_on(*exchange_);
        const auto written = exchange_->values("call.written", "call");
        for (const json& entry : exchange_->log()) {
            if (entry.at("event") == "call.began" &&
                entry.at("to").get<std::string>().starts_with("sip:" + number + "@") &&
                std::ranges::count(written, entry.at("call").get<std::string>()) > 0) {
                return entry.at("call");
            }
        }
        return "";
    });
    if (call.empty()) {
        return std::nullopt;
    }
    return AnsweredCall{lines_of(folder_.read("numbers/" + call + "/events.jsonl"))};
}

std::size_t AgentPlatform::dialled() {
    read_on(*exchange_);
    return exchange_->values("call.began", "to").size();
}

std::string AgentPlatform::story() {
    read_on(*service_);
    return ask("GET", "calls").body.dump() + "\n" + service_->process().errors() +
           exchange_->process().errors() + agent_->errors();
}

std::unique_ptr<AgentPlatform> OnThePlatform::platform_;

void OnThePlatform::SetUpTestSuite() {
    if (works({debian_python, "-c", "import websockets"}) && works({"curl", "--version"})) {
        platform_ = std::make_unique<AgentPlatform>();
    }
}

void OnThePlatform::TearDownTestSuite() {
    platform_.reset();
}

void OnThePlatform::SetUp() {
    if (!platform_) {
        GTEST_SKIP() << "python3-websockets or curl is not installed";
    }
}

AgentPlatform& OnThePlatform::platform() {
    return *platform_;
}

std::size_t place_of(const std::vector<json>& events, const json& values) {
    const auto found = std::ranges::find_if(events, [&](const json& event) { return has(event, values); });
    return static_cast<std::size_t>(found - events.begin());
}

json event_of(const std::vector<json>& events, const json& values) {
    const std::size_t place = place_of(events, values);
    if (place == events.size()) {
        ADD_FAILURE() << "no event has " << values << " among " << json(events);
        return json::object();
    }
    return events[place];
}

} // namespace keytone::test
