// SPDX-License-Identifier: MIT
//
// keytone-server as a service of its own, whose agents are at a port of 127.0.0.1: with store and API, and
// with recordings where that is asked for.
#pragma once

#include "bench/live/own_folder.hpp"
#include "bench/live/peer_program.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace keytone::bench {

class ServiceProgram {
  public:
    struct Setup {
        std::string program; ///< The file of keytone-server.
        std::size_t calls;
        unsigned media_threads;
        std::uint16_t agent_port;
        bool records;
    };

    /// keytone-server in the folder of this program.
    [[nodiscard]] static std::string beside_this_program();

    /// Starts it, and waits until it serves. Throws std::runtime_error.
    explicit ServiceProgram(const Setup& setup);
    /// Ends it by SIGTERM, and waits for that; removes what it wrote.
    ~ServiceProgram();
    ServiceProgram(const ServiceProgram&) = delete;
    ServiceProgram& operator=(const ServiceProgram&) = delete;

    [[nodiscard]] pid_t process() const { return program_->process(); }
    [[nodiscard]] bool runs() const { return program_->runs(); }
    [[nodiscard]] bool real_time() const { return real_time_; }
    /// Where it takes calls: `127.0.0.1:port`.
    [[nodiscard]] const std::string& sip_address() const { return sip_address_; }
    [[nodiscard]] std::uint16_t api_port() const { return api_port_; }
    [[nodiscard]] const std::string& token() const { return token_; }

    /// Its metrics by name and labels, as in Prometheus' text.
    [[nodiscard]] std::map<std::string, double> metrics() const;
    /// Seconds that its threads ran, by their names; the first one is `control`.
    [[nodiscard]] std::map<std::string, double> seconds_by_thread() const;
    /// What it has logged.
    [[nodiscard]] std::string log() const;

  private:
    void write_config(const Setup& setup) const;
    void wait_until_it_serves();
    [[nodiscard]] std::string make_token(const std::string& program) const;

    OwnFolder folder_;
    std::string sip_address_;
    std::uint16_t api_port_;
    bool real_time_ = false;
    std::string token_;
    std::optional<PeerProgram> program_;
};

} // namespace keytone::bench
