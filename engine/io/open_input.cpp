// SPDX-License-Identifier: MIT
#include "engine/io/open_input.hpp"

#include "engine/io/file_descriptor.hpp"
#include "engine/io/file_error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

namespace keytone::io {
namespace {

Result<ByteInput, FileError> open_standard_input(std::string_view name) {
    struct stat status {};
    if (::fstat(STDIN_FILENO, &status) != 0) {
        return read_error(name, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return read_error(name, EISDIR);
    }
    if (::isatty(STDIN_FILENO) == 1) {
        return file_error(name, "is a terminal: feed it an audio file, or name one");
    }
    std::int64_t size = -1;
    if (S_ISREG(status.st_mode)) {
        const off_t position = ::lseek(STDIN_FILENO, 0, SEEK_CUR);
        size = std::max<std::int64_t>(0, status.st_size - position);
    }
    return ByteInput(FileDescriptor::lent(STDIN_FILENO), size);
}

Result<ByteInput, FileError> open_named_file(const std::string& path) {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    auto file = FileDescriptor::owning(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status {};
    if (file.number() < 0) {
        const int error_number = errno;
        if (::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) {
            return file_error(path, "is a socket, not an audio file: name a file");
        }
        return read_error(path, error_number);
    }
    if (::fstat(file.number(), &status) != 0) {
        return read_error(path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return read_error(path, EISDIR);
    }
    if (S_ISFIFO(status.st_mode)) {
        return file_error(path, "is a pipe: feed it to standard input (`- < pipe`)");
    }
    if (!S_ISREG(status.st_mode)) {
        return file_error(path, "is a device, not an audio file: name a file");
    }
    return ByteInput(std::move(file), status.st_size);
}

} // namespace

Result<ByteInput, FileError> open_input(const std::string& path, const std::string& name) {
    return path == "-" ? open_standard_input(name) : open_named_file(path);
}

} // namespace keytone::io
