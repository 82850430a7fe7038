// SPDX-License-Identifier: MIT
//
// The jitter buffer's way out: what is played, and when the delay changes.
#include "dsp/simd/detector_kernels.hpp"
#include "engine/rtp/jitter_buffer.hpp"
#include "engine/rtp/playout_rules.hpp"

#include <algorithm>
#include <array>

namespace keytone {

namespace {

using playout::least_pause;
using playout::part;
using playout::rate;

/// Sound this soft is silence, as a mean square of samples: -50 dBm0, 2.5 dB below the softest tone that is
/// taken for a key's. 0 dBm0 is 3.14 dB below the power of a full-scale sine, 2^29.
constexpr std::int64_t silence_power = 2605;
/// When nothing comes for longer than this, it is a pause. Longer than a loss that a key outlasts
/// (longest_bridged_loss).
constexpr SampleCount longest_loss = rate.samples(Milliseconds{250});
/// By how much the delay may be too short or too long before it is changed, in silence and in sound.
constexpr SampleCount too_short_in_silence = rate.samples(Milliseconds{2});
constexpr SampleCount too_long_in_silence = rate.samples(Milliseconds{6});
constexpr SampleCount too_short_in_sound = rate.samples(Milliseconds{3});
constexpr SampleCount too_long_in_sound = rate.samples(Milliseconds{20});
/// In sound the delay changes by one sample in so many; in half as many where blocks are that short.
constexpr SampleCount bend = rate.samples(Milliseconds{20});

} // namespace

void JitterBuffer::play(SampleIndex now, std::span<std::int16_t> out, Sink sink) noexcept {
    while (!out.empty()) {
        const auto piece = out.first(static_cast<std::size_t>(std::min(std::ssize(out), bend)));
        if (begun_) {
            adjust(now);
            for (auto rest = piece; !rest.empty();) {
                const SampleIndex at = now + std::ssize(piece) - std::ssize(rest);
                rest = rest.subspan(static_cast<std::size_t>(play_some(at, rest, sink)));
            }
        } else {
            play_silence(piece, 0, sink);
        }
        now += std::ssize(piece);
        out = out.subspan(piece.size());
    }
    now_ = now;
}

/// Has a pause made shorter or longer, where the delay is off.
void JitterBuffer::adjust(SampleIndex now) noexcept {
    const SampleCount too_long = delay(now) - target_delay();
    if (quiet_ < least_pause) {
        return;
    }
    if (too_long > too_long_in_silence) {
        shorten_pause(too_long);
    } else if (too_long < -too_short_in_silence) {
        to_insert_ = (part - 1 - too_long) / part * part;
    }
}

void JitterBuffer::shorten_pause(SampleCount too_long) noexcept {
    for (to_insert_ = 0; too_long >= part; too_long -= part) {
        std::array<std::int16_t, part> samples;
        for (SampleCount i = 0; i < part;) {
            const auto run = ring_.run(i, part - i);
            if (run.state == PlayoutRing::State::unknown) {
                return;
            }
            i += run.count;
        }
        ring_.read(samples);
        std::int64_t energy = 0;
        for (const std::int64_t sample : samples) {
            energy += sample * sample;
        }
        if (energy > part * silence_power) {
            return;
        }
        skip(part);
        figures_.dropped += static_cast<std::uint64_t>(part);
    }
}

SampleCount JitterBuffer::play_some(SampleIndex now, std::span<std::int16_t> out, Sink sink) noexcept {
    if (to_insert_ > 0) {
        const auto inserted = out.first(static_cast<std::size_t>(std::min(std::ssize(out), to_insert_)));
        to_insert_ -= std::ssize(inserted);
        figures_.inserted += inserted.size();
        return play_silence(inserted, 0, sink);
    }
    const auto run = ring_.run(0, std::ssize(out));
    const auto next = out.first(static_cast<std::size_t>(run.count));
    switch (run.state) {
    case PlayoutRing::State::audio:
        starved_ = waited_ = 0;
        return play_audio(now, out, run.count, sink);
    case PlayoutRing::State::silent:
        starved_ = waited_ = 0;
        return play_silence(next, run.count, sink);
    case PlayoutRing::State::unknown:
        break;
    }
    if (ring_.end() == ring_.begin()) {
        return await(now, out, sink);
    }
    starved_ = 0;
    if (waited_ > 0) { // the time of what is lost here is over already
        const SampleCount over = ring_.run(0, waited_).count;
        waited_ -= over;
        skip(over);
        return 0;
    }
    return play_loss(next, true, sink);
}

/// Nothing is known of the samples that are due, nor of any behind them.
SampleCount JitterBuffer::await(SampleIndex now, std::span<std::int16_t> out, Sink sink) noexcept {
    if (ring_.begin() < silent_until_) {
        const SampleCount count = std::min(std::ssize(out), silent_until_ - ring_.begin());
        return play_silence(out.first(static_cast<std::size_t>(count)), count, sink);
    }
    if (starved_ >= longest_loss) {
        const SampleCount to_target = delay(now) + std::ssize(out) - target_delay();
        return play_silence(out, std::max<SampleCount>(to_target, 0), sink);
    }
    const bool waits = delay(now) + std::ssize(out) <= max_delay_;
    starved_ += std::ssize(out);
    waited_ += waits ? std::ssize(out) : 0;
    figures_.inserted += waits ? out.size() : 0;
    return play_loss(out, !waits, sink);
}

SampleCount JitterBuffer::play_audio(SampleIndex now, std::span<std::int16_t> out, SampleCount count,
                                     Sink sink) noexcept {
    const SampleCount too_long = delay(now) - target_delay();
    const auto samples = out.first(static_cast<std::size_t>(count));
    if (count >= bend / 2 && quiet_ < least_pause) {
        if (too_long > too_long_in_sound && ring_.run(0, count + 1).count == count + 1) {
            return play_bent(samples, count + 1, sink);
        }
        if (too_long < -too_short_in_sound) {
            return play_bent(samples, count - 1, sink);
        }
    }
    ring_.read(samples);
    tell(PlayedStretch::Kind::heard, count, ring_.begin(), sink);
    weigh(samples);
    skip(count);
    return count;
}

/// `taken` samples as one less or more, by cubic interpolation (Catmull and Rom).
SampleCount JitterBuffer::play_bent(std::span<std::int16_t> out, SampleCount taken, Sink sink) noexcept {
    std::array<std::int16_t, bend + 1> read;
    const auto samples = std::span(read).first(static_cast<std::size_t>(taken));
    ring_.read(samples);
    const auto sample = [&](SampleCount at) {
        return static_cast<float>(
            samples[static_cast<std::size_t>(std::clamp<SampleCount>(at, 0, taken - 1))]);
    };
    const SampleCount steps = std::ssize(out) - 1;
    for (SampleCount i = 0; i <= steps; ++i) {
        const SampleCount scaled = i * (taken - 1);
        const SampleCount at = scaled / steps;
        const float x = static_cast<float>(scaled % steps) / static_cast<float>(steps);
        const float a = sample(at - 1);
        const float b = sample(at);
        const float c = sample(at + 1);
        const float d = sample(at + 2);
        const float value =
            b + 0.5F * x * (c - a + x * (2.0F * a - 5.0F * b + 4.0F * c - d + x * (3.0F * (b - c) + d - a)));
        out[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(std::clamp(value, -32768.0F, 32767.0F));
    }
    figures_.bent += 1;
    tell(PlayedStretch::Kind::heard, std::ssize(out), ring_.begin(), sink);
    weigh(out);
    skip(taken);
    return std::ssize(out);
}

/// The stream moves on by `moved` meanwhile.
SampleCount JitterBuffer::play_silence(std::span<std::int16_t> out, SampleCount moved, Sink sink) noexcept {
    noise_.generate(out);
    tell(PlayedStretch::Kind::silent, std::ssize(out), ring_.begin(), sink);
    quiet_ += std::ssize(out);
    ring_.move_on(moved);
    return std::ssize(out);
}

SampleCount JitterBuffer::play_loss(std::span<std::int16_t> out, bool moves, Sink sink) noexcept {
    std::ranges::fill(out, std::int16_t{0});
    tell(PlayedStretch::Kind::lost, std::ssize(out), ring_.begin(), sink);
    quiet_ = weighed_ = energy_ = 0;
    if (moves) {
        skip(std::ssize(out));
    }
    return std::ssize(out);
}

void JitterBuffer::tell(PlayedStretch::Kind kind, SampleCount count, SampleIndex timestamp,
                        Sink sink) noexcept {
    auto& counter = kind == PlayedStretch::Kind::heard    ? figures_.heard
                    : kind == PlayedStretch::Kind::silent ? figures_.silent
                                                          : figures_.lost;
    counter += static_cast<std::uint64_t>(count);
    sink({kind, played_, count, static_cast<RtpTimestamp>(timestamp)});
    played_ += count;
}

void JitterBuffer::weigh(std::span<const std::int16_t> samples) noexcept {
    while (!samples.empty()) {
        const SampleCount count = std::min(std::ssize(samples), part - weighed_);
        energy_ += simd::kernels().square_sum(samples.data(), static_cast<std::size_t>(count));
        samples = samples.subspan(static_cast<std::size_t>(count));
        weighed_ += count;
        if (weighed_ == part) {
            quiet_ = energy_ <= part * silence_power ? quiet_ + part : 0;
            weighed_ = energy_ = 0;
        }
    }
}

} // namespace keytone
