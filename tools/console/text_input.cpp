// SPDX-License-Identifier: MIT
#include "tools/console/text_input.hpp"

#include "engine/io/file_descriptor.hpp"
#include "engine/io/file_error.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace keytone::tools {

namespace {

Failure failure(const io::FileError& error) {
    return {ExitCode::failed, error.message};
}

Failure read_failure(const std::string& name, int error_number) {
    return failure(error_number == EISDIR ? io::file_error(name, "is a directory: name a file in it")
                                          : io::read_error(name, error_number));
}

} // namespace

Result<std::string, Failure> read_text(const std::string& path, std::size_t max_bytes) {
    const bool is_standard_input = path == "-";
    const std::string name = is_standard_input ? "standard input" : path;
    const auto file = is_standard_input
                          ? io::FileDescriptor::lent(STDIN_FILENO)
                          : io::FileDescriptor::owning(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (file.number() < 0) {
        return read_failure(name, errno);
    }
    std::string text;
    std::array<char, 4096> block{};
    while (true) {
        const ssize_t count = ::read(file.number(), block.data(), block.size());
        if (count == 0) {
            return text;
        }
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return read_failure(name, errno);
        }
        text.append(block.data(), static_cast<std::size_t>(count));
        if (text.size() > max_bytes) {
            return failure(io::file_error(name, "has more than " + std::to_string(max_bytes) +
                                                    " bytes: give a shorter one"));
        }
    }
}

} // namespace keytone::tools
