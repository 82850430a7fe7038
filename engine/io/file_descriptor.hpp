// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <utility>

namespace keytone::io {

/// A file descriptor, closed by the destructor unless it was lent (standard input and output).
class FileDescriptor {
  public:
    FileDescriptor() = default;
    static FileDescriptor owning(int number) { return {number, true}; }
    static FileDescriptor lent(int number) { return {number, false}; }

    FileDescriptor(FileDescriptor&& other) noexcept
        : number_(std::exchange(other.number_, -1)), owned_(other.owned_) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(number_, other.number_);
        std::swap(owned_, other.owned_);
        return *this;
    }
    ~FileDescriptor() { close(); }

    [[nodiscard]] int number() const { return number_; }
    /// Closes it now, and returns whether what was written has arrived (a network file system may report
    /// errors only here; errno says why). A lent one stays open. `[control]`
    bool close() {
        const int number = std::exchange(number_, -1);
        return number < 0 || !owned_ || ::close(number) == 0;
    }

  private:
    FileDescriptor(int number, bool owned) : number_(number), owned_(owned) {}
    int number_ = -1;
    bool owned_ = false;
};

} // namespace keytone::io
