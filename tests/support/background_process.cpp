// SPDX-License-Identifier: MIT
#include "tests/support/background_process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>

namespace keytone::test {

namespace {

using Clock = std::chrono::steady_clock;

/// How long a program may take to end after it was asked to.
constexpr std::chrono::seconds ending_patience{5};

int milliseconds_until(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

/// The test's environment, in which variables that `added` names are replaced.
std::vector<std::string> environment_with(const std::vector<std::string>& added) {
    std::vector<std::string> all = added;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto name = text.substr(0, text.find('=') + 1);
        if (std::ranges::none_of(added, [&](const std::string& other) { return other.starts_with(name); })) {
            all.emplace_back(text);
        }
    }
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace

BackgroundProcess::BackgroundProcess(const std::vector<std::string>& command,
                                     const std::vector<std::string>& environment) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    std::array<int, 2> writers{-1, -1};
    for (std::size_t i = 0; i < streams_.size(); ++i) {
        std::array<int, 2> ends{-1, -1};
        EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
        streams_[i] = ends[0];
        writers[i] = ends[1];
        posix_spawn_file_actions_adddup2(&actions, writers[i], i == 0 ? STDOUT_FILENO : STDERR_FILENO);
    }
    std::vector<std::string> words = command;
    std::vector<std::string> variables = environment_with(environment);
    const int error = posix_spawnp(&process_, command.front().c_str(), &actions, nullptr,
                                   pointers(words).data(), pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    for (const int writer : writers) {
        close(writer);
    }
    if (error != 0) {
        ADD_FAILURE() << "cannot start " << command.front() << ": error " << error;
        process_ = -1;
        exit_code_ = -1;
        return;
    }
    handle_ = static_cast<int>(syscall(SYS_pidfd_open, process_, 0));
    EXPECT_GE(handle_, 0) << "a kernel before 5.3?";
}

BackgroundProcess::~BackgroundProcess() {
    if (!exit_code_) {
        signal(SIGTERM);
        if (!ends(ending_patience)) {
            signal(SIGKILL);
            ends(ending_patience);
        }
    }
    for (const int descriptor : {handle_, streams_[0], streams_[1]}) {
        if (descriptor >= 0) {
            close(descriptor);
        }
    }
}

bool BackgroundProcess::listen(Clock::time_point deadline) {
    std::array<pollfd, 2> ready{pollfd{streams_[0], POLLIN, 0}, pollfd{streams_[1], POLLIN, 0}};
    if (poll(ready.data(), ready.size(), milliseconds_until(deadline)) <= 0) {
        return true;
    }
    for (std::size_t i = 0; i < streams_.size(); ++i) {
        if (ready[i].revents == 0) {
            continue;
        }
        std::array<char, 4096> buffer{};
        const ssize_t count = read(streams_[i], buffer.data(), buffer.size());
        if (count > 0) {
            said_[i].append(buffer.data(), static_cast<std::size_t>(count));
        } else {
            close(streams_[i]);
            streams_[i] = -1;
        }
    }
    return streams_[0] >= 0 || streams_[1] >= 0;
}

bool BackgroundProcess::says(std::string_view text, Milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    const auto said = [&] {
        return output().find(text) != std::string::npos || errors().find(text) != std::string::npos;
    };
    while (!said() && Clock::now() < deadline && listen(deadline)) {
    }
    return said();
}

std::optional<int> BackgroundProcess::ends(Milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    while (Clock::now() < deadline && listen(deadline)) {
    }
    if (!exit_code_) {
        pollfd ended{handle_, POLLIN, 0};
        int status = 0;
        if (poll(&ended, 1, milliseconds_until(deadline)) == 1 && waitpid(process_, &status, 0) == process_) {
            exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        }
    }
    return exit_code_;
}

void BackgroundProcess::signal(int number) const {
    if (!exit_code_ && process_ > 0) {
        kill(process_, number);
    }
}

} // namespace keytone::test
