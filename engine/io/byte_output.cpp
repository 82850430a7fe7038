// SPDX-License-Identifier: MIT
#include "engine/io/byte_output.hpp"

#include "engine/io/file_error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace keytone::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t buffer_bytes = std::size_t{64} << 10;

// Writes all of it, at `offset` or, where that is negative, at the end. Returns 0 or errno.
int write_all(int file, std::span<const std::uint8_t> bytes, std::int64_t offset) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto rest = bytes.subspan(done);
        const ssize_t n = offset < 0
                              ? ::write(file, rest.data(), rest.size())
                              : ::pwrite(file, rest.data(), rest.size(), offset + static_cast<off_t>(done));
        if (n > 0) {
            done += static_cast<std::size_t>(n);
        } else if (n == 0) {
            return ENOSPC;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            // The pipe was made non-blocking by somebody else: wait for it as if it blocked.
            pollfd wait{file, POLLOUT, 0};
            ::poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

// The file at the end of a chain of symbolic links, whether it exists or not.
Result<fs::path, FileError> followed(const std::string& path) {
    fs::path target = path;
    for (int links = 0; links < 40; ++links) { // as many as the kernel follows
        std::error_code error;
        if (!fs::is_symlink(fs::symlink_status(target, error))) {
            return target;
        }
        const fs::path next = fs::read_symlink(target, error);
        if (error) {
            return write_error(path, error.value());
        }
        target = target.parent_path() / next;
    }
    return file_error(path, "is a symbolic link that leads back to itself: remove it");
}

// Creates a new file with a name of its own beside `target`.
FileDescriptor make_temporary(const fs::path& target, std::string& temporary, FileReaders readers) {
    // A short name, however long the target's is.
    static constexpr int tries = 10000;
    const mode_t mode = readers == FileReaders::owner ? 0600 : 0666;
    for (int i = 0; i < tries; ++i) {
        const std::string file_name =
            ".keytone-" + std::to_string(::getpid()) + "-" + std::to_string(i) + ".part";
        temporary = (target.parent_path() / file_name).string();
        const int file =
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (file >= 0 || errno != EEXIST) {
            return FileDescriptor::owning(file);
        }
    }
    return {};
}

} // namespace

ByteOutput::ByteOutput(std::string name, FileDescriptor file)
    : name_(std::move(name)), file_(std::move(file)) {
    waiting_.reserve(buffer_bytes);
}

ByteOutput::ByteOutput(ByteOutput&& other) noexcept
    : name_(std::move(other.name_)),
      file_(std::move(other.file_)),
      can_rewrite_(other.can_rewrite_),
      base_(other.base_),
      temporary_(std::exchange(other.temporary_, {})),
      final_path_(std::move(other.final_path_)),
      waiting_(std::move(other.waiting_)),
      error_number_(other.error_number_) {}

ByteOutput::~ByteOutput() {
    remove_temporary();
}

Result<ByteOutput, FileError> ByteOutput::create(const std::string& path, FileReaders readers) {
    struct stat status {};
    if (path == "-") {
        const std::string name = "standard output";
        const int flags = ::fcntl(STDOUT_FILENO, F_GETFL);
        if (flags < 0 || ::fstat(STDOUT_FILENO, &status) != 0) {
            return write_error(name, errno);
        }
        if (::isatty(STDOUT_FILENO) == 1) {
            return file_error(name, "is a terminal: redirect it, or name a file");
        }
        ByteOutput output(name, FileDescriptor::lent(STDOUT_FILENO));
        const off_t position = ::lseek(STDOUT_FILENO, 0, SEEK_CUR);
        output.can_rewrite_ = S_ISREG(status.st_mode) && (flags & O_APPEND) == 0 && position >= 0;
        output.base_ = position;
        return output;
    }
    if (path.empty()) {
        return file_error("output", "has no name: give it one");
    }
    if (path.back() == '/') {
        return write_error(path, EISDIR);
    }

    const bool exists = ::stat(path.c_str(), &status) == 0;
    if (!exists && errno != ENOENT) {
        return write_error(path, errno);
    }
    if (exists && S_ISDIR(status.st_mode)) {
        return write_error(path, EISDIR);
    }
    if (exists && S_ISBLK(status.st_mode)) {
        return file_error(path, "is a disk, which would be overwritten: name a file");
    }
    if (exists && !S_ISREG(status.st_mode)) {
        auto device = FileDescriptor::owning(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
        if (device.number() < 0) {
            return write_error(path, errno);
        }
        return ByteOutput(path, std::move(device));
    }
    // A rename needs only the folder's permission; but a file that its owner has write-protected is to stay.
    if (exists && ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) {
        return write_error(path, errno);
    }
    auto target = followed(path);
    if (!target) {
        return target.error();
    }
    std::string temporary;
    auto file = make_temporary(*target, temporary, readers);
    if (file.number() < 0) {
        return write_error(path, errno);
    }
    ByteOutput output(path, std::move(file));
    output.can_rewrite_ = true;
    output.temporary_ = std::move(temporary);
    output.final_path_ = target->string();
    return output;
}

bool ByteOutput::append(std::span<const std::uint8_t> bytes) {
    if (error_number_ != 0) {
        return false;
    }
    if (waiting_.size() + bytes.size() > buffer_bytes && !flush()) {
        return false;
    }
    if (bytes.size() > buffer_bytes) {
        const int error_number = write_all(file_.number(), bytes, -1);
        return error_number == 0 || fail(error_number);
    }
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
    return true;
}

bool ByteOutput::rewrite(std::int64_t offset, std::span<const std::uint8_t> bytes) {
    if (!flush()) {
        return false;
    }
    const int error_number = write_all(file_.number(), bytes, base_ + offset);
    return error_number == 0 || fail(error_number);
}

bool ByteOutput::commit() {
    if (!flush()) {
        return false;
    }
    if (!file_.close()) {
        return fail(errno);
    }
    if (!temporary_.empty()) {
        if (::rename(temporary_.c_str(), final_path_.c_str()) != 0) {
            return fail(errno);
        }
        temporary_.clear();
    }
    return true;
}

bool ByteOutput::flush() {
    if (error_number_ != 0) {
        return false;
    }
    const int error_number = write_all(file_.number(), waiting_, -1);
    waiting_.clear();
    return error_number == 0 || fail(error_number);
}

// The first failure is the one to report. Half a file is useless, and on a full disk its space is needed.
bool ByteOutput::fail(int error_number) {
    error_number_ = error_number;
    remove_temporary();
    return false;
}

void ByteOutput::remove_temporary() {
    if (!temporary_.empty()) {
        ::unlink(temporary_.c_str());
        temporary_.clear();
    }
}

} // namespace keytone::io
