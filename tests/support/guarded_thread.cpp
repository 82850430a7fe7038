// SPDX-License-Identifier: MIT
#include "tests/support/guarded_thread.hpp"

#if KEYTONE_GUARDS_THREADS

#include <dlfcn.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>

namespace {

thread_local bool watching = false;
thread_local long allocations = 0;
thread_local long locks = 0;
thread_local volatile long system_calls = 0;
thread_local volatile int last_system_call = -1;

void count(long& counter) {
    counter += watching ? 1 : 0;
}

/// The C library's own function behind the one of the same name here.
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

/// A system call was stopped: it is counted, and fails.
void on_stopped_call(int /*signal*/, siginfo_t* information, void* /*context*/) {
    system_calls = system_calls + 1;
    last_system_call = information->si_syscall;
    errno = ENOSYS;
}

/// From now on the kernel stops every system call of this thread but what ends it and what returns from a
/// signal.
bool stop_system_calls() {
    struct sigaction action {};
    action.sa_sigaction = on_stopped_call;
    action.sa_flags = SA_SIGINFO;
    if (sigaction(SIGSYS, &action, nullptr) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return false;
    }
    // What glibc does when a thread returns, and the way back from the handler.
    constexpr std::array<std::uint32_t, 6> allowed{SYS_exit,    SYS_rt_sigreturn, SYS_rt_sigprocmask,
                                                   SYS_madvise, SYS_munmap,       SYS_exit_group};
    std::array<sock_filter, 2 + allowed.size() + 1> filter{};
    filter[0] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
    for (std::size_t i = 0; i < allowed.size(); ++i) {
        const auto to_allow = static_cast<std::uint8_t>(allowed.size() - i);
        filter[1 + i] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[i], to_allow, 0);
    }
    filter[1 + allowed.size()] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    filter[2 + allowed.size()] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

} // namespace

namespace keytone::test {

void GuardedThread::serve() {
    // The allocator keeps a store for each thread, and asks the system for it when the thread first comes to
    // it, if only to free what it was started with.
    void* volatile block = std::malloc(1);
    std::free(block);
    guarded_ = stop_system_calls();
    ready_.store(true, std::memory_order_release);
    while (!over_.load(std::memory_order_acquire)) {
        const FunctionRef<void()>* const callback = callback_.load(std::memory_order_acquire);
        if (callback == nullptr) {
            continue; // Spins: anything else would call the system.
        }
        watching = true;
        (*callback)();
        watching = false;
        violations_ = {allocations, locks, system_calls, last_system_call};
        callback_.store(nullptr, std::memory_order_release);
    }
}

} // namespace keytone::test

#else

namespace keytone::test {

void GuardedThread::serve() {
    ready_.store(true, std::memory_order_release);
    while (!over_.load(std::memory_order_acquire)) {
        const FunctionRef<void()>* const callback = callback_.load(std::memory_order_acquire);
        if (callback == nullptr) {
            std::this_thread::yield();
            continue;
        }
        (*callback)();
        callback_.store(nullptr, std::memory_order_release);
    }
}

} // namespace keytone::test

#endif

namespace keytone::test {

GuardedThread::GuardedThread() : thread_([this] { serve(); }) {
    while (!ready_.load(std::memory_order_acquire)) {
        std::this_thread::yield();
    }
}

GuardedThread::~GuardedThread() {
    over_.store(true, std::memory_order_release);
    thread_.join();
}

void GuardedThread::run(FunctionRef<void()> callback) {
    callback_.store(&callback, std::memory_order_release);
    while (callback_.load(std::memory_order_acquire) != nullptr) {
        std::this_thread::yield();
    }
}

} // namespace keytone::test
