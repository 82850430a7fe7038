// SPDX-License-Identifier: MIT
#include "server/api/api_log.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

namespace keytone::server {

namespace {

using Clock = std::chrono::steady_clock;

struct Count {
    std::mutex mutex;
    Clock::time_point since{};
    int warnings = 0;
};

} // namespace

ApiLog bounded_log(ApiLog log, int warnings_a_second) {
    if (!log) {
        return log;
    }
    return
        [log = std::move(log), count = std::make_shared<Count>(), warnings_a_second](const ApiLogLine& line) {
            if (!line.is_warning) {
                return log(line);
            }
            int left_out = 0;
            {
                const std::lock_guard lock(count->mutex);
                const auto now = Clock::now();
                if (now - count->since >= std::chrono::seconds(1)) {
                    left_out = count->warnings - warnings_a_second;
                    count->since = now;
                    count->warnings = 0;
                }
                if (++count->warnings > warnings_a_second) {
                    return;
                }
            }
            if (left_out > 0) {
                log({true, "http.left_out", std::to_string(left_out) + " further warnings were left out"});
            }
            log(line);
        };
}

} // namespace keytone::server
