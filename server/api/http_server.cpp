// SPDX-License-Identifier: MIT
#include "server/api/http_server.hpp"

#include "server/api/http_connection.hpp"
#include "server/api/http_core.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone::server {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

/// How often connections are looked at: patience may last so much longer.
constexpr auto sweep_interval = 100ms;
/// After a failure to accept, of want of descriptors perhaps.
constexpr auto accept_rest = 100ms;
constexpr std::string_view full = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
                                  "Content-Length: 0\r\nConnection: close\r\n\r\n";

} // namespace

HttpCore::HttpCore(HttpServerOptions set, HttpHandler handles, ApiLog logs)
    : options(std::move(set)), handler(std::move(handles)), log(std::move(logs)) {}

std::string HttpCore::listen() {
    error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) {
        return options.address + ": is no address: write http.listen as a number and a port";
    }
    const tcp::endpoint place(address, options.port);
    const auto named = [&](const char* what) {
        return options.address + ":" + std::to_string(options.port) + ": cannot be " + what + ": " +
               error.message() + ": write an address of this machine and a free port in http.listen";
    };
    if (acceptor_.open(place.protocol(), error)) {
        return named("opened");
    }
    static_cast<void>(acceptor_.set_option(tcp::acceptor::reuse_address(true), error));
    if (acceptor_.bind(place, error) || acceptor_.listen(asio::socket_base::max_listen_connections, error)) {
        return named("listened at");
    }
    port = acceptor_.local_endpoint(error).port();
    return {};
}

void HttpCore::run() {
    accept();
    sweep();
    context.run();
    close_all();
}

void HttpCore::stop() {
    context.stop(); // Of any thread.
}

void HttpCore::close_all() {
    error_code ignored;
    static_cast<void>(acceptor_.close(ignored));
    const auto open = std::exchange(connections_, {});
    for (const auto& connection : open) {
        connection->close();
    }
    sweeper_.cancel();
    rest_.cancel();
    context.restart(); // Operations that were under way end, and let go of their connections.
    context.poll();
}

void HttpCore::accept() {
    acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
        if (!self->acceptor_.is_open()) {
            return;
        }
        if (!error) {
            self->begin(std::move(socket));
            return self->accept();
        }
        if (self->log) {
            self->log({true, "http.unaccepted", error.message()});
        }
        self->rest_.expires_after(accept_rest);
        self->rest_.async_wait([self](error_code cancelled) {
            if (!cancelled && self->acceptor_.is_open()) {
                self->accept();
            }
        });
    });
}

void HttpCore::begin(tcp::socket socket) {
    error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) {
        return; // It is gone already.
    }
    auto address = remote.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    }
    const std::string peer = address.to_string();
    const auto others = each_.find(peer);
    const bool has_too_many =
        !address.is_loopback() && others != each_.end() && others->second >= options.max_connections_each;
    if (connections_.size() >= options.max_connections || has_too_many) {
        static_cast<void>(socket.non_blocking(true, error));
        socket.write_some(asio::buffer(full), error); // If it does not fit it is lost: so be it.
        tell_refusal(peer, 503, "too many connections");
        return;
    }
    static_cast<void>(socket.set_option(tcp::no_delay(true), error));
    auto connection = HttpConnection::create(shared_from_this(), std::move(socket), peer);
    ++each_[peer];
    connections_.insert(connection);
    connection->start();
}

void HttpCore::forget(const std::shared_ptr<HttpConnection>& connection, const std::string& peer) {
    connections_.erase(connection);
    const auto count = each_.find(peer);
    if (count != each_.end() && --count->second == 0) {
        each_.erase(count);
    }
}

void HttpCore::sweep() {
    sweeper_.expires_after(sweep_interval);
    sweeper_.async_wait([self = shared_from_this()](error_code cancelled) {
        if (cancelled) {
            return;
        }
        const auto now = Clock::now();
        const std::vector<std::shared_ptr<HttpConnection>> all(self->connections_.begin(),
                                                               self->connections_.end());
        for (const auto& connection : all) {
            connection->check(now);
        }
        self->sweep();
    });
}

void HttpCore::tell_refusal(const std::string& peer, int status, const std::string& why) {
    if (log) {
        log({true, "http.refused", peer + " " + std::to_string(status) + ": " + why});
    }
}

const std::string& HttpCore::date() {
    const std::time_t now = std::time(nullptr);
    if (now != date_at_) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        std::array<char, 64> text{};
        const auto size =
            std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts); // RFC 9110, 5.6.7
        date_.assign(text.data(), size);
        date_at_ = now;
    }
    return date_;
}

Result<std::unique_ptr<HttpServer>, std::string> HttpServer::create(HttpServerOptions options,
                                                                    HttpHandler handler, ApiLog log) {
    auto core = std::make_shared<HttpCore>(std::move(options), std::move(handler), std::move(log));
    if (auto fault = core->listen(); !fault.empty()) {
        return fault;
    }
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
}

HttpServer::HttpServer(std::shared_ptr<HttpCore> core)
    : core_(std::move(core)), thread_([shared = core_] { shared->run(); }) {
    pthread_setname_np(thread_.native_handle(), "api");
}

HttpServer::~HttpServer() {
    core_->stop();
    thread_.join();
}

std::uint16_t HttpServer::port() const {
    return core_->port;
}

} // namespace keytone::server
