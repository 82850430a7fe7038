// SPDX-License-Identifier: MIT
#include "server/media/batch_ring.hpp"

#include <liburing.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace keytone::server {

struct BatchRing::Ring {
    io_uring ring{};
};

std::unique_ptr<BatchRing> BatchRing::make(unsigned most) {
    auto ring = std::make_unique<Ring>();
    if (io_uring_queue_init(most, &ring->ring, 0) != 0) {
        return nullptr;
    }
    return std::unique_ptr<BatchRing>(new BatchRing(std::move(ring)));
}

BatchRing::BatchRing(std::unique_ptr<Ring> ring) noexcept : ring_(std::move(ring)) {}

BatchRing::~BatchRing() {
    io_uring_queue_exit(&ring_->ring);
}

// MSG_DONTWAIT: a call that would wait fails instead, and no thread of the kernel waits for it either.

void BatchRing::receive(int socket, msghdr& message) noexcept {
    io_uring_sqe* const entry = io_uring_get_sqe(&ring_->ring);
    io_uring_prep_recvmsg(entry, socket, &message, MSG_DONTWAIT);
    io_uring_sqe_set_data64(entry, gathered_++);
}

void BatchRing::send(int socket, const msghdr& message) noexcept {
    io_uring_sqe* const entry = io_uring_get_sqe(&ring_->ring);
    io_uring_prep_sendmsg(entry, socket, &message, MSG_DONTWAIT);
    io_uring_sqe_set_data64(entry, gathered_++);
}

void BatchRing::run(std::span<int> results) noexcept {
    const std::size_t count = std::exchange(gathered_, 0);
    std::ranges::fill(results.first(count), -ECANCELED);
    for (std::size_t done = 0; done < count;) {
        const int error = io_uring_submit_and_wait(&ring_->ring, static_cast<unsigned>(count - done));
        if (error < 0 && error != -EINTR && error != -EAGAIN && error != -EBUSY) {
            return;
        }
        io_uring_cqe* entry = nullptr;
        while (io_uring_peek_cqe(&ring_->ring, &entry) == 0) {
            results[entry->user_data] = entry->res;
            io_uring_cqe_seen(&ring_->ring, entry);
            ++done;
        }
    }
}

} // namespace keytone::server
