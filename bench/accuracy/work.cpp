// SPDX-License-Identifier: MIT
#include "bench/accuracy/work.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace keytone::accuracy {

void Work::enter(double from, double to) {
    from_ = from;
    to_ = to;
}

void Work::for_each(std::size_t count, const std::function<void(std::size_t)>& job) {
    std::atomic<std::size_t> next = 0;
    std::mutex mutex; // guards what follows
    std::exception_ptr failure;
    std::size_t done = 0;
    const auto do_jobs = [&] {
        for (std::size_t index = next++; index < count; index = next++) {
            std::exception_ptr thrown;
            try {
                job(index);
            } catch (...) {
                thrown = std::current_exception();
                next = count;
            }
            const std::lock_guard lock(mutex);
            failure = failure ? failure : thrown;
            ++done;
            // A row may run for_each() several times: the bar never goes back.
            shown_ = std::max(shown_,
                              from_ + (to_ - from_) * static_cast<double>(done) / static_cast<double>(count));
            console_.progress(shown_);
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < std::min(threads_, count); ++i) {
            helpers.emplace_back(do_jobs);
        }
        do_jobs();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

} // namespace keytone::accuracy
