// SPDX-License-Identifier: MIT
#include "tests/support/peer_programs.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>

namespace keytone::test {

namespace {

std::string spelled(const std::vector<std::string>& command) {
    std::string line;
    for (const std::string& word : command) {
        line += word + ' ';
    }
    return line;
}

std::string read_to_the_end(int descriptor) {
    std::string content;
    std::array<char, 65536> chunk{};
    for (;;) {
        const ssize_t count = ::read(descriptor, chunk.data(), chunk.size());
        if (count > 0) {
            content.append(chunk.data(), static_cast<std::size_t>(count));
        } else if (count == 0 || errno != EINTR) {
            return content;
        }
    }
}

/// Runs a program without a shell and returns what it writes to standard output. Whether it succeeded is
/// expected here.
std::string output_of(const std::vector<std::string>& command) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        ADD_FAILURE() << "no pipe: " << std::strerror(errno);
        return {};
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    // multimon-ng says at length what it is, sox warns of what it clips: not of interest unless the program
    // fails.
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> words;
    for (const std::string& word : command) {
        words.push_back(const_cast<char*>(word.c_str()));
    }
    words.push_back(nullptr);
    pid_t child = -1;
    const int failure = ::posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    std::string output;
    if (failure == 0) {
        output = read_to_the_end(ends[0]);
        int status = 0;
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << spelled(command) << "failed";
    } else {
        ADD_FAILURE() << command.front() << ": " << std::strerror(failure) << ": install the Debian package "
                      << command.front();
    }
    ::close(ends[0]);
    return output;
}

} // namespace

std::string multimon_digits(const std::string& path) {
    constexpr std::string_view prefix = "DTMF: ";
    std::istringstream lines(output_of({"multimon-ng", "-q", "-a", "DTMF", "-t", "wav", path}));
    std::string digits;
    for (std::string line; std::getline(lines, line);) {
        EXPECT_EQ(line.substr(0, prefix.size()), prefix) << "a line that multimon-ng was not known to print";
        digits += line.substr(std::min(prefix.size(), line.size()));
    }
    return digits;
}

std::vector<std::int16_t> sox_samples_8khz(const std::string& path) {
    const std::string bytes =
        output_of({"sox", "-D", path, "-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-c", "1", "-"});
    std::vector<std::int16_t> samples(bytes.size() / sizeof(std::int16_t));
    std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(std::int16_t));
    return samples;
}

void sox_synthesise(const std::vector<std::string>& format, const std::string& path,
                    const std::vector<std::string>& effects) {
    std::vector<std::string> command{"sox", "-n"};
    command.insert(command.end(), format.begin(), format.end());
    command.push_back(path);
    command.insert(command.end(), effects.begin(), effects.end());
    output_of(command);
}

} // namespace keytone::test
