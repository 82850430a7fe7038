// SPDX-License-Identifier: MIT
#include "engine/io/file_error.hpp"

#include <cerrno>
#include <cstddef>
#include <system_error>

namespace keytone::io {

FileError file_error(std::string_view name, std::string_view what) {
    std::string line = std::string(name) + ": " + std::string(what);
    // A name may hold a line feed or an escape sequence; the message is one line for a terminal.
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto byte = static_cast<unsigned char>(line[i]);
        const auto next = static_cast<unsigned char>(i + 1 < line.size() ? line[i + 1] : 0);
        if (byte == 0xC2 && next >= 0x80 && next < 0xA0) { // U+0080 to U+009F: CSI in one character.
            line.erase(i, 1);
            line[i] = '?';
        } else if (byte < 0x20 || byte == 0x7F) {
            line[i] = '?';
        }
    }
    return {line};
}

FileError read_error(std::string_view name, int error_number) {
    switch (error_number) {
    case ENOENT:
    case ENOTDIR:
        return file_error(name, "no such file: check the name");
    case EACCES:
    case EPERM:
        return file_error(name, "no permission to read it: change its mode, or run as a user who may");
    case EISDIR:
        return file_error(name, "is a directory: name the audio files in it, or use detect --recursive");
    case EBADF:
        return file_error(name, "is closed: connect it, or name a file");
    default:
        return file_error(name, "cannot be read (" + std::generic_category().message(error_number) +
                                    "): check the device it is on");
    }
}

FileError write_error(std::string_view name, int error_number) {
    switch (error_number) {
    case ENOENT:
    case ENOTDIR:
        return file_error(name, "no such folder: make it first");
    case EACCES:
    case EPERM:
    case EROFS:
        return file_error(name, "no permission to write there: choose another folder, or change its mode");
    case EISDIR:
        return file_error(name, "is a directory: name a file in it");
    case ENOSPC:
    case EDQUOT:
        return file_error(name, "the disk is full: make room, or write elsewhere");
    case EFBIG:
        return file_error(name, "larger than the file system or the limit allows: write less, or elsewhere");
    case EPIPE:
        return {file_error(name, "the reading end of the pipe was closed: keep the reader running to the end")
                    .message,
                true};
    case EBADF:
        return file_error(name, "is closed: connect it, or name a file");
    default:
        return file_error(name, "cannot be written (" + std::generic_category().message(error_number) +
                                    "): check the device it is on");
    }
}

} // namespace keytone::io
