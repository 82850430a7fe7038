// SPDX-License-Identifier: MIT
//
// Many socket calls as one system call (io_uring). Each is done at once or not at all: nothing waits.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <memory>
#include <span>

namespace keytone::server {

/// Datagrams to be received and sent, gathered and then done together, in their order.
class BatchRing {
  public:
    /// Allocates all that it will need. Null where the kernel has no io_uring, or does not allow this program
    /// to use it, as in many containers. `[control]`
    [[nodiscard]] static std::unique_ptr<BatchRing> make(unsigned most);
    ~BatchRing();
    BatchRing(const BatchRing&) = delete;
    BatchRing& operator=(const BatchRing&) = delete;

    /// At most `most` are gathered before run(); until then the message stays valid. `[audio]`
    void receive(int socket, msghdr& message) noexcept;
    void send(int socket, const msghdr& message) noexcept;
    /// Does them all. Gives a result for each that was gathered: the datagram's size in bytes, or a negative
    /// errno. `[audio]`
    void run(std::span<int> results) noexcept;

  private:
    struct Ring;
    explicit BatchRing(std::unique_ptr<Ring> ring) noexcept;

    std::unique_ptr<Ring> ring_;
    std::size_t gathered_ = 0;
};

} // namespace keytone::server
