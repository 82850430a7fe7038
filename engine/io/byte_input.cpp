// SPDX-License-Identifier: MIT
#include "engine/io/byte_input.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace keytone::io {

ByteInput::ByteInput(FileDescriptor file, std::int64_t file_size)
    : file_(std::move(file)), is_pipe_(file_size < 0), length_(is_pipe_ ? endless : file_size) {
    if (!is_pipe_) {
        base_ = std::max<std::int64_t>(0, ::lseek(file_.number(), 0, SEEK_CUR));
    }
}

std::size_t ByteInput::read(std::span<std::uint8_t> bytes) {
    if (position_ < 0 || position_ >= length_) {
        return 0;
    }
    const auto left = static_cast<std::uint64_t>(length_ - position_);
    const auto wanted = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), left)));
    const std::size_t got = is_pipe_ ? read_pipe(wanted) : read_file(wanted);
    apply_patches(wanted.first(got), position_);
    position_ += static_cast<std::int64_t>(got);
    ended_early_ = ended_early_ || (got < wanted.size() && error_number_ == 0 && !went_back_);
    return got;
}

std::size_t ByteInput::read_file(std::span<std::uint8_t> bytes) {
    return read_system(bytes, base_ + position_);
}

std::size_t ByteInput::read_pipe(std::span<std::uint8_t> bytes) {
    const auto kept_size = static_cast<std::int64_t>(kept_.size());
    std::size_t got = 0;
    if (position_ < kept_size) {
        const auto from = static_cast<std::size_t>(position_);
        got = std::min(bytes.size(), kept_.size() - from);
        std::copy_n(kept_.begin() + position_, got, bytes.begin());
    } else if (!keeping_ && kept_size > 0) {
        kept_ = {};
    }
    const std::int64_t next = position_ + static_cast<std::int64_t>(got);
    if (got == bytes.size()) {
        return got;
    }
    if (next < pipe_position_) {
        went_back_ = true;
        return got;
    }
    std::array<std::uint8_t, 4096> skipped;
    while (pipe_position_ < next) {
        const auto step = std::min<std::int64_t>(next - pipe_position_, skipped.size());
        if (read_pipe_forward(std::span(skipped).first(static_cast<std::size_t>(step))) == 0) {
            return got;
        }
    }
    return got + read_pipe_forward(bytes.subspan(got));
}

std::size_t ByteInput::read_pipe_forward(std::span<std::uint8_t> bytes) {
    const std::size_t got = read_system(bytes, -1);
    if (keeping_ && static_cast<std::int64_t>(kept_.size()) == pipe_position_ &&
        kept_.size() + got <= max_kept) {
        kept_.insert(kept_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got));
    }
    pipe_position_ += static_cast<std::int64_t>(got);
    return got;
}

// Fills `bytes` up to the end of the file; offset -1 reads on in a pipe.
std::size_t ByteInput::read_system(std::span<std::uint8_t> bytes, std::int64_t offset) {
    std::size_t got = 0;
    while (got < bytes.size() && error_number_ == 0) {
        const auto rest = bytes.subspan(got);
        if (offset < 0 && !await_pipe()) {
            break;
        }
        const ssize_t n =
            offset < 0 ? ::read(file_.number(), rest.data(), rest.size())
                       : ::pread(file_.number(), rest.data(), rest.size(), offset + static_cast<off_t>(got));
        if (n == 0) {
            break;
        }
        if (n > 0) {
            got += static_cast<std::size_t>(n);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            // The pipe was made non-blocking by somebody else: wait for it as if it blocked.
            pollfd wait{file_.number(), POLLIN, 0};
            ::poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            error_number_ = errno;
        }
    }
    return got;
}

bool ByteInput::await_pipe() const {
    if (stop_ < 0) {
        return true;
    }
    std::array<pollfd, 2> ends{pollfd{file_.number(), POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
    while (::poll(ends.data(), ends.size(), -1) < 0 && errno == EINTR) {
    }
    return ends[1].revents == 0;
}

bool ByteInput::become_file() {
    auto memory = FileDescriptor::owning(::memfd_create("keytone", MFD_CLOEXEC));
    if (memory.number() < 0) {
        error_number_ = errno;
        return false;
    }
    seek(0);
    std::vector<std::uint8_t> block(std::size_t{64} << 10);
    std::int64_t size = 0;
    while (const std::size_t got = read(block)) {
        size += static_cast<std::int64_t>(got);
        for (std::size_t done = 0; done < got;) {
            const ssize_t n = ::write(memory.number(), block.data() + done, got - done);
            if (n < 0 && errno != EINTR) {
                error_number_ = errno;
                return false;
            }
            done += n > 0 ? static_cast<std::size_t>(n) : 0;
        }
        if (size > max_taken_in) {
            return false;
        }
    }
    if (error_number_ != 0) {
        return false;
    }
    file_ = std::move(memory);
    is_pipe_ = false;
    length_ = size;
    kept_ = {};
    ended_early_ = false;
    seek(0);
    return true;
}

void ByteInput::apply_patches(std::span<std::uint8_t> bytes, std::int64_t offset) const {
    const auto end = offset + static_cast<std::int64_t>(bytes.size());
    for (const Patch& patch : patches_) {
        for (std::size_t i = 0; i < patch.bytes.size(); ++i) {
            const auto at = patch.offset + static_cast<std::int64_t>(i);
            if (at >= offset && at < end) {
                bytes[static_cast<std::size_t>(at - offset)] = patch.bytes[i];
            }
        }
    }
}

} // namespace keytone::io
