// SPDX-License-Identifier: MIT
#include "tools/detect/detection_picture.hpp"

#include "dsp/sample_rate.hpp"

#include <filesystem>
#include <utility>

namespace keytone::tools {

DetectionPicture::DetectionPicture(std::string path, io::PictureFormat format, const std::string& heard_file)
    : path_(std::move(path)),
      format_(format),
      title_(heard_file == "-" ? "standard input" : std::filesystem::path(heard_file).filename().string()) {}

std::optional<DetectionPicture> DetectionPicture::of(const FileOptions& options) {
    const auto format = io::picture_format_of(options.picture);
    return format ? std::optional<DetectionPicture>(std::in_place, options.picture, *format,
                                                    options.files.front())
                  : std::nullopt;
}

void DetectionPicture::hear(const HeardSound& sound) {
    picture(sound.rate_hz).process(sound.samples);
}

void DetectionPicture::mark(const HeardDigit& digit) {
    const DtmfReport& report = digit.report;
    const double rate = digit.rate_hz;
    picture(digit.rate_hz)
        .add({static_cast<double>(report.onset) / rate,
              static_cast<double>(report.onset + report.duration) / rate, report.low_frequency,
              report.high_frequency, report.key.character()});
}

void DetectionPicture::mark(int rate_hz, double begin_s, double end_s, const std::string& text) {
    picture(rate_hz).add(io::SpectrogramSpan{begin_s, end_s, text});
}

std::optional<io::FileError> DetectionPicture::write() {
    return picture(SampleRate::narrowband().hz()).write(path_, format_);
}

io::SpectrogramPicture& DetectionPicture::picture(int rate_hz) {
    if (!picture_) {
        picture_.emplace(rate_hz, title_);
    }
    return *picture_;
}

} // namespace keytone::tools
