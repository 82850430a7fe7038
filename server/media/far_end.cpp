// SPDX-License-Identifier: MIT
#include "server/media/far_end.hpp"

namespace keytone::server {

void FarEnd::tell(const SocketAddress& told, bool symmetric) noexcept {
    if (told != told_ || symmetric != symmetric_) {
        *this = FarEnd(told, symmetric);
    }
}

bool FarEnd::admit(const SocketAddress& from, std::uint32_t ssrc, RtpSequence sequence) noexcept {
    if (!symmetric_) {
        return from.same_host(told_);
    }
    if (locked_ && (from == to_ || from != told_)) {
        return from == to_;
    }
    if (shows(from, ssrc, sequence)) {
        to_ = from;
        locked_ = true;
    }
    return locked_ ? from == to_ : from == told_;
}

// Whether this is the last of lock_packets in a row.
bool FarEnd::shows(const SocketAddress& from, std::uint32_t ssrc, RtpSequence sequence) noexcept {
    const int ahead = static_cast<std::uint16_t>(sequence - candidate_.sequence);
    const bool goes_on = candidate_.count > 0 && candidate_.from == from && candidate_.ssrc == ssrc &&
                         ahead >= 1 && ahead <= max_ahead;
    candidate_ = {from, ssrc, sequence, goes_on ? candidate_.count + 1 : 1};
    return candidate_.count == lock_packets;
}

} // namespace keytone::server
