// SPDX-License-Identifier: MIT
#include "server/api/http_connection.hpp"

#include "engine/unicode.hpp"
#include "server/api/http_core.hpp"
#include "server/api/http_head.hpp"
#include "server/api/json_answer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

namespace keytone::server {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using beast::error_code;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

using Parser = http::request_parser<http::string_body>;

constexpr std::size_t bytes_a_read = 4096;
/// How long a body that is made while it is sent is waited for, before it is asked again.
constexpr auto piece_interval = 50ms;
/// After an answer that closes the connection, what still comes is read for so long: a connection that is
/// closed with bytes unread takes the answer with it.
constexpr auto linger_patience = 1s;
constexpr std::size_t most_lingering_bytes = std::size_t{1024} * 1024;

class Connection final : public HttpConnection, public std::enable_shared_from_this<Connection> {
  public:
    Connection(const std::shared_ptr<HttpCore>& core, tcp::socket socket, std::string peer)
        : core_(*core),
          socket_(std::move(socket)),
          peer_(std::move(peer)),
          pause_(core_.context),
          buffer_(core_.options.max_head_bytes + bytes_a_read) {}

    void start() override { read_next(); }

    void check(Clock::time_point now) override {
        if (is_closed_ || now < deadline_) {
            return;
        }
        switch (phase_) {
        case Phase::reading:
            is_late_ = true;
            deadline_ = now + core_.options.write_patience;
            static_cast<void>(socket_.cancel(ignored_));
            break;
        case Phase::replying:
            ++number_; // The reply comes too late.
            refuse({503, "late", "the service did not answer in time: try again"});
            break;
        case Phase::idle:
        case Phase::writing:
        case Phase::lingering:
            close();
            break;
        }
    }

    void close() override {
        if (std::exchange(is_closed_, true)) {
            return;
        }
        pause_.cancel();
        static_cast<void>(socket_.close(ignored_));
        const auto self = shared_from_this(); // forget() may let go of the last but this one.
        core_.forget(self, peer_);
    }

  private:
    enum class Phase : std::uint8_t { idle, reading, replying, writing, lingering };

    void enter(Phase phase, Clock::duration patience) {
        phase_ = phase;
        deadline_ = Clock::now() + patience;
    }

    template <class Then>
    auto then(Then step) {
        return [self = shared_from_this(), step](error_code error, std::size_t count) {
            if (!self->is_closed_) {
                step(*self, error, count);
            }
        };
    }

    void read_next() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(core_.options.max_head_bytes));
        parser_->body_limit(core_.options.max_body_bytes);
        if (buffer_.size() > 0) { // The next request came with the last one.
            return read_head();
        }
        enter(Phase::idle, core_.options.idle_patience);
        socket_.async_read_some(buffer_.prepare(bytes_a_read),
                                then([](Connection& self, error_code error, std::size_t count) {
                                    if (error) {
                                        return self.close();
                                    }
                                    self.buffer_.commit(count);
                                    self.read_head();
                                }));
    }

    void read_head() {
        enter(Phase::reading, core_.options.request_patience);
        taken_ = 0;
        is_head_read_ = false;
        read_some();
    }

    // Piece by piece: the parser has a limit for each field and for the body, but none for all fields
    // together, nor for what stands between chunks.
    void read_some() {
        http::async_read_some(socket_, buffer_, *parser_,
                              then([](Connection& self, error_code error, std::size_t count) {
                                  self.taken_ += count;
                                  error ? self.fail(error) : self.took();
                              }));
    }

    void took() {
        const HttpServerOptions& limits = core_.options;
        if (!parser_->is_header_done()) {
            return taken_ > limits.max_head_bytes ? fail(http::error::header_limit) : read_some();
        }
        if (!std::exchange(is_head_read_, true)) {
            return taken_ > limits.max_head_bytes ? fail(http::error::header_limit) : got_head();
        }
        if (parser_->is_done()) {
            return got_request();
        }
        const std::size_t most = limits.max_head_bytes + 2 * limits.max_body_bytes;
        taken_ > most ? fail(http::error::body_limit) : read_some();
    }

    void got_head() {
        const auto& head = parser_->get().base();
        if (const auto fault = fault_of_head(head)) {
            return refuse(*fault);
        }
        if (parser_->is_done()) {
            return got_request();
        }
        if (beast::iequals(head[http::field::expect], "100-continue") && buffer_.size() == 0) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            asio::async_write(socket_, asio::buffer(go_on),
                              then([](Connection& self, error_code error, std::size_t) {
                                  error ? self.fail(error) : self.read_some();
                              }));
            return;
        }
        read_some();
    }

    // Reading failed: where something of a request has come, the client is told why.
    void fail(const error_code& error) {
        if (is_late_) {
            return refuse({408, "slow_request", "the request did not come in time: send it faster"});
        }
        const bool is_form = error.category() == make_error_code(http::error::bad_version).category();
        if (!is_form || error == http::error::end_of_stream || error == http::error::partial_message) {
            return close();
        }
        refuse(refusal_of(error, core_.options));
    }

    void got_request() {
        auto& message = parser_->get();
        is_head_ = message.method() == http::verb::head;
        keeps_alive_ = message.keep_alive();
        is_chunkable_ = message.version() == 11;
        auto target = read_http_target({message.target().data(), message.target().size()});
        if (!target) {
            keeps_alive_ = false;
            return refuse({400, "bad_target", target.error()});
        }
        HttpRequest request = request_of(message, *std::move(target), peer_);
        enter(Phase::replying, core_.options.reply_patience);
        core_.handler(std::move(request), reply());
    }

    // The reply holds neither the connection nor the server, which may be gone when it comes.
    HttpReply reply() {
        return [core = core_.weak_from_this(), weak = weak_from_this(), number = ++number_,
                here = std::this_thread::get_id()](HttpResponse response) {
            const auto server = core.lock();
            if (!server) {
                return;
            }
            auto deliver = [weak, number, response = std::move(response)]() mutable {
                const auto self = weak.lock();
                if (self && !self->is_closed_ && self->number_ == number && self->phase_ == Phase::replying) {
                    self->write(std::move(response));
                }
            };
            // At once on the server's own thread: nothing is read meanwhile.
            if (here == std::this_thread::get_id()) {
                deliver();
            } else {
                asio::post(server->context, std::move(deliver));
            }
        };
    }

    void refuse(const HttpRefusal& why) {
        core_.tell_refusal(peer_, why.status, why.message);
        keeps_alive_ = false;
        write(error_answer({why.status, why.code, why.message}));
    }

    template <class Message>
    void set_head(Message& message, const HttpResponse& response) {
        message.version(11);
        message.result(static_cast<unsigned>(response.status));
        message.set(http::field::date, core_.date());
        message.set(http::field::server, "keytone-server");
        message.set("X-Content-Type-Options", "nosniff");
        message.set(http::field::cache_control, "no-store");
        for (const HttpHeader& header : response.headers) {
            message.set(header.name, without_controls(header.value, ' '));
        }
        message.keep_alive(keeps_alive_);
    }

    void write(HttpResponse response) {
        if (response.take_over) {
            return hand_over(response);
        }
        enter(Phase::writing, core_.options.write_patience);
        if (response.pieces) {
            return write_pieces(std::move(response));
        }
        plain_.emplace();
        set_head(*plain_, response);
        const bool is_empty = response.status == 204 || response.status == 304; // RFC 9110, 6.4.1
        if (!is_empty) {
            plain_->content_length(response.body.size());
        }
        if (!is_head_ && !is_empty) {
            plain_->body() = std::move(response.body);
        }
        http::async_write(socket_, *plain_,
                          then([](Connection& self, error_code error, std::size_t) { self.written(error); }));
    }

    void write_pieces(HttpResponse response) {
        pieces_ = std::move(response.pieces);
        has_length_ = response.length.has_value();
        left_ = response.length.value_or(0);
        header_.emplace();
        if (has_length_) {
            set_head(*header_, response);
            header_->content_length(*response.length);
        } else {
            keeps_alive_ =
                keeps_alive_ && is_chunkable_; // Else the end of the body is that of the connection.
            set_head(*header_, response);
            if (is_chunkable_) {
                header_->chunked(true);
            }
        }
        serializer_.emplace(*header_);
        http::async_write_header(socket_, *serializer_,
                                 then([](Connection& self, error_code error, std::size_t) {
                                     if (error || self.is_head_) {
                                         return self.written(error);
                                     }
                                     self.write_piece();
                                 }));
    }

    void write_piece() {
        HttpPiece piece = pieces_();
        if (piece.bytes.empty() && !piece.is_last) {
            return wait_for_piece();
        }
        enter(Phase::writing, core_.options.write_patience);
        left_ -= std::min<std::uint64_t>(left_, piece.bytes.size());
        piece_.clear();
        const bool is_chunked = !has_length_ && is_chunkable_;
        if (is_chunked && !piece.bytes.empty()) { // RFC 9112, 7.1
            std::ostringstream size;
            size << std::hex << piece.bytes.size() << "\r\n";
            piece_ = size.str() + piece.bytes + "\r\n";
        } else {
            piece_ = std::move(piece.bytes);
        }
        if (is_chunked && piece.is_last) {
            piece_ += "0\r\n\r\n";
        }
        asio::async_write(socket_, asio::buffer(piece_),
                          then([is_last = piece.is_last](Connection& self, error_code error, std::size_t) {
                              if (is_last && self.left_ > 0) {
                                  return self.close(); // Less than was said: the client has to know.
                              }
                              if (error || is_last) {
                                  return self.written(error);
                              }
                              self.write_piece();
                          }));
    }

    void wait_for_piece() {
        char byte = 0;
        if (recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
            return close(); // Nobody listens any more.
        }
        deadline_ = Clock::time_point::max();
        pause_.expires_after(piece_interval);
        pause_.async_wait([self = shared_from_this()](error_code cancelled) {
            if (!cancelled && !self->is_closed_) {
                self->write_piece();
            }
        });
    }

    void written(const error_code& error) {
        pieces_ = {};
        if (error) {
            return close();
        }
        if (keeps_alive_) {
            return read_next();
        }
        static_cast<void>(socket_.shutdown(tcp::socket::shutdown_send, ignored_));
        enter(Phase::lingering, linger_patience);
        linger();
    }

    void linger() {
        socket_.async_read_some(asio::buffer(discarded_),
                                then([](Connection& self, error_code error, std::size_t count) {
                                    self.lingered_ += count;
                                    if (error || self.lingered_ > most_lingering_bytes) {
                                        return self.close();
                                    }
                                    self.linger();
                                }));
    }

    void hand_over(const HttpResponse& response) {
        std::ostringstream head;
        head << parser_->get().base();
        std::string request = head.str();
        request.append(static_cast<const char*>(buffer_.cdata().data()), buffer_.size());
        error_code error;
        const int descriptor = socket_.release(error);
        if (!error) {
            response.take_over(descriptor, std::move(request));
        }
        close();
    }

    HttpCore& core_; ///< It outlives its connections: they end before it does.
    tcp::socket socket_;
    std::string peer_;
    asio::steady_timer pause_;
    beast::flat_buffer buffer_;
    std::size_t taken_ = 0; ///< Bytes of the request that the parser has had.
    bool is_head_read_ = false;
    std::optional<Parser> parser_;
    std::optional<http::response<http::string_body>> plain_;
    std::optional<http::response<http::empty_body>> header_;
    std::optional<http::response_serializer<http::empty_body>> serializer_;
    std::function<HttpPiece()> pieces_;
    std::string piece_;
    Phase phase_ = Phase::idle;
    Clock::time_point deadline_ = Clock::time_point::max();
    std::uint64_t number_ = 0; ///< Of the request that a reply is for.
    bool is_late_ = false;
    bool is_head_ = false;
    bool keeps_alive_ = false;
    bool is_chunkable_ = true;
    bool has_length_ = false;
    std::uint64_t left_ = 0; ///< Of the length.
    bool is_closed_ = false;
    std::size_t lingered_ = 0;
    std::array<char, bytes_a_read> discarded_{};
    error_code ignored_;
};

} // namespace

std::shared_ptr<HttpConnection> HttpConnection::create(const std::shared_ptr<HttpCore>& core,
                                                       tcp::socket socket, std::string peer) {
    return std::make_shared<Connection>(core, std::move(socket), std::move(peer));
}

} // namespace keytone::server
