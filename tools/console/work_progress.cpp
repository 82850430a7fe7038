// SPDX-License-Identifier: MIT
#include "tools/console/work_progress.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace keytone::tools {

WorkProgress::WorkProgress(const std::vector<std::string>& files, Console& console) : console_(console) {
    if (!console.shows_progress()) {
        return;
    }
    for (const std::string& file : files) {
        std::error_code error;
        const bool regular = std::filesystem::is_regular_file(file, error);
        const std::uintmax_t size = regular ? std::filesystem::file_size(file, error) : 0;
        files_.push_back({error ? 0 : size});
        bytes_ += files_.back().bytes;
    }
}

void WorkProgress::file_part(std::size_t file, double part) {
    if (bytes_ == 0) {
        return;
    }
    File& entry = files_[file];
    const auto done =
        static_cast<std::uint64_t>(static_cast<double>(entry.bytes) * std::clamp(part, 0.0, 1.0));
    if (done > entry.done) {
        done_ += done - entry.done;
        entry.done = done;
        console_.progress(static_cast<double>(done_) / static_cast<double>(bytes_));
    }
}

} // namespace keytone::tools
