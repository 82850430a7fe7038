// SPDX-License-Identifier: MIT
//
// The recording of the agent's part of one call, leg a from its answer until the caller is handed on or a
// side hangs up:
//
//     media thread     RecordingTap::put ─► ring of 3 s ─┐
//     control thread   take(outcome), settle ─► what is final, where it is silent ─┐
//     writer's thread                                    write() ─► file  ◄────────┘
//
// A sample is final once the control side has taken every outcome of the time before: then it is known
// whether it is a sensitive digit's. Where keys that are heard must not stay, it also has to be 1.5 s old:
// then HeardKeys has told. What does not reach the file is silence of the same length in it.
#pragma once

#include "dsp/units.hpp"
#include "engine/outcome.hpp"
#include "server/media/recording_tap.hpp"
#include "server/recording/heard_keys.hpp"
#include "server/recording/sensitive_spans.hpp"
#include "server/recording/wav_file.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace keytone::server {

/// What becomes of the keys that the other side presses.
enum class RecordedKeys : std::uint8_t {
    keep,    ///< They stay in the recording.
    silence, ///< They are silent in it.
};

/// What became of a recording.
struct RecordingResult {
    bool has_begun = false;  ///< There was something to record.
    bool is_there = false;   ///< There is a file.
    SampleCount length = 0;  ///< In samples,
    SampleCount missing = 0; ///< of which so many were lost, and are silent.
    std::string fault;       ///< Why the file, or a part of it, could not be written: without the path.
};

class CallRecording {
  public:
    /// What the ring holds: a disk may stand still for as long, 3 s.
    static constexpr std::size_t ring_blocks = 150;
    /// What waits beyond that for the control side, 10 s.
    static constexpr std::size_t most_pending = 500;
    /// What is written together, 1 s.
    static constexpr std::size_t blocks_together = 50;

    /// `call` is its name in the log. `hurry` is called when there will soon be the last to write.
    /// `[control]`
    CallRecording(std::string path, std::string call, RecordedKeys keys = RecordedKeys::keep,
                  std::function<void()> hurry = {});

    /// For the media thread.
    [[nodiscard]] RecordingTap& tap() { return tap_; }
    [[nodiscard]] const std::string& call() const { return call_; }
    [[nodiscard]] const std::string& path() const { return path_; }

    /// The call's next outcome: where it begins and ends, what is sensitive. `[control]`
    void take(const Outcome& outcome);
    /// Every outcome of what happened before this sample of leg a was taken. `[control]`
    void settle(SampleIndex known);
    /// The media thread puts nothing any more. `[control]`
    void close();
    /// What became of it, once it is written; nothing where it is not by then. `[any]`
    [[nodiscard]] std::optional<RecordingResult> result_by(std::chrono::steady_clock::time_point until) const;

    /// What a write() has done.
    struct Written {
        std::uint64_t bytes = 0;
        std::optional<std::string> fault; ///< Where it is the first one.
        bool is_ending = false;           ///< The last will be there within a tick.
        bool is_over = false;             ///< It was the last.
    };
    /// Writes what is final, where that is enough to be written, or the last. The writer's thread.
    Written write();

  private:
    /// What the control side has said.
    struct Known {
        std::optional<SampleIndex> begin;
        std::optional<SampleIndex> end;
        SampleIndex settled = 0;
        bool is_closed = false;
        SensitiveSpans spans;
        std::vector<SilentSpan> late; ///< That may be written already.
    };

    void learn(const Outcome& outcome);
    [[nodiscard]] Known known();
    [[nodiscard]] std::size_t blocks_held() const;
    void drain();
    void write_final(const Known& known, SampleIndex limit, Written& written);
    void write_run(const Known& known, std::size_t blocks, SampleIndex limit, Written& written);
    void silence_late(const Known& known);
    void put(SampleIndex at, const std::vector<std::int16_t>& frames, const Known& known, Written& written);
    void make_file(Written& written);
    void fail(std::string fault, Written& written);
    void finish(const Known& known, SampleIndex end, Written& written);

    const std::string path_;
    const std::string call_;
    const std::function<void()> hurry_;
    RecordingTap tap_{ring_blocks};

    mutable std::mutex mutex_; ///< The control side's and the writer's; never held while a file is written.
    mutable std::condition_variable is_over_;
    Known known_;
    std::optional<RecordingResult> result_;

    // The writer's.
    std::optional<HeardKeys> heard_keys_; ///< Where those do not stay.
    std::deque<RecordedBlock> pending_;
    SampleIndex seen_ = 0;    ///< Behind the last sample that came.
    SampleIndex written_ = 0; ///< Behind the last sample that was to be written.
    SampleCount kept_ = 0;    ///< Samples that are in the file.
    std::optional<WavFile> file_;
    std::string fault_;
    std::vector<std::int16_t> frames_;
};

} // namespace keytone::server
