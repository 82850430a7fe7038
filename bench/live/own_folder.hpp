// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

namespace keytone::bench {

/// A fresh folder for what a program reads and writes, removed with everything in it.
class OwnFolder {
  public:
    /// Throws std::runtime_error.
    OwnFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "keytone-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("no temporary folder can be made");
        }
        path_ = pattern;
    }
    ~OwnFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    OwnFolder(const OwnFolder&) = delete;
    OwnFolder& operator=(const OwnFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// All that is in a file of it; empty where there is none.
    [[nodiscard]] std::string text_of(const char* name) const {
        std::ifstream file(path_ / name);
        return {std::istreambuf_iterator<char>(file), {}};
    }

  private:
    std::filesystem::path path_;
};

} // namespace keytone::bench
