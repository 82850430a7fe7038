// SPDX-License-Identifier: MIT
//
// Sofia-SIP's own thread. Its objects belong to it: whoever wants something of them posts a task.
#pragma once

#include <sofia-sip/nua.h>
#include <sofia-sip/su_wait.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace keytone::server {

/// Runs a user agent on a thread of its own, from its construction to its end.
class SofiaLoop {
  public:
    using Task = std::function<void()>;
    /// Makes the user agent. It is called on the thread; null when it cannot be made.
    using MakeAgent = std::function<nua_t*(su_root_t*)>;

    /// `[control]`
    explicit SofiaLoop(const MakeAgent& make_agent);
    SofiaLoop(const SofiaLoop&) = delete;
    SofiaLoop& operator=(const SofiaLoop&) = delete;
    /// Ends every dialog, and waits until the library lets go of them: up to 32 s with a peer that is silent.
    ~SofiaLoop();

    /// Whether there is a user agent. `[any]`
    [[nodiscard]] bool runs() const noexcept { return agent_ != nullptr; }
    /// Has `task` run on the thread. `[any]`
    void post(Task task);
    /// nua_shutdown() is done: called on the thread, by the user agent's events.
    void note_shutdown() { su_root_break(root_); }
    /// For tasks and events, on the thread.
    [[nodiscard]] nua_t* agent() const noexcept { return agent_; }

  private:
    void run(const MakeAgent& make_agent, std::function<void()> ready);
    void run_tasks();

    int wake_ = -1; // an eventfd: tasks wait
    su_root_t* root_ = nullptr;
    nua_t* agent_ = nullptr;
    std::mutex mutex_;
    std::vector<Task> tasks_;
    std::thread thread_;
};

} // namespace keytone::server
