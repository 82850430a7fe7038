// SPDX-License-Identifier: MIT
#include "engine/unicode.hpp"
#include "server/api/call_lookup.hpp"
#include "server/api/json_answer.hpp"
#include "server/api/routes.hpp"

#include <utility>

namespace keytone::server {

namespace {

using tools::Json;

constexpr std::size_t most_name_bytes = 256;
constexpr std::size_t most_variables_bytes = std::size_t{16} * 1024;

ApiFault bad_value(const std::string& what) {
    return {400, "bad_value", what};
}

// A string that has to be there, without control characters.
Result<std::string, ApiFault> needed(const Json& body, const char* key, const char* example) {
    auto text = text_at(body, key);
    if (!text) {
        return text.error();
    }
    if (!*text || (*text)->empty()) {
        return ApiFault{400, "missing_key", "/" + std::string(key) + ": is missing: write " + example};
    }
    if ((*text)->size() > most_name_bytes || find_control(**text) != std::string::npos) {
        return bad_value("/" + std::string(key) + ": is too long, or holds a control character: write " +
                         example);
    }
    return **std::move(text);
}

Result<CallStart, ApiFault> read_start(const HttpRequest& request) {
    const auto body = read_body(request, "agent_id to_number provider variables");
    if (!body) {
        return body.error();
    }
    auto agent = needed(*body, "agent_id", "the id of an agent");
    if (!agent) {
        return agent.error();
    }
    auto number = needed(*body, "to_number", "a number as +15551234567");
    if (!number) {
        return number.error();
    }
    const auto provider = text_at(*body, "provider");
    if (!provider) {
        return provider.error();
    }
    if (*provider && **provider != "sip") {
        return bad_value("/provider: is not known: write sip, or leave it out");
    }
    CallStart start{*std::move(agent), *std::move(number), "sip", ""};
    const auto variables = body->find("variables");
    if (variables != body->end() && !variables->is_null()) {
        if (!variables->is_object()) {
            return ApiFault{400, "wrong_type", "/variables: is no object: write {…}"};
        }
        start.variables = variables->dump();
        if (start.variables.size() > most_variables_bytes) {
            return bad_value("/variables: is longer than 16384 bytes: shorten it");
        }
    }
    return start;
}

// Replies with a message about the call, or with what was wrong.
ApiReply<CallNames> told(HttpReply reply, const char* message) {
    return [reply = std::move(reply), message](Result<CallNames, ApiFault> names) {
        if (!names) {
            return reply(error_answer(names.error()));
        }
        reply(data_answer({{"message", message}, {"callId", names->call}, {"sessionId", names->session}}));
    };
}

} // namespace

void start_call(const ApiContext& context, RouteCall& call) {
    auto start = read_start(call.request);
    if (!start) {
        return call.reply(error_answer(start.error()));
    }
    const std::string provider = start->provider;
    context.desk.start(*std::move(start),
                       [reply = std::move(call.reply), provider](Result<CallNames, ApiFault> names) {
                           if (!names) {
                               return reply(error_answer(names.error()));
                           }
                           reply(data_answer({{"call_id", names->call},
                                              {"session_id", names->session},
                                              {"status", "pending"},
                                              {"provider", provider},
                                              {"from_number", names->from},
                                              {"to_number", names->to},
                                              {"agent_id", names->agent_id}}));
                       });
}

void transfer_call(const ApiContext& context, RouteCall& call) {
    const auto body = read_body(call.request, "to", true);
    if (!body) {
        return call.reply(error_answer(body.error()));
    }
    auto to = text_at(*body, "to");
    if (!to) {
        return call.reply(error_answer(to.error()));
    }
    if (*to && ((*to)->size() > most_name_bytes || find_control(**to) != std::string::npos)) {
        return call.reply(error_answer(bad_value("/to: is no number: write it as +15551234567")));
    }
    const auto view = find_live(context, call.names[0]);
    if (!view) {
        return call.reply(error_answer(view.error()));
    }
    context.desk.transfer(view->names.call, *std::move(to), told(std::move(call.reply), "Call transferred"));
}

void call_function(const ApiContext& context, RouteCall& call) {
    if (!is_of_type(call.request.content_type, "application/json")) {
        return call.reply(error_answer(not_declared_as_json()));
    }
    // Its keys are engine/json's matter; here it becomes one line.
    const Json line = Json::parse(call.request.body, nullptr, false);
    if (!line.is_object()) {
        return call.reply(
            error_answer({400, "bad_json", "the body is no JSON object: write a function call"}));
    }
    const auto view = find_live(context, call.names[0]);
    if (!view) {
        return call.reply(error_answer(view.error()));
    }
    context.desk.submit(
        view->names.call, line.dump(-1, ' ', false, Json::error_handler_t::replace),
        [reply = std::move(call.reply)](Result<std::string, ApiFault> outcome) {
            if (!outcome) {
                return reply(error_answer(outcome.error()));
            }
            Json told = Json::parse(*outcome, nullptr, false);
            if (told.value("ev", "") != "action.rejected") {
                return reply(data_answer(std::move(told)));
            }
            reply(error_answer({422, told.value("code", "rejected"), told.value("message", "")}));
        });
}

void end_call(const ApiContext& context, RouteCall& call) {
    const std::string drain = call.request.target.asked("drain").value_or("true");
    if (drain != "true" && drain != "false") {
        return call.reply(error_answer(bad_value("drain: is neither true nor false: write one of them")));
    }
    const auto view = find_live(context, call.names[0]);
    if (!view) {
        return call.reply(error_answer(view.error()));
    }
    context.desk.end(view->names.call, drain == "true", told(std::move(call.reply), "Call ended"));
}

void join_call(const ApiContext& context, RouteCall& call) {
    if (!call.request.wants_web_socket) {
        HttpResponse response =
            error_answer({426, "upgrade_required", "this is a WebSocket: connect with ws:// (RFC 6455)"});
        response.headers.push_back({"Upgrade", "websocket"});
        return call.reply(std::move(response));
    }
    const auto view = find_live(context, call.names[0]);
    if (!view) {
        return call.reply(error_answer(view.error()));
    }
    const std::string id = view->names.call;
    const auto fault = context.door == nullptr
                           ? std::optional(ApiFault{409, "not_awaited", "the call waits for no agent"})
                           : context.door->fault_of(id);
    if (fault) {
        return call.reply(error_answer(*fault));
    }
    HttpResponse response;
    response.take_over = [door = context.door, id](int descriptor, std::string request) {
        door->enter(id, descriptor, std::move(request));
    };
    call.reply(std::move(response));
}

} // namespace keytone::server
