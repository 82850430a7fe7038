// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace keytone::bench {

/// What baresip tells on its control socket (its module ctrl_tcp): JSON in netstrings.
class BaresipEvents {
  public:
    /// Connects to this port of 127.0.0.1. Throws std::runtime_error.
    explicit BaresipEvents(std::uint16_t port);
    ~BaresipEvents();
    BaresipEvents(const BaresipEvents&) = delete;
    BaresipEvents& operator=(const BaresipEvents&) = delete;

    /// Gives each key that has come since the last time, with the URI of who pressed it. Does not wait.
    /// Throws std::runtime_error where what comes are no events.
    void take_keys(const std::function<void(const std::string& who, const std::string& key)>& sink);

  private:
    int socket_;
    std::string unread_;
};

} // namespace keytone::bench
