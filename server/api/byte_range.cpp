// SPDX-License-Identifier: MIT
#include "server/api/byte_range.hpp"

#include "server/api/query_numbers.hpp"

#include <algorithm>

namespace keytone::server {

AskedRange read_byte_range(std::string_view header, std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    const auto dash = header.find('-');
    if (!header.starts_with(unit) || dash == std::string_view::npos) {
        return {};
    }
    const auto first = header.substr(unit.size(), dash - unit.size());
    const auto last = header.substr(dash + 1);
    const auto begin = read_whole_number(first);
    const auto end = read_whole_number(last);
    if ((!begin && !first.empty()) || (!end && !last.empty()) || (!begin && !end)) {
        return {};
    }
    if (!begin) { // So many at the end.
        const auto count = std::min(static_cast<std::uint64_t>(*end), size);
        return count == 0 ? AskedRange{std::nullopt, false} : AskedRange{ByteRange{size - count, size}, true};
    }
    const auto from = static_cast<std::uint64_t>(*begin);
    if (end && *end < *begin) {
        return {};
    }
    if (from >= size) {
        return {std::nullopt, false};
    }
    return {ByteRange{from, end ? std::min(static_cast<std::uint64_t>(*end) + 1, size) : size}, true};
}

} // namespace keytone::server
