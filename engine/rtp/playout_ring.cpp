// SPDX-License-Identifier: MIT
#include "engine/rtp/playout_ring.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace keytone {

namespace {

/// Calls `take` for each piece of the ring that lies side by side: where it is, and how many samples before
/// it.
template <class Take>
void for_each_piece(SampleIndex from, SampleIndex until, Take take) noexcept {
    constexpr SampleCount capacity = PlayoutRing::capacity;
    for (SampleIndex at = from; at < until;) {
        const SampleCount place = at % capacity;
        const SampleCount count = std::min(until - at, capacity - place);
        take(static_cast<std::size_t>(place), static_cast<std::size_t>(count),
             static_cast<std::size_t>(at - from));
        at += count;
    }
}

/// How many of `states`, from the first on, are `state`: eight at a time.
std::size_t count_alike(std::span<const PlayoutRing::State> states, PlayoutRing::State state) noexcept {
    constexpr std::uint64_t every_byte = 0x0101'0101'0101'0101U;
    const std::uint64_t alike = every_byte * static_cast<std::uint64_t>(state);
    std::size_t count = 0;
    for (std::uint64_t eight = 0; count + sizeof eight <= states.size(); count += sizeof eight) {
        std::memcpy(&eight, &states[count], sizeof eight);
        if (eight != alike) {
            break;
        }
    }
    while (count < states.size() && states[count] == state) {
        ++count;
    }
    return count;
}

} // namespace

void PlayoutRing::reset(SampleIndex first) noexcept {
    std::ranges::fill(samples_, std::int16_t{0});
    std::ranges::fill(states_, State::unknown);
    begin_ = end_ = furthest_ = first;
}

void PlayoutRing::write(SampleIndex at, G711Law law, std::span<const std::uint8_t> codes) noexcept {
    std::array<std::int16_t, max_packet> decoded;
    const auto samples = std::span(decoded).first(codes.size());
    g711_decode(law, codes, samples);
    const SampleIndex from = std::max(at, begin_);
    const SampleIndex until = std::min(at + std::ssize(codes), limit());
    for_each_piece(from, until, [&](std::size_t to, std::size_t count, std::size_t offset) {
        const auto fresh = samples.subspan(static_cast<std::size_t>(from - at) + offset, count);
        const bool is_new = std::memchr(&states_[to], static_cast<int>(State::audio), count) == nullptr;
        for (std::size_t i = 0; !is_new && i < count; ++i) {
            samples_[to + i] = states_[to + i] == State::audio ? samples_[to + i] : fresh[i];
        }
        if (is_new) {
            std::ranges::copy(fresh, samples_.begin() + static_cast<std::ptrdiff_t>(to));
        }
        std::fill_n(states_.begin() + static_cast<std::ptrdiff_t>(to), count, State::audio);
    });
    end_ = std::max(end_, until);
}

void PlayoutRing::silence(SampleIndex from, SampleIndex until) noexcept {
    from = std::max(from, begin_);
    until = std::min(until, limit());
    for (SampleIndex i = from; i < until; ++i) {
        State& state = states_[place(i)];
        state = state == State::unknown ? State::silent : state;
    }
    if (from < until) {
        end_ = std::max(end_, until);
    }
}

PlayoutRing::Run PlayoutRing::run(SampleCount offset, SampleCount most) const noexcept {
    const SampleIndex from = begin_ + offset;
    const State state = from < end_ ? states_[place(from)] : State::unknown;
    if (from >= end_) {
        return {state, most};
    }
    SampleCount count = 0;
    bool goes_on = true;
    for_each_piece(from, std::min(from + most, end_), [&](std::size_t at, std::size_t size, std::size_t) {
        const std::size_t alike = goes_on ? count_alike(std::span(states_).subspan(at, size), state) : 0;
        count += static_cast<SampleCount>(alike);
        goes_on = goes_on && alike == size;
    });
    return {state, count};
}

void PlayoutRing::read(std::span<std::int16_t> out) const noexcept {
    for_each_piece(begin_, begin_ + std::ssize(out),
                   [&](std::size_t from, std::size_t count, std::size_t offset) {
                       const auto kept = std::span(samples_).subspan(from, count);
                       std::ranges::copy(kept, out.subspan(offset).begin());
                   });
}

void PlayoutRing::move_on(SampleCount count) noexcept {
    const SampleIndex until = begin_ + count;
    for_each_piece(begin_, std::min(until, end_), [&](std::size_t at, std::size_t played, std::size_t) {
        std::ranges::fill(std::span(states_).subspan(at, played), State::unknown);
        std::ranges::fill(std::span(samples_).subspan(at, played), std::int16_t{0});
    });
    begin_ = until;
    end_ = std::max(end_, begin_);
    furthest_ = std::max(furthest_, begin_);
}

void PlayoutRing::move_back(SampleCount count) noexcept {
    count = std::min(count, begin_ - (furthest_ - reserve));
    end_ = end_ == begin_ ? begin_ - count : end_;
    begin_ -= count;
}

} // namespace keytone
