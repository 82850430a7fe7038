// SPDX-License-Identifier: MIT
//
// Places labels so that none covers another.
//
// Keys that are too close for a digit each share one label. Keyings keep a label each, shortened where they
// would cover each other, unless they begin too close together for that:
//
//     1   2   3          123
//     ▄   ▄   ▄         ┌───┐
//                       ▖▖▖
//
// Marks are vertical lines. Their labels are to the right of the line; an earlier label is above a later one
// that it would cover, so that no line goes through a label:
//
//     │dial
//     │ │answered
//     │ │     │bridged
#pragma once

#include "dsp/function_ref.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::io {

/// Something from `begin` to `end` (pixels) that has a name.
struct LabelSpan {
    double begin;
    double end;
    std::string text;
};

/// One label over one or several spans.
struct JoinedLabel {
    double begin; ///< Of the first span.
    double end;   ///< Of the last span.
    double centre;
    double width;      ///< Of the text, or of the room there is; then the text has to be shortened.
    std::string text;  ///< Of all spans, in order.
    std::size_t spans; ///< How many.
};

/// Labels for `spans`, sorted by their begin, each centred over its spans and none over another. `width_of`
/// gives the width of a text. `[control]`
std::vector<JoinedLabel> join_labels(std::vector<LabelSpan> spans, double left, double right,
                                     FunctionRef<double(std::string_view)> width_of);

/// A label that belongs to the vertical line at `x`.
struct MarkLabel {
    double x;
    double width;
};

struct MarkPlace {
    int row; ///< 0 is the lowest; negative when no row had room.
    bool is_left_of_line;

    friend bool operator==(const MarkPlace&, const MarkPlace&) = default;
};

/// Places for `marks`, which are sorted by x. No label goes beyond `right`, unless there is less room to the
/// left of its line. `[control]`
std::vector<MarkPlace> stagger_labels(std::span<const MarkLabel> marks, double right, int max_rows);

} // namespace keytone::io
