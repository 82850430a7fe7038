// SPDX-License-Identifier: MIT
#include "tools/detect/ordered_output.hpp"

#include <utility>

namespace keytone::tools {

OrderedOutput::OrderedOutput(std::size_t items, Print print, Report report, std::size_t budget)
    : items_(items), print_(std::move(print)), report_(std::move(report)), budget_(budget) {}

bool OrderedOutput::say(std::size_t item, std::string_view text) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failed_ || item == turn_ || kept_ + text.size() <= budget_; });
    if (failed_) {
        return false;
    }
    items_[item].text += text;
    kept_ += text.size();
    if (item == turn_) {
        advance();
    }
    return !failed_;
}

bool OrderedOutput::finish(std::size_t item, std::string_view error) {
    const std::scoped_lock lock(mutex_);
    items_[item].error = error;
    items_[item].finished = true;
    if (item == turn_) {
        advance();
    }
    return !failed_;
}

void OrderedOutput::advance() {
    while (!failed_ && turn_ < items_.size()) {
        Item& item = items_[turn_];
        failed_ = !item.text.empty() && !print_(item.text);
        kept_ -= item.text.size();
        item.text = {};
        if (failed_ || !item.finished) {
            break;
        }
        if (!item.error.empty()) {
            report_(item.error);
        }
        item.error = {};
        ++turn_;
    }
    changed_.notify_all();
}

} // namespace keytone::tools
