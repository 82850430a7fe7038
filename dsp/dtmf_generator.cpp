// SPDX-License-Identifier: MIT
#include "dsp/dtmf_generator.hpp"

#include "dsp/levels.hpp"

#include <algorithm>
#include <memory>

namespace keytone {

namespace {

constexpr Milliseconds min_length{5};
constexpr Milliseconds max_length{6000};
constexpr Dbm0 min_level{-60};

/// False for a NaN.
template <class Quantity>
bool lies_within(Quantity value, Quantity low, Quantity high) {
    return value >= low && value <= high;
}

} // namespace

Result<DtmfGenerator, Error> DtmfGenerator::create(const DigitString& digits, const DtmfTone& tone,
                                                   SampleRate rate) noexcept {
    if (!lies_within(tone.tone, min_length, max_length)) {
        return Error::tone_out_of_range;
    }
    if (!lies_within(tone.gap, min_length, max_length)) {
        return Error::gap_out_of_range;
    }
    if (!lies_within(tone.edge, Milliseconds{0}, tone.tone / 2)) {
        return Error::edge_out_of_range;
    }
    if (!lies_within(tone.low_level, min_level, full_scale_sine) ||
        !lies_within(tone.high_level, min_level, full_scale_sine)) {
        return Error::level_out_of_range;
    }
    if (sine_peak(tone.low_level) + sine_peak(tone.high_level) > 1.0) {
        return Error::level_clips;
    }
    return DtmfGenerator(digits, tone, rate);
}

DtmfGenerator::DtmfGenerator(const DigitString& digits, const DtmfTone& tone, SampleRate rate) noexcept
    : digits_(digits),
      rate_(rate),
      envelope_(rate.samples(tone.tone), rate.samples(tone.edge)),
      gap_(rate.samples(tone.gap)),
      low_peak_(static_cast<float>(sine_peak(tone.low_level))),
      high_peak_(static_cast<float>(sine_peak(tone.high_level))),
      sines_(Key::at(0, 0), rate, low_peak_, high_peak_) {
    Segment last;
    while (last.next_symbol < digits_.size()) {
        go_on(last);
    }
    length_ = last.end;
}

std::size_t DtmfGenerator::generate(std::span<float> out) noexcept {
    return generate_segments(out);
}

std::size_t DtmfGenerator::generate(std::span<std::int16_t> out) noexcept {
    return generate_segments(out);
}

template <class Sample>
std::size_t DtmfGenerator::generate_segments(std::span<Sample> out) noexcept {
    const auto count = static_cast<std::size_t>(std::min(static_cast<SampleCount>(out.size()), remaining()));
    for (auto rest = out.first(count); !rest.empty();) {
        while (segment_.end <= position_) {
            go_on(segment_);
            if (segment_.key) {
                std::construct_at(&sines_, *segment_.key, rate_, low_peak_, high_peak_);
            }
        }
        const auto left = static_cast<std::size_t>(segment_.end - position_);
        const auto now = rest.first(std::min(left, rest.size()));
        if (segment_.key) {
            render(now);
        } else {
            std::ranges::fill(now, Sample{0});
        }
        position_ += static_cast<SampleCount>(now.size());
        rest = rest.subspan(now.size());
    }
    return count;
}

SampleCount DtmfGenerator::length() const noexcept {
    return length_;
}

SampleCount DtmfGenerator::remaining() const noexcept {
    return length_ - position_;
}

void DtmfGenerator::reset() noexcept {
    position_ = 0;
    segment_ = {};
}

void DtmfGenerator::for_each_tone(FunctionRef<void(const Tone&)> sink) const {
    Segment segment;
    while (const auto tone = next_tone(segment)) {
        sink(*tone);
    }
}

std::optional<DtmfGenerator::Tone> DtmfGenerator::next_tone(Segment& segment) const noexcept {
    while (segment.next_symbol < digits_.size()) {
        go_on(segment);
        if (segment.key) {
            return Tone{*segment.key, segment.begin, segment.end};
        }
    }
    return std::nullopt;
}

void DtmfGenerator::go_on(Segment& segment) const noexcept {
    const auto key_ahead = [&]() -> std::optional<Key> {
        return segment.next_symbol < digits_.size() ? digits_[segment.next_symbol].key() : std::nullopt;
    };
    segment.begin = segment.end;
    const bool was_tone = segment.key.has_value();
    segment.key = was_tone ? std::nullopt : key_ahead();
    if (segment.key) {
        segment.end += envelope_.length();
        ++segment.next_symbol;
        return;
    }
    for (; segment.next_symbol < digits_.size() && !key_ahead(); ++segment.next_symbol) {
        segment.end += rate_.samples(digits_[segment.next_symbol].pause());
    }
    if (was_tone && segment.next_symbol < digits_.size()) {
        segment.end = std::max(segment.end, segment.begin + gap_);
    }
}

// `out` lies within segment_, a tone, and begins at position_. Both sines begin at phase 0, so that a tone's
// samples do not depend on what was before it.
void DtmfGenerator::render(std::span<float> out) const noexcept {
    const SampleIndex first = position_ - segment_.begin;
    sines_.generate(first, out);
    envelope_.apply(out, first);
}

void DtmfGenerator::render(std::span<std::int16_t> out) const noexcept {
    SampleIndex first = position_ - segment_.begin;
    if (envelope_.is_between_edges(first, std::ssize(out))) {
        sines_.generate(first, out);
        return;
    }
    while (!out.empty()) {
        const Envelope::Stretch stretch = envelope_.stretch(first, std::ssize(out));
        const auto length = static_cast<std::size_t>(stretch.length);
        if (stretch.edge.step == 0) {
            sines_.generate(first, out.first(length));
        } else {
            sines_.generate(first, out.first(length), stretch.edge);
        }
        first += stretch.length;
        out = out.subspan(length);
    }
}

} // namespace keytone
