// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_guesses.hpp"

#include "dsp/arithmetic/phase.hpp"
#include "dsp/arithmetic/sine.hpp"
#include "dsp/levels.hpp"

#include <algorithm>
#include <functional>

namespace keytone {

namespace {

Hertz tone(std::size_t index) {
    return index < low_group.size() ? low_group.at(index) : high_group.at(index - low_group.size());
}

/// A unit vector, turned clockwise.
std::complex<float> turned(std::uint64_t phase) {
    return {sine_of_phase(phase + quarter_turn), -sine_of_phase(phase)};
}

} // namespace

KeyGuesses::KeyGuesses(SampleRate rate)
    : rate_(rate),
      edges_(rate),
      block_samples_(static_cast<std::size_t>(rate.samples(block))),
      terms_(block_samples_) {
    for (std::size_t i = 0; i < tones; ++i) {
        steps_[i] = phase_step(tone(i).value, rate.hz());
        for (std::size_t sample = 0; sample < block_samples_; ++sample) {
            const auto term = turned(steps_[i] * sample);
            terms_[sample][2 * i] = term.real();
            terms_[sample][2 * i + 1] = term.imag();
        }
    }
}

void KeyGuesses::hear(std::span<const std::int16_t> samples, Sink sink) {
    while (!samples.empty()) {
        const auto part = samples.first(std::min(samples.size(), block_samples_ - in_block_));
        edges_.hear(part);
        Parts sums = current_; // in registers
        for (const std::int16_t sample : part) {
            const auto value = static_cast<float>(sample);
            const Parts& terms = terms_[in_block_++];
            power_ += value * value;
            for (std::size_t i = 0; i < sums.size(); ++i) {
                sums[i] += value * terms[i];
            }
        }
        current_ = sums;
        heard_ += std::ssize(part);
        samples = samples.subspan(part.size());
        if (in_block_ == block_samples_) {
            end_block(sink);
        }
    }
}

void KeyGuesses::finish(Sink sink) {
    hear(std::vector<std::int16_t>((window + reach) * block_samples_), sink);
}

void KeyGuesses::end_block(Sink sink) {
    std::shift_left(blocks_.begin(), blocks_.end(), 1);
    Block& last = blocks_.back();
    last.power = power_;
    const auto begin = static_cast<std::uint64_t>(heard_) - block_samples_;
    for (std::size_t i = 0; i < tones; ++i) {
        last.sums[i] = turned(steps_[i] * begin) * std::complex(current_[2 * i], current_[2 * i + 1]);
    }
    current_ = {};
    power_ = 0.0F;
    in_block_ = 0;
    std::shift_left(guesses_.begin(), guesses_.end(), 1);
    guesses_.back() = guess();
    const auto middle = guesses_.begin() + reach;
    if (middle->key && std::ranges::max_element(guesses_, {}, &Guess::power) == middle) {
        const auto samples = [&](std::size_t blocks) {
            return static_cast<SampleCount>(blocks * block_samples_);
        };
        const SampleIndex to = heard_ - samples(reach);
        tell(*middle->key, to - samples(window), to, sink);
    }
}

/// What the last window may be taken for.
KeyGuesses::Guess KeyGuesses::guess() const {
    static const auto over_others = static_cast<float>(power_ratio(least_over_others));
    Block sum;
    for (const Block& each : blocks_) {
        sum.power += each.power;
        std::ranges::transform(sum.sums, each.sums, sum.sums.begin(), std::plus{});
    }
    std::array<float, tones> powers{};
    std::ranges::transform(sum.sums, powers.begin(),
                           [](std::complex<float> each) { return std::norm(each); });
    bool stands_out = true;
    float pair = 0.0F;
    const auto loudest = [&](std::span<const float> group) {
        const auto most = std::ranges::max_element(group);
        pair += *most;
        stands_out = stands_out && std::ranges::count_if(
                                       group, [&](float each) { return each * over_others > *most; }) == 1;
        return static_cast<unsigned>(most - group.begin());
    };
    const unsigned row = loudest(std::span(powers).first(low_group.size()));
    const unsigned column = loudest(std::span(powers).last(high_group.size()));
    // As much as the two would have if nothing else sounded.
    const float most = 0.5F * sum.power * static_cast<float>(window * block_samples_);
    return stands_out && pair >= least_share * most ? Guess{Key::at(row, column), pair} : Guess{};
}

bool KeyGuesses::is_too_short(const KeyEdges::Stretch& found) const {
    const bool in_speech = found.rest > KeySpans::most_rest_of_short;
    return found.end - found.begin < rate_.samples(in_speech ? shortest_in_speech : shortest);
}

std::optional<KeyEdges::Stretch> KeyGuesses::stretch(Key key, SampleIndex from, SampleIndex to) const {
    const auto explained = edges_.explained(from, to, key.low(), key.high());
    if (!is_too_short(explained)) {
        return explained;
    }
    const auto loud = edges_.loud_part(from, to, key.low(), key.high());
    const bool is_bent = loud.rest <= most_rest_of_bent && loud.end - loud.begin >= rate_.samples(shortest);
    return is_bent ? std::optional(loud) : std::nullopt;
}

void KeyGuesses::tell(Key key, SampleIndex from, SampleIndex to, Sink sink) const {
    const auto found = stretch(key, from, to);
    if (!found) {
        return;
    }
    const SampleCount margin = rate_.samples(KeySpans::margin(found->rest));
    const KeySpan span{.begin = found->begin + (found->is_quiet_before ? 0 : margin),
                       .end = found->end - (found->is_quiet_behind ? 0 : margin),
                       .key = key,
                       .low_level = found->low_level,
                       .high_level = found->high_level};
    if (!span.is_empty()) {
        sink(span);
    }
}

} // namespace keytone
