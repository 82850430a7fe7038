// SPDX-License-Identifier: MIT
#include "tools/console/interruption.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace keytone::tools {

namespace {

constexpr std::array caught_signals{SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t caught = 0;
volatile std::sig_atomic_t count = 0;
volatile std::sig_atomic_t left = 0; ///< Until the next one ends the program; 0: each kind once.
std::array<int, 2> wake{-1, -1};     ///< A pipe's ends, to read and to write.

extern "C" void keep_signal(int signal) {
    caught = signal;
    const int error_number = errno;
    count = count + 1;
    if (left > 0) {
        left = left - 1;
        if (left == 0) {
            for (const int each : caught_signals) {
                struct sigaction now {};
                if (sigaction(each, nullptr, &now) == 0 && now.sa_handler == keep_signal) {
                    static_cast<void>(std::signal(each, SIG_DFL));
                }
            }
        }
    }
    static_cast<void>(!write(wake[1], "", 1)); // One byte suffices; a full pipe has one already.
    errno = error_number;
}

} // namespace

void catch_interruptions() {
    catch_interruptions(0);
}

void catch_interruptions(int most) {
    left = most;
    if (wake[0] < 0 && pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        wake = {-1, -1};
    }
    for (const int signal : caught_signals) {
        struct sigaction before {};
        if (sigaction(signal, nullptr, &before) != 0 || before.sa_handler == SIG_IGN) {
            continue;
        }
        struct sigaction action {};
        action.sa_handler = keep_signal;
        action.sa_flags = most > 0 ? SA_RESTART : static_cast<int>(SA_RESETHAND | SA_RESTART);
        sigemptyset(&action.sa_mask);
        sigaction(signal, &action, nullptr);
    }
}

int interruption() {
    return caught;
}

int interruptions() {
    return count;
}

int interruption_descriptor() {
    return wake[0];
}

void forget_interruption() {
    caught = 0;
    std::array<char, 16> bytes{};
    static_cast<void>(!read(wake[0], bytes.data(), bytes.size()));
}

void end_by(int signal) {
    static_cast<void>(std::signal(signal, SIG_DFL));
    static_cast<void>(std::raise(signal));
    std::_Exit(128 + signal); // Reached where the signal is blocked.
}

} // namespace keytone::tools
