// SPDX-License-Identifier: MIT
#include "server/program/local_address.hpp"

#include "engine/io/file_descriptor.hpp"
#include "server/media/socket_address.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <memory>

namespace keytone::server {

namespace {

struct FreeAddresses {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

// Without a port; brackets taken off.
std::string host_alone(const std::string& host) {
    if (host.starts_with('[')) {
        return host.substr(1, host.find(']') - 1);
    }
    return host.substr(0, host.find(':'));
}

} // namespace

std::optional<ListenPlace> read_listen_place(std::string_view text) {
    const auto address = SocketAddress::parse_with_port(text);
    return address ? std::optional(ListenPlace{address->host_text(), address->port()}) : std::nullopt;
}

Result<ListenPlace, std::string> place_towards(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    const std::string name = host_alone(host);
    // A name may have addresses of both families, as `localhost` has. IPv4 comes first: most phones and
    // trunks use it.
    int error = 0;
    for (const int family : {AF_INET, AF_INET6}) {
        hints.ai_family = family;
        error = getaddrinfo(name.c_str(), "5060", &hints, &found);
        if (error == 0) {
            break;
        }
    }
    if (error != 0) {
        return name + ": is not known: " + gai_strerror(error);
    }
    const std::unique_ptr<addrinfo, FreeAddresses> list(found);
    const auto socket = io::FileDescriptor::owning(::socket(list->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    if (socket.number() < 0 || connect(socket.number(), list->ai_addr, list->ai_addrlen) != 0 ||
        getsockname(socket.number(), reinterpret_cast<sockaddr*>(&own), &size) != 0) {
        return name + ": cannot be reached from here: name an address of this machine with --listen";
    }
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(reinterpret_cast<const sockaddr*>(&own), size, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
        return name + ": cannot be reached from here: name an address of this machine with --listen";
    }
    return ListenPlace{text.data(), 0};
}

std::string in_brackets(const std::string& address) {
    return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

} // namespace keytone::server
