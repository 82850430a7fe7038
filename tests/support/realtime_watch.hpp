// SPDX-License-Identifier: MIT
//
// What a callback must not do where samples flow is counted while it runs. Allocation and locks are seen at
// the C library's own functions; system calls by the kernel, which stops every one of them (system call user
// dispatch, Linux 5.11). Sanitizers bring an allocator, locks and system calls of their own: there the
// callback runs and nothing is watched. A test that uses this lists realtime_watch.cpp among its SOURCES.
#pragma once

#include "dsp/function_ref.hpp"
#include "tests/support/sanitizers.hpp"

#if KEYTONE_SANITIZER_INTERCEPTS
#define KEYTONE_WATCHES_REAL_TIME 0
#else
#define KEYTONE_WATCHES_REAL_TIME 1
#endif

namespace keytone::test {

/// What was seen.
struct Violations {
    long allocations = 0;  ///< Of memory, and its release.
    long locks = 0;        ///< Of mutexes, read-write locks, condition variables and semaphores.
    long system_calls = 0; ///< The first of each callback.

    friend bool operator==(const Violations&, const Violations&) = default;
};

/// Watches callbacks on the thread that made it. One at a time.
class RealTimeWatch {
  public:
    RealTimeWatch();
    ~RealTimeWatch();
    RealTimeWatch(const RealTimeWatch&) = delete;
    RealTimeWatch& operator=(const RealTimeWatch&) = delete;

    /// Runs `callback`.
    void run(FunctionRef<void()> callback);
    /// What was seen in all callbacks so far.
    [[nodiscard]] Violations violations() const;
    /// Whether the kernel watches system calls.
    [[nodiscard]] bool sees_system_calls() const { return sees_system_calls_; }

  private:
    bool sees_system_calls_;
};

} // namespace keytone::test
