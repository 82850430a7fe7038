// SPDX-License-Identifier: MIT
#pragma once

#include "tests/server/api/http_client.hpp"
#include "tests/support/audio_file.hpp"
#include "tests/support/live_peers.hpp"
#include "tests/support/live_service.hpp"
#include "tests/support/small_disk.hpp"
#include "tests/support/webhook_receiver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>

namespace keytone::test {

/// Each caller is handed on to a phone, with an extension as keys.
inline constexpr const char* hands_on = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.1,"type":"based_call","id":"t1","name":"transfer","args":["+15303195426",{"extension":"221","pauseSeconds":0,"message":"Go."}]}
)";

/// Writes settings of an agent by the API, one after another, while the service lives.
class Writer {
  public:
    Writer(int port, const std::string& token, int first)
        : port_(static_cast<std::uint16_t>(port)), token_(token), kept_(first) {
        thread_ = std::thread([this] { run(); });
    }
    ~Writer() { stop(); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void stop() {
        stops_ = true;
        if (thread_.joinable()) {
            thread_.join();
        }
    }
    /// The greatest number that was answered with 200.
    [[nodiscard]] int kept() const { return kept_; }

  private:
    void run() {
        while (!stops_) {
            const int number = kept_ + 1;
            const std::string body = R"({"name":"n)" + std::to_string(number) + R"("})";
            HttpClient client(port_);
            const auto answer = client.ask(
                "PUT /api/v2/agent/written HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token_ +
                "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
            kept_ = answer.status == 200 ? number : kept_.load();
            poll(nullptr, 0, 5);
        }
    }

    std::uint16_t port_;
    std::string token_;
    std::atomic<int> kept_;
    std::atomic<bool> stops_{false};
    std::thread thread_;
};

/// What a service's log says of one call.
inline std::string lines_about(const Service& service, const std::string& call) {
    std::string lines;
    for (const nlohmann::json& entry : service.log()) {
        lines += entry.value("call", "") == call ? entry.dump() + "\n" : "";
    }
    return lines;
}

/// Each recording that a report names is there, and can be played.
inline int expect_recordings(ReportedStore& store, const std::string& folder) {
    int named = 0;
    server::Database database(store.path());
    server::Query query(database, "SELECT session, body FROM reports");
    while (query.next()) {
        const auto data = nlohmann::json::parse(query.text(1)).at("data");
        if (data.value("recording_url", nlohmann::json()).is_null()) {
            continue;
        }
        ++named;
        const std::string file = folder + "/" + query.text(0) + ".wav";
        EXPECT_TRUE(std::filesystem::exists(file)) << data;
        if (std::filesystem::exists(file)) {
            const auto audio = read_audio(file);
            EXPECT_EQ(audio.channels.size(), 2U) << file;
            EXPECT_EQ(audio.rate_hz, 8000) << file;
        }
    }
    return named;
}

/// The sessions that a service began: those that its store had before, and those that went on without it,
/// as the log says.
struct BegunSessions {
    std::set<std::string> kept;
    std::set<std::string> unkept;

    void add(const Service& service) {
        bool is_failing = false;
        std::set<std::string> slow;
        for (const nlohmann::json& entry : service.log()) {
            const std::string event = entry.at("event");
            if (event == "store.failing" || event == "store.works") {
                is_failing = event == "store.failing";
            } else if (event == "store.slow") {
                slow.insert(entry.at("call").get<std::string>());
            } else if (event == "call.began") {
                const bool is_kept = !is_failing && !slow.contains(entry.at("call").get<std::string>());
                (is_kept ? kept : unkept).insert(entry.at("session").get<std::string>());
            }
        }
    }
};

/// Kills a service so many times, each time at a moment of calls, transfers, recordings, deliveries and
/// writes of the API that `seed` chooses, and starts it again on its store. At the end each call that was
/// answered has one report, no phone has heard a key twice, what the API confirmed is kept, each recording
/// that a report names plays, and the store is sound. On `disk` store and recordings run out of room in
/// each of these lives, and every other gets it back; a call that began without the store may have no report.
inline void kill_often(int times, unsigned seed, SmallDisk* disk = nullptr) {
    ReportedStore store("http://127.0.0.1:",
                        disk != nullptr ? disk->path() : std::filesystem::temp_directory_path());
    store.receive("none,slow,500,close,none,slow");
    const std::string token = store.command({"token", "create", "writer"});
    const std::string recordings = store.file("recordings");
    // The phone lives on: what it hears from one service and the next is counted together.
    Service phone({.scenario = Service::stays, .config = "[log]\nlevel = \"debug\"\n"});
    std::mt19937 random(seed);
    BegunSessions began;
    std::size_t lost = 0;
    std::size_t failed = 0;
    std::size_t worked_again = 0;
    std::size_t handed_on = 0;
    int written = 0;
    const auto setup = [&](int http) {
        return Service::Setup{.scenario = hands_on,
                              .config = trunk(phone.port()) + store.config() + "[http]\nlisten = \"" +
                                        on_loopback(http) + "\"\n[recordings]\npath = \"" + recordings +
                                        "\"\n",
                              .options = {"--allow-http-webhooks"}};
    };
    const auto count = [&](const Service& service) {
        began.add(service);
        failed += service.values("store.failing", "message").size();
        worked_again += service.values("store.works", "message").size();
        lost += service.values("call.lost", "call").size();
        handed_on += service.values("action.started", "call").size();
    };
    for (int i = 0; i < times; ++i) {
        const int http = free_port();
        Service service(setup(http));
        // Calls of 200 ms and of 2 s: the service is killed while some begin, some are handed on, some end.
        Sipp short_ones = Sipp::calling("caller_basic", service.port(),
                                        {.options = {"-m", "1000", "-l", "5", "-r", "25", "-d", "200"}});
        Sipp long_ones = Sipp::calling("caller_basic", service.port(),
                                       {.options = {"-m", "1000", "-l", "5", "-r", "10", "-d", "2000"}});
        ASSERT_TRUE(service.says("call.began")) << service.process().errors();
        Writer writer(http, token, written);
        const auto up_to = [&random](int most) { return std::uniform_int_distribution<>(0, most)(random); };
        const auto pass = [&](int most_ms) {
            const std::chrono::milliseconds moment(up_to(most_ms));
            EXPECT_FALSE(service.process().says("never said", moment)); // It reads meanwhile.
        };
        if (disk != nullptr) {
            pass(1000);
            disk->fill(4096L * up_to(16));
            pass(1000);
            if (i % 2 == 1) {
                disk->free();
                pass(2000);
            }
        } else {
            pass(2000);
        }
        service.process().signal(SIGKILL);
        EXPECT_EQ(service.process().ends(std::chrono::seconds(10)), -SIGKILL);
        if (disk != nullptr) {
            disk->free();
        }
        writer.stop();
        written = writer.kept();
        store.listen();
        phone.process().says("never said", std::chrono::milliseconds(1)); // It reads what the phone says.
        count(service);
    }
    Service service(setup(free_port()));
    if (disk != nullptr) { // There is room again: a call is as any other.
        EXPECT_EQ(Sipp::calling("caller_basic", service.port(), {.options = {"-d", "4000"}}).exit_code(), 0);
        EXPECT_FALSE(service.process().says("never said", std::chrono::milliseconds(20)));
        EXPECT_EQ(service.values("call.began", "call").size(), 1U);
        EXPECT_EQ(service.values("store.failing", "message").size(), 0U);
    }
    EXPECT_TRUE(store.are_delivered(began.kept.size(), std::chrono::seconds(60))) << store.told_states();
    service.end_at_once();
    EXPECT_EQ(service.exit_code(), 0) << service.process().errors();
    count(service);
    phone.end_at_once();
    EXPECT_EQ(phone.exit_code(), 0);

    const std::set<std::string> reported = store.sessions();
    const auto taken = store.taken(); // It looks that all requests of a session have the same body.
    std::size_t again = 0;
    for (const std::string& session : began.kept) {
        EXPECT_TRUE(reported.contains(session)) << session << " has no report";
    }
    for (const std::string& session : reported) {
        const auto found = taken.find(session);
        ASSERT_NE(found, taken.end()) << session;
        EXPECT_GE(found->second, 1) << session;
        again += found->second > 1 ? 1U : 0U;
    }
    EXPECT_EQ(taken.size(), reported.size()) << "a report of no call";
    // Taken, and not noted before the end came: what receivers tell apart by session_id. At most what was
    // under way at the moment.
    EXPECT_LE(again, static_cast<std::size_t>(8 * times));
    EXPECT_GT(lost, 0U) << "no call was under way at any of the moments";
    EXPECT_EQ(failed > 0, disk != nullptr) << "whether the disk was full";

    const auto heard = keys_heard(phone);
    std::size_t whole = 0;
    for (const auto& [call, keys] : heard) {
        EXPECT_TRUE(std::string_view("221").starts_with(keys)) << call << " heard " << keys << '\n'
                                                               << lines_about(phone, call);
        whole += keys == "221" ? 1U : 0U;
    }
    EXPECT_GT(whole, 0U) << "no extension was sent whole";
    EXPECT_LE(phone.values("call.began", "call").size(), handed_on) << "a call was handed on twice";

    server::Database database(store.path());
    server::Query check(database, "PRAGMA integrity_check");
    ASSERT_TRUE(check.next());
    EXPECT_EQ(check.text(0), "ok");
    server::Query agent(database, "SELECT name FROM agents WHERE id = 'written'");
    EXPECT_TRUE(agent.next() || written == 0);
    if (written > 0) {
        const std::string name = agent.text(0);
        EXPECT_GE(std::stoi(name.substr(1)), written) << "what was confirmed is lost";
        EXPECT_LE(std::stoi(name.substr(1)), written + 1);
    }
    const int named = expect_recordings(store, recordings);
    EXPECT_GT(named, 0);
    testing::Test::RecordProperty("calls", static_cast<int>(reported.size()));
    testing::Test::RecordProperty("lost", static_cast<int>(lost));
    testing::Test::RecordProperty("taken_again", static_cast<int>(again));
    testing::Test::RecordProperty("handed_on", static_cast<int>(handed_on));
    testing::Test::RecordProperty("extensions", static_cast<int>(whole));
    testing::Test::RecordProperty("recordings", named);
    testing::Test::RecordProperty("writes", written);
    std::cout << reported.size() << " calls, " << lost << " lost, " << again << " taken again, " << handed_on
              << " handed on, " << whole << " extensions whole, " << named << " recordings, " << written
              << " writes\n";
    if (disk != nullptr) {
        const auto reports = std::ranges::count_if(
            began.unkept, [&](const std::string& session) { return reported.contains(session); });
        std::cout << "the store failed " << failed << " times and worked again " << worked_again
                  << " times; meanwhile " << began.unkept.size() << " calls began, of which " << reports
                  << " have a report\n";
    }
}

} // namespace keytone::test
