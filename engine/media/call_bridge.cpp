// SPDX-License-Identifier: MIT
#include "engine/media/call_bridge.hpp"

#include "dsp/prefetch.hpp"
#include "engine/media/leg_clock.hpp"

#include <algorithm>

namespace keytone {

namespace {

constexpr std::array<std::int16_t, 256> nothing{};

// By how many samples the legs may be apart through rounding. Where the rates differ, blocks of equal length
// may end half a sample apart, and so may the legs' beginnings. At one rate, a block may be a sample longer
// than another, where its length is no whole number of samples, as 10 ms at 11.025 kHz.
SampleCount rounding(PerLeg<SampleRate> rate, Milliseconds max_block) {
    if (rate[Leg::a] != rate[Leg::b]) {
        return 2;
    }
    const SampleCount ten_blocks = rate[Leg::a].samples(10.0 * max_block);
    return ten_blocks == 10 * rate[Leg::a].samples(max_block) ? 0 : 1;
}

// From one leg to the other, on the other's clock.
SampleCount whole_delay(SampleRate from, SampleRate to, Milliseconds delay, Milliseconds max_block,
                        SampleCount held_back) {
    const SampleCount rounded_up = (held_back * to.hz() + from.hz() - 1) / from.hz();
    return to.samples(delay) + rounding({from, to}, max_block) + rounded_up;
}

// The longest block of `leg`, on its clock.
std::int32_t longest_block(PerLeg<SampleRate> rate, Leg leg, Milliseconds max_block) {
    return static_cast<std::int32_t>(rate[leg].samples(max_block) + rounding(rate, max_block));
}

} // namespace

HeardHistory::HeardHistory(SampleRate from, SampleRate to, SampleCount capacity)
    : resampler_(from == to || capacity == 0 ? nullptr : std::make_unique<Resampler>(from, to)),
      samples_(capacity == 0 ? nullptr : new (cache_line) std::int16_t[static_cast<std::size_t>(capacity)]()),
      size_(static_cast<std::uint32_t>(capacity)) {}

void HeardHistory::start_at(SampleIndex position) noexcept {
    end_ = position;
    forget();
}

void HeardHistory::hear(std::span<const std::int16_t> samples) noexcept {
    const std::uint32_t room = size_ - place_;
    if (resampler_ || samples.size() > room) {
        return hear_in_parts(samples);
    }
    std::copy_n(samples.begin(), samples.size(), kept().begin() + place_);
    place_ = samples.size() == room ? 0 : place_ + static_cast<std::uint32_t>(samples.size());
    end_ += std::ssize(samples);
}

void HeardHistory::hear_in_parts(std::span<const std::int16_t> samples) noexcept {
    for (bool wraps = true; wraps;) {
        const auto room = kept().subspan(place_);
        const std::size_t written = take(samples, room);
        end_ += static_cast<SampleCount>(written);
        const bool fills = written == room.size();
        place_ = fills ? 0 : place_ + static_cast<std::uint32_t>(written);
        wraps = fills && (resampler_ || !samples.empty());
    }
}

void HeardHistory::prefetch(SampleCount count, bool forgets) const noexcept {
    const std::span<const std::int16_t> next = kept().subspan(forgets ? 0 : place_);
    prefetch_early(next.first(std::min(next.size(), static_cast<std::size_t>(count))));
}

void HeardHistory::prefetch_all() const noexcept {
    prefetch_early(std::span<const std::int16_t>(kept()));
}

/// Takes samples from the front, converted to the sending leg's rate; returns how many it wrote.
std::size_t HeardHistory::take(std::span<const std::int16_t>& samples, std::span<std::int16_t> out) noexcept {
    if (resampler_) {
        return resampler_->process(samples, out);
    }
    const std::size_t count = std::min(samples.size(), out.size());
    std::copy_n(samples.begin(), count, out.begin());
    samples = samples.subspan(count);
    return count;
}

std::size_t HeardHistory::copy(SampleIndex first, std::span<std::int16_t> out) const noexcept {
    const SampleIndex oldest = std::max(begin_, end_ - SampleIndex{size_});
    const auto before = [&](SampleIndex at) {
        return static_cast<std::size_t>(std::clamp<SampleIndex>(at - first, 0, std::ssize(out)));
    };
    const std::size_t there_from = before(oldest);
    const std::size_t there_until = std::max(there_from, before(end_));
    std::ranges::fill(out.first(there_from), std::int16_t{0});
    std::ranges::fill(out.subspan(there_until), std::int16_t{0});
    const auto there = out.subspan(there_from, there_until - there_from);
    const std::size_t missing = out.size() - there.size();
    if (there.empty()) {
        return missing;
    }
    const auto back = static_cast<std::size_t>(end_ - first) - there_from;
    const std::size_t from = place_ >= back ? place_ - back : place_ + size_ - back;
    const std::size_t count = std::min(size_ - from, there.size());
    std::ranges::copy(kept().subspan(from, count), there.begin());
    std::ranges::copy(kept().first(there.size() - count), there.begin() + static_cast<std::ptrdiff_t>(count));
    return missing;
}

CallBridge::CallBridge(PerLeg<SampleRate> rate, Milliseconds delay, Milliseconds max_block, bool mixes,
                       PerLeg<SampleCount> held_back)
    : CallBridge(mixes, rate,
                 {whole_delay(rate[Leg::b], rate[Leg::a], delay, max_block, held_back[Leg::b]),
                  whole_delay(rate[Leg::a], rate[Leg::b], delay, max_block, held_back[Leg::a])},
                 {longest_block(rate, Leg::a, max_block), longest_block(rate, Leg::b, max_block)}) {}

CallBridge::CallBridge(bool mixes, PerLeg<SampleRate> rate, PerLeg<SampleCount> delay,
                       PerLeg<std::int32_t> max_block)
    : max_block_(max_block),
      mixes_(mixes),
      heard_{HeardHistory(rate[Leg::b], rate[Leg::a], mixes ? delay[Leg::a] + max_block[Leg::a] : 0),
             HeardHistory(rate[Leg::a], rate[Leg::b], mixes ? delay[Leg::b] + max_block[Leg::b] : 0)},
      rate_(rate),
      delay_(delay) {}

void CallBridge::start_at(Leg leg, SampleIndex position) noexcept {
    history_for(other(leg)).start_at(same_instant(position, rate_[leg], rate_[other(leg)]));
}

void CallBridge::prefetch(Leg leg, SampleIndex at) const noexcept {
    const HeardHistory& history = history_for(other(leg));
    const bool forgets = may_forget(leg);
    if (mixes_ && !(forgets && history.is_empty())) { // else the block is probably passed over
        history.prefetch(max_block_[other(leg)], forgets);
    }
    if (connected(leg, at)) {
        history_for(leg).prefetch_all();
    }
}

/// Whether nobody will be asked for what the leg heard so far. While the legs are parted, an op may connect
/// them at the next sample of either; so only what one leg heard before the other is needed.
bool CallBridge::may_forget(Leg leg) const noexcept {
    const Leg far = other(leg);
    const HeardHistory& history = history_for(far);
    const bool is_parted = history.end() - connection_[far].until >= max_block_[far];
    const bool is_behind = history.end() <= history_for(leg).end();
    return (static_cast<int>(is_parted) & static_cast<int>(is_behind)) != 0 && !history.resamples();
}

void CallBridge::hear(Leg leg, std::span<const std::int16_t> samples) noexcept {
    if (!mixes_) {
        return;
    }
    HeardHistory& history = history_for(other(leg));
    if (may_forget(leg)) {
        if (history.end() + std::ssize(samples) <= history_for(leg).end()) {
            return history.skip(samples.size());
        }
        history.forget();
    }
    history.hear(samples);
}

void CallBridge::hear_lost(Leg leg, SampleCount count) noexcept {
    for (SampleCount left = count; left > 0; left -= std::ssize(nothing)) {
        hear(leg, std::span(nothing).first(
                      static_cast<std::size_t>(std::min<SampleCount>(left, std::ssize(nothing)))));
    }
}

void CallBridge::connect(Leg leg, SampleIndex at) noexcept {
    if (!mixes_) {
        return;
    }
    // The other leg may not have reached the sample of the last disconnection yet: then it stays connected.
    const auto begin = [](Connection& connection, SampleIndex from, SampleIndex heard_from,
                          SampleCount still_open) {
        if (connection.until == unlimited) {
            connection.from = std::min(connection.from, from);
        } else if (connection.until + still_open <= from || connection.until <= connection.from) {
            connection = {from, unlimited, heard_from};
        }
        connection.until = unlimited;
    };
    const Leg far = other(leg);
    const SampleIndex there = same_instant(at, rate_[leg], rate_[far]);
    begin(connection_[leg], at, at, 0);
    begin(connection_[far], there + delay_[far], there, delay_[far] + max_block_[far]);
}

void CallBridge::part(Leg leg, SampleIndex at) noexcept {
    const Leg far = other(leg);
    const SampleIndex there = same_instant(at, rate_[leg], rate_[far]) + delay_[far];
    connection_[leg].until = std::min(connection_[leg].until, at);
    connection_[far].until = std::min(connection_[far].until, there);
}

bool CallBridge::connected(Leg leg, SampleIndex at) const noexcept {
    return at >= connection_[leg].from && at < connection_[leg].until;
}

SampleIndex CallBridge::next_change(Leg leg, SampleIndex now) const noexcept {
    const Connection& connection = connection_[leg];
    if (connection.from >= connection.until || now >= connection.until) {
        return unlimited;
    }
    return now < connection.from ? connection.from : connection.until;
}

void CallBridge::send(Leg leg, SampleIndex first, std::span<std::int16_t> out) noexcept {
    const SampleIndex heard_first = first - delay_[leg];
    const SampleCount too_early =
        std::clamp<SampleCount>(connection_[leg].heard_from - heard_first, 0, std::ssize(out));
    const auto early = out.first(static_cast<std::size_t>(too_early));
    std::fill(early.begin(), early.end(), std::int16_t{0});
    const std::size_t missing = history_for(leg).copy(heard_first + too_early, out.subspan(early.size()));
    if (missing > 0) {
        missing_.fetch_add(missing, std::memory_order_relaxed);
    }
}

} // namespace keytone
