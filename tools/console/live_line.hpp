// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace keytone::tools {

/// One line on a terminal that is written over as things change. It writes nothing itself: what is to be
/// written comes out.
class LiveLine {
  public:
    /// What makes the terminal show `line` (printable ASCII), of which no more is shown than fits into
    /// `width` columns; empty when it shows it already.
    std::string update(std::string_view line, int width) {
        // One column is left free: a full line makes some terminals go to the next.
        const std::string_view shown = line.substr(0, width > 1 ? static_cast<std::size_t>(width - 1) : 0);
        if (shown == shown_) {
            return {};
        }
        const std::string wiped = shown.size() < shown_.size() ? clear() : "";
        shown_ = shown;
        return wiped + "\r" + shown_;
    }

    /// What wipes the line off, empty when none is there.
    std::string clear() {
        if (shown_.empty()) {
            return {};
        }
        std::string wiped = "\r";
        wiped.append(shown_.size(), ' ').append("\r");
        shown_.clear();
        return wiped;
    }

  private:
    std::string shown_;
};

} // namespace keytone::tools
