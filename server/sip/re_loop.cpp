// SPDX-License-Identifier: MIT
#include "server/sip/re_loop.hpp"

#include "server/sip/re_library.hpp"

// Its header wants them.
#define DEBUG_MODULE "keytone"
#define DEBUG_LEVEL 0
extern "C" {
#include <pthread.h>
#include <re_dbg.h>
}

#include <chrono>
#include <cstdint>
#include <future>
#include <utility>

/// The clock of the library's timers, in milliseconds. This definition takes the place of the library's own,
/// which reads the wall clock: where that was set ahead, all transactions and sessions would time out.
extern "C" __attribute__((visibility("default"))) std::uint64_t tmr_jiffies() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

namespace keytone::server {

namespace {

// Once for the process. The system frees what it allocates when the process ends.
void begin_library() {
    static const int begun = libre_init();
    static_cast<void>(begun);
    dbg_init(DBG_EMERG, DBG_NONE); // The library prints nothing: what matters becomes facts.
}

} // namespace

ReLoop::ReLoop(const std::function<bool()>& begin, Task end) {
    begin_library();
    std::promise<void> ready;
    thread_ = std::thread([this, &begin, &ready, end = std::move(end)] {
        run(
            begin, [&ready] { ready.set_value(); }, end);
    });
    pthread_setname_np(thread_.native_handle(), "sip");
    ready.get_future().wait();
}

ReLoop::~ReLoop() {
    thread_.join();
}

void ReLoop::post(Task task) {
    bool is_first = false;
    {
        const std::lock_guard lock(mutex_);
        is_first = tasks_.empty();
        tasks_.push_back(std::move(task));
    }
    if (is_first) {
        mqueue_push(wake_, 0, nullptr);
    }
}

void ReLoop::stop() {
    re_cancel();
}

void ReLoop::run_tasks() {
    std::vector<Task> tasks;
    {
        const std::lock_guard lock(mutex_);
        tasks.swap(tasks_);
    }
    for (const Task& task : tasks) {
        task();
    }
}

void ReLoop::run(const std::function<bool()>& begin, const Task& ready, const Task& end) {
    re_thread_init();
    const auto on_wake = [](int, void*, void* self) { static_cast<ReLoop*>(self)->run_tasks(); };
    runs_ = mqueue_alloc(&wake_, on_wake, this) == 0 && begin();
    const bool runs = runs_;
    ready(); // From here on `begin` and `ready` are gone.
    if (runs) {
        re_main(nullptr);
    }
    end();
    mem_deref(wake_);
    re_thread_close();
}

} // namespace keytone::server
