// SPDX-License-Identifier: MIT
#pragma once

#include "server/store/database.hpp"
#include "tests/support/background_process.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/live_peers.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace keytone::test {

/// A store of one test, and the program that receives its reports: tests/interop/webhook_receiver.py. For
/// tests that define KEYTONE_RECEIVER, its path.
class ReportedStore {
  public:
    /// `url` is the receiver's without its port. The store is in a folder of its own within `parent`.
    explicit ReportedStore(std::string url = "http://127.0.0.1:",
                           const std::filesystem::path& parent = std::filesystem::temp_directory_path())
        : folder_(parent), port_(free_port()), url_(std::move(url) + std::to_string(port_) + "/reports") {
        secret_ = command({"webhooks", "add", "crm", url_, "--allow-http-webhooks"});
    }

    /// The receiver makes these troubles; with a certificate and its key it speaks TLS.
    void receive(const std::string& troubles, const std::vector<std::string>& certificate = {}) {
        std::vector<std::string> words{"python3", KEYTONE_RECEIVER, std::to_string(port_), secret_, troubles};
        words.insert(words.end(), certificate.begin(), certificate.end());
        receiver_ = std::make_unique<BackgroundProcess>(words);
        ASSERT_TRUE(receiver_->says("\"listening\"", std::chrono::seconds(20))) << receiver_->errors();
    }

    /// For a service's configuration.
    [[nodiscard]] std::string config() const { return "[store]\npath = \"" + path() + "\"\n"; }
    [[nodiscard]] std::string path() const { return folder_.file("store.db"); }
    [[nodiscard]] const std::string& secret() const { return secret_; }
    /// A file beside the store.
    [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }

    /// What a command of keytone-server on this store prints, without its line end.
    std::string command(std::vector<std::string> words) {
        words.insert(words.end(), {"--config", folder_.write("store.toml", config())});
        const auto result = run_child(KEYTONE_SERVER, words);
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        return result.output.substr(0, result.output.find_last_not_of('\n') + 1);
    }
    /// The reports and their deliveries.
    std::vector<nlohmann::json> reports() { return lines(command({"reports", "list", "--json"}) + "\n"); }
    /// The sessions that have a report.
    [[nodiscard]] std::set<std::string> sessions() const {
        server::Database database(path());
        server::Query query(database, "SELECT session FROM reports");
        std::set<std::string> found;
        while (query.next()) {
            found.insert(query.text(0));
        }
        return found;
    }
    /// How many deliveries are in which state, for the message of a failure.
    [[nodiscard]] std::string told_states() const {
        server::Database database(path());
        server::Query query(database, "SELECT state, attempts, outcome, count(*) FROM deliveries"
                                      " GROUP BY state, attempts, outcome");
        std::string told;
        while (query.next()) {
            told += query.text(3) + " " + query.text(0) + " after " + query.text(1) +
                    " attempts: " + query.text(2) + "\n";
        }
        return told;
    }
    /// Waits until all of them are delivered, at least so many; false if they are not soon.
    bool are_delivered(std::size_t count, std::chrono::seconds patience = std::chrono::seconds(30)) {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        while (std::chrono::steady_clock::now() < deadline) {
            listen();
            server::Database database(path());
            server::Query query(database, "SELECT count(*), sum(state = 'delivered') FROM deliveries");
            if (query.next() && query.number(0) == query.number(1) &&
                static_cast<std::size_t>(query.number(0)) >= count) {
                return true;
            }
        }
        return false;
    }

    /// Reads what the receiver wrote: it waits for that, once there is much of it.
    void listen() {
        EXPECT_FALSE(receiver_->ends(std::chrono::milliseconds(20))) << "the receiver has ended";
    }
    /// Waits for a text of the receiver.
    bool hears(const std::string& text) { return receiver_->says(text, std::chrono::seconds(30)); }
    /// The requests that came.
    std::vector<nlohmann::json> requests() {
        listen();
        return lines(receiver_->output());
    }
    /// By session, how often it was taken. Each request's signature is checked.
    std::map<std::string, int> taken() {
        std::map<std::string, int> count;
        std::map<std::string, std::string> bodies;
        for (const nlohmann::json& request : requests()) {
            EXPECT_FALSE(request.contains("followed")) << "a redirect was followed: " << request;
            if (!request.contains("session")) {
                continue;
            }
            EXPECT_EQ(request["signed"], true) << request;
            const std::string session = request["session"];
            count[session] += request["taken"].get<bool>() ? 1 : 0;
            const std::string body = request["body"];
            EXPECT_EQ(bodies.try_emplace(session, body).first->second, body);
        }
        return count;
    }
    /// The `data` of the reports that were taken.
    std::vector<nlohmann::json> data() {
        std::vector<nlohmann::json> found;
        for (const nlohmann::json& request : requests()) {
            if (request.value("taken", false)) {
                found.push_back(nlohmann::json::parse(request["body"].get<std::string>())["data"]);
            }
        }
        return found;
    }

  private:
    // Those that are whole.
    static std::vector<nlohmann::json> lines(const std::string& text) {
        std::vector<nlohmann::json> found;
        std::istringstream stream(text.substr(0, text.rfind('\n') + 1));
        for (std::string line; std::getline(stream, line);) {
            if (!line.empty()) {
                found.push_back(nlohmann::json::parse(line));
            }
        }
        return found;
    }

    TemporaryFolder folder_;
    int port_;
    std::string url_;
    std::string secret_;
    std::unique_ptr<BackgroundProcess> receiver_;
};

} // namespace keytone::test
