// SPDX-License-Identifier: MIT
//
// An agent's end of a WebSocket (RFC 6455): made by Boost.Beast, then read and written frame by frame without
// waiting and without copies, as thousands of them share a thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace keytone::bench {

class AgentSocket {
  public:
    /// Takes the next connection of a socket that listens, and shakes hands; null while nobody has dialled.
    static std::unique_ptr<AgentSocket> accept(int listening);
    /// Takes over a connection that has shaken hands.
    explicit AgentSocket(int socket) : socket_(socket) {}
    ~AgentSocket();
    AgentSocket(const AgentSocket&) = delete;
    AgentSocket& operator=(const AgentSocket&) = delete;

    /// Reads what is there, and gives each text. Answers a ping.
    void read(const std::function<void(std::string_view)>& on_text);
    void send_text(std::string_view text);
    void send_sound(std::span<const std::int16_t> samples);

    /// Frames of sound that came.
    [[nodiscard]] std::uint64_t heard() const { return heard_; }
    /// False once the other end has closed it, or sent what is no frame.
    [[nodiscard]] bool is_open() const { return is_open_; }

  private:
    /// Takes the frame at the front; how many bytes it has, 0 while it is not whole.
    std::size_t take(std::span<std::uint8_t> bytes, const std::function<void(std::string_view)>& on_text);
    void send(std::uint8_t opcode, std::span<const std::uint8_t> payload);

    int socket_;
    bool is_open_ = true;
    std::uint64_t heard_ = 0;
    std::string unread_; ///< The front of a frame.
    std::string unsent_; ///< What the connection had no room for.
};

} // namespace keytone::bench
