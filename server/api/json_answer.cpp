// SPDX-License-Identifier: MIT
#include "server/api/json_answer.hpp"

#include "engine/json/strict_json.hpp"

#include <algorithm>
#include <cctype>

namespace keytone::server {

using tools::Json;

HttpResponse json_answer(int status, const Json& body) {
    HttpResponse response;
    response.status = status;
    response.headers.push_back({"Content-Type", "application/json"});
    response.body = tools::json_line(body);
    return response;
}

HttpResponse data_answer(Json data, int status) {
    Json body;
    body["success"] = true;
    body["data"] = std::move(data);
    return json_answer(status, body);
}

HttpResponse error_answer(const ApiFault& fault) {
    Json body;
    body["success"] = false;
    body["error"] = {{"code", fault.code}, {"message", fault.message}};
    return json_answer(fault.status, body);
}

ApiFault not_declared_as_json() {
    return {415, "bad_type", "the body is not declared as JSON: send Content-Type: application/json"};
}

bool is_of_type(std::string_view content_type, std::string_view type) {
    std::string_view found = content_type.substr(0, content_type.find(';'));
    while (!found.empty() && (found.back() == ' ' || found.back() == '\t')) {
        found.remove_suffix(1);
    }
    return std::ranges::equal(found, type, [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    });
}

namespace {

bool is_listed(std::string_view keys, std::string_view key) {
    while (!keys.empty()) {
        const auto word = keys.substr(0, keys.find(' '));
        if (word == key) {
            return true;
        }
        keys.remove_prefix(std::min(keys.size(), word.size() + 1));
    }
    return false;
}

} // namespace

Result<Json, ApiFault> read_body(const HttpRequest& request, std::string_view keys, bool may_be_empty) {
    if (request.body.empty() && may_be_empty) {
        return Json(Json::object());
    }
    if (!is_of_type(request.content_type, "application/json")) {
        return not_declared_as_json();
    }
    auto tree = json::parse_strictly(request.body, "");
    if (!tree) {
        return ApiFault{400, "bad_json", tree.error().message};
    }
    if (!tree->is_object()) {
        return ApiFault{400, "bad_json", "the body is no object: write {…}"};
    }
    for (const auto& [key, value] : tree->items()) {
        if (!is_listed(keys, key)) {
            const std::string known = keys.empty() ? std::string("no key") : std::string(keys);
            return ApiFault{400, "unknown_key",
                            json::line_error(json::LineFault::unknown_key, json::child("", key),
                                             "is not known: there is " + known)
                                .message};
        }
    }
    return *std::move(tree);
}

Result<std::optional<std::string>, ApiFault> text_at(const Json& body, std::string_view key) {
    const auto found = body.find(key);
    if (found == body.end() || found->is_null()) {
        return std::optional<std::string>();
    }
    if (!found->is_string()) {
        return ApiFault{400, "wrong_type", "/" + std::string(key) + ": is no string: write it in quotes"};
    }
    return std::optional(found->get<std::string>());
}

} // namespace keytone::server
