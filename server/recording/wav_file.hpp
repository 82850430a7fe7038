// SPDX-License-Identifier: MIT
//
// A WAV file that grows (Microsoft and IBM, Multimedia Programming Interface and Data Specifications 1.0):
// after each put() its header says how long it is, so that it plays whatever becomes of the program.
#pragma once

#include "dsp/result.hpp"
#include "dsp/units.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace keytone::server {

/// Two channels of 16 bits at 8 kHz. Frames may be left out: they are silent, and take no room on most disks.
class WavFile {
  public:
    static constexpr std::size_t header_bytes = 44;
    /// As long as the header's 32 bits can say: 37 hours.
    static constexpr SampleCount most_frames = (SampleCount{1} << 30) - 16;

    /// Makes the file, readable by its owner alone. Errors, as all of this class: what could not be done and
    /// why, without the path; also where it is there already.
    static Result<WavFile, std::string> create(const std::string& path);
    WavFile(WavFile&& other) noexcept;
    WavFile& operator=(WavFile&& other) noexcept;
    ~WavFile();

    /// Writes frames of two samples, the first one at the frame `at`. On an error the file plays all the
    /// same.
    std::optional<std::string> put(SampleCount at, std::span<const std::int16_t> frames);
    /// Makes it so many frames long: silent at its end, or cut.
    std::optional<std::string> set_length(SampleCount frames);

    /// Corrects the header of a file that was left in the middle of a put(). Errors: also where it is none of
    /// these files.
    static std::optional<std::string> mend(const std::string& path);

  private:
    explicit WavFile(int descriptor);
    std::optional<std::string> write_header();
    static std::string failure(const char* what);

    int descriptor_;
    SampleCount frames_ = 0;
};

} // namespace keytone::server
