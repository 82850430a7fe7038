// SPDX-License-Identifier: MIT
#pragma once

#include "tools/console/console.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace keytone::tools {

/// The progress of work on many files, each weighted by its size. Only one thread at a time may call
/// `file_part` for a file.
class WorkProgress {
  public:
    WorkProgress(const std::vector<std::string>& files, Console& console);

    /// `part` of this file is done, 0 to 1.
    void file_part(std::size_t file, double part);

  private:
    struct File {
        std::uint64_t bytes; ///< 0 for what is no regular file.
        std::uint64_t done = 0;
    };

    Console& console_;
    std::vector<File> files_; ///< Empty when progress is not visible.
    std::uint64_t bytes_ = 0;
    std::atomic<std::uint64_t> done_ = 0;
};

} // namespace keytone::tools
