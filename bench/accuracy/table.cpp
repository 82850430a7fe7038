// SPDX-License-Identifier: MIT
#include "bench/accuracy/table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace keytone::accuracy {

namespace {

constexpr std::size_t columns = 6;
constexpr std::array<std::size_t, columns> widths{16, 58, 19, 22, 22, 3};

std::string table_line(const std::array<std::string, columns>& cells) {
    std::string line = "|";
    for (std::size_t i = 0; i < columns; ++i) {
        line += " " + padded(cells.at(i), widths.at(i)) + " |";
    }
    return line + "\n";
}

std::string text_of(const std::optional<Figure>& figure) {
    return figure ? figure->text : "";
}

nlohmann::ordered_json json_of(const std::optional<Figure>& figure) {
    return figure ? nlohmann::ordered_json{{"value", figure->value}, {"text", figure->text}}
                  : nlohmann::ordered_json(nullptr);
}

} // namespace

std::string padded(std::string_view text, std::size_t width) {
    const auto characters = static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; // the first byte of a UTF-8 sequence
    }));
    return std::string(text) + std::string(width - std::min(width, characters), ' ');
}

std::string table_head() {
    std::string rule = "|";
    for (const std::size_t width : widths) {
        rule += std::string(width + 2, '-') + "|";
    }
    return table_line({"row", "what", "asked", "keytone", "SpanDSP", "met"}) + rule + "\n";
}

std::string table_lines(std::string_view row, const Outcome& outcome) {
    std::string text;
    for (const Line& line : outcome.lines) {
        const std::string met = line.met ? (*line.met ? "yes" : "NO") : "";
        text += table_line({std::string(row), line.what, line.asked,
                            line.keytone ? line.keytone->text : "not measured: " + line.remark,
                            text_of(line.spandsp), met});
    }
    return text;
}

nlohmann::ordered_json json_lines(std::string_view row, int rate_hz, const Outcome& outcome) {
    auto lines = nlohmann::ordered_json::array();
    for (const Line& line : outcome.lines) {
        lines.push_back({{"row", row},
                         {"rate", rate_hz},
                         {"what", line.what},
                         {"asked", line.asked},
                         {"keytone", json_of(line.keytone)},
                         {"spandsp", json_of(line.spandsp)},
                         {"met", line.met ? nlohmann::ordered_json(*line.met) : nullptr},
                         {"remark", line.remark}});
    }
    return lines;
}

nlohmann::ordered_json json_false_keys(std::string_view row, int rate_hz, const Outcome& outcome) {
    auto keys = nlohmann::ordered_json::array();
    for (const FalseKey& key : outcome.false_keys) {
        keys.push_back({{"row", row},
                        {"rate", rate_hz},
                        {"clip", key.clip},
                        {"way", key.way},
                        {"speed", key.speed},
                        {"at_s", key.at_s},
                        {"in_clip_s", key.in_clip_s},
                        {"key", std::string(1, key.key)},
                        {"duration_ms", key.duration_ms},
                        {"snr_db", key.snr_db},
                        {"low_dbm0", key.low_dbm0},
                        {"high_dbm0", key.high_dbm0},
                        {"low_hz", key.low_hz},
                        {"high_hz", key.high_hz}});
    }
    return keys;
}

nlohmann::ordered_json json_curves(int rate_hz, const Outcome& outcome) {
    auto curves = nlohmann::ordered_json::array();
    for (const Curve& curve : outcome.curves) {
        auto points = nlohmann::ordered_json::array();
        for (const CurvePoint& point : curve.points) {
            points.push_back(
                {{"x", point.x},
                 {"keytone", point.keytone},
                 {"spandsp", curve.has_spandsp ? nlohmann::ordered_json(point.spandsp) : nullptr}});
        }
        curves.push_back({{"name", curve.name},
                          {"rate", rate_hz},
                          {"x_label", curve.x_label},
                          {"y_label", curve.y_label},
                          {"points", points}});
    }
    return curves;
}

} // namespace keytone::accuracy
