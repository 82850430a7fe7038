// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/picture/picture_format.hpp"
#include "engine/io/picture/timeline.hpp"

#include <optional>
#include <string>

namespace keytone::io {

/// Draws the call's legs below each other on one time axis, 1200 pixels wide and as high as needed, and
/// writes the picture to `path` (`-` is standard output), where it appears complete or not at all. Both
/// formats show the same. Waveforms are scaled by the loudest of all. Errors: those of WavWriter::create(), a
/// full disk, a call of more than 24 hours or 16 legs, a duration that is a NaN or negative. `[control]`
std::optional<FileError> write_timeline_picture(const std::string& path, PictureFormat format,
                                                const Timeline& timeline);
/// The same picture as the text of an SVG document. Errors: those of what it shows. `[control]`
Result<std::string, FileError> timeline_svg(const Timeline& timeline);

} // namespace keytone::io
