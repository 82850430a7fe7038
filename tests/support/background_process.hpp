// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::test {

/// A program that runs beside the test. Every wait is bounded; the destructor ends it if it still runs.
class BackgroundProcess {
  public:
    using Milliseconds = std::chrono::milliseconds;

    /// Starts the program `command[0]`, found in PATH, with `environment` ("NAME=value") added to the test's
    /// own.
    explicit BackgroundProcess(const std::vector<std::string>& command,
                               const std::vector<std::string>& environment = {});
    ~BackgroundProcess();
    BackgroundProcess(const BackgroundProcess&) = delete;
    BackgroundProcess& operator=(const BackgroundProcess&) = delete;

    /// Waits until it has written `text` to standard output or standard error; false when it ends, or the
    /// time is up, before that.
    bool says(std::string_view text, Milliseconds patience);
    /// Waits for its end. Returns the exit code, or minus the signal's number; nothing when it still runs.
    std::optional<int> ends(Milliseconds patience);
    void signal(int number) const;
    /// Its number; -1 when it has ended.
    [[nodiscard]] pid_t id() const { return process_; }

    [[nodiscard]] const std::string& output() const { return said_[0]; }
    [[nodiscard]] const std::string& errors() const { return said_[1]; }

  private:
    /// Reads its output until `deadline` at the latest. False at the end of both streams.
    bool listen(std::chrono::steady_clock::time_point deadline);

    pid_t process_ = -1; ///< -1 when it has ended.
    int handle_ = -1;    ///< A descriptor of the process, to wait on.
    std::array<int, 2> streams_{-1, -1};
    std::array<std::string, 2> said_;
    std::optional<int> exit_code_;
};

} // namespace keytone::test
