// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/background_process.hpp"
#include "tests/support/live_peers.hpp"
#include "tests/support/temporary_folder.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace keytone::test {

/// baresip as a phone on loopback, with a configuration of its own and no sound card: it accepts every call,
/// and sends a hum. It reports events on its control socket.
class Baresip {
  public:
    using Json = nlohmann::json;

    /// `user` is its SIP user: `sip:user@127.0.0.1:port()`. `settings` are more lines of its configuration,
    /// `encryption` is its own word for it: srtp, srtp-mand; empty for none. Ready when this returns.
    explicit Baresip(const std::string& user, const std::string& settings = {},
                     const std::string& encryption = {});
    ~Baresip();
    Baresip(const Baresip&) = delete;
    Baresip& operator=(const Baresip&) = delete;

    /// Why it does not run; empty when it does.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] int port() const { return port_; }
    /// It uses ten ports for media, from this one on.
    [[nodiscard]] int first_media_port() const { return media_port_; }
    static constexpr int media_ports = 10;

    /// Sends a command of its menu: dial, sndcode, hangup.
    void command(const std::string& name, const std::string& parameters = {});
    /// Waits until an event of this type has come; false when the time is up.
    bool tells(const std::string& type, std::chrono::milliseconds patience);
    /// Waits until it has heard `count` keys, for at most `patience`; returns the keys.
    std::string keys(std::size_t count, std::chrono::milliseconds patience);

  private:
    bool listen(std::chrono::steady_clock::time_point until);
    bool waits(const std::function<bool()>& done, std::chrono::milliseconds patience);

    TemporaryFolder folder_;
    int port_;
    int control_port_;
    int media_port_;
    std::string problem_;
    std::optional<BackgroundProcess> process_;
    int control_ = -1;
    std::string unread_;
    std::vector<Json> events_;
};

/// The phone hears 159#, the program hears 7*0 from it; then the phone hangs up, and the program ends.
void press_and_hear(Baresip& phone, LiveServer& server);

} // namespace keytone::test
