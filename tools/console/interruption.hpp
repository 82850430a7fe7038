// SPDX-License-Identifier: MIT
#pragma once

namespace keytone::tools {

/// From now on the first SIGINT, SIGTERM or SIGHUP does not end the program but is there for interruption()
/// to see, so that an unfinished file can be removed. The second one ends it. Signals that the caller has
/// ignored stay ignored.
void catch_interruptions();

/// As catch_interruptions(), but as many are caught, of all kinds together, before the next one ends the
/// program.
void catch_interruptions(int most);

/// How many were caught since.
int interruptions();

/// The signal that was caught, 0 when none was.
int interruption();

/// A descriptor that can be read once a signal was caught: what waits for something else waits for it too.
/// Negative before catch_interruptions().
int interruption_descriptor();

/// The signal has done its work: interruption() is 0 again. The next one ends the program.
void forget_interruption();

/// Ends the program as that signal would have.
[[noreturn]] void end_by(int signal);

} // namespace keytone::tools
