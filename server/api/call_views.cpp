// SPDX-License-Identifier: MIT
#include "server/api/call_json.hpp"
#include "server/api/call_lookup.hpp"
#include "server/api/call_timeline.hpp"
#include "server/api/json_answer.hpp"
#include "server/api/query_numbers.hpp"
#include "server/api/routes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace keytone::server {

namespace {

using tools::Json;

constexpr std::int64_t usual_calls = 50;
constexpr std::int64_t most_calls = 500;
constexpr std::array<std::string_view, 6> states{"live",         "ringing",     "in_progress",
                                                 "transferring", "transferred", "ended"};
constexpr std::array<std::string_view, 5> statuses{"completed", "failed", "no_answer", "busy", "canceled"};

Result<HistoryQuery, ApiFault> read_query(const HttpTarget& target) {
    HistoryQuery query;
    auto limit = number_in_query(target, "limit", usual_calls, 1, most_calls);
    if (!limit) {
        return limit.error();
    }
    query.most = *limit;
    if (const auto before = target.asked("before")) {
        query.before_ms = read_time(*before);
        if (!query.before_ms) {
            return ApiFault{400, "bad_value",
                            "before: is no time: write it as began_at has it, or in milliseconds since 1970"};
        }
    }
    const std::string state = target.asked("state").value_or("");
    if (std::ranges::find(statuses, state) != statuses.end()) {
        query.status = state;
    } else if (!state.empty() && std::ranges::find(states, state) == states.end()) {
        return ApiFault{400, "bad_value",
                        "state: is no state: write live, ringing, in_progress, transferring, transferred or "
                        "ended; or completed, failed, no_answer, busy or canceled"};
    } else {
        query.state = state;
    }
    return query;
}

bool is_asked_for(const HistoryQuery& query, const CallView& view) {
    const bool is_ended = view.state == "ended";
    return query.status.empty() && (!query.before_ms || view.began_ms < *query.before_ms) &&
           (query.state.empty() || query.state == view.state || (query.state == "live" && !is_ended));
}

// Those of the store; what is live is told as the desk has it.
std::vector<FoundCall> calls_by(const ApiContext& context, const HistoryQuery& query) {
    std::vector<FoundCall> found;
    std::map<std::string, std::optional<std::size_t>> live; // By session: where in `found`, if there.
    for (CallView& view : context.desk.list()) {
        const bool is_found = is_asked_for(query, view);
        live.emplace(view.names.session, is_found ? std::optional(found.size()) : std::nullopt);
        if (is_found) {
            found.push_back(found_call(std::move(view)));
        }
    }
    HistoryQuery stored = query;
    stored.is_live = query.state == "live";
    stored.state = query.state == "ringing" ? "begun" : stored.is_live ? "" : query.state;
    stored.most += static_cast<std::int64_t>(live.size()); // As many may be the same calls.
    for (PastCall& past : CallHistory(context.database).list(stored)) {
        const auto same = live.find(past.call.session);
        if (same == live.end()) {
            found.push_back({std::move(past), std::nullopt});
        } else if (same->second) {
            found[*same->second].past = std::move(past); // It knows as what the call was reported.
        } else if (!query.status.empty()) {
            auto view = context.desk.find(past.call.call);
            found.push_back({std::move(past), std::move(view)});
        }
    }
    std::ranges::sort(found, [](const FoundCall& a, const FoundCall& b) {
        return std::tie(a.past.call.began_ms, a.past.call.session) >
               std::tie(b.past.call.began_ms, b.past.call.session);
    });
    found.resize(std::min(found.size(), static_cast<std::size_t>(query.most)));
    return found;
}

} // namespace

void list_calls(const ApiContext& context, RouteCall& call) {
    const auto query = read_query(call.request.target);
    if (!query) {
        return call.reply(error_answer(query.error()));
    }
    Json data;
    data["calls"] = Json::array();
    for (const FoundCall& each : calls_by(context, *query)) {
        data["calls"].push_back(call_json(each));
    }
    call.reply(data_answer(std::move(data)));
}

void get_call(const ApiContext& context, RouteCall& call) {
    const auto found = find_any(context, call.names[0]);
    if (!found) {
        return call.reply(error_answer(no_call()));
    }
    Json data = call_json(*found);
    const auto report = CallHistory(context.database).report(found->past.call.session);
    data["report"] = report ? Json::parse(*report, nullptr, false) : Json();
    call.reply(data_answer(std::move(data)));
}

void get_concurrency(const ApiContext& context, RouteCall& call) {
    const CallCounts counts = context.desk.counts();
    const std::size_t available = counts.most > counts.active ? counts.most - counts.active : 0;
    call.reply(data_answer({{"active", counts.active}, {"limit", counts.most}, {"available", available}}));
}

void get_timeline(const ApiContext& context, RouteCall& call) {
    const auto events = find_events(context, call.names[0]);
    if (!events) {
        return call.reply(error_answer(no_call()));
    }
    auto picture = draw_call(*events, call.names[0]);
    if (!picture) {
        return call.reply(error_answer({503, "not_drawn", picture.error().message}));
    }
    HttpResponse response;
    response.headers = {{"Content-Type", "image/svg+xml"},
                        {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"}};
    response.body = *std::move(picture);
    call.reply(std::move(response));
}

} // namespace keytone::server
