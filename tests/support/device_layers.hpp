// SPDX-License-Identifier: MIT
//
// Audio systems without a sound card, each a process of the test's own that nobody else uses: a JACK server
// whose device is a clock, and a PulseAudio daemon whose sink has no output but can be recorded.
#pragma once

#include "tests/support/background_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <optional>
#include <string>
#include <vector>

namespace keytone::test {

/// A JACK server at `rate_hz`.
class JackServer {
  public:
    explicit JackServer(int rate_hz);
    ~JackServer();

    /// Why it does not run; empty when it does.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// Makes a program use it, and no other audio system.
    [[nodiscard]] std::vector<std::string> environment() const;
    /// Connects two ports, such as PortAudio:out_0 and PortAudio-01:in_0.
    [[nodiscard]] bool connect(const std::string& from, const std::string& to) const;
    /// Ends the server.
    void stop();

  private:
    std::string name_;
    std::string problem_;
    std::optional<BackgroundProcess> server_;
};

/// A PulseAudio daemon. Its device is called `pulse`; what is played on it can be recorded from it.
class PulseDaemon {
  public:
    PulseDaemon();

    /// Why it does not run; empty when it does.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// Makes a program use it, and no other audio system.
    [[nodiscard]] std::vector<std::string> environment() const;
    /// Kills the daemon.
    void kill();

  private:
    TemporaryFolder folder_;
    std::string problem_;
    std::optional<BackgroundProcess> daemon_;
};

} // namespace keytone::test
