// SPDX-License-Identifier: MIT
#include "server/media/stream_seed.hpp"

#include <sys/random.h>

#include <chrono>
#include <random>

namespace keytone::server {

namespace {

std::uint32_t random_number() {
    std::uint32_t number = 0;
    if (getrandom(&number, sizeof number, 0) != static_cast<ssize_t>(sizeof number)) {
        number = std::random_device{}(); // from the processor, where the kernel has no random numbers yet
    }
    return number;
}

} // namespace

StreamSeed StreamSeed::random() {
    using std::chrono::nanoseconds;
    constexpr std::chrono::seconds from_1900_to_1970{2'208'988'800};
    const nanoseconds wall = std::chrono::system_clock::now().time_since_epoch() + from_1900_to_1970;
    const nanoseconds monotonic = std::chrono::steady_clock::now().time_since_epoch();
    return {random_number(), static_cast<RtpSequence>(random_number()), random_number(), random_number() | 1U,
            (wall - monotonic).count()};
}

} // namespace keytone::server
