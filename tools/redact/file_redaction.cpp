// SPDX-License-Identifier: MIT
#include "tools/redact/file_redaction.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace keytone::tools {

namespace {

/// What is left of a key after its first part was silenced is silenced by itself: together they are one key,
/// where no more than this lies between them.
constexpr double longest_gap_s = 0.03;

} // namespace

FileRedaction::FileRedaction(SampleRate rate, int file_hz, int channels)
    : rate_(rate),
      file_hz_(file_hz),
      fade_(static_cast<std::int32_t>(KeySpans::fade.value * file_hz / 1000.0)) {
    for (int i = 0; i < channels; ++i) {
        channels_.push_back({KeyRedactor(rate), std::nullopt});
        if (file_hz != rate.hz()) {
            channels_.back().to_rate.emplace(file_hz, rate.hz());
        }
    }
}

void FileRedaction::hear(std::span<const std::int16_t> interleaved) {
    const std::size_t stride = channels_.size();
    samples_.resize(interleaved.size() / stride);
    for (std::size_t channel = 0; channel < stride; ++channel) {
        for (std::size_t i = 0; i < samples_.size(); ++i) {
            samples_[i] = interleaved[i * stride + channel];
        }
        hear(channels_[channel], samples_);
    }
    heard_ += std::ssize(samples_);
}

void FileRedaction::hear(Channel& channel, std::span<const std::int16_t> samples) {
    if (channel.to_rate) {
        channel.to_rate->add(io::from_pcm16(samples));
        channel.redactor.hear(io::to_pcm16(channel.to_rate->take()));
    } else {
        channel.redactor.hear(samples);
    }
}

void FileRedaction::finish() {
    for (Channel& channel : channels_) {
        if (channel.to_rate) {
            channel.redactor.hear(io::to_pcm16(channel.to_rate->finish()));
        }
        channel.redactor.finish();
    }
    is_over_ = true;
}

SampleIndex FileRedaction::settled() const {
    if (is_over_) {
        return heard_;
    }
    SampleIndex least = heard_;
    for (const Channel& channel : channels_) {
        least = std::min(least, channel.redactor.settled() * file_hz_ / rate_.hz());
    }
    return least;
}

/// Never longer than the span is.
KeySpan FileRedaction::in_frames(const KeySpan& span) const {
    KeySpan frames = span;
    frames.begin = (span.begin * file_hz_ + rate_.hz() - 1) / rate_.hz();
    if (span.end != KeySpan::open) {
        frames.end = std::max(span.end * file_hz_ / rate_.hz(), frames.begin);
    }
    return frames;
}

SampleIndex FileRedaction::in_samples(SampleIndex frame) const {
    return frame * rate_.hz() / file_hz_;
}

void FileRedaction::silence(SampleIndex first, SampleIndex end, Silencer silencer) {
    for (std::size_t channel = 0; channel < channels_.size(); ++channel) {
        KeyRedactor& redactor = channels_[channel].redactor;
        const auto silence_span = [&](const KeySpan& heard) {
            const KeySpan span = in_frames(heard);
            for (SampleIndex i = std::max(first, span.begin); i < std::min(end, span.end); ++i) {
                silencer(channel, i, span.left(i, fade_), fade_ + 1);
            }
        };
        redactor.for_each(silence_span);
        const bool is_last = is_over_ && end == heard_;
        redactor.forget_before(is_last ? KeySpan::open : in_samples(end), [&](const KeySpan& heard) {
            const KeySpan span = in_frames(heard);
            keys_.push_back({static_cast<int>(channel) + 1, span.begin, std::min(span.end, heard_),
                             heard.key.character()});
        });
    }
}

std::vector<SilencedKey> FileRedaction::keys() && {
    const auto order = [](const SilencedKey& key) { return std::tuple(key.channel, key.begin); };
    std::ranges::sort(keys_, {}, order);
    std::vector<SilencedKey> whole;
    const auto gap = static_cast<SampleCount>(longest_gap_s * file_hz_);
    for (const SilencedKey& key : keys_) {
        if (!whole.empty() && whole.back().channel == key.channel && whole.back().digit == key.digit &&
            key.begin <= whole.back().end + gap) {
            whole.back().end = std::max(whole.back().end, key.end);
        } else {
            whole.push_back(key);
        }
    }
    std::ranges::sort(whole, {}, [](const SilencedKey& key) { return std::tuple(key.begin, key.channel); });
    return whole;
}

} // namespace keytone::tools
