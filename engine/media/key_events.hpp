// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/events/telephone_event_sender.hpp"
#include "dsp/keys.hpp"
#include "dsp/units.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace keytone {

/// The keys of a leg as telephone events. The leg says when which tone begins and ends; packets come out when
/// they are due. The RTP clock is the leg's, and its sample 0 has timestamp 0.
class KeyEvents {
  public:
    /// Keys that may begin between two calls of next(): the shortest keys in 0.3 s.
    static constexpr std::size_t max_waiting = 4;

    explicit KeyEvents(SampleRate rate) : sender_(*TelephoneEventSender::create(rate)) {}

    /// A key sounds from `begin` to `end`. `[audio]`
    void press(Key key, SampleIndex begin, SampleIndex end) noexcept {
        feed();
        if (count_ < max_waiting) {
            waiting_[count_++] = {key, begin, end - begin};
        }
    }
    /// The key pressed last ends at `end`, earlier than given before. `[audio]`
    void cut(SampleIndex end) noexcept {
        if (count_ == 0) {
            sender_.release(end);
        } else if (end > waiting_[count_ - 1].onset) {
            waiting_[count_ - 1].duration = end - waiting_[count_ - 1].onset;
        }
    }
    /// The next packet that is due before `now`; call it until there is none. `[audio]`
    [[nodiscard]] std::optional<TelephoneEventPacket> next(SampleIndex now) noexcept {
        feed();
        return sender_.next(now);
    }

    /// Whether no packet will come, unless something is pressed. `[audio]`
    [[nodiscard]] bool all_sent() const noexcept { return count_ == 0 && !sender_.due(); }

  private:
    static constexpr TelephoneKey nothing{Key::at(0, 0), 0, 1};

    void feed() noexcept {
        while (count_ > 0 && sender_.send(waiting_.front())) {
            std::copy(waiting_.begin() + 1, waiting_.end(), waiting_.begin());
            --count_;
        }
    }

    TelephoneEventSender sender_;
    std::array<TelephoneKey, max_waiting> waiting_{nothing, nothing, nothing, nothing};
    std::size_t count_ = 0;
};

} // namespace keytone
