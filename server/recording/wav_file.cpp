// SPDX-License-Identifier: MIT
#include "server/recording/wav_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace keytone::server {

namespace {

static_assert(std::endian::native == std::endian::little, "samples are written as they lie in memory");

constexpr std::size_t header_bytes = WavFile::header_bytes;
constexpr SampleCount frame_bytes = 4;
using Header = std::array<std::uint8_t, header_bytes>;

void write_number(Header& header, std::size_t at, std::uint32_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
        header[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
}

void write_name(Header& header, std::size_t at, std::string_view name) {
    std::ranges::copy(name, header.begin() + static_cast<std::ptrdiff_t>(at));
}

Header header_of(SampleCount frames) {
    constexpr std::uint32_t pcm = 1;
    constexpr std::uint32_t channels = 2;
    constexpr std::uint32_t rate = 8000;
    const auto data_bytes = static_cast<std::uint32_t>(frames * frame_bytes);
    Header header{};
    write_name(header, 0, "RIFF");
    write_number(header, 4, static_cast<std::uint32_t>(header_bytes - 8) + data_bytes, 4);
    write_name(header, 8, "WAVEfmt ");
    write_number(header, 16, 16, 4); // of what follows, up to "data"
    write_number(header, 20, pcm, 2);
    write_number(header, 22, channels, 2);
    write_number(header, 24, rate, 4);
    write_number(header, 28, rate * frame_bytes, 4);
    write_number(header, 32, frame_bytes, 2);
    write_number(header, 34, 16, 2); // bits
    write_name(header, 36, "data");
    write_number(header, 40, data_bytes, 4);
    return header;
}

// False where not all of it could be written: errno says why.
bool write_all(int file, const void* bytes, std::size_t count, off_t at) {
    const auto* from = static_cast<const std::uint8_t*>(bytes);
    while (count > 0) {
        const ssize_t written = pwrite(file, from, count, at);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        from += written;
        at += written;
        count -= static_cast<std::size_t>(written);
    }
    return true;
}

} // namespace

WavFile::WavFile(int descriptor) : descriptor_(descriptor) {}

WavFile::WavFile(WavFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), frames_(other.frames_) {}

WavFile& WavFile::operator=(WavFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(frames_, other.frames_);
    return *this;
}

WavFile::~WavFile() {
    if (descriptor_ >= 0) {
        close(descriptor_);
    }
}

std::string WavFile::failure(const char* what) {
    return std::string(what) + ": " + std::strerror(errno);
}

Result<WavFile, std::string> WavFile::create(const std::string& path) {
    WavFile file(open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (file.descriptor_ < 0) {
        return failure("cannot be made");
    }
    if (auto error = file.write_header()) {
        unlink(path.c_str());
        return *std::move(error);
    }
    return file;
}

std::optional<std::string> WavFile::write_header() {
    const Header header = header_of(frames_);
    return write_all(descriptor_, header.data(), header.size(), 0)
               ? std::nullopt
               : std::optional(failure("cannot be written"));
}

std::optional<std::string> WavFile::put(SampleCount at, std::span<const std::int16_t> frames) {
    const auto count = static_cast<SampleCount>(frames.size() / 2);
    if (at + count > most_frames) {
        errno = EFBIG;
        return failure("cannot be written");
    }
    const auto place = static_cast<off_t>(header_bytes) + static_cast<off_t>(at * frame_bytes);
    if (!write_all(descriptor_, frames.data(), frames.size_bytes(), place)) {
        return failure("cannot be written");
    }
    if (at + count <= frames_) {
        return std::nullopt;
    }
    frames_ = at + count;
    return write_header();
}

std::optional<std::string> WavFile::set_length(SampleCount frames) {
    frames_ = std::min(frames, most_frames);
    if (ftruncate(descriptor_,
                  static_cast<off_t>(header_bytes) + static_cast<off_t>(frames_ * frame_bytes)) != 0) {
        return failure("cannot be written");
    }
    return write_header();
}

std::optional<std::string> WavFile::mend(const std::string& path) {
    WavFile file(open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
    struct stat found {};
    if (file.descriptor_ < 0 || fstat(file.descriptor_, &found) != 0) {
        return failure("cannot be opened");
    }
    Header header{};
    const Header own = header_of(0);
    const bool is_own = S_ISREG(found.st_mode) &&
                        pread(file.descriptor_, header.data(), header.size(), 0) == header_bytes &&
                        std::equal(own.begin() + 8, own.begin() + 40, header.begin() + 8);
    if (!is_own) {
        return "is no recording of keytone's: move it away";
    }
    file.frames_ =
        std::min<SampleCount>((found.st_size - static_cast<off_t>(header_bytes)) / frame_bytes, most_frames);
    return header == header_of(file.frames_) ? std::nullopt : file.write_header();
}

} // namespace keytone::server
