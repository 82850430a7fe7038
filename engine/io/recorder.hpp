// SPDX-License-Identifier: MIT
//
// Records legs to WAV files, off the audio thread:
//
//     [audio]                              [control]
//     offer() ── ring of samples ──► save() ── WAV file
//            └── ring of gaps ─────┘
//
// A sample that finds the ring full is lost, and its position is remembered: save() writes silence there, so
// that sample n of the file stays sample n of the leg.
#pragma once

#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/wav_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keytone::io {

/// One leg's recording.
struct RecordedLeg {
    std::string path; ///< Path of the WAV file, which appears when close() succeeds.
    SampleRate rate = SampleRate::narrowband();
    WavEncoding encoding = WavEncoding::pcm16;
};

struct RecorderSettings {
    std::vector<RecordedLeg> legs;
    /// What a leg's ring holds, 20 to 60000 ms. save() must be called more often than every `capacity` less
    /// `hold_back`.
    Milliseconds capacity{2000};
    /// What save() leaves in the ring, 0 to half the capacity: stop_at() may name a sample that is past by as
    /// much as this.
    Milliseconds hold_back{500};
};

/// The result of one leg's recording.
struct Recording {
    SampleCount frames = 0; ///< In the file.
    SampleCount lost = 0;   ///< Of those, written as silence because the ring was full.
};

/// Writes what legs offer to files. One audio thread offers; one control thread does everything else.
class Recorder {
  public:
    /// Errors: those of WavWriter::create, a capacity or hold_back out of range, no legs. `[control]`
    static Result<Recorder, FileError> create(const RecorderSettings& settings);

    Recorder(Recorder&&) noexcept;
    Recorder& operator=(Recorder&&) noexcept;
    /// Removes what was written, unless close() was called.
    ~Recorder();

    /// Takes the next samples of leg `leg`, an index into the settings' legs. What does not fit is lost and
    /// counted. `[audio]`
    void offer(std::size_t leg, std::span<const std::int16_t> samples) noexcept;
    /// Samples of the leg that were lost so far. `[any]`
    [[nodiscard]] SampleCount lost(std::size_t leg) const noexcept;

    /// Writes what the rings hold except for hold_back, and returns how many frames that were. A leg whose
    /// file fails stays failed, the others go on. Errors: those of WavWriter::write. `[control]`
    Result<SampleCount, FileError> save();
    /// Ends the leg's recording before `sample` (0 or more), whatever is offered after it. False when that
    /// sample, or a later one, has been saved already: then the recording ends with the last one saved.
    /// `[control]`
    bool stop_at(std::size_t leg, SampleIndex sample);
    /// Writes the rest and completes the files, leg by leg; files that are completed later record nothing
    /// more either. The last offer() must have returned. Errors: those of WavWriter::close, the first one;
    /// the other legs' files are complete nevertheless. `[control]`
    Result<std::vector<Recording>, FileError> close();

  private:
    struct Leg;
    explicit Recorder(std::vector<std::unique_ptr<Leg>> legs);
    std::vector<std::unique_ptr<Leg>> legs_;
};

} // namespace keytone::io
