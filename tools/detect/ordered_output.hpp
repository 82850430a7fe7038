// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::tools {

/// Puts the output of several threads into the order of their items. Output of the first unfinished item is
/// printed at once; that of a later one is kept until its turn, and a thread that would keep too much waits.
///
/// Items must be begun in their order, each by a thread that goes on to finish it: then the thread whose item
/// has its turn never waits, and so nobody waits for ever. Any thread may call any method.
class OrderedOutput {
  public:
    /// Prints text; false when that is no longer possible.
    using Print = std::function<bool(std::string_view)>;
    /// Reports an error.
    using Report = std::function<void(std::string_view)>;
    /// Bytes of text kept for items that wait for their turn; beyond this, their threads wait too.
    static constexpr std::size_t default_budget = 4U << 20U;

    OrderedOutput(std::size_t items, Print print, Report report, std::size_t budget = default_budget);

    /// Outputs `text` for `item`. False when printing failed: there is no use in going on.
    bool say(std::size_t item, std::string_view text);
    /// Ends `item`, with an error unless it is empty. False when printing failed.
    bool finish(std::size_t item, std::string_view error = {});

  private:
    struct Item {
        std::string text;
        std::string error;
        bool finished = false;
    };

    /// Prints what is kept for the item whose turn it is, and moves to the next one if it is finished.
    void advance();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Item> items_;
    Print print_;
    Report report_;
    const std::size_t budget_;
    std::size_t kept_ = 0; ///< Bytes of text in items_.
    std::size_t turn_ = 0; ///< The first unfinished item.
    bool failed_ = false;
};

} // namespace keytone::tools
