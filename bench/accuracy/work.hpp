// SPDX-License-Identifier: MIT
#pragma once

#include "tools/console/console.hpp"

#include <cstddef>
#include <functional>

namespace keytone::accuracy {

/// Runs independent jobs on several threads, and shows the progress of the whole run.
class Work {
  public:
    Work(std::size_t threads, tools::Console& console) : threads_(threads), console_(console) {}

    /// The following work is the part of the run from `from` to `to` (0 to 1).
    void enter(double from, double to);
    /// Calls `job` for 0 to `count` - 1, each once, on any thread and in any order. Rethrows what the first
    /// failing job threw.
    void for_each(std::size_t count, const std::function<void(std::size_t)>& job);

  private:
    std::size_t threads_;
    tools::Console& console_;
    double from_ = 0.0;
    double to_ = 1.0;
    double shown_ = 0.0;
};

} // namespace keytone::accuracy
