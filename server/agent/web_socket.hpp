// SPDX-License-Identifier: MIT
//
// A WebSocket (RFC 6455): one that we open, over TCP or TLS, or one that was dialled in. All of it is
// `[socket]`: of the one thread that runs the context.
#pragma once

#include "server/agent/agent_url.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace boost::asio {
class io_context;
namespace ssl {
class context;
} // namespace ssl
} // namespace boost::asio

namespace keytone::server {

struct DialIn;

/// How a socket ended, or why there was none.
struct WebSocketEnd {
    bool is_normal; ///< Closed by the other side with 1000, or without a code.
    std::string why;
};

/// Who is told; outlives the socket, or drops it.
struct WebSocketListener {
    std::function<void()> on_open;
    std::function<void(std::string_view)> on_text;
    std::function<void(std::span<const std::byte>)> on_binary;
    std::function<void(const WebSocketEnd&)> on_end;     ///< The last.
    std::function<void(double seconds)> on_round_trip{}; ///< From a ping() to its pong.
};

class WebSocket {
  public:
    static constexpr std::chrono::seconds longest_connect{
        5}; ///< For each: TCP, TLS, the handshake, the close.
    static constexpr std::chrono::seconds longest_write{10};

    virtual ~WebSocket() = default;

    /// Queues a message.
    virtual void send(std::string bytes, bool is_text) = 0;
    /// Bytes that are queued and not written yet.
    [[nodiscard]] virtual std::size_t waiting() const = 0;
    /// Reads no more messages, or reads on: the far side's sends have to wait meanwhile.
    virtual void hold(bool is_held) = 0;
    /// Sends a ping (RFC 6455, 5.5.2), unless one has not come back.
    virtual void ping() = 0;
    /// Closes with 1000 once all is written; whoever does not answer within longest_connect is dropped.
    virtual void close() = 0;
    /// Ends at once. The listener is told no more.
    virtual void drop() = 0;
};

/// Headers of the request that opens one: name and value, without line ends.
using WebSocketHeaders = std::vector<std::pair<std::string, std::string>>;

/// Connects. `tls` is for secure URLs. A message of more than `most_bytes` closes the socket with 1009.
std::shared_ptr<WebSocket> open_web_socket(boost::asio::io_context& context, boost::asio::ssl::context& tls,
                                           const AgentUrl& url, const WebSocketHeaders& headers,
                                           std::size_t most_bytes, WebSocketListener listener);
/// Answers an upgrade; its connection is of this context. A request that is none is answered with 400, and
/// the socket ends.
std::shared_ptr<WebSocket> accept_web_socket(boost::asio::io_context& context, DialIn dial_in,
                                             std::size_t most_bytes, WebSocketListener listener);

} // namespace keytone::server
