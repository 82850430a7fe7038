// SPDX-License-Identifier: MIT
#pragma once

#include "engine/io/picture/picture_format.hpp"
#include "engine/io/picture/spectrogram_picture.hpp"
#include "tools/detect/file_hearing.hpp"
#include "tools/detect/file_options.hpp"

#include <optional>
#include <string>

namespace keytone::tools {

/// The picture of `keytone detect --picture` and `keytone listen --picture`: one channel of a file, and what
/// was heard in it.
class DetectionPicture {
  public:
    /// `path` is the picture's; `heard_file` is the path of the input (`-` is standard input).
    DetectionPicture(std::string path, io::PictureFormat format, const std::string& heard_file);
    /// The one that `options` ask for.
    static std::optional<DetectionPicture> of(const FileOptions& options);

    void hear(const HeardSound& sound);
    void mark(const HeardDigit& digit);
    /// Something else, named by `text`; times in seconds.
    void mark(int rate_hz, double begin_s, double end_s, const std::string& text);
    /// Writes the picture; nothing may follow.
    std::optional<io::FileError> write();

  private:
    io::SpectrogramPicture& picture(int rate_hz);

    std::string path_;
    io::PictureFormat format_;
    std::string title_;
    std::optional<io::SpectrogramPicture> picture_; ///< Made at the first sound, which has the rate.
};

} // namespace keytone::tools
