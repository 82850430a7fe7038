// SPDX-License-Identifier: MIT
#include "dsp/listener/call_listener.hpp"

#include "dsp/prefetch.hpp"

namespace keytone {

CallListener::CallListener(SampleRate rate, Country country) noexcept
    : beeps_(rate), line_(rate), progress_(rate, {}, country) {}

void CallListener::begin_progress() noexcept {
    progress_.reset();
    hears_progress_ = true;
}

void CallListener::begin_answer(SampleIndex since) noexcept {
    answer_.reset();
    answer_since_ = since;
    hears_answer_ = true;
}

void CallListener::reset() noexcept {
    beeps_.reset();
    line_.reset();
    answer_.reset();
    progress_.reset();
    answer_since_ = 0;
}

inline bool CallListener::hear(std::span<const std::int16_t>& in, LineFront::Frame& frame, LineSink on_line,
                               const Sinks& sinks) noexcept {
    if (!line_.next(in, frame, on_line)) {
        return false;
    }
    beeps_.hear(frame, on_line);
    if (hears_progress_) {
        const auto passes = progress_.passes(frame);
        if (passes != ProgressListener::all_pass) {
            hear_progress(frame, passes, sinks);
        }
    }
    if (hears_answer_) {
        if (const auto answer = answer_.hear(line_, answer_since_, progress_.sounding())) {
            sinks.answer(*answer);
        }
    }
    return true;
}

bool CallListener::next(std::span<const std::int16_t>& in, const Sinks& sinks) noexcept {
    LineFront::Frame frame;
    return hear(
        in, frame, [&](const LineEvent& event) { take(event, sinks); }, sinks);
}

void CallListener::process(std::span<const std::int16_t> in, const Sinks& sinks) noexcept {
    const auto on_line = [&](const LineEvent& event) { take(event, sinks); };
    const LineSink line_sink = on_line;
    for (LineFront::Frame frame; !in.empty() && hear(in, frame, line_sink, sinks);) {
    }
}

/// Each beep once, whoever of both heard it.
void CallListener::take(const LineEvent& event, const Sinks& sinks) noexcept {
    if (!beeps_.is_new(event)) {
        return;
    }
    sinks.line(event);
    if (event.kind == LineEvent::Kind::beep_ended && hears_answer_) {
        if (const auto answer = answer_.hear_beep()) {
            sinks.answer(*answer);
        }
    }
}

void CallListener::hear_progress(const LineFront::Frame& frame, ProgressListener::Passes passes,
                                 const Sinks& sinks) noexcept {
    progress_.hear_further(frame, passes, [&](const ProgressEvent& event) {
        sinks.progress(event);
        if (event.kind == ProgressEvent::Kind::began && hears_answer_) {
            if (const auto answer = answer_.hear_tone(event.tone)) {
                sinks.answer(*answer);
            }
        }
    });
}

void CallListener::prefetch() const noexcept {
    beeps_.prefetch();
    prefetch_early(&hears_progress_, &answer_ + 1);
    line_.prefetch();
    progress_.prefetch();
}

void CallListener::prefetch_rest() const noexcept {
    beeps_.prefetch_rest();
    if (hears_progress_) {
        progress_.prefetch_rest();
    }
}

} // namespace keytone
