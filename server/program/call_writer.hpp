// SPDX-License-Identifier: MIT
#pragma once

#include "server/control/served_call.hpp"
#include "server/program/service_log.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace keytone::server {

/// Writes what calls leave behind, each to a folder of its own, on a thread of its own: disks are slow. A
/// call that cannot be written is named in the log.
class CallWriter {
  public:
    /// How many calls may wait to be written; further ones are not written.
    static constexpr std::size_t most_waiting = 1000;

    /// `log` outlives it. `[control]`
    CallWriter(std::string folder, ServiceLog& log);
    /// Writes what waits. `[control]`
    ~CallWriter();
    CallWriter(const CallWriter&) = delete;
    CallWriter& operator=(const CallWriter&) = delete;

    /// The call's folder is named by its id; where there is one already, by the id and a number. `[control]`
    void put(CallResult result);

  private:
    void run();
    void write(const CallResult& result);

    const std::string folder_;
    ServiceLog& log_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<CallResult> waiting_;
    bool ends_ = false;
    std::thread thread_; // last: it uses all of the above
};

} // namespace keytone::server
