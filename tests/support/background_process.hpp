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

/// A program that runs beside the test. Every wait has an end; what still runs when this goes is ended.
class BackgroundProcess {
  public:
    using Milliseconds = std::chrono::milliseconds;

    /// Starts the program `command[0]`, found along PATH, with `environment` ("NAME=value") added to the
    /// test's own.
    explicit BackgroundProcess(const std::vector<std::string>& command,
                               const std::vector<std::string>& environment = {});
    ~BackgroundProcess();
    BackgroundProcess(const BackgroundProcess&) = delete;
    BackgroundProcess& operator=(const BackgroundProcess&) = delete;

    /// Waits until it has said `text` on standard output or standard error; false when it ends, or the time
    /// does, before.
    bool says(std::string_view text, Milliseconds patience);
    /// Waits for its end. The exit code, or minus the signal's number; nothing when it still runs.
    std::optional<int> ends(Milliseconds patience);
    void signal(int number) const;

    [[nodiscard]] const std::string& output() const { return said_[0]; }
    [[nodiscard]] const std::string& errors() const { return said_[1]; }

  private:
    /// Reads what it says until `deadline`, or less. False at the end of both streams.
    bool listen(std::chrono::steady_clock::time_point deadline);

    pid_t process_ = -1; ///< -1 when it has ended.
    int handle_ = -1;    ///< Of the process, to wait on.
    std::array<int, 2> streams_{-1, -1};
    std::array<std::string, 2> said_;
    std::optional<int> exit_code_;
};

} // namespace keytone::test
