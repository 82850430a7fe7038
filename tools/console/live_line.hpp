// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace keytone::tools {

/// One line on a terminal that is overwritten as things change. It writes nothing itself, but returns what is
/// to be written.
class LiveLine {
  public:
    /// The text that makes the terminal show `line` (printable ASCII), cut to `width` columns; empty when it
    /// is shown already.
    std::string update(std::string_view line, int width) {
        // One column is left free: after a full line some terminals go to the next one.
        const std::string_view shown = line.substr(0, width > 1 ? static_cast<std::size_t>(width - 1) : 0);
        if (shown == shown_) {
            return {};
        }
        const std::string wiped = shown.size() < shown_.size() ? clear() : "";
        shown_ = shown;
        return wiped + "\r" + shown_;
    }

    /// The text that erases the line; empty when none is shown.
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
