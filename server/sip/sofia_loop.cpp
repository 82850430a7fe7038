// SPDX-License-Identifier: MIT
#include "server/sip/sofia_loop.hpp"

#include <sofia-sip/su.h>
#include <sofia-sip/su_log.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <future>
#include <utility>

// The library's logs, which no header of it declares.
extern "C" {
extern su_log_t nua_log[];
extern su_log_t nta_log[];
extern su_log_t tport_log[];
extern su_log_t nea_log[];
extern su_log_t iptsec_log[];
}

namespace keytone::server {

SofiaLoop::SofiaLoop(const MakeAgent& make_agent) : wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    std::promise<void> ready;
    thread_ = std::thread([this, &make_agent, &ready] { run(make_agent, [&ready] { ready.set_value(); }); });
    ready.get_future().wait();
}

SofiaLoop::~SofiaLoop() {
    if (runs()) {
        post([this] { nua_shutdown(agent_); });
    }
    thread_.join();
    close(wake_);
}

void SofiaLoop::post(Task task) {
    {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
    }
    constexpr std::uint64_t one = 1;
    // A counter that is full wakes the thread as well.
    [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
}

void SofiaLoop::run_tasks() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read_bytes = read(wake_, &count, sizeof count);
    std::vector<Task> tasks;
    {
        const std::lock_guard lock(mutex_);
        tasks.swap(tasks_);
    }
    for (const Task& task : tasks) {
        task();
    }
}

void SofiaLoop::run(const MakeAgent& make_agent, std::function<void()> ready) {
    su_init();
    for (su_log_t* const log : {su_log_default, nua_log, nta_log, tport_log, nea_log, iptsec_log}) {
        su_log_set_level(log, 0); // What matters is said by facts.
    }
    root_ = su_root_create(nullptr);
    su_root_threading(root_, 0);
    agent_ = make_agent(root_);
    const bool made = agent_ != nullptr;
    std::exchange(ready, {})();
    if (made) {
        su_wait_t wait[1];
        su_wait_create(wait, wake_, SU_WAIT_IN);
        const auto on_wake = [](su_root_magic_t*, su_wait_t*, su_wakeup_arg_t* self) {
            reinterpret_cast<SofiaLoop*>(self)->run_tasks();
            return 0;
        };
        su_root_register(root_, wait, on_wake, reinterpret_cast<su_wakeup_arg_t*>(this), su_pri_normal);
        su_root_run(root_);
        su_root_unregister(root_, wait, on_wake, reinterpret_cast<su_wakeup_arg_t*>(this));
        nua_destroy(agent_);
    }
    su_root_destroy(root_);
    su_deinit();
}

} // namespace keytone::server
