// SPDX-License-Identifier: MIT
//
// What threads and processes cost, as the kernel counts it, and on which core a thread runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keytone::bench {

/// The threads of a process (0: this one), by their numbers.
std::vector<int> threads_of(int process);
/// Seconds that a thread of a process (0: this one) ran; nothing once it is gone.
std::optional<double> seconds_run(int process, int thread);
/// A thread's name; empty once it is gone.
std::string name_of(int process, int thread);
/// Seconds that all threads of a process ran.
double seconds_run(int process);
/// The resident memory of a process (0: this one), in bytes.
std::size_t resident_bytes(int process);

/// While it lives this thread, and each thread and process that it starts, runs on these cores only, where
/// the machine has them.
class Pinned {
  public:
    explicit Pinned(unsigned first, unsigned count = 1);
    ~Pinned();
    Pinned(const Pinned&) = delete;
    Pinned& operator=(const Pinned&) = delete;

  private:
    std::vector<unsigned char> before_;
};

/// Allows this many open files, or as many as the system permits. False where that is fewer.
bool allow_files(std::size_t count);

} // namespace keytone::bench
