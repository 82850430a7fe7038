// SPDX-License-Identifier: MIT
#include "tools/device/device_lines.hpp"

#include "tools/console/json_line.hpp"
#include "tools/console/printable.hpp"
#include "tools/option_checks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <utility>
#include <vector>

namespace keytone::tools {

namespace {

/// `number` with `decimals` decimals, in at least `columns` columns.
std::string fixed(double number, int decimals, int columns = 0) {
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "%*.*f", columns, decimals, number);
    return {text.data(), static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(text.size()) - 1))};
}

std::string at(SampleIndex index, SampleRate rate) {
    return fixed(rate.seconds(index), 3, 10) + " s  ";
}

std::string digit(Key key) {
    return {key.character()};
}

/// Columns as wide as their widest cell, with two spaces between them.
std::string in_columns(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const auto& row : rows) {
        std::string cells;
        for (std::size_t i = 0; i < row.size(); ++i) {
            cells += row[i] + std::string(widths[i] + 2 - row[i].size(), ' ');
        }
        text += cells.substr(0, cells.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string count_of(std::uint64_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

} // namespace

std::string device_table(std::span<const io::AudioDevice> devices) {
    std::vector<std::vector<std::string>> rows;
    for (const io::AudioDevice& device : devices) {
        const std::string defaults = device.default_input && device.default_output
                                         ? "default input and output"
                                     : device.default_input  ? "default input"
                                     : device.default_output ? "default output"
                                                             : "";
        rows.push_back({std::to_string(device.number), printable(device.name), printable(device.system),
                        std::to_string(device.inputs) + " in", std::to_string(device.outputs) + " out",
                        fixed(device.rate_hz, 0) + " Hz", defaults});
    }
    return in_columns(rows);
}

std::string json_device_line(const io::AudioDevice& device) {
    return json_line({
        {"device", device.number},
        {"name", device.name},
        {"system", device.system},
        {"inputs", device.inputs},
        {"outputs", device.outputs},
        {"rate_hz", to_hundredths(device.rate_hz)},
        {"default_input", device.default_input},
        {"default_output", device.default_output},
    });
}

std::string json_start_line(const StreamInUse& use) {
    Json object{
        {"ev", "start"},
        {"device", use.device.number},
        {"name", use.device.name},
        {"system", use.device.system},
        {"rate_hz", use.rate.hz()},
    };
    if (use.channel) {
        object["channel"] = *use.channel;
    }
    return json_line(object);
}

std::string text_start_line(const StreamInUse& use) {
    const std::string verb = use.direction == io::AudioDirection::input ? "listening to " : "playing on ";
    return verb + printable(use.device.name) + " (" + printable(use.device.system) + "), " +
           (use.channel ? "channel " + std::to_string(*use.channel) + ", " : "") +
           std::to_string(use.rate.hz()) + " Hz\n";
}

std::string json_key_line(const DtmfGenerator::Tone& tone, SampleRate rate) {
    return json_line({
        {"ev", "key"},
        {"digit", digit(tone.key)},
        {"start_s", to_microseconds(rate.seconds(tone.begin))},
        {"duration_s", to_microseconds(rate.seconds(tone.end - tone.begin))},
    });
}

std::string text_key_line(const DtmfGenerator::Tone& tone, SampleRate rate) {
    return at(tone.begin, rate) + tone.key.character() + "\n";
}

std::string json_report_line(const DtmfReport& report, SampleRate rate) {
    const bool hint = report.kind == DtmfReport::Kind::hint;
    const bool end = report.kind == DtmfReport::Kind::end;
    Json object{
        {"ev", hint  ? "hint"
               : end ? "end"
                     : "begin"},
        {"digit", digit(report.key)},
        {"start_s", to_microseconds(rate.seconds(report.onset))},
    };
    if (end) {
        object["duration_s"] = to_microseconds(rate.seconds(report.duration));
    }
    if (!hint) {
        object["low_dbm0"] = to_hundredths(report.low_level.value);
        object["high_dbm0"] = to_hundredths(report.high_level.value);
        object["low_hz"] = to_hundredths(report.low_frequency.value);
        object["high_hz"] = to_hundredths(report.high_frequency.value);
        object["snr_db"] = to_hundredths(report.snr.value);
    }
    return json_line(object);
}

std::string text_report_line(const DtmfReport& report, SampleRate rate) {
    switch (report.kind) {
    case DtmfReport::Kind::hint:
        return "";
    case DtmfReport::Kind::begin:
        return at(report.onset, rate) + report.key.character() + "  begins, " +
               fixed(report.low_level.value, 1) + " and " + fixed(report.high_level.value, 1) + " dBm0\n";
    case DtmfReport::Kind::end:
        break;
    }
    return at(report.onset + report.duration, rate) + report.key.character() + "  ends after " +
           fixed(rate.milliseconds(report.duration).value, 1) + " ms\n";
}

std::string json_thing_line(const HeardThing& thing, SampleRate rate) {
    Json object{{"ev", "heard"}};
    object.update(as_json(thing, rate.hz()));
    return json_line(object);
}

std::string text_thing_line(const HeardThing& thing, SampleRate rate) {
    return at(thing.end, rate) + in_words(thing) +
           (thing.end > thing.begin ? ", from " + fixed(rate.seconds(thing.begin), 3) + " s" : "") + "\n";
}

std::string json_summary_line(const StreamSummary& summary) {
    const io::StreamCounts& counts = summary.counts;
    return json_line({
        {"ev", "summary"},
        {"digits", summary.digits},
        {"seconds", to_microseconds(summary.seconds)},
        {"blocks", counts.blocks},
        {"late", counts.late},
        {"over_time", counts.over_time},
        {"input_underflows", counts.input_underflows},
        {"input_overflows", counts.input_overflows},
        {"output_underflows", counts.output_underflows},
        {"output_overflows", counts.output_overflows},
        {"busiest_percent", to_hundredths(100.0 * counts.busiest)},
        {"reports_lost", summary.reports_lost},
    });
}

std::string text_summary_line(const std::string& done, const StreamSummary& summary) {
    const io::StreamCounts& counts = summary.counts;
    std::string text = done + " " + (summary.digits.empty() ? "no digit" : summary.digits) + " in " +
                       fixed(summary.seconds, 3) + " s; " + count_of(counts.blocks, "block", "blocks") +
                       ", the busiest took " + fixed(100.0 * counts.busiest, 1) + " % of its time";
    std::vector<std::string> losses;
    const auto tell = [&](std::uint64_t count, const char* one, const char* many) {
        if (count > 0) {
            losses.push_back(count_of(count, one, many));
        }
    };
    tell(counts.late, "block late", "blocks late");
    tell(counts.over_time, "block over its time", "blocks over their time");
    tell(counts.input_underflows, "input underflow", "input underflows");
    tell(counts.input_overflows, "input overflow", "input overflows");
    tell(counts.output_underflows, "output underflow", "output underflows");
    tell(counts.output_overflows, "output overflow", "output overflows");
    tell(summary.reports_lost, "report lost", "reports lost");
    for (const std::string& loss : losses) {
        text += ", " + loss;
    }
    return text + (losses.empty() ? ", none was late or lost\n" : "\n");
}

} // namespace keytone::tools
