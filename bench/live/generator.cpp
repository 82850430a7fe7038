// SPDX-License-Identifier: MIT
#include "bench/live/generator.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <string>

namespace keytone::bench {

namespace {

constexpr std::size_t batch = 64;
constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
constexpr std::int64_t slot_length = 1'000'000;

std::int64_t nanoseconds(const timespec& time) {
    return static_cast<std::int64_t>(time.tv_sec) * nanoseconds_per_second + time.tv_nsec;
}

std::int64_t now(clockid_t clock = CLOCK_MONOTONIC) {
    timespec time{};
    clock_gettime(clock, &time);
    return nanoseconds(time);
}

sockaddr_in on_loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

std::int64_t arrival_of(msghdr& message) {
    for (const cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, const_cast<cmsghdr*>(part))) {
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
            timespec stamp{};
            std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
            return nanoseconds(stamp);
        }
    }
    return 0;
}

} // namespace

struct Generator::Batches {
    std::array<std::array<std::uint8_t, Line::max_packet>, batch> out;
    std::array<sockaddr_in, batch> targets;
    std::array<iovec, batch> out_places;
    std::array<mmsghdr, batch> outgoing;
    std::size_t count = 0;

    std::array<std::array<std::uint8_t, 512>, batch> in;
    std::array<sockaddr_in, batch> sources;
    alignas(cmsghdr) std::array<std::array<std::uint8_t, CMSG_SPACE(sizeof(timespec))>, batch> controls;
    std::array<iovec, batch> in_places;
    std::array<mmsghdr, batch> incoming;
};

Generator::Generator() : by_port_(65'536, nullptr), batches_(std::make_unique<Batches>()) {
    socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;
    const int room = 32 << 20;
    setsockopt(socket_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    if (setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0) {
        setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    }
    sockaddr_in address = on_loopback(0);
    socklen_t size = sizeof address;
    if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error(std::string("no socket for the far ends: ") + std::strerror(errno));
    }
    port_ = ntohs(address.sin_port);
}

Generator::~Generator() {
    stop();
    close(socket_);
}

void Generator::start(std::vector<std::unique_ptr<Line>> lines, const std::vector<LineRoute>& routes) {
    lines_ = std::move(lines);
    routes_ = routes;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        by_port_[routes_[i].from] = lines_[i].get();
    }
    thread_ = std::thread([this] { run(); });
    // A lower priority than that of the media threads: what is measured goes first.
    const sched_param priority{.sched_priority = sched_get_priority_min(SCHED_FIFO) + 1};
    pthread_setschedparam(thread_.native_handle(), SCHED_FIFO, &priority);
}

const std::vector<std::unique_ptr<Line>>& Generator::stop() {
    if (thread_.joinable()) {
        stops_.store(true);
        thread_.join();
    }
    return lines_;
}

void Generator::run() {
    thread_number_.store(gettid());
    drop_all();
    std::int64_t due = now();
    for (std::size_t slot = 0; !stops_.load(std::memory_order_relaxed); slot = (slot + 1) % slots) {
        const timespec until{static_cast<time_t>(due / nanoseconds_per_second),
                             static_cast<long>(due % nanoseconds_per_second)};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
        }
        if (now() - due > 5 * slot_length) {
            late_slots_.fetch_add(1, std::memory_order_relaxed);
        }
        send_slot(slot);
        // The kernel stamps the arrivals: reading those of several slots together does not change them.
        if (slot % 4 == 3) {
            receive_all();
        }
        due += slot_length;
    }
    receive_all();
}

void Generator::send_slot(std::size_t slot) {
    Batches& all = *batches_;
    for (std::size_t i = slot; i < lines_.size(); i += slots) {
        lines_[i]->tick(may_begin_key_.load(std::memory_order_relaxed),
                        [&](std::span<const std::uint8_t> bytes) {
                            if (all.count == batch) {
                                flush();
                            }
                            const std::size_t at = all.count++;
                            std::ranges::copy(bytes, all.out[at].begin());
                            all.targets[at] = on_loopback(routes_[i].to);
                            all.out_places[at] = {all.out[at].data(), bytes.size()};
                            all.outgoing[at] = {};
                            all.outgoing[at].msg_hdr.msg_name = &all.targets[at];
                            all.outgoing[at].msg_hdr.msg_namelen = sizeof all.targets[at];
                            all.outgoing[at].msg_hdr.msg_iov = &all.out_places[at];
                            all.outgoing[at].msg_hdr.msg_iovlen = 1;
                        });
    }
    flush();
}

void Generator::flush() {
    Batches& all = *batches_;
    for (std::size_t i = 0; i < all.count;) {
        const int sent = sendmmsg(socket_, &all.outgoing[i], static_cast<unsigned>(all.count - i), 0);
        if (sent <= 0) {
            send_failures_.fetch_add(1, std::memory_order_relaxed);
        }
        i += static_cast<std::size_t>(std::max(sent, 1));
    }
    all.count = 0;
}

// A side may send from its first call on, long before the last one is there.
void Generator::drop_all() {
    std::array<std::uint8_t, 1> nothing{};
    for (int i = 0; i < 1'000'000 && recv(socket_, nothing.data(), nothing.size(), MSG_TRUNC) >= 0; ++i) {
    }
}

void Generator::receive_all() {
    Batches& all = *batches_;
    // The kernel's stamps are of the wall clock.
    const std::int64_t behind_wall_clock = now() - now(CLOCK_REALTIME);
    for (int round = 0; round < 1000; ++round) {
        for (std::size_t i = 0; i < batch; ++i) {
            all.in_places[i] = {all.in[i].data(), all.in[i].size()};
            all.incoming[i] = {};
            all.incoming[i].msg_hdr.msg_name = &all.sources[i];
            all.incoming[i].msg_hdr.msg_namelen = sizeof all.sources[i];
            all.incoming[i].msg_hdr.msg_iov = &all.in_places[i];
            all.incoming[i].msg_hdr.msg_iovlen = 1;
            all.incoming[i].msg_hdr.msg_control = all.controls[i].data();
            all.incoming[i].msg_hdr.msg_controllen = all.controls[i].size();
        }
        const int count = recvmmsg(socket_, all.incoming.data(), batch, MSG_DONTWAIT, nullptr);
        for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(count, 0)); ++i) {
            Line* const line = by_port_[ntohs(all.sources[i].sin_port)];
            if (line == nullptr) {
                strangers_.fetch_add(1, std::memory_order_relaxed);
                continue;
            }
            line->receive(std::span<const std::uint8_t>(all.in[i]).first(all.incoming[i].msg_len),
                          arrival_of(all.incoming[i].msg_hdr) + behind_wall_clock);
        }
        if (count < static_cast<int>(batch)) {
            return;
        }
    }
}

} // namespace keytone::bench
