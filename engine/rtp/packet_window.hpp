// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace keytone {

/// The last packets of a stream by their extended sequence numbers: which came, and which part of the time
/// each covers. A plain value.
class PacketWindow {
  public:
    /// Packets: 5 s of 20 ms.
    static constexpr std::int64_t size = 256;

    /// The time that a packet covers.
    struct Entry {
        std::int64_t sequence = -1;
        SampleIndex begin = 0; ///< Its timestamp.
        SampleIndex end = 0;   ///< Behind its samples, or its event.
    };

    /// False for a packet that came before, or is too old to tell. `[audio]`
    [[nodiscard]] bool add(const Entry& entry) noexcept {
        if (entry.sequence <= newest_ - size || find(entry.sequence) != nullptr) {
            return false;
        }
        entries_[place(entry.sequence)] = entry;
        newest_ = newest_ < entry.sequence ? entry.sequence : newest_;
        return true;
    }
    /// Null when it did not come. `[audio]`
    [[nodiscard]] const Entry* find(std::int64_t sequence) const noexcept {
        const Entry& entry = entries_[place(sequence)];
        return sequence >= 0 && entry.sequence == sequence ? &entry : nullptr;
    }
    /// The highest number; below 0 before anything came. `[any]`
    [[nodiscard]] std::int64_t newest() const noexcept { return newest_; }
    /// Forgets all. `[audio]`
    void reset() noexcept {
        entries_ = {};
        newest_ = none;
    }

  private:
    static constexpr std::int64_t none = -size - 1;

    [[nodiscard]] static std::size_t place(std::int64_t sequence) noexcept {
        return static_cast<std::size_t>(sequence) % static_cast<std::size_t>(size);
    }

    std::array<Entry, size> entries_{};
    std::int64_t newest_ = none;
};

} // namespace keytone
