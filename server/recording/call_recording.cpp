// SPDX-License-Identifier: MIT
#include "server/recording/call_recording.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>
#include <variant>

namespace keytone::server {

namespace {

constexpr SampleCount block = 160;
/// A digit string begins at a sample that is told within a block: that much is not final yet.
constexpr SampleCount untold = block + SensitiveSpans::margin;
/// How far back an answer may lie when it is told, in blocks.
constexpr std::size_t before_answer = 50;
constexpr SampleIndex never = std::numeric_limits<SampleIndex>::max();

} // namespace

CallRecording::CallRecording(std::string path, std::string call, RecordedKeys keys,
                             std::function<void()> hurry)
    : path_(std::move(path)),
      call_(std::move(call)),
      hurry_(std::move(hurry)),
      known_{std::nullopt, std::nullopt, 0, false, SensitiveSpans(keys == RecordedKeys::keep), {}} {
    if (keys == RecordedKeys::silence) {
        heard_keys_.emplace();
    }
    // The ring's memory is touched now, so that the media thread meets no page that is not there.
    RecordedBlock first{};
    for (std::size_t i = 0; i < ring_blocks; ++i) {
        tap_.put(first);
    }
    while (tap_.next(first)) {
    }
}

// ---- The control side

void CallRecording::take(const Outcome& outcome) {
    const bool is_last = std::holds_alternative<SessionCompleted>(outcome.what);
    {
        const std::lock_guard lock(mutex_);
        learn(outcome);
    }
    if (is_last && hurry_) {
        hurry_();
    }
}

void CallRecording::learn(const Outcome& outcome) {
    if (known_.end) {
        return; // What is said and heard now is others'.
    }
    const SilentSpan late = known_.spans.take(outcome);
    if (late.heard_end > late.begin) {
        known_.late.push_back(late);
    }
    const auto* const leg = std::get_if<LegChanged>(&outcome.what);
    if (leg != nullptr && outcome.leg == Leg::a && leg->state == LegChanged::State::answered &&
        !known_.begin) {
        known_.begin = outcome.sample;
    } else if (const auto* const completed = std::get_if<SessionCompleted>(&outcome.what)) {
        known_.end = completed->recording_end;
        known_.settled = never;
    }
}

void CallRecording::settle(SampleIndex known) {
    const std::lock_guard lock(mutex_);
    known_.settled = std::max(known_.settled, known - untold);
}

void CallRecording::close() {
    tap_.close();
    {
        const std::lock_guard lock(mutex_);
        known_.is_closed = true;
        known_.settled = never;
    }
    if (hurry_) {
        hurry_();
    }
}

std::optional<RecordingResult> CallRecording::result_by(std::chrono::steady_clock::time_point until) const {
    std::unique_lock lock(mutex_);
    is_over_.wait_until(lock, until, [this] { return result_.has_value(); });
    return result_;
}

// ---- The writer's thread

CallRecording::Known CallRecording::known() {
    const std::lock_guard lock(mutex_);
    known_.spans.forget_before(written_);
    Known copy = known_;
    known_.late.clear();
    return copy;
}

void CallRecording::drain() {
    for (RecordedBlock next; pending_.size() < most_pending && tap_.next(next);) {
        pending_.push_back(next);
        seen_ = next.begin + block;
        if (heard_keys_) {
            heard_keys_->hear(next);
        }
    }
}

// What waits for heard_keys_, in whole blocks.
std::size_t CallRecording::blocks_held() const {
    const SampleCount held = heard_keys_ ? std::max<SampleCount>(seen_ - heard_keys_->settled(), 0) : 0;
    return static_cast<std::size_t>((held + block - 1) / block);
}

CallRecording::Written CallRecording::write() {
    const Known now = known(); // Before the ring is emptied: if it is closed, nothing comes behind.
    drain();
    Written written;
    const bool is_last = now.is_closed || (now.end && seen_ >= *now.end);
    written.is_ending = now.end && !is_last;
    if (!now.begin) {
        while (pending_.size() > before_answer) {
            pending_.pop_front();
        }
    } else if (!file_ && (fault_.empty() || is_last || pending_.size() >= blocks_together)) {
        make_file(written);
    }
    if (file_) {
        silence_late(now);
    }
    if (is_last && heard_keys_) {
        heard_keys_->finish();
    }
    if (now.begin && (is_last || pending_.size() >= blocks_together + blocks_held())) {
        const SampleIndex heard = heard_keys_ ? heard_keys_->settled() : never;
        write_final(now, std::min({now.settled, now.end.value_or(never), heard}), written);
    }
    if (is_last) {
        finish(now, now.end.value_or(seen_), written);
    }
    return written;
}

// Runs of blocks without a gap, up to `limit`. What is lost leaves a hole, which reads as silence.
void CallRecording::write_final(const Known& known, SampleIndex limit, Written& written) {
    const bool is_end = known.end && limit == *known.end;
    while (!pending_.empty()) {
        std::size_t run = 0;
        while (run < pending_.size() &&
               pending_[run].begin == pending_.front().begin + static_cast<SampleCount>(run) * block &&
               (pending_[run].begin + block <= limit || (is_end && pending_[run].begin < limit))) {
            ++run;
        }
        if (run == 0) {
            break;
        }
        write_run(known, run, limit, written);
    }
    if (is_end) {
        pending_.clear(); // What lies behind is others'.
    }
}

void CallRecording::write_run(const Known& known, std::size_t blocks, SampleIndex limit, Written& written) {
    const SampleIndex first = pending_.front().begin;
    const SampleIndex begin = std::max(first, *known.begin);
    const SampleIndex end = std::min(first + static_cast<SampleCount>(blocks) * block, limit);
    frames_.clear();
    for (SampleIndex sample = begin; sample < end; ++sample) {
        const auto at = static_cast<std::size_t>(sample - first);
        const RecordedBlock& from = pending_[at / block];
        frames_.push_back(from.heard[at % block]);
        frames_.push_back(from.sent[at % block]);
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(blocks));
    if (!frames_.empty()) {
        known.spans.silence(begin, frames_);
        if (heard_keys_) {
            heard_keys_->silence(begin, frames_);
            heard_keys_->forget_before(end);
        }
        put(begin, frames_, known, written);
        written_ = end;
    }
}

void CallRecording::put(SampleIndex at, const std::vector<std::int16_t>& frames, const Known& known,
                        Written& written) {
    if (!file_) {
        return;
    }
    if (auto fault = file_->put(at - *known.begin, frames)) {
        return fail(*std::move(fault), written);
    }
    kept_ += static_cast<SampleCount>(frames.size() / 2);
    written.bytes += std::span(frames).size_bytes();
}

// Both channels: a key that was heard is rarely as secret, and more rarely so late.
void CallRecording::silence_late(const Known& known) {
    for (const SilentSpan& span : known.late) {
        const SampleIndex begin = std::max(span.begin, *known.begin);
        const SampleIndex end = std::min(span.heard_end, written_);
        if (begin < end) {
            const std::vector<std::int16_t> silence(2 * static_cast<std::size_t>(end - begin), 0);
            static_cast<void>(
                file_->put(begin - *known.begin, silence)); // There is room: it is there already.
        }
    }
}

void CallRecording::make_file(Written& written) {
    auto made = WavFile::create(path_);
    if (!made) {
        return fail(made.error(), written);
    }
    file_.emplace(*std::move(made));
}

void CallRecording::fail(std::string fault, Written& written) {
    if (fault_.empty()) {
        fault_ = fault;
        written.fault = std::move(fault);
    }
}

void CallRecording::finish(const Known& known, SampleIndex end, Written& written) {
    tap_.close();
    written.is_over = true;
    RecordingResult result;
    if (known.begin) {
        result.has_begun = true;
        result.length = std::max<SampleCount>(0, end - *known.begin);
        result.missing = result.length - std::min(kept_, result.length);
        result.is_there = file_.has_value();
        if (file_) {
            // A side may have hung up a moment before that was told.
            if (auto fault = file_->set_length(result.length)) {
                fail(*std::move(fault), written);
            }
        }
        result.fault = fault_;
    }
    file_.reset();
    pending_.clear();
    const std::lock_guard lock(mutex_);
    result_ = std::move(result);
    is_over_.notify_all();
}

} // namespace keytone::server
