// SPDX-License-Identifier: MIT
#include "server/api/call_lookup.hpp"
#include "server/api/json_answer.hpp"
#include "server/api/query_numbers.hpp"
#include "server/api/routes.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace keytone::server {

namespace {

using Clock = std::chrono::steady_clock;

/// Lines of one piece.
constexpr std::size_t most_together = 200;
/// So often something is sent, so that a connection that is lost is noticed.
constexpr std::chrono::seconds heartbeat{10};

// All that has happened so far.
HttpResponse as_lines(std::shared_ptr<const CallEvents> events) {
    HttpResponse response;
    response.headers.push_back({"Content-Type", "application/x-ndjson"});
    response.pieces = [events = std::move(events), next = std::size_t{0}]() mutable {
        HttpPiece piece;
        const auto [lines, is_over] = events->from(next, most_together);
        for (const std::string& line : lines) {
            piece.bytes += line + "\n";
        }
        next += lines.size();
        piece.is_last = is_over || lines.size() < most_together;
        return piece;
    };
    return response;
}

// What has happened from `next` on and what will, each with its number: whatwg.org, server-sent events.
HttpResponse as_stream(std::shared_ptr<const CallEvents> events, std::size_t next) {
    HttpResponse response;
    response.headers = {{"Content-Type", "text/event-stream"}, {"X-Accel-Buffering", "no"}};
    response.pieces = [events = std::move(events), next, told = Clock::time_point{}]() mutable {
        HttpPiece piece;
        const auto [lines, is_over] = events->from(next, most_together);
        for (const std::string& line : lines) {
            piece.bytes += "id: " + std::to_string(++next) + "\ndata: " + line + "\n\n";
        }
        const auto now = Clock::now();
        if (is_over) {
            piece.bytes += "event: end\ndata: {}\n\n";
            piece.is_last = true;
        } else if (piece.bytes.empty() && now - told >= heartbeat) {
            piece.bytes = ":\n\n";
        }
        if (!piece.bytes.empty()) {
            told = now;
        }
        return piece;
    };
    return response;
}

} // namespace

void get_events(const ApiContext& context, RouteCall& call) {
    const HttpRequest& request = call.request;
    const bool is_live = request.accept.find("text/event-stream") != std::string::npos;
    std::size_t next = 0;
    if (is_live && !request.last_event_id.empty()) {
        const auto seen = read_whole_number(request.last_event_id);
        if (!seen) {
            return call.reply(error_answer(
                {400, "bad_value", "Last-Event-ID: is no number: send that of the last event, or none"}));
        }
        next = static_cast<std::size_t>(*seen);
    }
    auto events = find_events(context, call.names[0]);
    if (!events) {
        return call.reply(error_answer(no_call()));
    }
    call.reply(is_live ? as_stream(std::move(events), next) : as_lines(std::move(events)));
}

} // namespace keytone::server
