// SPDX-License-Identifier: MIT
//
// One thread puts in at the back, one other thread takes out at the front:
//
//     front                       back
//       v                          v
//     | 5 | 6 | 7 | 8 |   |   |   |
//       ^                          ^
//       read index: written only   write index: written only by the thread that pushes
//       by the thread that pops
//
// Each thread reads the other's index and never writes it: no lock, no retry, no wait. The popping thread
// never sees a value that is only partly written.
#pragma once

#include <boost/lockfree/spsc_queue.hpp>

#include <cstddef>
#include <type_traits>

namespace keytone {

/// A queue of plain values from one thread to another one. It allocates when it is constructed, and never
/// again. "The pushing thread" and "the popping thread" below are `[control]` and `[audio]` for ops and cues,
/// and the other way round for reports: engine/threads.md.
template <class T>
requires std::is_trivially_copyable_v<T>
class SpscRing {
  public:
    /// Holds up to `capacity` values. `[control]`
    explicit SpscRing(std::size_t capacity) : queue_(capacity) {}

    /// False when it is full: then nothing changes. The pushing thread only.
    bool try_push(const T& value) noexcept { return queue_.push(value); }
    /// How many pushes will succeed at least. The pushing thread only.
    [[nodiscard]] std::size_t free() const noexcept { return queue_.write_available(); }

    /// False when it is empty: then `value` stays as it was. The popping thread only.
    bool try_pop(T& value) noexcept { return queue_.pop(value); }
    /// How many pops will succeed at least. The popping thread only.
    [[nodiscard]] std::size_t size() const noexcept { return queue_.read_available(); }

  private:
    boost::lockfree::spsc_queue<T> queue_;
};

} // namespace keytone
