// SPDX-License-Identifier: MIT
#include "tools/redact/redaction_report.hpp"

#include "tools/console/json_line.hpp"
#include "tools/console/printable.hpp"

#include <array>
#include <cstdio>

namespace keytone::tools {

namespace {

double seconds_of(const RedactedFile& file, SampleCount frames) {
    return static_cast<double>(frames) / file.rate_hz;
}

std::string in_seconds(const RedactedFile& file, SampleCount frames) {
    std::array<char, 48> text{};
    static_cast<void>(std::snprintf(text.data(), text.size(), "%.3f", seconds_of(file, frames)));
    return text.data();
}

} // namespace

std::string key_lines(const RedactedFile& file, std::span<const SilencedKey> keys, bool json, bool digits) {
    std::string lines;
    for (const SilencedKey& key : keys) {
        if (json) {
            Json object{
                {"file", file.input},
                {"channel", key.channel},
                {"start_s", to_microseconds(seconds_of(file, key.begin))},
                {"duration_s", to_microseconds(seconds_of(file, key.end - key.begin))},
            };
            if (digits) {
                object["digit"] = std::string(1, key.digit);
            }
            lines += json_line(object);
        } else {
            lines += std::to_string(key.channel) + "\t" + in_seconds(file, key.begin) + "\t" +
                     in_seconds(file, key.end - key.begin) + (digits ? std::string("\t") + key.digit : "") +
                     "\n";
        }
    }
    return lines;
}

std::string channel_lines(const RedactedFile& file, std::span<const SilencedKey> keys, bool json) {
    std::string lines;
    for (int channel = 1; channel <= file.channels; ++channel) {
        int count = 0;
        SampleCount silenced = 0;
        for (const SilencedKey& key : keys) {
            count += key.channel == channel ? 1 : 0;
            silenced += key.channel == channel ? key.end - key.begin : 0;
        }
        if (json) {
            lines += json_line({
                {"file", file.input},
                {"channel", channel},
                {"keys", count},
                {"silenced_s", to_microseconds(seconds_of(file, silenced))},
                {"seconds", to_microseconds(seconds_of(file, file.frames))},
            });
        } else {
            lines += printable(file.output) + "\t" + std::to_string(channel) + "\t" + std::to_string(count) +
                     "\t" + in_seconds(file, silenced) + "\n";
        }
    }
    return lines;
}

} // namespace keytone::tools
