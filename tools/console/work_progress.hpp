// SPDX-License-Identifier: MIT
#pragma once

#include "tools/console/console.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace keytone::tools {

/// How far the work on many files is, each weighed by its size. `file_part` of one file belongs to one thread
/// at a time.
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
    std::vector<File> files_; ///< None when nobody can see the progress.
    std::uint64_t bytes_ = 0;
    std::atomic<std::uint64_t> done_ = 0;
};

} // namespace keytone::tools
