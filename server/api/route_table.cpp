// SPDX-License-Identifier: MIT
#include "server/api/route_table.hpp"

#include "server/api/routes.hpp"

#include <array>
#include <optional>

namespace keytone::server {

namespace {

using enum RouteAccess;

constexpr std::array routes{
    Route{"GET", "/api/v2/agents", token, "listAgents", "All agents.", "", "", "Agents", "200", list_agents},
    Route{"PUT", "/api/v2/agent/{id}", token, "putAgent",
          "Makes an agent, or changes the settings that the body names.", "", "AgentSettings", "Agent",
          "200 400 409", put_agent},
    Route{"GET", "/api/v2/agent/{id}", token, "getAgent", "An agent and its settings.", "", "", "Agent",
          "200 404", get_agent},
    Route{"DELETE", "/api/v2/agent/{id}", token, "deleteAgent", "Forgets an agent.", "", "", "Message",
          "200 404", delete_agent},

    Route{"POST", "/api/v2/calls/start", token, "startCall", "Places a call.", "", "CallStart", "StartedCall",
          "200 400 403 404", start_call},
    Route{"GET", "/api/v2/calls/concurrency", token, "getConcurrency",
          "How many calls there are, and how many there may be.", "", "", "Concurrency", "200",
          get_concurrency},
    Route{"GET", "/api/v2/calls", token, "listCalls", "Calls, live ones and those before, the newest first.",
          "limit before state", "", "Calls", "200 400", list_calls},
    Route{"GET", "/api/v2/calls/{id}", token, "getCall", "A call, with its report once there is one.", "", "",
          "CallDetails", "200 404", get_call},
    Route{"DELETE", "/api/v2/calls/{id}", token, "endCall",
          "Ends a call: once what is queued was played, or at once.", "drain", "", "CallMessage",
          "200 400 404", end_call},
    Route{"POST", "/api/v2/calls/{id}/transfer", token, "transferCall",
          "Hands the caller on to a number, or to that of the settings.", "", "Transfer", "CallMessage",
          "200 400 403 404 409", transfer_call},
    Route{"POST", "/api/v2/calls/{id}/functions", token, "callFunction",
          "A function call, as the agent's socket takes it; answers its first outcome.", "", "FunctionCall",
          "Outcome", "200 400 403 404 409 422", call_function},
    Route{"GET", "/api/v2/calls/{id}/recording-url", token, "getRecordingUrl",
          "A fresh URL of the recording, valid for 7 days.", "", "", "RecordingUrl", "200 404",
          get_recording_url},
    Route{"GET", "/api/v2/calls/{id}/recording", token, "getRecording", "The recording.", "Range", "",
          "audio/wav", "200 206 404 416", get_recording},
    Route{"GET", "/api/v2/calls/{id}/timeline.svg", token, "getTimeline", "A picture of what happened.", "",
          "", "image/svg+xml", "200 404", get_timeline},
    Route{"GET", "/api/v2/calls/{id}/events", token, "getEvents",
          "What happened so far, as JSON Lines; with Accept: text/event-stream as it happens.",
          "Last-Event-ID", "", "application/x-ndjson", "200 400 404", get_events},
    Route{"GET", "/api/v2/calls/{id}/stream", token, "joinCall", "The WebSocket of an agent that dials in.",
          "", "", "websocket/101", "101 400 404 409 426", join_call},

    Route{"POST", "/api/v2/config/webhooks", token, "addWebhook",
          "A new endpoint for reports; the only answer with its secret.", "", "NewWebhook", "WebhookSecret",
          "200 400 409", add_webhook},
    Route{"GET", "/api/v2/config/webhooks", token, "listWebhooks", "The endpoints of reports.", "", "",
          "Webhooks", "200", list_webhooks},
    Route{"PATCH", "/api/v2/config/webhooks/{id}", token, "changeWebhook",
          "Enables an endpoint, disables it, or names it anew.", "", "WebhookChange", "Webhook",
          "200 400 404 409", change_webhook},
    Route{"DELETE", "/api/v2/config/webhooks/{id}", token, "deleteWebhook",
          "Removes an endpoint with what was not delivered to it.", "", "", "Message", "200 404",
          delete_webhook},
    Route{"POST", "/api/v2/config/webhooks/{id}/rotate-secret", token, "rotateSecret",
          "A new secret, with which all is signed from now on.", "", "", "WebhookSecret", "200 404",
          rotate_secret},
    Route{"PUT", "/api/v2/config/webhook", token, "putDefaultWebhook",
          "Sets the endpoint of the label default, with a new secret; null removes it.", "", "DefaultWebhook",
          "=DefaultWebhookSecret", "200 400 409", put_default_webhook},
    Route{"GET", "/api/v2/deliveries", token, "listDeliveries",
          "Reports and what became of them at each endpoint, the newest first.", "limit", "", "Deliveries",
          "200 400", list_deliveries},
    Route{"POST", "/api/v2/deliveries/{report}/resend", token, "resendReport",
          "Sends a report again to every endpoint that is enabled.", "", "", "Message", "200 404 409",
          resend_report},

    Route{"GET", "/metrics", token, "getMetrics", "Figures in Prometheus' text format.", "", "", "text/plain",
          "200", get_metrics},
    Route{"GET", "/healthz", open, "getHealth", "Whether the service is well.", "", "", "=Health", "200 503",
          get_health},
    Route{"GET", "/openapi.json", open, "getOpenApi", "This document.", "", "", "=OpenApi", "200",
          get_open_api},
    Route{"GET", "/", open, "getPage", "The page.", "If-None-Match", "", "text/html", "200 304", get_page},
    Route{"GET", "/page/{file}", open, "getPageFile", "A file of the page.", "If-None-Match", "", "*/*",
          "200 304 404", get_page_file},
    Route{"GET", "/recordings/{session}.wav", signed_url, "getSignedRecording",
          "The recording, by the URL of a report.", "expires signature Range", "", "audio/wav",
          "200 206 403 404 416", get_signed_recording},

    Route{"GET", "/2010-04-01/Accounts/{sid}/Calls/{callSid}.json", account, "getTwilioCall",
          "A call in Twilio's form.", "", "", "=TwilioCall", "200 404", get_twilio_call},
    Route{"POST", "/2010-04-01/Accounts/{sid}/Calls/{callSid}.json", account, "changeTwilioCall",
          "Status=completed ends the call, once what is queued was played.", "", "TwilioChange",
          "=TwilioCall", "200 400 404", change_twilio_call},
};

/// The next part of a path, without its slash; both are cut off.
std::string_view take_part(std::string_view& path) {
    path.remove_prefix(1);
    const auto part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size());
    return part;
}

/// What stands in the pattern's braces; nothing where the path is another.
std::optional<std::vector<std::string>> names_in(std::string_view pattern, std::string_view path) {
    std::vector<std::string> names;
    while (!pattern.empty() && !path.empty()) {
        const auto wanted = take_part(pattern);
        const auto part = take_part(path);
        if (!wanted.starts_with('{')) {
            if (wanted != part) {
                return std::nullopt;
            }
            continue;
        }
        const auto ending = wanted.substr(wanted.find('}') + 1);
        if (part.size() <= ending.size() || !part.ends_with(ending)) {
            return std::nullopt;
        }
        names.emplace_back(part.substr(0, part.size() - ending.size()));
    }
    return pattern.empty() && path.empty() ? std::optional(std::move(names)) : std::nullopt;
}

} // namespace

std::span<const Route> route_table() {
    return routes;
}

RouteMatch find_route(std::string_view method, std::string_view path) {
    const std::string_view served = method == "HEAD" ? "GET" : method;
    RouteMatch match;
    if (!path.starts_with('/')) {
        return match;
    }
    std::string_view literal; // A path without braces goes before one with: calls/start is no call's id.
    for (const Route& route : routes) {
        auto names = names_in(route.path, path);
        if (!names || (!literal.empty() && route.path != literal)) {
            continue;
        }
        if (names->empty() && literal.empty()) {
            literal = route.path;
            match = {};
        }
        match.allowed += (match.allowed.empty() ? "" : ", ") + std::string(route.method);
        if (route.method == "GET") {
            match.allowed += ", HEAD";
        }
        if (route.method == served && match.route == nullptr) {
            match.route = &route;
            match.names = *std::move(names);
        }
    }
    if (!match.allowed.empty()) {
        match.allowed += ", OPTIONS";
    }
    return match;
}

} // namespace keytone::server
