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
    /// Allocates all that it will need. Nothing where the kernel has no io_uring, or does not let this
    /// program have it, as in many containers. `[control]`
    [[nodiscard]] static std::unique_ptr<BatchRing> make(unsigned most);
    ~BatchRing();
    BatchRing(const BatchRing&) = delete;
    BatchRing& operator=(const BatchRing&) = delete;

    /// No more than `most` are gathered. The message stays until run(). `[audio]`
    void receive(int socket, msghdr& message) noexcept;
    void send(int socket, const msghdr& message) noexcept;
    /// Does them all. A result is a datagram's size or an errno below 0. As many as were gathered. `[audio]`
    void run(std::span<int> results) noexcept;

  private:
    struct Ring;
    explicit BatchRing(std::unique_ptr<Ring> ring) noexcept;

    std::unique_ptr<Ring> ring_;
    std::size_t gathered_ = 0;
};

} // namespace keytone::server
