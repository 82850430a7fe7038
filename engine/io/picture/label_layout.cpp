// SPDX-License-Identifier: MIT
#include "engine/io/picture/label_layout.hpp"

#include <algorithm>
#include <utility>

namespace keytone::io {
namespace {

// Keys less than this apart (pixels) belong to one keying.
constexpr double keying_gap = 16.0;
// Keyings whose begins are less than this apart (pixels) share a label: there is no room for a digit and an
// ellipsis each.
constexpr double least_pitch = 30.0;

class Joiner {
  public:
    Joiner(double left, double right, FunctionRef<double(std::string_view)> width_of)
        : left_(left), right_(right), width_of_(width_of) {}

    [[nodiscard]] JoinedLabel label(LabelSpan span) const {
        JoinedLabel label{span.begin, span.end, 0.0, width_of_(span.text), std::move(span.text), 1};
        centre(label);
        return label;
    }
    // Merges `next`, which is to the right, into `label`.
    void join(JoinedLabel& label, JoinedLabel&& next) const {
        label.end = std::max(label.end, next.end);
        label.text += next.text;
        label.spans += next.spans;
    }
    void measure(JoinedLabel& label) const {
        label.width = width_of_(label.text);
        centre(label);
    }
    [[nodiscard]] static bool collide(const JoinedLabel& a, const JoinedLabel& b) {
        return a.centre + a.width / 2 > b.centre - b.width / 2 || a.end > b.begin;
    }
    /// Whether two keyings whose labels collide are far enough apart for a label each.
    [[nodiscard]] static bool keep_apart(const JoinedLabel& a, const JoinedLabel& b) {
        return b.begin - a.end >= keying_gap && b.begin - a.begin >= least_pitch;
    }
    /// Narrows labels that cover a neighbour to the middle between both. A label that is moved for that may
    /// then cover its other neighbour: that one is narrowed, too.
    void make_room(std::vector<JoinedLabel>& labels) const {
        std::vector<bool> cut(labels.size());
        for (bool any_is_new = true; any_is_new;) {
            any_is_new = false;
            for (std::size_t i = 1; i < labels.size(); ++i) {
                if (collide(labels[i - 1], labels[i]) && !(cut[i - 1] && cut[i])) {
                    cut_down(labels, i - 1);
                    cut_down(labels, i);
                    cut[i - 1] = true;
                    cut[i] = true;
                    any_is_new = true;
                }
            }
        }
    }

  private:
    void cut_down(std::vector<JoinedLabel>& labels, std::size_t i) const {
        JoinedLabel& label = labels[i];
        const double low = i == 0 ? left_ : (labels[i - 1].end + label.begin) / 2;
        const double high = i + 1 == labels.size() ? right_ : (label.end + labels[i + 1].begin) / 2;
        label.width = std::min(label.width, high - low);
        // Rounding may put the one bound over the other, which std::clamp does not allow.
        label.centre = std::min(std::max(label.centre, low + label.width / 2), high - label.width / 2);
    }
    void centre(JoinedLabel& label) const {
        const double low = left_ + label.width / 2;
        const double high = right_ - label.width / 2;
        label.centre = (label.begin + label.end) / 2;
        label.centre = low < high ? std::clamp(label.centre, low, high) : (left_ + right_) / 2;
    }

    double left_;
    double right_;
    FunctionRef<double(std::string_view)> width_of_;
};

} // namespace

std::vector<JoinedLabel> join_labels(std::vector<LabelSpan> spans, double left, double right,
                                     FunctionRef<double(std::string_view)> width_of) {
    std::stable_sort(spans.begin(), spans.end(),
                     [](const LabelSpan& a, const LabelSpan& b) { return a.begin < b.begin; });
    const Joiner joiner(left, right, width_of);
    std::vector<JoinedLabel> labels;
    const auto add = [&](JoinedLabel label) {
        while (!labels.empty() && Joiner::collide(labels.back(), label) &&
               !Joiner::keep_apart(labels.back(), label)) {
            joiner.join(labels.back(), std::move(label));
            label = std::move(labels.back());
            labels.pop_back();
            joiner.measure(label);
        }
        labels.push_back(std::move(label));
    };
    for (std::size_t first = 0; first < spans.size();) {
        std::vector<JoinedLabel> keying;
        bool is_crowded = false;
        double end = spans[first].end;
        do {
            end = std::max(end, spans[first].end);
            keying.push_back(joiner.label(std::move(spans[first++])));
            is_crowded = is_crowded ||
                         (keying.size() > 1 && Joiner::collide(keying[keying.size() - 2], keying.back()));
        } while (first < spans.size() && spans[first].begin - end < keying_gap);
        if (is_crowded) {
            JoinedLabel whole = std::move(keying.front());
            for (std::size_t i = 1; i < keying.size(); ++i) {
                joiner.join(whole, std::move(keying[i]));
            }
            joiner.measure(whole);
            add(std::move(whole));
        } else {
            for (JoinedLabel& label : keying) {
                add(std::move(label));
            }
        }
    }
    joiner.make_room(labels);
    return labels;
}

std::vector<MarkPlace> stagger_labels(std::span<const MarkLabel> marks, double right, int max_rows) {
    struct Extent {
        double begin;
        double end;
        double x;
        int row;
    };
    std::vector<MarkPlace> places(marks.size());
    std::vector<Extent> placed;
    for (std::size_t i = marks.size(); i-- > 0;) {
        const MarkLabel& mark = marks[i];
        const bool is_left_of_line = mark.x + mark.width > right && mark.x - mark.width >= 0.0;
        Extent extent{is_left_of_line ? mark.x - mark.width : mark.x,
                      is_left_of_line ? mark.x : mark.x + mark.width, mark.x, 0};
        const auto covers = [&](const Extent& other) {
            return other.begin < extent.end && extent.begin < other.end;
        };
        // Above every label whose line would otherwise go through this one.
        for (const Extent& other : placed) {
            if (other.x >= extent.begin && other.x < extent.end) {
                extent.row = std::max(extent.row, other.row + 1);
            }
        }
        while (extent.row < max_rows && std::any_of(placed.begin(), placed.end(), [&](const Extent& other) {
                   return other.row == extent.row && covers(other);
               })) {
            ++extent.row;
        }
        places[i] = {extent.row < max_rows ? extent.row : -1, is_left_of_line};
        if (extent.row < max_rows) {
            placed.push_back(extent);
        }
    }
    return places;
}

} // namespace keytone::io
