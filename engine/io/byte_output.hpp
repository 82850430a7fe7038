// SPDX-License-Identifier: MIT
//
// Where a file's bytes go. A regular file is written under a temporary name beside its own and takes its
// place by one rename, so that nobody ever sees half of it; pipes, devices and standard output get the bytes
// as they come.
#pragma once

#include "dsp/result.hpp"
#include "engine/io/file_descriptor.hpp"
#include "engine/io/file_error.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace keytone::io {

/// Who may read a new file.
enum class FileReaders : std::uint8_t {
    usual, ///< As for any new file (umask).
    owner, ///< Nobody else: mode 0600.
};

class ByteOutput {
  public:
    /// Opens `path`; `-` is standard output. Errors: those of WavWriter::create(). `[control]`
    static Result<ByteOutput, FileError> create(const std::string& path,
                                                FileReaders readers = FileReaders::usual);

    ByteOutput(ByteOutput&& other) noexcept;
    ByteOutput& operator=(ByteOutput&&) = delete;
    /// Removes what was written under the temporary name, unless commit() was called.
    ~ByteOutput();

    /// The name for messages.
    [[nodiscard]] const std::string& name() const { return name_; }
    /// Whether what was appended can be overwritten.
    [[nodiscard]] bool can_rewrite() const { return can_rewrite_; }

    /// Appends; bytes may stay in memory until commit(). False on failure, and from then on: error_number()
    /// says why. `[control]`
    bool append(std::span<const std::uint8_t> bytes);
    /// Overwrites bytes from `offset` on that were appended before. `[control]`
    bool rewrite(std::int64_t offset, std::span<const std::uint8_t> bytes);
    /// Writes everything out and gives the file its name. `[control]`
    bool commit();
    [[nodiscard]] int error_number() const { return error_number_; }

  private:
    ByteOutput(std::string name, FileDescriptor file);
    bool flush();
    bool fail(int error_number);
    void remove_temporary();

    std::string name_;
    FileDescriptor file_;
    bool can_rewrite_ = false;
    std::int64_t base_ = 0;  // the position of a redirected standard output
    std::string temporary_;  // the file's name until commit(); empty: written in place
    std::string final_path_; // the name that it gets then
    std::vector<std::uint8_t> waiting_;
    int error_number_ = 0;
};

} // namespace keytone::io
