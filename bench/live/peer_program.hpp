// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace keytone::bench {

/// Another program that is measured. It runs beside this one, and is killed with the object.
class PeerProgram {
  public:
    /// Whether a program of this name is along PATH.
    [[nodiscard]] static bool is_installed(const std::string& name);

    /// Starts `words[0]`, found along PATH, with what it prints in the file `output`. Throws
    /// std::runtime_error.
    explicit PeerProgram(const std::vector<std::string>& words, const std::string& output = "/dev/null");
    ~PeerProgram();
    PeerProgram(const PeerProgram&) = delete;
    PeerProgram& operator=(const PeerProgram&) = delete;

    [[nodiscard]] pid_t process() const { return process_; }
    /// False once it has ended by itself.
    [[nodiscard]] bool runs() const;

  private:
    pid_t process_ = 0;
};

} // namespace keytone::bench
