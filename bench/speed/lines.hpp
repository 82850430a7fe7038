// SPDX-License-Identifier: MIT
//
// Many lines at once, as in a media server: a frame of each every 20 ms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace keytone::bench {

enum class Signal : std::uint8_t {
    speech,  ///< Recorded telephone prompts.
    dtmf,    ///< Keys all the time, 100 ms each and 100 ms apart; each line begins elsewhere.
    silence, ///< A quiet line: noise at -68 dBm0.
};

std::string_view name(Signal signal);

/// The frames of all lines for one tick are stored side by side, then those of the next tick; after the last
/// tick, the first follows again. At most 640 MB.
class Lines {
  public:
    static constexpr std::size_t frame_size = 160;
    static constexpr double frame_seconds = 0.02;

    Lines(Signal signal, std::size_t count);

    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] std::size_t ticks() const { return ticks_; }
    [[nodiscard]] std::span<const std::int16_t> frame(std::size_t tick, std::size_t line) const {
        return std::span(samples_).subspan((tick * count_ + line) * frame_size, frame_size);
    }
    /// The keys that sound on each line until the first tick comes again, in order, as a cycle.
    [[nodiscard]] std::string_view keys() const { return keys_; }

  private:
    void fill(std::span<const std::int16_t> source);

    std::size_t count_;
    std::size_t ticks_;
    std::string_view keys_;
    std::vector<std::int16_t> samples_;
};

/// Checks that what one line reported are its keys: each one is the one after the last, and none is left out.
class KeyCheck {
  public:
    void take(char key, std::string_view keys) {
        // The first key depends on where the line begins.
        const std::size_t expected = count_ == 0 ? keys.find(key) : (last_ + 1) % keys.size();
        if (expected >= keys.size() || keys[expected] != key) {
            is_wrong_ = true;
        }
        last_ = static_cast<std::uint32_t>(expected);
        ++count_;
    }
    /// Checks the number of keys after `rounds` rounds of the lines; a key may be cut at either end.
    [[nodiscard]] bool is_right(std::size_t rounds, std::string_view keys) const {
        const std::size_t sent = rounds * keys.size();
        return !is_wrong_ && count_ <= sent + 1 && count_ + 1 >= sent;
    }

  private:
    std::uint32_t count_ = 0;
    std::uint32_t last_ = 0;
    bool is_wrong_ = false;
};

} // namespace keytone::bench
