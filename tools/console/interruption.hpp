// SPDX-License-Identifier: MIT
#pragma once

namespace keytone::tools {

/// From now on, the first SIGINT, SIGTERM or SIGHUP does not end the program: interruption() reports it, so
/// that an unfinished file can be removed. The second one ends the program. Signals that the caller has
/// ignored stay ignored.
void catch_interruptions();

/// As catch_interruptions(), but as many are caught, of all kinds together, before the next one ends the
/// program.
void catch_interruptions(int most);

/// How many were caught since.
int interruptions();

/// The signal that was caught, 0 when none was.
int interruption();

/// A descriptor that becomes readable when a signal was caught, for waiting on it together with others.
/// Negative before catch_interruptions().
int interruption_descriptor();

/// The signal has been handled: interruption() is 0 again. The next signal ends the program.
void forget_interruption();

/// Ends the program as that signal would have ended it.
[[noreturn]] void end_by(int signal);

} // namespace keytone::tools
