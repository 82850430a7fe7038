// SPDX-License-Identifier: MIT
#include "tools/detect/digit_lines.hpp"

#include "tools/console/json_line.hpp"
#include "tools/console/printable.hpp"

namespace keytone::tools {

std::string text_line(const std::string& path, const HeardChannel& channel) {
    return printable(path) + "\t" + channel.digits + "\n";
}

std::string json_digit_line(const std::string& path, const HeardDigit& digit) {
    const DtmfReport& report = digit.report;
    const auto seconds = [&](SampleCount samples) { return static_cast<double>(samples) / digit.rate_hz; };
    return json_line({
        {"file", path},
        {"channel", digit.channel},
        {"digit", std::string(1, report.key.character())},
        {"start_s", to_microseconds(seconds(report.onset))},
        {"duration_s", to_microseconds(seconds(report.duration))},
        {"low_dbm0", to_hundredths(report.low_level.value)},
        {"high_dbm0", to_hundredths(report.high_level.value)},
        {"low_hz", to_hundredths(report.low_frequency.value)},
        {"high_hz", to_hundredths(report.high_frequency.value)},
        {"snr_db", to_hundredths(report.snr.value)},
    });
}

std::string json_channel_line(const std::string& path, const HeardChannel& channel, double seconds) {
    return json_line({
        {"file", path},
        {"channel", channel.number},
        {"digits", channel.digits},
        {"seconds", to_microseconds(seconds)},
    });
}

} // namespace keytone::tools
