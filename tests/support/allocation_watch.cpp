// SPDX-License-Identifier: MIT
#include "tests/support/allocation_watch.hpp"

#include <cstdlib>

namespace {

thread_local bool watching = false;
thread_local int allocations = 0;

} // namespace

#if KEYTONE_WATCHES_MALLOC
extern "C" {
void* __libc_malloc(std::size_t);                // NOLINT: glibc's name
void* __libc_calloc(std::size_t, std::size_t);   // NOLINT
void* __libc_realloc(void*, std::size_t);        // NOLINT
void* __libc_memalign(std::size_t, std::size_t); // NOLINT

void* malloc(std::size_t size) {
    allocations += watching ? 1 : 0;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    allocations += watching ? 1 : 0;
    return __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) {
    allocations += watching ? 1 : 0;
    return __libc_realloc(block, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    allocations += watching ? 1 : 0;
    return __libc_memalign(alignment, size);
}
}
#endif

namespace keytone::test {

AllocationWatch::AllocationWatch() {
    allocations = 0;
    watching = true;
}
AllocationWatch::~AllocationWatch() {
    watching = false;
}
int AllocationWatch::count() const {
    return allocations;
}

} // namespace keytone::test
