// SPDX-License-Identifier: MIT
//
// The SIP library's own thread. Its objects are used on this thread only: other threads post tasks.
#pragma once

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

struct mqueue;

namespace keytone::server {

/// Runs the library's loop on a thread of its own, from its construction to its end.
class ReLoop {
  public:
    using Task = std::function<void()>;

    /// Runs `begin` on the thread, and returns after it. Where `begin` returns true the loop runs. `end` is
    /// run on the thread last, in any case. `[control]`
    ReLoop(const std::function<bool()>& begin, Task end);
    ReLoop(const ReLoop&) = delete;
    ReLoop& operator=(const ReLoop&) = delete;
    /// Waits until stop() was called on the thread. `[control]`
    ~ReLoop();

    /// Whether `begin` returned true. `[any]`
    [[nodiscard]] bool runs() const noexcept { return runs_; }
    /// Has `task` run on the thread. `[any]`
    void post(Task task);
    /// Ends the loop: on the thread.
    static void stop();

  private:
    void run(const std::function<bool()>& begin, const Task& ready, const Task& end);
    void run_tasks();

    bool runs_ = false;
    ::mqueue* wake_ = nullptr;
    std::mutex mutex_;
    std::vector<Task> tasks_;
    std::thread thread_;
};

} // namespace keytone::server
