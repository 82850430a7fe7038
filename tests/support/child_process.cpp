// SPDX-License-Identifier: MIT
#include "tests/support/child_process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <utility>

namespace keytone::test {

namespace {

/// A descriptor that is closed by its destructor.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool open() const { return number_ >= 0; }
    void close() {
        if (open()) {
            ::close(std::exchange(number_, -1));
        }
    }

  private:
    int number_ = -1;
};

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{-1, -1};
        EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
        reader = Descriptor(ends[0]);
        writer = Descriptor(ends[1]);
    }
    Descriptor reader;
    Descriptor writer;
};

/// Appends what can be read; closes `from` at its end.
void take(Descriptor& from, std::string& text) {
    std::array<char, 65536> buffer{};
    const ssize_t count = read(from.number(), buffer.data(), buffer.size());
    if (count > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
        from.close();
    }
}

/// Writes as much as possible; closes `to` when everything is written or nobody reads.
void give(Descriptor& to, std::string_view& text) {
    const ssize_t count = write(to.number(), text.data(), text.size());
    if (count >= 0) {
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    if (text.empty() || (count < 0 && errno != EINTR && errno != EAGAIN)) {
        to.close();
    }
}

/// Writes and reads the three pipes until the child has closed its ends, so that none of them fills up and
/// blocks it.
void exchange(Descriptor input, std::string_view text, Descriptor output, Descriptor errors,
              ChildResult& result) {
    fcntl(input.number(), F_SETFL, O_NONBLOCK);
    while (output.open() || errors.open()) {
        std::array<pollfd, 3> ends{pollfd{input.number(), POLLOUT, 0}, pollfd{output.number(), POLLIN, 0},
                                   pollfd{errors.number(), POLLIN, 0}};
        if (poll(ends.data(), ends.size(), -1) < 0) {
            continue;
        }
        if (ends[0].revents != 0) {
            give(input, text);
        }
        if (ends[1].revents != 0) {
            take(output, result.output);
        }
        if (ends[2].revents != 0) {
            take(errors, result.errors);
        }
    }
}

} // namespace

ChildResult run_child(const std::string& program, const std::vector<std::string>& arguments,
                      const ChildSetup& setup) {
    std::signal(SIGPIPE, SIG_IGN); // A child may end before it has read everything.
    Pipe input;
    Pipe output;
    Pipe errors;

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input.reader.number(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.writer.number(), STDERR_FILENO);
    if (setup.close_output) {
        posix_spawn_file_actions_addclose(&actions, STDOUT_FILENO);
    } else {
        posix_spawn_file_actions_adddup2(&actions, setup.output.value_or(output.writer.number()),
                                         STDOUT_FILENO);
    }
    if (!setup.folder.empty()) {
        posix_spawn_file_actions_addchdir_np(&actions, setup.folder.c_str());
    }
    // The child starts with the default action for SIGPIPE, as from a shell.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);

    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);

    pid_t child = -1;
    const int error = posix_spawn(&child, program.c_str(), &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    ChildResult result;
    if (error != 0) {
        ADD_FAILURE() << "cannot start " << program << ": error " << error;
        result.exit_code = -1;
        return result;
    }
    input.reader.close();
    output.writer.close();
    errors.writer.close();
    if (setup.meanwhile) {
        setup.meanwhile(child);
    }
    exchange(std::move(input.writer), setup.input, std::move(output.reader), std::move(errors.reader),
             result);

    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return result;
}

} // namespace keytone::test
