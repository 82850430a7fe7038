// SPDX-License-Identifier: MIT
//
// TCP, or TLS over it: one type for both, so that Beast's WebSocket is compiled once. An operation ends with
// a std::function, an allocation; the types of both would take half a minute longer to compile. All of it is
// `[socket]`.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <boost/container/static_vector.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace boost::asio {
class io_context;
namespace ssl {
class context;
} // namespace ssl
} // namespace boost::asio

namespace keytone::server {

/// Meets Asio's AsyncReadStream and AsyncWriteStream.
class AgentStream {
  public:
    using executor_type = boost::beast::tcp_stream::executor_type;
    using Error = boost::beast::error_code;
    using Done = std::function<void(Error)>;
    using Transferred = std::function<void(Error, std::size_t)>;

    explicit AgentStream(boost::asio::io_context& context);
    /// By TLS: secure() is due before anything is read or written.
    AgentStream(boost::asio::io_context& context, boost::asio::ssl::context& tls);
    /// One that is connected.
    explicit AgentStream(boost::asio::ip::tcp::socket socket);
    ~AgentStream();
    AgentStream(const AgentStream&) = delete;
    AgentStream& operator=(const AgentStream&) = delete;

    [[nodiscard]] bool is_secure() const;
    [[nodiscard]] boost::beast::tcp_stream& tcp();
    executor_type get_executor() noexcept { return tcp().get_executor(); }

    void connect(const boost::asio::ip::tcp::resolver::results_type& places, Done done);
    /// Shakes hands; the certificate is to be the host's.
    void secure(const std::string& host, Done done);

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
            [this](auto handler, const Buffers& places) {
                read_some(first_of<ReadBuffers>(places), erased(std::move(handler)));
            },
            token, buffers);
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
            [this](auto handler, const Buffers& places) {
                write_some(first_of<WriteBuffers>(places), erased(std::move(handler)));
            },
            token, buffers);
    }

    /// What Beast calls once a WebSocket is closed, or has to be (RFC 6455, 7.1.1).
    template <class Handler>
    friend void async_teardown(boost::beast::role_type role, AgentStream& stream, Handler&& handler) {
        stream.tear_down(role, [held = held_by(std::forward<Handler>(handler))](Error error) {
            std::move (*held)(error);
        });
    }
    friend void beast_close_socket(AgentStream& stream);

  private:
    static constexpr std::size_t most_buffers = 8;
    using ReadBuffers = boost::container::static_vector<boost::asio::mutable_buffer, most_buffers>;
    using WriteBuffers = boost::container::static_vector<boost::asio::const_buffer, most_buffers>;

    template <class Handler>
    static auto held_by(Handler&& handler) {
        return std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
    }
    template <class Handler>
    static Transferred erased(Handler&& handler) {
        return [held = held_by(std::forward<Handler>(handler))](Error error, std::size_t count) {
            std::move (*held)(error, count);
        };
    }
    // As many as there is room for: whoever reads and writes some of them goes on with the others.
    template <class Few, class Buffers>
    static Few first_of(const Buffers& buffers) {
        Few few;
        const auto end = boost::asio::buffer_sequence_end(buffers);
        for (auto it = boost::asio::buffer_sequence_begin(buffers); it != end && few.size() < few.capacity();
             ++it) {
            few.push_back(*it);
        }
        return few;
    }

    void read_some(const ReadBuffers& buffers, Transferred done);
    void write_some(const WriteBuffers& buffers, Transferred done);
    void tear_down(boost::beast::role_type role, Done done);

    struct Layers;
    std::unique_ptr<Layers> layers_;
};

} // namespace keytone::server
