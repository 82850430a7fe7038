// SPDX-License-Identifier: MIT
#pragma once

#include "bench/live/line.hpp"
#include "bench/live/service_figures.hpp"
#include "bench/live/side.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace keytone::bench {

/// What a point showed.
struct Point {
    std::string side;
    PointSetup setup;
    double cpu_us = 0.0;          ///< Of the media threads, for a call and 20 ms.
    double media_cores = 0.0;     ///< How many cores the media threads filled.
    double generator_cores = 0.0; ///< How many the generator filled.
    double bytes_per_call = 0.0;
    double late_median_ms = 0.0; ///< How late packets were.
    double late_999_ms = 0.0;
    double late_worst_ms = 0.0;
    double within_5_ms = 0.0; ///< The share of packets.
    LineCount lines;
    std::uint64_t keys_to = 0;       ///< Pressed by the far ends,
    std::uint64_t keys_to_wrong = 0; ///< calls in which the near end heard others.
    std::uint64_t keys_from = 0;
    std::uint64_t keys_from_wrong = 0;
    std::uint64_t keys_from_unchecked = 0; ///< Of calls whose tones are not decoded.
    std::string first_wrong;               ///< In words: which call's keys, and which keys.
    std::uint64_t generator_late_slots = 0;
    std::uint64_t generator_failures = 0;
    std::uint64_t strangers = 0;
    std::optional<Side::Tick> tick;
    /// How many cores each part filled beside the media threads, where they are told apart.
    std::map<std::string, double> part_cores;
    std::optional<ServiceFigures> service;

    /// Nothing lost, nothing wrong, each key once: what is asked of every run.
    [[nodiscard]] bool is_whole() const;
};

/// Fills in what the lines and the near end saw.
void judge(Point& point, const std::vector<std::unique_ptr<Line>>& lines, const Side& side);

/// A table's head, and a line of it; with further ones beneath for a whole service.
std::string table_head();
std::string table_line(const Point& point);
/// What is wrong with the run, in words; empty where nothing is.
std::string complaint(const Point& point);
/// One object on one line.
std::string json_line(const Point& point);

} // namespace keytone::bench
