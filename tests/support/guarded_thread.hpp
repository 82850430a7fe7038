// SPDX-License-Identifier: MIT
//
// An audio thread that is watched: what a callback must not do there is counted while it runs. Allocation and
// locks are seen at the C library's own functions; system calls by the kernel, which stops every one of them
// (seccomp). Sanitizers bring an allocator, locks and system calls of their own: there the callback runs and
// nothing is watched. A test that uses this lists guarded_thread.cpp among its SOURCES.
#pragma once

#include "dsp/function_ref.hpp"

#include <atomic>
#include <thread>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KEYTONE_GUARDS_THREADS 0
#else
#define KEYTONE_GUARDS_THREADS 1
#endif

namespace keytone::test {

/// What was seen.
struct Violations {
    long allocations = 0; ///< Of memory, and its release.
    long locks = 0;       ///< Of mutexes, read-write locks, condition variables and semaphores.
    long system_calls = 0;
    int last_system_call = -1;

    friend bool operator==(const Violations&, const Violations&) = default;
};

class GuardedThread {
  public:
    GuardedThread();
    ~GuardedThread();
    GuardedThread(const GuardedThread&) = delete;
    GuardedThread& operator=(const GuardedThread&) = delete;

    /// Runs `callback` on the thread, and waits for it without making the thread call the system.
    void run(FunctionRef<void()> callback);
    /// What was seen in all callbacks so far.
    [[nodiscard]] const Violations& violations() const { return violations_; }
    /// Whether the kernel watches.
    [[nodiscard]] bool is_guarded() const { return guarded_; }

  private:
    void serve();

    std::atomic<const FunctionRef<void()>*> callback_{nullptr};
    std::atomic<bool> over_{false};
    std::atomic<bool> ready_{false};
    bool guarded_ = false;
    Violations violations_;
    std::thread thread_;
};

} // namespace keytone::test
