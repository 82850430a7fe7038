// SPDX-License-Identifier: MIT
#include "tools/render/digit_stream.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace keytone::tools {

namespace {

/// The symbols of one part, and the pauses before it.
struct PartText {
    std::string_view pauses;
    std::string_view symbols;
};

struct PartTexts {
    std::vector<PartText> parts;
    std::string_view pauses_after;
};

bool is_key(char character) {
    return Key::from_character(character).has_value();
}

/// Cuts `digits` (valid symbols, with at least one key) into parts of at most `part_length` symbols that
/// begin and end with a key. Pauses between two parts belong to neither.
PartTexts cut(std::string_view digits, std::size_t part_length) {
    PartTexts texts;
    std::size_t pauses_begin = 0; // After the last key so far.
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (!is_key(digits[i])) {
            continue;
        }
        const std::string_view pauses = digits.substr(pauses_begin, i - pauses_begin);
        pauses_begin = i + 1;
        if (!texts.parts.empty()) {
            std::string_view& symbols = texts.parts.back().symbols;
            const std::size_t grown = symbols.size() + pauses.size() + 1;
            if (grown <= part_length) {
                symbols = std::string_view(symbols.data(), grown);
                continue;
            }
        }
        texts.parts.push_back({pauses, digits.substr(i, 1)});
    }
    texts.pauses_after = digits.substr(pauses_begin);
    return texts;
}

SampleCount samples_of(std::string_view pauses, SampleRate rate) {
    SampleCount sum = 0;
    for (const char character : pauses) {
        const auto symbol = DigitSymbol::from_character(character);
        sum += symbol ? rate.samples(symbol->pause()) : 0;
    }
    return sum;
}

/// The checks of DigitString::parse, for strings of any length.
std::optional<DigitString::ParseError> check(std::string_view digits) {
    if (digits.empty()) {
        return DigitString::ParseError{Error::empty_digits, 0};
    }
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (!DigitSymbol::from_character(digits[i])) {
            return DigitString::ParseError{Error::invalid_digit, i};
        }
    }
    if (std::ranges::none_of(digits, is_key)) {
        return DigitString::ParseError{Error::pause_alone, 0};
    }
    return std::nullopt;
}

} // namespace

Result<DigitStream, DigitString::ParseError> DigitStream::create(std::string_view digits,
                                                                 const DigitStreamSettings& settings) {
    if (const auto error = check(digits)) {
        return *error;
    }
    const SampleRate rate = settings.rate;
    const PartTexts texts = cut(digits, settings.part_length);
    std::vector<Part> parts;
    parts.reserve(texts.parts.size());
    for (const PartText& text : texts.parts) {
        const auto symbols = DigitString::parse(text.symbols);
        if (!symbols) {
            return symbols.error();
        }
        auto generator = DtmfGenerator::create(*symbols, settings.tone, rate);
        if (!generator) {
            return DigitString::ParseError{generator.error(), 0};
        }
        const SampleCount pauses = samples_of(text.pauses, rate);
        const SampleCount silence = parts.empty() ? rate.samples(settings.lead) + pauses
                                                  : std::max(rate.samples(settings.tone.gap), pauses);
        parts.push_back({.silence_before = silence, .generator = *std::move(generator)});
    }
    return DigitStream(std::move(parts), samples_of(texts.pauses_after, rate) + rate.samples(settings.tail));
}

DigitStream::DigitStream(std::vector<Part> parts, SampleCount silence_after)
    : parts_(std::move(parts)), silence_after_(silence_after) {
    for (Part& part : parts_) {
        part.begin = length_ + part.silence_before;
        length_ = part.begin + part.generator.length();
    }
    length_ += silence_after;
}

void DigitStream::for_each_tone(FunctionRef<void(const DtmfGenerator::Tone&)> sink) const {
    for (const Part& part : parts_) {
        part.generator.for_each_tone([&](const DtmfGenerator::Tone& tone) {
            sink({tone.key, part.begin + tone.begin, part.begin + tone.end});
        });
    }
}

SampleCount& DigitStream::silence_due() {
    return current_ < parts_.size() ? parts_[current_].silence_before : silence_after_;
}

template <class Sample>
std::size_t DigitStream::fill(std::span<Sample> out) noexcept {
    std::size_t filled = 0;
    while (filled < out.size()) {
        const auto room = out.subspan(filled);
        SampleCount& silence = silence_due();
        if (silence > 0) {
            const auto count = std::min(room.size(), static_cast<std::size_t>(silence));
            std::ranges::fill(room.first(count), Sample{0});
            silence -= static_cast<SampleCount>(count);
            filled += count;
        } else if (current_ == parts_.size()) {
            break;
        } else {
            const std::size_t count = parts_[current_].generator.generate(room);
            current_ += static_cast<std::size_t>(count < room.size());
            filled += count;
        }
    }
    return filled;
}

template std::size_t DigitStream::fill(std::span<std::int16_t>) noexcept;
template std::size_t DigitStream::fill(std::span<float>) noexcept;

} // namespace keytone::tools
