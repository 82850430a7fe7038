// SPDX-License-Identifier: MIT
#include "engine/io/recorder.hpp"

#include "engine/io/file_error.hpp"

#include <boost/lockfree/spsc_queue.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <utility>

namespace keytone::io {
namespace {

constexpr double min_capacity_ms = 20.0;
constexpr double max_capacity_ms = 60000.0;
// Separate gaps between two calls of save(); when there are more, the last gap is extended until there is
// room again.
constexpr std::size_t max_gaps = 256;

/// Samples that were lost, on the leg's clock.
struct Gap {
    SampleIndex begin;
    SampleIndex end;
};

} // namespace

struct Recorder::Leg {
    Leg(WavWriter leg_writer, std::size_t capacity, SampleCount hold_back_samples)
        : samples(capacity), hold_back(hold_back_samples), writer(std::move(leg_writer)) {}

    void offer(std::span<const std::int16_t> offered_samples) noexcept;
    SampleCount save(SampleCount held_back);
    void write_samples(SampleIndex end);
    void write_silence(SampleIndex end);
    void write(std::span<const std::int16_t> piece);

    // Shared by both threads. A gap is pushed to its ring before the samples after it to theirs: who sees the
    // samples also sees the gap.
    boost::lockfree::spsc_queue<std::int16_t> samples;
    boost::lockfree::spsc_queue<Gap> gaps{max_gaps};
    std::atomic<SampleCount> lost = 0;
    std::atomic<SampleIndex> offered = 0; // everything before this is in the rings, or was lost

    // Of the audio thread:
    SampleIndex position = 0;               // the next sample offered
    std::optional<SampleIndex> losing_from; // a gap that is not in its ring yet

    // Of the control thread:
    SampleCount hold_back;
    WavWriter writer;
    std::optional<FileError> failure;
    std::optional<Gap> next_gap;
    SampleIndex taken = 0; // samples taken from the rings, including lost ones
    SampleIndex stop = std::numeric_limits<SampleIndex>::max();
    Recording written;
};

void Recorder::Leg::offer(std::span<const std::int16_t> offered_samples) noexcept {
    const auto count = static_cast<SampleCount>(offered_samples.size());
    std::size_t kept = 0;
    // Once samples are lost, none are pushed before their gap is.
    if (!losing_from || (samples.write_available() > 0 && gaps.push(Gap{*losing_from, position}))) {
        losing_from.reset();
        kept = samples.push(offered_samples.data(), offered_samples.size());
    }
    if (kept < offered_samples.size()) {
        if (!losing_from) {
            losing_from = position + static_cast<SampleCount>(kept);
        }
        lost.fetch_add(count - static_cast<SampleCount>(kept), std::memory_order_relaxed);
    }
    position += count;
    offered.store(position, std::memory_order_release);
}

SampleCount Recorder::Leg::save(SampleCount held_back) {
    const SampleCount before = written.frames;
    // Read in this order: then the gaps before these samples are in their ring already.
    auto ready = static_cast<SampleCount>(samples.read_available()) - held_back;
    while (ready > 0) {
        if (!next_gap) {
            Gap gap{};
            if (gaps.pop(gap)) {
                next_gap = gap;
            }
        }
        const SampleCount until_gap = next_gap ? next_gap->begin - taken : ready;
        const SampleCount run = std::min(ready, until_gap);
        write_samples(taken + run);
        ready -= run;
        if (next_gap && taken == next_gap->begin && ready > 0) {
            write_silence(next_gap->end);
            next_gap.reset();
        }
    }
    return written.frames - before;
}

void Recorder::Leg::write_samples(SampleIndex end) {
    std::array<std::int16_t, 4096> block{};
    while (taken < end) {
        const auto wanted = std::min(static_cast<std::size_t>(end - taken), block.size());
        const auto count = samples.pop(block.data(), wanted);
        write(std::span(block).first(count));
    }
}

void Recorder::Leg::write_silence(SampleIndex end) {
    constexpr std::array<std::int16_t, 4096> silence{};
    while (taken < end) {
        const auto count = std::min(static_cast<std::size_t>(end - taken), silence.size());
        const SampleCount before = written.frames;
        write(std::span(silence).first(count));
        written.lost += written.frames - before;
    }
}

/// Writes the next samples, as far as they are before `stop`.
void Recorder::Leg::write(std::span<const std::int16_t> piece) {
    const SampleCount left = std::max<SampleCount>(0, stop - taken);
    taken += static_cast<SampleCount>(piece.size());
    piece = piece.first(static_cast<std::size_t>(std::min(left, static_cast<SampleCount>(piece.size()))));
    if (failure || piece.empty()) {
        return;
    }
    const auto count = writer.write(piece);
    if (!count) {
        failure = count.error();
        return;
    }
    written.frames += *count;
}

Recorder::Recorder(std::vector<std::unique_ptr<Leg>> legs) : legs_(std::move(legs)) {}
Recorder::Recorder(Recorder&&) noexcept = default;
Recorder& Recorder::operator=(Recorder&&) noexcept = default;
Recorder::~Recorder() = default;

Result<Recorder, FileError> Recorder::create(const RecorderSettings& settings) {
    if (settings.legs.empty()) {
        return file_error("recorder", "has no legs: give one at least");
    }
    // Written in this way, a NaN is out of range as well.
    if (!(settings.capacity.value >= min_capacity_ms && settings.capacity.value <= max_capacity_ms)) {
        return file_error("recorder", "its capacity is out of range: give 20 to 60000 ms");
    }
    if (!(settings.hold_back.value >= 0.0 && settings.hold_back.value <= settings.capacity.value / 2.0)) {
        return file_error("recorder", "its hold-back is out of range: give 0 ms to half the capacity");
    }
    std::vector<std::unique_ptr<Leg>> legs;
    for (const RecordedLeg& leg : settings.legs) {
        auto writer = WavWriter::create(leg.path, leg.rate.hz(), 1, leg.encoding);
        if (!writer) {
            return writer.error();
        }
        legs.push_back(std::make_unique<Leg>(*std::move(writer),
                                             static_cast<std::size_t>(leg.rate.samples(settings.capacity)),
                                             leg.rate.samples(settings.hold_back)));
    }
    return Recorder(std::move(legs));
}

void Recorder::offer(std::size_t leg, std::span<const std::int16_t> samples) noexcept {
    legs_[leg]->offer(samples);
}

SampleCount Recorder::lost(std::size_t leg) const noexcept {
    return legs_[leg]->lost.load(std::memory_order_relaxed);
}

Result<SampleCount, FileError> Recorder::save() {
    SampleCount frames = 0;
    std::optional<FileError> failure;
    for (const auto& leg : legs_) {
        frames += leg->save(leg->hold_back);
        if (!failure) {
            failure = leg->failure;
        }
    }
    if (failure) {
        return *failure;
    }
    return frames;
}

bool Recorder::stop_at(std::size_t leg, SampleIndex sample) {
    Leg& stopped = *legs_[leg];
    const bool is_in_time = sample >= std::min(stopped.taken, stopped.stop);
    stopped.stop = std::min(stopped.stop, std::max(sample, stopped.taken));
    return is_in_time;
}

Result<std::vector<Recording>, FileError> Recorder::close() {
    std::vector<Recording> recordings;
    std::optional<FileError> failure;
    for (const auto& leg : legs_) {
        leg->save(0);
        // A last gap, after which no sample was pushed, and one whose samples never came.
        leg->write_silence(leg->offered.load(std::memory_order_acquire));
        auto closed = leg->writer.close();
        if (!closed && !failure) {
            failure = closed.error();
        }
        recordings.push_back(leg->written);
    }
    if (failure) {
        return *failure;
    }
    return recordings;
}

} // namespace keytone::io
