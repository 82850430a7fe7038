// SPDX-License-Identifier: MIT
#include "tools/redact/frame_copies.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <limits>
#include <utility>

namespace keytone::tools {

namespace {

/// The problem of a result; nothing where it is a value.
template <class Value>
Problem problem_of(const Result<Value, io::FileError>& result) {
    return result ? Problem() : Problem(result.error());
}

} // namespace

// ---- Bytes

ByteCopy::ByteCopy(io::AudioReader& reader, const io::SampleLayout& layout, io::ByteInput bytes,
                   io::ByteOutput output, std::string name)
    : reader_(reader),
      layout_(layout),
      bytes_(std::move(bytes)),
      output_(std::move(output)),
      name_(std::move(name)),
      frame_bytes_(layout.sample_bytes() * static_cast<std::size_t>(reader.channels())) {}

Problem ByteCopy::begin() {
    return copy(layout_.data_offset);
}

Problem ByteCopy::end() {
    if (auto problem = copy(std::numeric_limits<std::int64_t>::max())) {
        return problem;
    }
    return output_.commit() ? Problem() : io::write_error(output_.name(), output_.error_number());
}

/// Copies so many bytes, or to the end of the file.
Problem ByteCopy::copy(std::int64_t most) {
    std::array<std::uint8_t, 4096> block{};
    while (most > 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::int64_t>(most, block.size()));
        const std::size_t got = bytes_.read(std::span(block).first(wanted));
        if (bytes_.error_number() != 0) {
            return io::read_error(name_, bytes_.error_number());
        }
        if (auto problem = write(std::span(block).first(got))) {
            return problem;
        }
        if (got < wanted) {
            break;
        }
        most -= static_cast<std::int64_t>(got);
    }
    return std::nullopt;
}

Result<SampleCount, io::FileError> ByteCopy::read(std::span<std::int16_t> heard, std::vector<Unit>& units) {
    const auto frames = reader_.read(heard);
    if (!frames || *frames == 0) {
        return frames;
    }
    const std::size_t before = units.size();
    units.resize(before + static_cast<std::size_t>(*frames) * frame_bytes_);
    const auto added = std::span(units).subspan(before);
    if (bytes_.read(added) != added.size()) {
        return io::read_error(name_, bytes_.error_number() != 0 ? bytes_.error_number() : EIO);
    }
    const auto samples = heard.first(added.size() / layout_.sample_bytes());
    if (auto problem = differs(samples, added)) {
        return *std::move(problem);
    }
    return frames;
}

/// The bytes must be what was heard: otherwise something else would be silenced.
Problem ByteCopy::differs(std::span<const std::int16_t> heard, std::span<const Unit> units) const {
    const std::size_t size = layout_.sample_bytes();
    for (std::size_t i = 0; i < heard.size(); ++i) {
        const double value =
            std::clamp(32768.0 * layout_.value(units.subspan(i * size, size)), -32768.0, 32767.0);
        if (std::abs(value - heard[i]) > 1.0) {
            return io::file_error(name_, "has its samples where they are not expected: save it again as WAV");
        }
    }
    return std::nullopt;
}

void ByteCopy::scale(std::span<Unit> frame, std::size_t channel, std::int32_t left, std::int32_t all) const {
    const std::size_t size = layout_.sample_bytes();
    layout_.scale(frame.subspan(channel * size, size), left, all);
}

Problem ByteCopy::write(std::span<const Unit> units) {
    return output_.append(units) ? Problem() : io::write_error(output_.name(), output_.error_number());
}

// ---- FLAC

FlacCopy::FlacCopy(io::AudioReader& reader, io::AudioWriter writer)
    : reader_(reader), writer_(std::move(writer)), channels_(static_cast<std::size_t>(reader.channels())) {}

Result<SampleCount, io::FileError> FlacCopy::read(std::span<std::int16_t> heard, std::vector<Unit>& units) {
    const std::size_t before = units.size();
    units.resize(before + heard.size());
    const auto frames = reader_.read(std::span(units).subspan(before));
    const std::size_t added = frames ? static_cast<std::size_t>(*frames) * channels_ : 0;
    units.resize(before + added);
    for (std::size_t i = 0; i < added; ++i) {
        heard[i] = static_cast<std::int16_t>(units[before + i] >> 16);
    }
    return frames;
}

void FlacCopy::scale(std::span<Unit> frame, std::size_t channel, std::int32_t left, std::int32_t all) const {
    frame[channel] = static_cast<Unit>(std::int64_t{frame[channel]} * left / all);
}

Problem FlacCopy::write(std::span<const Unit> units) {
    return problem_of(writer_.write(units));
}

Problem FlacCopy::end() {
    return problem_of(writer_.close());
}

// ---- What it decodes to

DecodedCopy::DecodedCopy(io::AudioReader& reader, io::WavWriter writer)
    : reader_(reader), writer_(std::move(writer)), channels_(static_cast<std::size_t>(reader.channels())) {}

Result<SampleCount, io::FileError> DecodedCopy::read(std::span<std::int16_t> heard,
                                                     std::vector<Unit>& units) {
    const auto frames = reader_.read(heard);
    if (frames) {
        const auto added = heard.first(static_cast<std::size_t>(*frames) * channels_);
        units.insert(units.end(), added.begin(), added.end());
    }
    return frames;
}

void DecodedCopy::scale(std::span<Unit> frame, std::size_t channel, std::int32_t left,
                        std::int32_t all) const {
    frame[channel] = static_cast<Unit>(frame[channel] * left / all);
}

Problem DecodedCopy::write(std::span<const Unit> units) {
    return problem_of(writer_.write(units));
}

Problem DecodedCopy::end() {
    return problem_of(writer_.close());
}

} // namespace keytone::tools
