// SPDX-License-Identifier: MIT
//
// What anybody may send to the HTTP side without a token: targets, forms, ranges, authorization, bodies. The
// first byte selects which one, the rest is the text.
#include "engine/unicode.hpp"
#include "server/api/authorization.hpp"
#include "server/api/byte_range.hpp"
#include "server/api/call_timeline.hpp"
#include "server/api/http_target.hpp"
#include "server/api/json_answer.hpp"
#include "server/api/query_numbers.hpp"
#include "server/api/route_table.hpp"
#include "server/api/twilio_form.hpp"
#include "tests/fuzz/choices.hpp"
#include "tests/fuzz/demand.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace keytone;
using namespace keytone::server;
using keytone::test::demand;

bool is_plain(std::string_view text) {
    return count_characters(text).has_value() && find_control(text) == std::string_view::npos;
}

void check_target(std::string_view text) {
    const auto target = read_http_target(text);
    if (!target) {
        demand(is_plain(target.error()), "an error is one line");
        return;
    }
    demand(is_plain(target->path), "a path is text");
    demand(target->path == "*" || target->path.starts_with('/'), "a path");
    demand((target->path + "/").find("/../") == std::string::npos, "no path leads up");
    demand(target->query.size() <= max_query_keys, "a bound");
    for (const char* const method : {"GET", "POST", "HEAD"}) {
        const auto match = find_route(method, target->path);
        demand(match.route == nullptr || !match.allowed.empty(), "what is there is allowed");
        for (const std::string& name : match.names) {
            demand(!name.empty() && name.find('/') == std::string::npos, "a name is one part of the path");
        }
    }
    const auto before = target->asked("before");
    if (before) {
        const auto time = read_time(*before);
        demand(!time || *time >= 0, "a time since 1970");
    }
}

void check_range(std::string_view text) {
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}}) {
        const auto range = read_byte_range(text, size);
        demand(!range.part || (range.part->begin < range.part->end && range.part->end <= size),
               "a part of the whole");
    }
}

void check_authorization(std::string_view text) {
    const auto token = read_bearer(text);
    demand(!token || (!token->empty() && is_plain(*token)), "a token is printable");
    const auto basic = read_basic(text);
    demand(!basic || !basic->password.empty(), "a password is a token");
    demand(!token || !basic, "one scheme at a time");
}

void check_body(std::string_view text) {
    HttpRequest request;
    request.content_type = "application/json";
    request.body = std::string(text);
    const auto body = read_body(request, "to label");
    if (!body) {
        demand(body.error().status == 400 &&
                   is_plain(
                       error_answer(body.error()).body.substr(0, error_answer(body.error()).body.size() - 1)),
               "an error is one line of JSON");
        return;
    }
    for (const auto& [key, value] : body->items()) {
        demand(key == "to" || key == "label", "no other key");
    }
}

void check_form(std::string_view text) {
    const auto form = read_form(text);
    if (!form) {
        demand(is_plain(form.error()), "an error is one line");
        return;
    }
    demand(form->size() <= max_query_keys, "a bound");
    for (const auto& [key, value] : *form) {
        demand(key.size() + value.size() <= text.size(), "decoded it is no longer");
    }
}

void check_sid(std::string_view text) {
    const auto session = session_of_sid(text);
    demand(!session || sid_of_session(*session) == text, "there and back");
}

void check_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        lines.emplace_back(line);
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    const auto timeline = timeline_of(lines, "c");
    demand(timeline.lanes.size() == 1 || timeline.lanes.size() == 2, "one leg or two");
    demand(timeline.seconds >= 0.0, "time goes on");
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
        check_range(text);
        break;
    case 1:
        check_authorization(text);
        break;
    case 2:
        check_body(text);
        break;
    case 3:
        check_sid(text);
        break;
    case 4:
        check_lines(text);
        break;
    case 6:
        check_form(text);
        break;
    default:
        check_target(text);
    }
    return 0;
}
