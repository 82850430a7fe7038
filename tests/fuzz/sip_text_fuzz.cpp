// SPDX-License-Identifier: MIT
//
// The small texts of SIP. The first byte selects which one, the rest is the text; a line end separates a
// header's name from its value, and a range from an address.
#include "dsp/keys.hpp"
#include "server/sip/address_range.hpp"
#include "server/sip/digest_server.hpp"
#include "server/sip/host_lookup.hpp"
#include "server/sip/session_timer.hpp"
#include "server/sip/sip_bodies.hpp"
#include "server/sip/sip_text.hpp"
#include "tests/fuzz/choices.hpp"
#include "tests/fuzz/demand.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace keytone;
using namespace keytone::server;
using keytone::test::demand;

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

void check_fault(const std::optional<std::string>& fault) {
    demand(!fault || (fault->find(": ") != std::string::npos && !has_control(*fault)),
           "one line names the remedy");
}

std::pair<std::string_view, std::string_view> halves(std::string_view text) {
    const auto end = text.find('\n');
    return {text.substr(0, end), end == std::string_view::npos ? std::string_view{} : text.substr(end + 1)};
}

void check_uris(std::string_view text) {
    for (const auto& fault : {fault_of_sip_uri(text), fault_of_refer_target(text)}) {
        check_fault(fault);
        demand(fault || (!has_control(text) && text.find_first_of(" <>\"") == std::string_view::npos &&
                         text.size() <= max_uri_bytes),
               "a URI ends no header");
    }
    demand(fault_of_sip_uri(text) || text.starts_with("sip:") || text.starts_with("sips:"), "a SIP URI");
}

void check_header(std::string_view text) {
    const auto [name, value] = halves(text);
    const auto fault = fault_of_header(name, value);
    check_fault(fault);
    demand(fault || (!name.empty() && name.find_first_of(": \t\r") == std::string_view::npos &&
                     !has_control(value) && value.size() <= max_header_value_bytes),
           "a header is one line");
}

void check_bodies(std::string_view text) {
    if (const auto status = read_sipfrag_status(text)) {
        demand(*status >= 100 && *status <= 699 && text.starts_with("SIP/2.0 " + std::to_string(*status)),
               "a status of RFC 3261");
    }
    if (const auto pressed = read_dtmf_relay(text)) {
        demand(pressed->length.value >= 1.0 && pressed->length.value <= 10'000.0, "1 ms to 10 s");
        const auto again = read_dtmf_relay(write_dtmf_relay(*pressed));
        demand(again && again->key == pressed->key && again->length.value == pressed->length.value,
               "written and read again it is the same key");
    }
}

void check_session_expires(std::string_view text) {
    const auto read = read_session_expires(text);
    if (!read) {
        return;
    }
    demand(read->interval.count() >= 0 && read->interval.count() <= 86'400, "a day at most");
    demand(read_session_expires(write_session_expires(*read)) == read,
           "written and read again it is the same");
    demand(refresh_after(read->interval) <= give_up_after(read->interval), "refreshed before it is given up");
    demand(give_up_after(read->interval) <= read->interval, "given up in time");
}

/// Whether the text is an address of this family; compares what the range contains.
bool check_contains(const AddressRange& range, const std::string& text, int family) {
    sockaddr_storage room{};
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    v4.sin_family = AF_INET;
    v6.sin6_family = AF_INET6;
    void* const number = family == AF_INET ? static_cast<void*>(&v4.sin_addr) : &v6.sin6_addr;
    if (inet_pton(family, text.c_str(), number) != 1) {
        return false;
    }
    if (family == AF_INET) {
        std::memcpy(&room, &v4, sizeof v4);
    } else {
        std::memcpy(&room, &v6, sizeof v6);
    }
    const bool is_in = contains(range, reinterpret_cast<const sockaddr&>(room));
    const bool is_mapped = family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr);
    demand(text != range.address || is_in || is_mapped, "a range has its own address");
    return true;
}

void check_range(std::string_view text) {
    const auto [words, asked] = halves(text);
    const auto range = read_address_range(words);
    if (!range) {
        check_fault(range.error());
        return;
    }
    const auto again = read_address_range(range->address + "/" + std::to_string(range->bits));
    demand(again && *again == *range, "written and read again it is the same range");
    const bool is_address =
        check_contains(*range, range->address, AF_INET) || check_contains(*range, range->address, AF_INET6);
    demand(is_address && !has_control(range->address), "an address");
    const std::string other(asked);
    check_contains(*range, other, AF_INET);
    check_contains(*range, other, AF_INET6);
}

// Two in one life: what is learnt of the first must not let the second in.
void check_digest(std::string_view text) {
    static DigestServer server({{"ada", digest_key("ada", "s3cret")}});
    const auto now = std::chrono::steady_clock::now();
    const auto [first, second] = halves(text);
    for (const std::string_view value : {first, second, text}) {
        demand(server.judge(value, "INVITE", now).verdict != DigestServer::Verdict::accepted,
               "nobody guesses a nonce's signature");
    }
}

void check_hosts(std::string_view text) {
    const auto [name, hosts] = halves(text);
    for (const int family : {AF_INET, AF_INET6}) {
        const auto address = address_in_hosts(hosts, name, family);
        demand(!address || read_address_range(*address), "an address");
        const auto route = route_by_hosts(hosts, name, family);
        demand(!route || has_control(*route) || route->starts_with("sip:"), "a SIP URI");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kinds = 7;
    keytone::test::Choices choices({data, size});
    const std::size_t kind = choices.below(kinds);
    const std::string_view text = choices.take_text();
    switch (kind) {
    case 0:
        check_uris(text);
        break;
    case 1:
        check_header(text);
        break;
    case 2:
        check_bodies(text);
        break;
    case 3:
        check_session_expires(text);
        break;
    case 5:
        check_digest(text);
        break;
    case 6:
        check_hosts(text);
        break;
    default:
        check_range(text);
    }
    return 0;
}
