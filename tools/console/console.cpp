// SPDX-License-Identifier: MIT
#include "tools/console/console.hpp"

#include "tools/console/printable.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace keytone::tools {

namespace {

/// Writes all of `text`; 0, or the number of the error that stopped it.
int write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) { // The pipe was made non-blocking by another program.
            pollfd writable{descriptor, POLLOUT, 0};
            static_cast<void>(poll(&writable, 1, -1));
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

} // namespace

Console::Console(std::string program)
    : program_(std::move(program)),
      shows_progress_(isatty(STDERR_FILENO) == 1),
      output_(STDOUT_FILENO),
      error_(STDERR_FILENO),
      bar_(ProgressBar::Clock::now()) {}

Console::~Console() {
    wipe_progress();
}

bool Console::print(std::string_view text) {
    const std::scoped_lock lock(mutex_);
    if (output_errno_ == 0) {
        wipe_progress();
        output_errno_ = write_all(output_, text);
    }
    return output_errno_ == 0;
}

void Console::error(std::string_view message) {
    const std::scoped_lock lock(mutex_);
    wipe_progress();
    // One write, so that the line stays whole among those of other programs. There is nowhere to report a
    // failure of this.
    static_cast<void>(write_all(error_, program_ + ": " + printable(message) + "\n"));
}

void Console::log(std::string_view lines) {
    const std::scoped_lock lock(mutex_);
    wipe_progress();
    static_cast<void>(write_all(error_, lines));
}

void Console::progress(double fraction) {
    if (!shows_progress_) {
        return;
    }
    const std::scoped_lock lock(mutex_);
    static_cast<void>(
        write_all(error_, bar_.update(fraction, terminal_width(error_), ProgressBar::Clock::now())));
}

void Console::end_progress() {
    const std::scoped_lock lock(mutex_);
    wipe_progress();
}

bool Console::shows_live_line() const {
    return shows_progress_ && isatty(output_) == 1;
}

void Console::show(std::string_view line) {
    const std::scoped_lock lock(mutex_);
    static_cast<void>(write_all(error_, live_line_.update(line, terminal_width(error_))));
}

void Console::keep_streams_to_itself() {
    const std::scoped_lock lock(mutex_);
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0) {
        return;
    }
    for (int* const descriptor : {&output_, &error_}) {
        const int own = fcntl(*descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        if (own >= 0 && dup2(nowhere, *descriptor) >= 0) {
            *descriptor = own;
        }
    }
    close(nowhere);
}

void Console::wipe_progress() {
    static_cast<void>(write_all(error_, bar_.clear() + live_line_.clear()));
}

std::optional<Failure> Console::output_failure() const {
    const std::scoped_lock lock(mutex_);
    if (output_errno_ == 0) {
        return std::nullopt;
    }
    const std::string reason = std::generic_category().message(output_errno_);
    const std::string remedy =
        output_errno_ == ENOSPC ? "free some space" : "send it to an open file or pipe";
    return Failure{ExitCode::failed, "cannot write standard output (" + reason + "): " + remedy,
                   output_errno_ == EPIPE};
}

int terminal_width(int descriptor) {
    winsize size{};
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

} // namespace keytone::tools
