// SPDX-License-Identifier: MIT
#include "server/api/query_numbers.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>

namespace keytone::server {

std::optional<std::int64_t> read_whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_digits =
        !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    return is_digits && error == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                                 : std::nullopt;
}

Result<std::int64_t, ApiFault> number_in_query(const HttpTarget& target, std::string_view key,
                                               std::int64_t usual, std::int64_t least, std::int64_t most) {
    const auto text = target.asked(key);
    if (!text) {
        return usual;
    }
    const auto number = read_whole_number(*text);
    if (!number || *number < least || *number > most) {
        return ApiFault{400, "bad_value",
                        std::string(key) + ": is no number of " + std::to_string(least) + " to " +
                            std::to_string(most) + ": write one, or leave it out"};
    }
    return *number;
}

std::optional<std::int64_t> read_time(std::string_view text) {
    if (const auto ms = read_whole_number(text)) {
        return ms;
    }
    constexpr std::string_view form = "0000-00-00T00:00:00.000Z";
    if (text.size() != form.size()) {
        return std::nullopt;
    }
    const auto is_like = [](char shown, char found) {
        return shown == '0' ? found >= '0' && found <= '9' : shown == found;
    };
    if (!std::ranges::equal(form, text, is_like)) {
        return std::nullopt;
    }
    const auto part = [text](std::size_t at, std::size_t size) {
        return static_cast<int>(read_whole_number(text.substr(at, size)).value_or(0));
    };
    using namespace std::chrono;
    const year_month_day day{year(part(0, 4)), month(static_cast<unsigned>(part(5, 2))),
                             std::chrono::day(static_cast<unsigned>(part(8, 2)))};
    if (!day.ok() || day.year() < year(1970) || part(11, 2) > 23 || part(14, 2) > 59 || part(17, 2) > 59) {
        return std::nullopt;
    }
    const auto time = sys_days(day) + hours(part(11, 2)) + minutes(part(14, 2)) + seconds(part(17, 2)) +
                      milliseconds(part(20, 3));
    return duration_cast<milliseconds>(time.time_since_epoch()).count();
}

} // namespace keytone::server
