// SPDX-License-Identifier: MIT
#include "server/agent/web_socket.hpp"

#include "server/agent/agent_stream.hpp"
#include "server/agent/dial_in.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <chrono>
#include <deque>
#include <optional>
#include <utility>

namespace keytone::server {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using beast::error_code;

/// What the system holds of a socket that is not read: seconds of sound, instead of minutes.
constexpr int receive_bytes = 64 * 1024;
constexpr const char* program = "keytone-server";

using AcceptedRequest = beast::http::request<beast::http::string_body>;

/// Each operation holds the socket until it has ended.
class Socket final : public WebSocket, public std::enable_shared_from_this<Socket> {
  public:
    /// `stream`: what its stream is made of.
    template <class... Parts>
    Socket(asio::io_context& context, std::size_t most_bytes, WebSocketListener listener, Parts&&... stream)
        : listener_(std::make_shared<const WebSocketListener>(std::move(listener))),
          resolver_(context),
          stream_(std::forward<Parts>(stream)...),
          watch_(context) {
        stream_.read_message_max(most_bytes);
    }

    void open(const AgentUrl& url, const WebSocketHeaders& headers) {
        url_ = url;
        far_ = url.authority();
        stream_.set_option(websocket::stream_base::decorator([headers](websocket::request_type& request) {
            request.set(beast::http::field::user_agent, program);
            for (const auto& [name, value] : headers) {
                request.set(name, value);
            }
        }));
        resolver_.async_resolve(url_.host, url_.port,
                                [self = shared_from_this()](error_code error, const auto& found) {
                                    self->resolved(error, found);
                                });
    }

    void accept(AcceptedRequest request) {
        far_ = "the agent that dialled in";
        request_ = std::move(request);
        stream_.set_option(websocket::stream_base::decorator(
            [](websocket::response_type& response) { response.set(beast::http::field::server, program); }));
        set_up();
        stream_.async_accept(request_, [self = shared_from_this()](error_code failed) {
            self->request_ = {};
            self->opened(failed);
        });
    }

    void send(std::string bytes, bool is_text) override {
        if (is_closing_ || is_over_) {
            return;
        }
        waiting_ += bytes.size();
        messages_.push_back({std::move(bytes), is_text});
        write_next();
    }
    [[nodiscard]] std::size_t waiting() const override { return waiting_; }

    void hold(bool is_held) override {
        is_held_ = is_held;
        if (is_held) {
            pinged_at_.reset(); // Its pong is not read either: it would tell how long that was.
        }
        read_next();
    }

    void ping() override {
        if (!is_open_ || is_over_ || is_closing_ || is_held_ || is_pinging_ || pinged_at_) {
            return;
        }
        is_pinging_ = true;
        pinged_at_ = std::chrono::steady_clock::now();
        stream_.async_ping({}, [self = shared_from_this()](error_code) { self->is_pinging_ = false; });
    }

    void close() override {
        if (is_over_ || std::exchange(is_closing_, true)) {
            return;
        }
        if (!is_open_) {
            return drop();
        }
        watch(2 * longest_connect);
        write_next();
    }

    void drop() override {
        listener_.reset();
        end({false, ""});
    }

  private:
    struct Message {
        std::string bytes;
        bool is_text;
    };

    beast::tcp_stream& lowest() { return stream_.next_layer().tcp(); }

    void resolved(error_code error, const tcp::resolver::results_type& found) {
        if (error || is_over_) {
            return end({false, url_.host + ": is no host that is known: " + error.message()});
        }
        lowest().expires_after(longest_connect);
        stream_.next_layer().connect(
            found, [self = shared_from_this()](error_code failed) { self->connected(failed); });
    }

    void connected(error_code error) {
        if (error || is_over_) {
            return end({false, "no connection to " + far_ + ": " + error.message()});
        }
        if (!stream_.next_layer().is_secure()) {
            return shake_hands();
        }
        lowest().expires_after(longest_connect);
        stream_.next_layer().secure(
            url_.host, [self = shared_from_this()](error_code failed) { self->secured(failed); });
    }

    void secured(error_code error) {
        if (error || is_over_) {
            return end({false, "no TLS with " + far_ + ": " + error.message()});
        }
        shake_hands();
    }

    // What holds from the handshake on.
    void set_up() {
        error_code ignored;
        tcp::socket& socket = lowest().socket();
        static_cast<void>(socket.set_option(tcp::no_delay(true), ignored));
        static_cast<void>(socket.set_option(asio::socket_base::receive_buffer_size(receive_bytes), ignored));
        lowest().expires_never();
        websocket::stream_base::timeout times{};
        times.handshake_timeout = longest_connect;
        times.idle_timeout = websocket::stream_base::none();
        times.keep_alive_pings = false;
        stream_.set_option(times);
    }

    void shake_hands() {
        set_up();
        stream_.async_handshake(url_.authority(), url_.target,
                                [self = shared_from_this()](error_code failed) { self->opened(failed); });
    }

    void opened(error_code error) {
        if (error || is_over_) {
            return end({false, "no WebSocket at " + far_ + ": " + error.message()});
        }
        is_open_ = true;
        stream_.control_callback([this](websocket::frame_type kind, beast::string_view) {
            if (kind == websocket::frame_type::pong) {
                take_pong();
            }
        });
        if (const auto told = listener_; told && told->on_open) {
            told->on_open();
        }
        read_next();
    }

    void take_pong() {
        const auto pinged = std::exchange(pinged_at_, std::nullopt);
        if (const auto told = listener_; pinged && told && told->on_round_trip) {
            told->on_round_trip(
                std::chrono::duration<double>(std::chrono::steady_clock::now() - *pinged).count());
        }
    }

    void read_next() {
        if (!is_open_ || is_held_ || is_over_ || std::exchange(is_reading_, true)) {
            return;
        }
        stream_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
            if (error) {
                return self->ended(error);
            }
            self->hand_on(); // A hold() in it begins no other read: the buffer is still in use.
            self->is_reading_ = false;
            self->read_next();
        });
    }

    void hand_on() {
        const auto bytes = buffer_.cdata();
        const auto* const begin = static_cast<const std::byte*>(bytes.data());
        const auto told = listener_; // it may drop the socket meanwhile
        if (told && stream_.got_text() && told->on_text) {
            told->on_text({reinterpret_cast<const char*>(begin), bytes.size()});
        } else if (told && told->on_binary) {
            told->on_binary({begin, bytes.size()});
        }
        buffer_.consume(buffer_.size());
    }

    void write_next() {
        if (!is_open_ || is_over_ || is_writing_) {
            return;
        }
        if (messages_.empty()) {
            if (is_closing_ && !std::exchange(has_closed_, true)) {
                stream_.async_close(websocket::close_code::normal, [self = shared_from_this()](error_code) {
                    self->end({true, "closed"});
                });
            }
            return;
        }
        is_writing_ = true;
        if (!is_closing_) {
            watch(longest_write);
        }
        stream_.text(messages_.front().is_text);
        stream_.async_write(asio::buffer(messages_.front().bytes),
                            [self = shared_from_this()](error_code error, std::size_t) {
                                self->is_writing_ = false;
                                if (error || self->is_over_) {
                                    return self->ended(error);
                                }
                                self->waiting_ -= self->messages_.front().bytes.size();
                                self->messages_.pop_front();
                                self->write_next();
                            });
    }

    // Ends the socket where it stays like this for so long: until the next write, or the end. The timer runs
    // on from write to write, as to set it anew costs more than to look at the clock.
    void watch(std::chrono::seconds longest) {
        deadline_ = std::chrono::steady_clock::now() + longest;
        if (!std::exchange(is_watched_, true)) {
            await_deadline();
        }
    }

    void await_deadline() {
        watch_.expires_at(deadline_);
        watch_.async_wait([self = shared_from_this()](error_code error) {
            if (!error) {
                self->look_at_deadline();
            }
        });
    }

    void look_at_deadline() {
        if (std::chrono::steady_clock::now() < deadline_) { // Another write has begun.
            return await_deadline();
        }
        is_watched_ = false;
        if (is_writing_ || is_closing_) {
            end({false, far_ + " did not read what was sent"});
        }
    }

    void ended(error_code error) {
        if (error == websocket::error::closed) {
            const auto code = stream_.reason().code;
            const bool is_normal =
                code == websocket::close_code::normal || code == websocket::close_code::none;
            return end({is_normal, "closed by the agent with " + std::to_string(code)});
        }
        if (error == websocket::error::message_too_big) {
            return end({false, "closed with 1009: the agent sent a frame of more than 1 MiB"});
        }
        end({false, "lost: " + error.message()});
    }

    void end(const WebSocketEnd& how) {
        if (std::exchange(is_over_, true)) {
            return;
        }
        resolver_.cancel();
        watch_.cancel();
        lowest().cancel();
        error_code ignored;
        static_cast<void>(lowest().socket().close(ignored));
        waiting_ = 0; // The messages stay until a write that may be under way has ended.
        if (const auto told = std::exchange(listener_, nullptr); told && told->on_end) {
            told->on_end(how);
        }
    }

    AgentUrl url_;            ///< Where it is dialled.
    AcceptedRequest request_; ///< Until it is answered.
    std::string far_;         ///< For errors.
    std::shared_ptr<const WebSocketListener> listener_;
    tcp::resolver resolver_;
    websocket::stream<AgentStream> stream_;
    asio::steady_timer watch_;
    std::chrono::steady_clock::time_point deadline_;
    beast::flat_buffer buffer_;
    std::deque<Message> messages_;
    std::size_t waiting_ = 0;
    bool is_open_ = false;
    bool is_held_ = false;
    bool is_reading_ = false;
    bool is_writing_ = false;
    bool is_watched_ = false;                                        ///< The timer runs.
    bool is_pinging_ = false;                                        ///< The ping is being sent.
    std::optional<std::chrono::steady_clock::time_point> pinged_at_; ///< Until its pong comes.
    bool is_closing_ = false;
    bool has_closed_ = false; ///< The close was sent.
    bool is_over_ = false;
};

} // namespace

std::shared_ptr<WebSocket> open_web_socket(asio::io_context& context, asio::ssl::context& tls,
                                           const AgentUrl& url, const WebSocketHeaders& headers,
                                           std::size_t most_bytes, WebSocketListener listener) {
    if (url.secure) {
        const auto socket = std::make_shared<Socket>(context, most_bytes, std::move(listener), context, tls);
        socket->open(url, headers);
        return socket;
    }
    const auto socket = std::make_shared<Socket>(context, most_bytes, std::move(listener), context);
    socket->open(url, headers);
    return socket;
}

std::shared_ptr<WebSocket> accept_web_socket(asio::io_context& context, DialIn dial_in,
                                             std::size_t most_bytes, WebSocketListener listener) {
    const auto socket =
        std::make_shared<Socket>(context, most_bytes, std::move(listener), std::move(dial_in.socket));
    socket->accept(std::move(dial_in.request)); // A connection that is not open any more fails there.
    return socket;
}

} // namespace keytone::server
