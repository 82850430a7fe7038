// SPDX-License-Identifier: MIT
//
// Loaded before a program's own libraries (LD_PRELOAD), this sets the program's wall clock again and again:
// every quarter of a second an hour ahead, and every two seconds back by all of it. The monotonic clock and
// the kernel's stamps stay as they are.
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <ctime>

namespace {

timespec read_clock(clockid_t clock) {
    timespec now{};
    syscall(SYS_clock_gettime, clock, &now);
    return now;
}

timespec stepping_now() {
    constexpr long steps_a_second = 4;
    constexpr long steps = 8;
    constexpr long step_s = 3600;
    const timespec monotonic = read_clock(CLOCK_MONOTONIC);
    const long quarter =
        monotonic.tv_sec * steps_a_second + monotonic.tv_nsec / (1'000'000'000 / steps_a_second);
    timespec now = read_clock(CLOCK_REALTIME);
    now.tv_sec += step_s * (quarter % steps);
    return now;
}

} // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
    *now = clock == CLOCK_REALTIME ? stepping_now() : read_clock(clock);
    return 0;
}

int gettimeofday(timeval* now, void* /*zone*/) noexcept {
    const timespec wall = stepping_now();
    *now = {wall.tv_sec, wall.tv_nsec / 1000};
    return 0;
}

time_t time(time_t* seconds) noexcept {
    const time_t now = stepping_now().tv_sec;
    if (seconds != nullptr) {
        *seconds = now;
    }
    return now;
}

} // extern "C"
