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

/// What was measured over what was varied, such as hit rates: a point of a picture's curves.
struct CurvePoint {
    double x;
    double keytone; ///< Not a number where there is none; so is the other.
    double spandsp;
    std::string name{}; ///< Beside keytone's point.
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
    double highest = 100.0; ///< Of the values.
};

/// A key that keytone reports where there is none, so that it can be looked for and listened to.
struct FalseKey {
    std::string clip;
    std::string way; ///< What was done to the clip; empty for nothing.
    double speed;    ///< Frequencies were so many times as high.
    double at_s;     ///< In what was heard.
    double in_clip_s;
    char key;
    double duration_ms = 0.0;
    double snr_db = 0.0;
    double low_dbm0 = 0.0;
    double high_dbm0 = 0.0;
    double low_hz = 0.0;
    double high_hz = 0.0;
};

struct Outcome {
    std::vector<Line> lines;
    std::vector<Curve> curves{};
    std::vector<FalseKey> false_keys{};
};

/// Puts what `more` says behind what `outcome` says.
void append(Outcome& outcome, Outcome more);

/// `number` with `decimals` behind the point, and the true minus sign.
std::string number_text(double number, int decimals);
/// Cut to two decimals, not rounded: 100 is said of all only.
std::string percent_text(double percent);
/// Hits, and what went wrong besides: "99.96 %, 2 extra".
Figure hit_figure(const Score& score);
/// "0.02 %": keys accepted though they ought not to be.
Figure accepted_figure(const Score& score);

} // namespace keytone::accuracy
