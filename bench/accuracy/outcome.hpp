// SPDX-License-Identifier: MIT
//
// What a row of the table says.
#pragma once

#include "bench/accuracy/score.hpp"

#include <optional>
#include <string>
#include <vector>

namespace keytone::accuracy {

/// One measured figure, as a number and in words.
struct Figure {
    double value;
    std::string text;
};

/// One line of the table.
struct Line {
    std::string what;
    std::string asked;
    std::optional<Figure> keytone; ///< Nothing: not measured, and `remark` says why.
    std::optional<Figure> spandsp; ///< Nothing where it does not take part.
    std::optional<bool> met;       ///< Nothing where nothing is asked.
    std::string remark{};
};

/// Hit rates over what was varied: a curve of a picture.
struct CurvePoint {
    double x;
    double keytone;
    double spandsp;
};

/// From `from` to `to` the hit rate has to be `percent`.
struct Demand {
    double from;
    double to;
    double percent;
};

struct Curve {
    std::string name; ///< The picture's file name without its ending.
    std::string title;
    std::string x_label;
    std::string y_label;
    std::vector<CurvePoint> points;
    std::vector<Demand> demands;
    bool has_spandsp;
};

struct Outcome {
    std::vector<Line> lines;
    std::vector<Curve> curves{};
};

/// `number` with `decimals` behind the point, and the true minus sign.
std::string number_text(double number, int decimals);
/// Cut to two decimals, not rounded: 100 is said of all only.
std::string percent_text(double percent);
/// Hits, and what went wrong besides: "99.96 %, 2 extra".
Figure hit_figure(const Score& score);
/// "0.02 %": keys accepted though they ought not to be.
Figure accepted_figure(const Score& score);

} // namespace keytone::accuracy
