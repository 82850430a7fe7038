// SPDX-License-Identifier: MIT
//
// Live calls on loopback: keytone-server beside the test, and sipp as the other side. Ports are free ones of
// 127.0.0.1. For tests that define KEYTONE_SERVER, the program, and KEYTONE_SIPP, the folder of sipp's
// scenarios.
#pragma once

#include "tests/support/background_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace keytone::test {

/// A port of 127.0.0.1 that is free for UDP and TCP, and so is the one after it.
int free_port();
/// Waits until the UDP port is taken; false when it is not within 10 s.
bool is_taken_soon(int port);
std::string on_loopback(int port); ///< `127.0.0.1:5060`

/// A file's text, with each `@NAME@` replaced by its word.
std::string text_with(const std::string& path, const std::map<std::string, std::string>& words);

/// Whether a program in PATH can be started.
bool can_start(const std::vector<std::string>& command);

/// The values of `key` of the events of kind `ev`, in order.
std::vector<std::string> values_of(const std::vector<nlohmann::json>& events, const std::string& ev,
                                   const std::string& key);

/// An agent that presses keys half a second after the answer, and ends the call so many seconds after it.
std::string agent_that_presses(const std::string& keys, double seconds);

/// keytone-server with one call.
class LiveServer {
  public:
    /// The command that waits for a call at `port`.
    static std::vector<std::string> answering(int port) { return {"answer", "--listen", on_loopback(port)}; }
    static std::vector<std::string> calling(int port) {
        return {"call", "--to", "sip:phone@" + on_loopback(port)};
    }

    /// `config` is the text of a configuration; none where it is empty. `environment` is added to the test's.
    LiveServer(std::vector<std::string> command, const std::string& scenario, const std::string& config = {},
               const std::vector<std::string>& environment = {});

    [[nodiscard]] BackgroundProcess& process() { return *process_; }
    /// Waits for its end, for a bounded time. Returns -1 when it still runs.
    int exit_code();
    /// What it wrote; after its end.
    [[nodiscard]] std::vector<nlohmann::json> events() const;
    /// One of the files that it wrote.
    [[nodiscard]] std::string file(const std::string& name) const;

  private:
    TemporaryFolder folder_;
    std::optional<BackgroundProcess> process_;
};

/// sipp with one call.
class Sipp {
  public:
    struct Setup {
        std::map<std::string, std::string> words{}; ///< The text for `@NAME@` in the scenario.
        std::vector<std::string> options{};         ///< Further options of sipp.
        std::chrono::seconds longest{20};
    };

    /// Why it cannot be started, empty where it can.
    static std::string problem();

    /// A caller who calls 127.0.0.1:`target`.
    static Sipp calling(const std::string& scenario, int target, const Setup& setup);
    static Sipp calling(const std::string& scenario, int target) { return calling(scenario, target, {}); }
    /// A phone at 127.0.0.1:`port`; ready when this returns.
    static Sipp phone(const std::string& scenario, int port, const Setup& setup);

    /// Waits for its end. 0: everything was as its scenario says. Otherwise its log is added to the test's
    /// failure.
    int exit_code();

  private:
    Sipp(const std::string& scenario, const std::vector<std::string>& place, const Setup& setup);

    std::unique_ptr<TemporaryFolder> folder_ = std::make_unique<TemporaryFolder>();
    std::unique_ptr<BackgroundProcess> process_;
    std::chrono::seconds longest_;
};

} // namespace keytone::test
