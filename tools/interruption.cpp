// SPDX-License-Identifier: MIT
#include "tools/interruption.hpp"

#include <csignal>
#include <cstdlib>
#include <initializer_list>

namespace keytone::tools {

namespace {

volatile std::sig_atomic_t caught = 0;

extern "C" void keep_signal(int signal) {
    caught = signal;
}

} // namespace

void catch_interruptions() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction before {};
        if (sigaction(signal, nullptr, &before) != 0 || before.sa_handler == SIG_IGN) {
            continue;
        }
        struct sigaction action {};
        action.sa_handler = keep_signal;
        action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
        sigemptyset(&action.sa_mask);
        sigaction(signal, &action, nullptr);
    }
}

int interruption() {
    return caught;
}

void forget_interruption() {
    caught = 0;
}

void end_by(int signal) {
    static_cast<void>(std::signal(signal, SIG_DFL));
    static_cast<void>(std::raise(signal));
    std::_Exit(128 + signal); // Where the signal is blocked.
}

} // namespace keytone::tools
