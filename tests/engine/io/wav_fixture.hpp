// SPDX-License-Identifier: MIT
//
// What the tests of audio files share: a folder that is removed afterwards, files made byte by byte, and
// redirected standard streams.
#pragma once

#include "engine/io/audio_reader.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace keytone::io::test {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Bytes = std::vector<std::uint8_t>;
using Samples = std::vector<std::int16_t>;

// ---- files ----

class WavFileTest : public testing::Test {
  protected:
    WavFileTest() {
        std::string pattern = (fs::temp_directory_path() / "keytone-wav-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        folder_ = pattern;
    }
    ~WavFileTest() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
    [[nodiscard]] std::string store(const std::string& name, const Bytes& bytes) const {
        fs::remove(path(name)); // some file systems flush at once when a file is truncated and written again
        std::ofstream(path(name), std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return path(name);
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : fs::directory_iterator(folder_)) {
            found.push_back(entry.path().filename().string());
        }
        std::sort(found.begin(), found.end());
        return found;
    }

    fs::path folder_;
};

inline Bytes load(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// ---- bytes ----

inline void put(Bytes& bytes, const char* text) {
    for (const char c : std::string_view(text)) {
        bytes.push_back(static_cast<std::uint8_t>(c));
    }
}
inline void put(Bytes& bytes, std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}
inline void put_big(Bytes& bytes, std::uint64_t value, int count) {
    for (int i = count - 1; i >= 0; --i) {
        bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}
inline Bytes as_bytes(const Samples& samples) {
    Bytes bytes;
    for (const std::int16_t s : samples) {
        put(bytes, static_cast<std::uint16_t>(s), 2);
    }
    return bytes;
}
template <class T>
Bytes as_raw(const std::vector<T>& values) {
    Bytes bytes(values.size() * sizeof(T));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

struct Header {
    unsigned tag = 1; // PCM
    unsigned channels = 1;
    unsigned rate = 8000;
    unsigned bits = 16;
    std::optional<std::uint32_t> data_size = std::nullopt;
    std::optional<std::uint32_t> riff_size = std::nullopt;
};

// A plain WAV file, with the sizes and all else from `header`.
inline Bytes wav(const Header& header, const Bytes& data) {
    Bytes bytes;
    const auto size = static_cast<std::uint32_t>(data.size());
    put(bytes, "RIFF");
    put(bytes, header.riff_size.value_or(size + 36), 4);
    put(bytes, "WAVEfmt ");
    put(bytes, 16, 4);
    put(bytes, header.tag, 2);
    put(bytes, header.channels, 2);
    put(bytes, header.rate, 4);
    put(bytes, header.rate * header.channels * header.bits / 8, 4);
    put(bytes, header.channels * header.bits / 8, 2);
    put(bytes, header.bits, 2);
    put(bytes, "data");
    put(bytes, header.data_size.value_or(size), 4);
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
}

inline Bytes au(std::uint32_t data_size, const Samples& samples) {
    Bytes bytes;
    put(bytes, ".snd");
    put_big(bytes, 24, 4);
    put_big(bytes, data_size, 4);
    put_big(bytes, 3, 4); // 16-bit PCM
    put_big(bytes, 8000, 4);
    put_big(bytes, 1, 4);
    for (const std::int16_t s : samples) {
        put_big(bytes, static_cast<std::uint16_t>(s), 2);
    }
    return bytes;
}

/// The first `count` bytes.
inline Bytes head_of(Bytes bytes, std::size_t count) {
    bytes.resize(count);
    return bytes;
}

inline Samples ramp(std::size_t count) {
    Samples samples(count);
    for (std::size_t i = 0; i < count; ++i) {
        samples[i] = static_cast<std::int16_t>(static_cast<int>(i * 7919 % 65536) - 32768);
    }
    return samples;
}

inline std::string encode(const std::string& path, int format, const Samples& samples, int channels = 1) {
    SF_INFO info{};
    info.samplerate = 8000;
    info.channels = channels;
    info.format = format;
    SNDFILE* sound = sf_open(path.c_str(), SFM_WRITE, &info);
    EXPECT_NE(sound, nullptr) << sf_strerror(nullptr);
    if (sound != nullptr) {
        sf_write_short(sound, samples.data(), static_cast<sf_count_t>(samples.size()));
        sf_close(sound);
    }
    return path;
}

// ---- reading ----

struct Content {
    int rate_hz = 0;
    int channels = 0;
    SampleCount frames = 0;
    Samples samples;
    std::string error;
};

inline Content read_all(AudioReader& reader, std::size_t block_frames = 333) {
    Content content{reader.rate_hz(), reader.channels(), reader.frames(), {}, {}};
    Samples block(block_frames * static_cast<std::size_t>(content.channels));
    for (;;) {
        const auto got = reader.read(block);
        if (!got) {
            content.error = got.error().message;
            // A reader that has failed or finished stays in that state.
            const auto again = reader.read(block);
            EXPECT_TRUE(!again && again.error().message == content.error);
            return content;
        }
        if (*got == 0) {
            return content;
        }
        content.samples.insert(content.samples.end(), block.begin(), block.begin() + *got * content.channels);
    }
}

inline Content read_file(const std::string& path, std::size_t block_frames = 333) {
    auto reader = AudioReader::open(path);
    if (!reader) {
        return {0, 0, 0, {}, reader.error().message};
    }
    return read_all(*reader, block_frames);
}

/// Reads until the end, or at most a million frames: damaged headers may state any length.
inline Content read_bounded(const std::string& path) {
    auto reader = AudioReader::open(path);
    if (!reader) {
        return {0, 0, 0, {}, reader.error().message};
    }
    Content content{reader->rate_hz(), reader->channels(), reader->frames(), {}, {}};
    Samples block(4096 * static_cast<std::size_t>(content.channels));
    for (SampleCount total = 0; total < 1000000;) {
        const auto got = reader->read(block);
        if (!got) {
            content.error = got.error().message;
            break;
        }
        if (*got == 0) {
            break;
        }
        total += *got;
    }
    return content;
}

inline std::string open_error(const std::string& path) {
    const auto reader = AudioReader::open(path);
    return reader ? "" : reader.error().message;
}

// One line: the name first, a remedy after the last colon.
inline testing::Matcher<std::string> names_and_says(const std::string& name, const std::string& what) {
    return AllOf(testing::StartsWith(name + ": "), HasSubstr(what), Not(HasSubstr("\n")));
}

// ---- standard input and output ----

/// Replaces a descriptor by another file while it lives.
class Redirect {
  public:
    Redirect(int number, int replacement) : number_(number), saved_(::dup(number)) {
        ::dup2(replacement, number);
        ::close(replacement);
    }
    Redirect(const Redirect&) = delete;
    Redirect& operator=(const Redirect&) = delete;
    ~Redirect() {
        ::dup2(saved_, number_);
        ::close(saved_);
    }

  private:
    int number_;
    int saved_;
};

/// Reads `bytes` through a pipe, in pieces of `piece` bytes.
inline Content read_piped(const Bytes& bytes, std::size_t piece = 4096) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const auto old = std::signal(SIGPIPE, SIG_IGN);
    Content content;
    {
        std::thread feeder([&bytes, piece, out = ends[1]] {
            for (std::size_t at = 0; at < bytes.size();) {
                const auto n = ::write(out, bytes.data() + at, std::min(piece, bytes.size() - at));
                if (n <= 0) {
                    break;
                }
                at += static_cast<std::size_t>(n);
            }
            ::close(out);
        });
        {
            const Redirect input(STDIN_FILENO, ends[0]);
            content = read_file("-");
        }
        feeder.join();
    }
    std::signal(SIGPIPE, old);
    return content;
}

/// Acts as a user without root's rights, if the tests run as root.
class Unprivileged {
  public:
    Unprivileged() : was_root_(::geteuid() == 0) {
        if (was_root_) {
            is_effective_ = ::seteuid(65534) == 0;
        }
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;
    ~Unprivileged() {
        if (was_root_ && is_effective_ && ::seteuid(0) != 0) {
            std::abort();
        }
    }
    [[nodiscard]] bool is_effective() const { return !was_root_ || is_effective_; }

  private:
    bool was_root_;
    bool is_effective_ = true;
};

} // namespace keytone::io::test
