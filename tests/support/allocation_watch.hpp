// SPDX-License-Identifier: MIT
//
// Watches the C library's own allocation functions, so that neither a container nor Eigen can hide an
// allocation. Sanitizers have their own allocator: then nothing is watched. A test that uses this lists
// allocation_watch.cpp among its SOURCES.
#pragma once

#include "tests/support/sanitizers.hpp"

#if KEYTONE_SANITIZER_INTERCEPTS
#define KEYTONE_WATCHES_MALLOC 0
#else
#define KEYTONE_WATCHES_MALLOC 1
#endif

namespace keytone::test {

/// Counts the calling thread's allocations while it lives. One at a time.
class AllocationWatch {
  public:
    AllocationWatch();
    ~AllocationWatch();
    AllocationWatch(const AllocationWatch&) = delete;
    AllocationWatch& operator=(const AllocationWatch&) = delete;

    [[nodiscard]] int count() const;
};

} // namespace keytone::test
