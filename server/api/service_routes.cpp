// SPDX-License-Identifier: MIT
#include "server/api/json_answer.hpp"
#include "server/api/open_api.hpp"
#include "server/api/routes.hpp"

#include <algorithm>
#include <utility>

namespace keytone::server {

namespace {

/// What the page may do: nothing of another host, no inline script, and it is shown in nobody's frame.
constexpr const char* page_policy =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

HttpResponse text(int status, std::string body, const char* type) {
    HttpResponse response;
    response.status = status;
    response.headers.push_back({"Content-Type", type});
    response.body = std::move(body);
    return response;
}

HttpResponse page_file(const ApiContext& context, const HttpRequest& request, std::string_view name) {
    const auto file = std::ranges::find(context.page, name, &PageFile::name);
    if (file == context.page.end()) {
        return error_answer({404, "no_such_file", "the page has no such file: see /"});
    }
    const std::string etag = "\"" + std::string(file->etag) + "\"";
    HttpResponse response;
    response.headers = {{"ETag", etag},
                        {"Cache-Control", "no-cache"},
                        {"Content-Security-Policy", page_policy},
                        {"Referrer-Policy", "no-referrer"}};
    if (request.if_none_match == "*" || request.if_none_match.find(etag) != std::string::npos) {
        response.status = 304;
        return response;
    }
    response.headers.push_back({"Content-Type", std::string(file->type)});
    response.body = std::string(file->bytes);
    return response;
}

} // namespace

void get_metrics(const ApiContext& context, RouteCall& call) {
    call.reply(text(200, context.metrics ? context.metrics() : std::string(),
                    "text/plain; version=0.0.4; charset=utf-8"));
}

void get_health(const ApiContext& context, RouteCall& call) {
    const Health health = context.health ? context.health() : Health{};
    call.reply(text(health.status(), health.text(), "application/json"));
}

void get_open_api(const ApiContext& context, RouteCall& call) {
    static const std::string document = tools::json_line(open_api(context.version));
    call.reply(text(200, document, "application/json"));
}

void get_page(const ApiContext& context, RouteCall& call) {
    call.reply(page_file(context, call.request, "index.html"));
}

void get_page_file(const ApiContext& context, RouteCall& call) {
    call.reply(page_file(context, call.request, call.names[0]));
}

} // namespace keytone::server
