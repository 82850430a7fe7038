// SPDX-License-Identifier: MIT
//
// Counts what a callback on the audio path must not do. Allocation and locks are seen at the C library's own
// functions, and system calls by the kernel, which intercepts each of them (syscall user dispatch, Linux
// 5.11). Sanitizers have their own allocator, locks and system calls: then the callback runs unwatched. A
// test that uses this lists realtime_watch.cpp among its SOURCES.
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
    long allocations = 0;  ///< Allocations of memory, and releases.
    long locks = 0;        ///< Uses of mutexes, read-write locks, condition variables, semaphores.
    long system_calls = 0; ///< The first system call of each callback.

    friend bool operator==(const Violations&, const Violations&) = default;
};

/// Watches callbacks on the thread that constructed it. One at a time.
class RealTimeWatch {
  public:
    RealTimeWatch();
    ~RealTimeWatch();
    RealTimeWatch(const RealTimeWatch&) = delete;
    RealTimeWatch& operator=(const RealTimeWatch&) = delete;

    /// Runs `callback` under watch.
    void run(FunctionRef<void()> callback);
    /// What was seen in all callbacks so far.
    [[nodiscard]] Violations violations() const;
    /// Whether the kernel watches system calls.
    [[nodiscard]] bool sees_system_calls() const { return sees_system_calls_; }

  private:
    bool sees_system_calls_;
};

} // namespace keytone::test
