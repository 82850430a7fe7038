// SPDX-License-Identifier: MIT
//
// The results of one row of the table.
#pragma once

#include "bench/accuracy/score.hpp"

#include <optional>
#include <string>
#include <vector>

namespace keytone::accuracy {

/// One measured figure, as a number and as text.
struct Figure {
    double value;
    std::string text;
};

/// One line of the table.
struct Line {
    std::string what;
    std::string asked;
    std::optional<Figure> keytone; ///< Absent: not measured, and `remark` says why.
    std::optional<Figure> spandsp; ///< Absent where SpanDSP does not take part.
    std::optional<bool> met;       ///< Absent where nothing is asked.
    std::string remark{};
};

/// One point of a picture's curves: what was measured, such as hit rates, over what was varied.
struct CurvePoint {
    double x;
    double keytone; ///< A NaN where there is none; likewise spandsp.
    double spandsp;
    std::string name{}; ///< Written beside keytone's point.
};

/// From `from` to `to` the hit rate has to be `percent`.
struct Demand {
    double from;
    double to;
    double percent;
};

struct Curve {
    std::string name; ///< The picture's file name without the ending.
    std::string title;
    std::string x_label;
    std::string y_label;
    std::vector<CurvePoint> points;
    std::vector<Demand> demands;
    bool has_spandsp;
    double highest = 100.0; ///< The highest value of the axis.
};

/// A key that keytone reports where there is none, with what is needed to find it and listen to it.
struct FalseKey {
    std::string clip;
    std::string way; ///< What was done to the clip; empty for nothing.
    double speed;    ///< The factor by which frequencies were raised.
    double at_s;     ///< Time in the sound as it was heard.
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

/// Appends `more` to `outcome`.
void append(Outcome& outcome, Outcome more);

/// `number` with `decimals` decimals, and with the typographic minus sign.
std::string number_text(double number, int decimals);
/// Truncated to two decimals, not rounded: 100 % is only stated when it is all.
std::string percent_text(double percent);
/// The hits, and what else went wrong: "99.96 %, 2 extra".
Figure hit_figure(const Score& score);
/// "0.02 %": keys that were accepted although they must not be.
Figure accepted_figure(const Score& score);

} // namespace keytone::accuracy
