// SPDX-License-Identifier: MIT
#include "server/agent/agent_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <variant>

namespace keytone::server {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

using TlsStream = beast::ssl_stream<beast::tcp_stream>;

} // namespace

struct AgentStream::Layers {
    template <class... Parts>
    explicit Layers(Parts&&... parts) : stream(std::forward<Parts>(parts)...) {}

    std::variant<beast::tcp_stream, TlsStream> stream;
};

AgentStream::AgentStream(asio::io_context& context)
    : layers_(std::make_unique<Layers>(std::in_place_type<beast::tcp_stream>, context)) {}

AgentStream::AgentStream(asio::io_context& context, asio::ssl::context& tls)
    : layers_(std::make_unique<Layers>(std::in_place_type<TlsStream>, context, tls)) {}

AgentStream::AgentStream(tcp::socket socket)
    : layers_(std::make_unique<Layers>(std::in_place_type<beast::tcp_stream>, std::move(socket))) {}

AgentStream::~AgentStream() = default;

bool AgentStream::is_secure() const {
    return std::holds_alternative<TlsStream>(layers_->stream);
}

beast::tcp_stream& AgentStream::tcp() {
    auto* const secure = std::get_if<TlsStream>(&layers_->stream);
    return secure != nullptr ? secure->next_layer() : std::get<beast::tcp_stream>(layers_->stream);
}

void AgentStream::connect(const tcp::resolver::results_type& places, Done done) {
    tcp().async_connect(places, [done = std::move(done)](Error error, const auto&) { done(error); });
}

void AgentStream::secure(const std::string& host, Done done) {
    auto& tls = std::get<TlsStream>(layers_->stream);
    tls.set_verify_mode(asio::ssl::verify_peer);
    tls.set_verify_callback(asio::ssl::host_name_verification(host));
    // SSL_set_tlsext_host_name(), which is a macro.
    std::string name = host;
    SSL_ctrl(tls.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
    tls.async_handshake(asio::ssl::stream_base::client, std::move(done));
}

void AgentStream::read_some(const ReadBuffers& buffers, Transferred done) {
    std::visit([&](auto& stream) { stream.async_read_some(buffers, std::move(done)); }, layers_->stream);
}

void AgentStream::write_some(const WriteBuffers& buffers, Transferred done) {
    std::visit([&](auto& stream) { stream.async_write_some(buffers, std::move(done)); }, layers_->stream);
}

void AgentStream::tear_down(beast::role_type role, Done done) {
    using beast::websocket::async_teardown;
    if (auto* const secure = std::get_if<TlsStream>(&layers_->stream)) {
        return async_teardown(role, *secure, std::move(done));
    }
    async_teardown(role, std::get<beast::tcp_stream>(layers_->stream).socket(), std::move(done));
}

void beast_close_socket(AgentStream& stream) {
    beast::close_socket(stream.tcp());
}

} // namespace keytone::server
