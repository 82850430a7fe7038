// SPDX-License-Identifier: MIT
#include "server/api/open_api.hpp"

#include "server/api/api_schemas.hpp"
#include "server/api/route_table.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

namespace keytone::server {

namespace {

using tools::Json;

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> found;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        found.emplace_back(word);
        text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
    return found;
}

Json schema_named(std::string_view name) {
    return {{"$ref", "#/components/schemas/" + std::string(name)}};
}

Json content(const char* type, Json schema) {
    return {{type, {{"schema", std::move(schema)}}}};
}

std::string_view meaning(const std::string& status) {
    static constexpr std::pair<std::string_view, std::string_view> meanings[] = {
        {"101", "The WebSocket."},
        {"200", "Done."},
        {"206", "A part of it."},
        {"304", "It has not changed."},
        {"400", "The request is wrong, or the call cannot do it now."},
        {"401", "There is no valid token."},
        {"403", "It may not be done."},
        {"404", "There is none of that name."},
        {"409", "What is there already does not go with it."},
        {"413", "The body is too large."},
        {"415", "The body is of another type."},
        {"416", "The range is beyond the end."},
        {"422", "The call's settings do not allow it, or its arguments are wrong."},
        {"426", "It is a WebSocket."},
        {"429", "Too many requests: Retry-After says when to come again."},
        {"503", "Not at the moment."},
    };
    const auto* const found =
        std::ranges::find(meanings, status, &std::pair<std::string_view, std::string_view>::first);
    return found == std::end(meanings) ? "" : found->second;
}

Json answer_content(const Route& route) {
    const std::string_view answer = route.answer;
    if (answer.starts_with('=')) {
        return content("application/json", schema_named(answer.substr(1)));
    }
    if (answer.find('/') != std::string_view::npos) {
        return {{std::string(answer), Json::object()}};
    }
    return content("application/json",
                   {{"type", "object"},
                    {"additionalProperties", false},
                    {"required", {"success", "data"}},
                    {"properties", {{"success", {{"const", true}}}, {"data", schema_named(answer)}}}});
}

Json responses_of(const Route& route) {
    auto statuses = words(route.statuses);
    if (route.access == RouteAccess::token || route.access == RouteAccess::account) {
        statuses.insert(statuses.end(), {"401", "429", "503"});
    }
    if (!route.body.empty()) {
        statuses.insert(statuses.end(), {"413", "415"});
    }
    std::ranges::sort(statuses);
    const char* const error = route.access == RouteAccess::account ? "TwilioError" : "Error";
    Json responses = Json::object();
    for (const std::string& status : statuses) {
        Json& response = responses[status] = {{"description", meaning(status)}};
        const bool is_text = route.operation == "getHealth" && status == "503"; // It tells it itself.
        if (status == "200" || status == "206" || is_text) {
            response["content"] = answer_content(route);
        } else if (status > "399") {
            response["content"] = content("application/json", schema_named(error));
        }
    }
    if (route.operation == "getEvents") {
        responses["200"]["content"]["text/event-stream"] = Json::object();
    }
    return responses;
}

Json parameters_of(const Route& route) {
    Json parameters = Json::array();
    std::string_view rest = route.path;
    for (auto open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
        const auto close = rest.find('}', open);
        parameters.push_back({{"name", rest.substr(open + 1, close - open - 1)},
                              {"in", "path"},
                              {"required", true},
                              {"schema", {{"type", "string"}}}});
        rest.remove_prefix(close + 1);
    }
    const Json known = Json::parse(api_parameters());
    for (const std::string& name : words(route.parameters)) {
        Json parameter;
        parameter["name"] = name;
        parameter.update(known.at(name));
        parameters.push_back(std::move(parameter));
    }
    return parameters;
}

Json operation_of(const Route& route) {
    Json operation;
    operation["operationId"] = route.operation;
    operation["summary"] = route.summary;
    if (route.access == RouteAccess::token || route.access == RouteAccess::account) {
        const char* const scheme = route.access == RouteAccess::token ? "token" : "account";
        operation["security"] = Json::array({{{scheme, Json::array()}}});
    }
    if (Json parameters = parameters_of(route); !parameters.empty()) {
        operation["parameters"] = std::move(parameters);
    }
    if (!route.body.empty()) {
        const char* const type =
            route.access == RouteAccess::account ? "application/x-www-form-urlencoded" : "application/json";
        operation["requestBody"] = {{"required", route.body != "Transfer"},
                                    {"content", content(type, schema_named(route.body))}};
    }
    operation["responses"] = responses_of(route);
    return operation;
}

std::string lower(std::string_view text) {
    std::string made(text);
    std::ranges::transform(made, made.begin(), [](unsigned char c) { return std::tolower(c); });
    return made;
}

} // namespace

Json open_api(std::string_view version) {
    Json document;
    document["openapi"] = "3.1.0";
    document["info"] = {{"title", "keytone-server"},
                        {"version", version},
                        {"license", {{"name", "MIT"}, {"identifier", "MIT"}}}};
    Json& paths = document["paths"] = Json::object();
    for (const Route& route : route_table()) {
        paths[std::string(route.path)][lower(route.method)] = operation_of(route);
    }
    document["components"]["schemas"] = Json::parse(api_schemas());
    document["components"]["securitySchemes"] = {
        {"token", {{"type", "http"}, {"scheme", "bearer"}}},
        {"account",
         {{"type", "http"},
          {"scheme", "basic"},
          {"description", "The accountSid of the path, and a token for its password."}}}};
    return document;
}

} // namespace keytone::server
