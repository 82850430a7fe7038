// SPDX-License-Identifier: MIT
#include "server/api/call_json.hpp"
#include "server/api/json_answer.hpp"
#include "server/api/query_numbers.hpp"
#include "server/api/routes.hpp"
#include "server/store/endpoint_table.hpp"
#include "server/store/outbox.hpp"
#include "tools/console/iso_time.hpp"

#include <algorithm>
#include <utility>

namespace keytone::server {

namespace {

using tools::Json;

constexpr const char* once = "Keep the secret: it is not shown again.";
constexpr std::int64_t usual_deliveries = 100;
constexpr std::int64_t most_deliveries = 1000;

Json endpoint_json(const ListedEndpoint& endpoint) {
    Json json;
    json["id"] = std::to_string(endpoint.id);
    json["label"] = endpoint.label;
    json["url"] = endpoint.url;
    json["enabled"] = endpoint.enabled;
    json["last_delivery_at"] = endpoint.last_ms ? Json(tools::iso_time(*endpoint.last_ms)) : Json();
    json["last_delivery_status"] = endpoint.last_ms ? Json(endpoint.last_status) : Json();
    json["created_at"] = tools::iso_time(endpoint.created_ms);
    json["updated_at"] = tools::iso_time(endpoint.updated_ms);
    return json;
}

ApiFault no_endpoint() {
    return {404, "no_such_webhook", "there is no endpoint of that id: see GET /api/v2/config/webhooks"};
}

ApiFault bad_label() {
    return {400, "bad_value",
            "/label: is no label: write up to 31 of a-z, 0-9 and -, a letter or digit first"};
}

ApiFault reserved() {
    return {400, "reserved",
            "/label: default is set by PUT /api/v2/config/webhook alone: choose another label"};
}

std::optional<ListedEndpoint> find_endpoint(const ApiContext& context, const std::string& id) {
    const auto number = read_whole_number(id);
    return number ? EndpointTable(context.database).find(*number) : std::nullopt;
}

HttpResponse with_secret(const ApiContext& context, const std::string& label, const std::string& secret) {
    const auto all = EndpointTable(context.database).list();
    const auto found = std::ranges::find(all, label, &ListedEndpoint::label);
    if (found == all.end()) {
        return error_answer(no_endpoint()); // Another has removed it.
    }
    Json data = endpoint_json(*found);
    data["secret"] = secret;
    data["message"] = once;
    return data_answer(std::move(data));
}

HttpResponse add(const ApiContext& context, const HttpRequest& request) {
    const auto body = read_body(request, "label url");
    if (!body) {
        return error_answer(body.error());
    }
    const auto label = text_at(*body, "label");
    const auto url = text_at(*body, "url");
    if (!label || !url) {
        return error_answer(label ? url.error() : label.error());
    }
    if (!*label || !EndpointTable::is_label(**label)) {
        return error_answer(bad_label());
    }
    if (**label == EndpointTable::default_label) {
        return error_answer(reserved());
    }
    if (const auto fault = fault_of_webhook_url(url->value_or(""), context.webhooks)) {
        return error_answer({400, "bad_url", "/url: " + *fault});
    }
    std::string fault;
    const auto secret = EndpointTable(context.database).add(**label, **url, context.now_ms(), fault);
    return secret ? with_secret(context, **label, *secret)
                  : error_answer({409, "conflict", "/label: " + fault});
}

HttpResponse change(const ApiContext& context, const RouteCall& call) {
    const auto body = read_body(call.request, "enabled label");
    if (!body) {
        return error_answer(body.error());
    }
    const auto label = text_at(*body, "label");
    if (!label) {
        return error_answer(label.error());
    }
    std::optional<bool> enabled;
    if (const auto found = body->find("enabled"); found != body->end()) {
        if (!found->is_boolean()) {
            return error_answer(
                {400, "wrong_type", "/enabled: is neither true nor false: write one of them"});
        }
        enabled = found->get<bool>();
    }
    const auto endpoint = find_endpoint(context, call.names[0]);
    if (!endpoint) {
        return error_answer(no_endpoint());
    }
    if (*label && !EndpointTable::is_label(**label)) {
        return error_answer(bad_label());
    }
    const bool is_default = endpoint->label == EndpointTable::default_label;
    if (*label && (**label == EndpointTable::default_label) != is_default) {
        return error_answer(reserved());
    }
    EndpointTable endpoints(context.database);
    if ((*label || enabled) && !endpoints.change(endpoint->label, enabled, *label, context.now_ms())) {
        return error_answer({409, "conflict", "/label: there is an endpoint of that label: choose another"});
    }
    const auto changed = endpoints.find(endpoint->id);
    return changed ? data_answer(endpoint_json(*changed)) : error_answer(no_endpoint());
}

HttpResponse put_default(const ApiContext& context, const HttpRequest& request) {
    const auto body = read_body(request, "webhook_url");
    if (!body) {
        return error_answer(body.error());
    }
    const auto url = text_at(*body, "webhook_url");
    if (!url) {
        return error_answer(url.error());
    }
    EndpointTable endpoints(context.database);
    Json answer;
    answer["success"] = true;
    if (!*url || (*url)->empty()) {
        if (!body->contains("webhook_url")) {
            return error_answer({400, "missing_key", "/webhook_url: is missing: write a URL, or null"});
        }
        endpoints.remove(std::string(EndpointTable::default_label));
        answer["webhook_url"] = nullptr;
        answer["webhook_secret"] = nullptr;
        answer["message"] = "There is no default endpoint any more.";
        return json_answer(200, answer);
    }
    if (const auto fault = fault_of_webhook_url(**url, context.webhooks)) {
        return error_answer({400, "bad_url", "/webhook_url: " + *fault});
    }
    std::string fault;
    const auto secret = endpoints.put_default(**url, context.now_ms(), fault);
    if (!secret) {
        return error_answer({409, "conflict", "/webhook_url: " + fault});
    }
    answer["webhook_url"] = **url;
    answer["webhook_secret"] = *secret;
    answer["message"] = once;
    return json_answer(200, answer);
}

HttpResponse resend(const ApiContext& context, const std::string& id) {
    const auto report = read_whole_number(id);
    Transaction transaction(context.database);
    if (!report || !Outbox(context.database).resend(*report, context.now_ms())) {
        return error_answer(
            {404, "no_such_report", "there is no report of that number: see GET /api/v2/deliveries"});
    }
    const auto all = EndpointTable(context.database).list();
    if (std::ranges::none_of(all, &ListedEndpoint::enabled)) {
        return error_answer(
            {409, "no_endpoint", "no endpoint is enabled: add one by POST /api/v2/config/webhooks"});
    }
    transaction.commit();
    return data_answer({{"message", "Report queued"}, {"id", id}});
}

} // namespace

void add_webhook(const ApiContext& context, RouteCall& call) {
    call.reply(add(context, call.request));
}

void list_webhooks(const ApiContext& context, RouteCall& call) {
    Json data;
    data["webhooks"] = Json::array();
    for (const ListedEndpoint& endpoint : EndpointTable(context.database).list()) {
        data["webhooks"].push_back(endpoint_json(endpoint));
    }
    call.reply(data_answer(std::move(data)));
}

void change_webhook(const ApiContext& context, RouteCall& call) {
    call.reply(change(context, call));
}

void delete_webhook(const ApiContext& context, RouteCall& call) {
    const auto endpoint = find_endpoint(context, call.names[0]);
    if (!endpoint || !EndpointTable(context.database).remove(endpoint->label)) {
        return call.reply(error_answer(no_endpoint()));
    }
    call.reply(data_answer({{"message", "Webhook deleted"}, {"id", call.names[0]}}));
}

void rotate_secret(const ApiContext& context, RouteCall& call) {
    const auto endpoint = find_endpoint(context, call.names[0]);
    const auto secret =
        endpoint ? EndpointTable(context.database).rotate(endpoint->label, context.now_ms()) : std::nullopt;
    call.reply(secret ? with_secret(context, endpoint->label, *secret) : error_answer(no_endpoint()));
}

void put_default_webhook(const ApiContext& context, RouteCall& call) {
    call.reply(put_default(context, call.request));
}

void list_deliveries(const ApiContext& context, RouteCall& call) {
    const auto limit = number_in_query(call.request.target, "limit", usual_deliveries, 1, most_deliveries);
    if (!limit) {
        return call.reply(error_answer(limit.error()));
    }
    Json data;
    data["deliveries"] = Json::array();
    for (const ListedDelivery& each : Outbox(context.database).list(*limit)) {
        data["deliveries"].push_back({{"report_id", std::to_string(each.report)},
                                      {"call_id", each.call},
                                      {"session_id", each.session},
                                      {"made_at", tools::iso_time(each.made_ms)},
                                      {"label", each.label.empty() ? Json() : Json(each.label)},
                                      {"state", each.state},
                                      {"attempts", each.attempts},
                                      {"outcome", each.outcome.empty() ? Json() : Json(each.outcome)}});
    }
    call.reply(data_answer(std::move(data)));
}

void resend_report(const ApiContext& context, RouteCall& call) {
    call.reply(resend(context, call.names[0]));
}

} // namespace keytone::server
