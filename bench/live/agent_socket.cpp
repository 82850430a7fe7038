// SPDX-License-Identifier: MIT
#include "bench/live/agent_socket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/websocket.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace keytone::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::uint8_t text_frame = 1;
constexpr std::uint8_t sound_frame = 2;
constexpr std::uint8_t close_frame = 8;
constexpr std::uint8_t ping_frame = 9;
constexpr std::uint8_t pong_frame = 10;
constexpr std::size_t most_small = 125; // bytes whose count is in the second byte
constexpr std::size_t longest_frame = 65'000;

std::uint8_t* bytes_of(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}

} // namespace

std::unique_ptr<AgentSocket> AgentSocket::accept(int listening) {
    const int accepted = accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) {
        return nullptr;
    }
    static asio::io_context context; // Nothing runs in it: the handshake is waited for.
    boost::beast::websocket::stream<tcp::socket> stream(context);
    boost::system::error_code error;
    static_cast<void>(stream.next_layer().assign(tcp::v4(), accepted, error));
    static_cast<void>(stream.next_layer().set_option(tcp::no_delay(true), error));
    stream.accept(error);
    if (error) {
        return nullptr;
    }
    const int socket = stream.next_layer().release(error);
    return error ? nullptr : std::make_unique<AgentSocket>(socket);
}

AgentSocket::~AgentSocket() {
    close(socket_);
}

void AgentSocket::read(const std::function<void(std::string_view)>& on_text) {
    static thread_local std::array<std::uint8_t, std::size_t{64} * 1024> room;
    if (!is_open_) {
        return;
    }
    const auto got = recv(socket_, room.data(), room.size(), MSG_DONTWAIT);
    if (got <= 0) {
        is_open_ = got < 0 && (errno == EAGAIN || errno == EINTR);
        return;
    }
    std::span<std::uint8_t> bytes = std::span(room).first(static_cast<std::size_t>(got));
    std::string joined;
    if (!unread_.empty()) {
        joined = std::exchange(unread_, {});
        joined.append(bytes.begin(), bytes.end());
        bytes = {bytes_of(joined), joined.size()};
    }
    while (is_open_) {
        const std::size_t size = take(bytes, on_text);
        if (size == 0) {
            break;
        }
        bytes = bytes.subspan(size);
    }
    unread_.assign(bytes.begin(), bytes.end());
}

std::size_t AgentSocket::take(std::span<std::uint8_t> bytes,
                              const std::function<void(std::string_view)>& on_text) {
    constexpr std::size_t mask_size = 4;
    if (bytes.size() < 2) {
        return 0;
    }
    std::size_t head = 2;
    std::size_t size = bytes[1] & 0x7FU;
    if (size > most_small) {
        if (bytes.size() < 4) {
            return 0;
        }
        head = 4;
        is_open_ = size == most_small + 1;
        size = std::size_t{bytes[2]} << 8U | bytes[3];
    }
    // A client's frames are masked; and keytone sends each message in one frame, none of them long.
    is_open_ = is_open_ && (bytes[0] & 0xF0U) == 0x80U && (bytes[1] & 0x80U) != 0 && size <= longest_frame;
    const std::size_t whole = head + mask_size + size;
    if (!is_open_ || bytes.size() < whole) {
        return 0;
    }
    const auto opcode = static_cast<std::uint8_t>(bytes[0] & 0x0FU);
    if (opcode == sound_frame) { // It stays masked: nobody listens.
        ++heard_;
        return whole;
    }
    const auto mask = bytes.subspan(head, mask_size);
    const auto payload = bytes.subspan(head + mask_size, size);
    for (std::size_t i = 0; i < size; ++i) {
        payload[i] = static_cast<std::uint8_t>(payload[i] ^ mask[i % mask_size]);
    }
    if (opcode == text_frame) {
        on_text({reinterpret_cast<const char*>(payload.data()), payload.size()});
    } else if (opcode == ping_frame) {
        send(pong_frame, payload);
    } else if (opcode == close_frame) {
        send(close_frame, payload);
        is_open_ = false;
    }
    return whole;
}

void AgentSocket::send_text(std::string_view text) {
    send(text_frame, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void AgentSocket::send_sound(std::span<const std::int16_t> samples) {
    // Little-endian, as this machine is.
    send(sound_frame, {reinterpret_cast<const std::uint8_t*>(samples.data()), samples.size_bytes()});
}

void AgentSocket::send(std::uint8_t opcode, std::span<const std::uint8_t> payload) {
    if (!is_open_) {
        return;
    }
    static thread_local std::string frame;
    frame.assign(unsent_);
    unsent_.clear();
    frame += static_cast<char>(0x80U | opcode);
    if (payload.size() <= most_small) {
        frame += static_cast<char>(payload.size());
    } else {
        frame += {static_cast<char>(most_small + 1), static_cast<char>(payload.size() >> 8U),
                  static_cast<char>(payload.size() & 0xFFU)};
    }
    frame.append(payload.begin(), payload.end());
    const auto sent = ::send(socket_, frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        is_open_ = false;
        return;
    }
    const auto count = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
    if (count < frame.size()) {
        unsent_.assign(frame, count);
    }
}

} // namespace keytone::bench
