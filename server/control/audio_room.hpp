// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace keytone::server {

/// What the records of all calls may hold in memory at once, in bytes of audio.
class AudioRoom {
  public:
    explicit AudioRoom(std::size_t bytes) : free_(bytes) {}

    /// False where there is no more. `[any]`
    [[nodiscard]] bool take(std::size_t bytes) {
        std::size_t free = free_.load();
        while (free >= bytes) {
            if (free_.compare_exchange_weak(free, free - bytes)) {
                return true;
            }
        }
        return false;
    }
    /// `[any]`
    void give_back(std::size_t bytes) { free_.fetch_add(bytes); }

  private:
    std::atomic<std::size_t> free_;
};

/// One record's part of it, given back with the record. Without a room there is no bound.
class AudioShare {
  public:
    /// `room` outlives it; null: none. `[any]`
    explicit AudioShare(AudioRoom* room = nullptr) : room_(room) {}
    AudioShare(AudioShare&& other) noexcept
        : room_(std::exchange(other.room_, nullptr)), taken_(std::exchange(other.taken_, 0)) {}
    AudioShare& operator=(AudioShare&& other) noexcept {
        std::swap(room_, other.room_);
        std::swap(taken_, other.taken_);
        return *this;
    }
    ~AudioShare() {
        if (room_ != nullptr) {
            room_->give_back(taken_);
        }
    }

    /// False where there is no room for as many bytes more. `[control]`
    [[nodiscard]] bool grow(std::size_t bytes) {
        if (room_ != nullptr && !room_->take(bytes)) {
            return false;
        }
        taken_ += bytes;
        return true;
    }

  private:
    AudioRoom* room_;
    std::size_t taken_ = 0;
};

} // namespace keytone::server
