// SPDX-License-Identifier: MIT
//
// One leg of a timeline: its rows. Only rows that have something to show are there.
//
//     leg b: the extension
//      state │ ringing          │ waiting  │ bridged
//      said  │ [Connecting you…]
//      keys  │                       2 2 1
//      pause │                 |2 s|
//      sent  │ ~~~~~~~~                ~ ~ ~
//      heard │                    ~~~~
#pragma once

#include "engine/io/picture/drawing.hpp"
#include "engine/io/picture/time_axis.hpp"
#include "engine/io/picture/timeline.hpp"

#include <span>
#include <vector>

namespace keytone::io {

/// The largest magnitude in all waveforms, but never so little that mere noise would fill them.
int loudest_sample(const std::vector<TimelineLane>& lanes);

/// The symbol of muting.
void draw_mute(Pen& pen, const Box& box);

class TimelineLanePicture {
  public:
    /// The lane's top is at `y`; a sample of `peak` fills the height of its waveform's row. The caller owns
    /// lane and axis.
    TimelineLanePicture(const TimelineLane& lane, const TimeAxis& axis, double y, int peak);

    /// The background of the rows.
    [[nodiscard]] const Box& sheet() const { return sheet_; }
    [[nodiscard]] double bottom() const { return sheet_.bottom(); }
    /// Where the lane's name is, above its sheet: no line passes through it.
    [[nodiscard]] Box heading(Pen& pen) const;
    [[nodiscard]] bool has_mutes() const { return !lane_->mutes.empty() && sent_.height > 0; }

    void draw_sheet(Pen& pen) const;
    void draw(Pen& pen) const;

  private:
    struct Extent {
        double from;
        double to;
        const std::string* text;
    };
    [[nodiscard]] std::vector<Extent> visible(const std::vector<TimelineSpan>& spans) const;
    void draw_boxes(Pen& pen, const Box& row, const std::vector<TimelineSpan>& spans, const Colour& inside,
                    const Colour& border, const Colour& text) const;
    void draw_keys(Pen& pen) const;
    void draw_pauses(Pen& pen) const;
    void draw_mutes(Pen& pen) const;
    void draw_wave(Pen& pen, const Box& row, std::span<const std::int16_t> samples,
                   const Colour& colour) const;
    void draw_row_name(Pen& pen, const Box& row, const char* name) const;

    const TimelineLane* lane_;
    const TimeAxis* axis_;
    int peak_;
    Box sheet_{};
    // Absent rows have no height.
    Box states_{};
    Box prompts_{};
    Box keys_{};
    Box pauses_{};
    Box sent_{};
    Box heard_{};
};

} // namespace keytone::io
