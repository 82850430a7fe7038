// SPDX-License-Identifier: MIT
#include "server/media/stream_seed.hpp"

#include "server/media/random_bytes.hpp"

#include <chrono>

namespace keytone::server {

StreamSeed StreamSeed::random() {
    using std::chrono::nanoseconds;
    constexpr std::chrono::seconds from_1900_to_1970{2'208'988'800};
    const nanoseconds wall = std::chrono::system_clock::now().time_since_epoch() + from_1900_to_1970;
    const nanoseconds monotonic = std::chrono::steady_clock::now().time_since_epoch();
    return {random_number<std::uint32_t>(), random_number<RtpSequence>(), random_number<std::uint32_t>(),
            random_number<std::uint32_t>() | 1U, (wall - monotonic).count()};
}

} // namespace keytone::server
