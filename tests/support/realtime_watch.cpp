// SPDX-License-Identifier: MIT
#include "tests/support/realtime_watch.hpp"

#if KEYTONE_WATCHES_REAL_TIME

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/prctl.h>

#include <csignal>
#include <cstddef>
#include <cstdlib>

namespace {

thread_local bool watching = false;
thread_local long allocations = 0;
thread_local long locks = 0;
thread_local volatile long system_calls = 0;

void count(long& counter) {
    counter += watching ? 1 : 0;
}

/// The C library's own function, which the one of the same name here replaces.
template <class Function>
Function* real(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {
void* __libc_malloc(std::size_t);                // NOLINT: glibc's name
void* __libc_calloc(std::size_t, std::size_t);   // NOLINT
void* __libc_realloc(void*, std::size_t);        // NOLINT
void* __libc_memalign(std::size_t, std::size_t); // NOLINT
void __libc_free(void*);                         // NOLINT

void* malloc(std::size_t size) {
    count(allocations);
    return __libc_malloc(size);
}
void* calloc(std::size_t number, std::size_t size) {
    count(allocations);
    return __libc_calloc(number, size);
}
void* realloc(void* block, std::size_t size) {
    count(allocations);
    return __libc_realloc(block, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    count(allocations);
    return __libc_memalign(alignment, size);
}
void free(void* block) {
    count(allocations);
    __libc_free(block);
}

// NOLINTBEGIN(readability-identifier-naming)
int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    static auto* const next = real<int(pthread_mutex_t*)>("pthread_mutex_lock");
    count(locks);
    return next(mutex);
}
int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
    static auto* const next = real<int(pthread_mutex_t*)>("pthread_mutex_trylock");
    count(locks);
    return next(mutex);
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
    static auto* const next = real<int(pthread_rwlock_t*)>("pthread_rwlock_rdlock");
    count(locks);
    return next(lock);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
    static auto* const next = real<int(pthread_rwlock_t*)>("pthread_rwlock_wrlock");
    count(locks);
    return next(lock);
}
int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
    static auto* const next = real<int(pthread_cond_t*, pthread_mutex_t*)>("pthread_cond_wait");
    count(locks);
    return next(condition, mutex);
}
int pthread_cond_signal(pthread_cond_t* condition) noexcept {
    static auto* const next = real<int(pthread_cond_t*)>("pthread_cond_signal");
    count(locks);
    return next(condition);
}
int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
    static auto* const next = real<int(pthread_cond_t*)>("pthread_cond_broadcast");
    count(locks);
    return next(condition);
}
int sem_wait(sem_t* semaphore) {
    static auto* const next = real<int(sem_t*)>("sem_wait");
    count(locks);
    return next(semaphore);
}
int sem_post(sem_t* semaphore) noexcept {
    static auto* const next = real<int(sem_t*)>("sem_post");
    count(locks);
    return next(semaphore);
}
// NOLINTEND(readability-identifier-naming)
}

namespace {

/// Read by the kernel at each system call of the watched thread.
volatile char selector = SYSCALL_DISPATCH_FILTER_ALLOW;

/// A system call was intercepted: it is counted. After that, the rest of the callback may make system calls,
/// as the return from this handler does.
void on_stopped_call(int /*signal*/, siginfo_t* /*information*/, void* /*context*/) {
    selector = SYSCALL_DISPATCH_FILTER_ALLOW;
    system_calls = system_calls + 1;
}

bool dispatch_system_calls(unsigned long mode) {
    struct sigaction action {};
    action.sa_sigaction = on_stopped_call;
    action.sa_flags = SA_SIGINFO;
    return sigaction(SIGSYS, &action, nullptr) == 0 &&
           prctl(PR_SET_SYSCALL_USER_DISPATCH, mode, 0, 0,
                 mode == PR_SYS_DISPATCH_ON ? &selector : nullptr) == 0;
}

} // namespace

namespace keytone::test {

RealTimeWatch::RealTimeWatch() : sees_system_calls_(dispatch_system_calls(PR_SYS_DISPATCH_ON)) {
    allocations = 0;
    locks = 0;
    system_calls = 0;
}

RealTimeWatch::~RealTimeWatch() {
    dispatch_system_calls(PR_SYS_DISPATCH_OFF);
}

void RealTimeWatch::run(FunctionRef<void()> callback) {
    watching = true;
    selector = SYSCALL_DISPATCH_FILTER_BLOCK;
    callback();
    selector = SYSCALL_DISPATCH_FILTER_ALLOW;
    watching = false;
}

Violations RealTimeWatch::violations() const {
    return {allocations, locks, system_calls};
}

} // namespace keytone::test

#else

namespace keytone::test {

RealTimeWatch::RealTimeWatch() : sees_system_calls_(false) {}
RealTimeWatch::~RealTimeWatch() = default;

void RealTimeWatch::run(FunctionRef<void()> callback) {
    callback();
}

Violations RealTimeWatch::violations() const {
    return {};
}

} // namespace keytone::test

#endif
