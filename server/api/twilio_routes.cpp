// SPDX-License-Identifier: MIT
#include "server/api/call_json.hpp"
#include "server/api/call_lookup.hpp"
#include "server/api/json_answer.hpp"
#include "server/api/routes.hpp"
#include "server/api/twilio_form.hpp"
#include "tools/console/iso_time.hpp"

#include <algorithm>
#include <utility>

namespace keytone::server {

namespace {

using tools::Json;

std::string status_of(const FoundCall& call) {
    const std::string state = state_of(call);
    if (state == "ringing") {
        return "ringing";
    }
    if (state != "ended") {
        return "in-progress";
    }
    std::string status = call.past.status.empty() ? "completed" : call.past.status;
    std::ranges::replace(status, '_', '-'); // `no-answer`
    return status;
}

Json twilio_call(const FoundCall& call, const std::string& account, std::string status) {
    const StoredCall& stored = call.past.call;
    const std::string sid = sid_of_session(stored.session);
    Json json;
    json["sid"] = sid;
    json["account_sid"] = account;
    json["status"] = std::move(status);
    json["direction"] = stored.direction == CallDirection::outbound ? "outbound-api" : "inbound";
    json["from"] = stored.from;
    json["to"] = stored.to;
    json["date_created"] = tools::iso_time(stored.began_ms);
    json["api_version"] = "2010-04-01";
    json["uri"] = "/2010-04-01/Accounts/" + account + "/Calls/" + sid + ".json";
    return json;
}

HttpResponse not_found() {
    return twilio_fault(404, 20404, "The requested resource was not found: the call is over, or was never");
}

// By the session that a callSid names, or by our own names.
std::optional<FoundCall> find(const ApiContext& context, const std::string& sid) {
    return find_any(context, session_of_sid(sid).value_or(sid));
}

} // namespace

void get_twilio_call(const ApiContext& context, RouteCall& call) {
    const auto found = find(context, call.names[1]);
    call.reply(found ? json_answer(200, twilio_call(*found, call.names[0], status_of(*found))) : not_found());
}

void change_twilio_call(const ApiContext& context, RouteCall& call) {
    if (!is_of_type(call.request.content_type, "application/x-www-form-urlencoded")) {
        return call.reply(twilio_fault(415, 20415, "send Content-Type: application/x-www-form-urlencoded"));
    }
    const auto form = read_form(call.request.body);
    if (!form) {
        return call.reply(twilio_fault(400, 20001, "the form " + form.error()));
    }
    const bool completes = form->size() == 1 && form->front().first == "Status" &&
                           (form->front().second == "completed" || form->front().second == "canceled");
    if (!completes) {
        return call.reply(
            twilio_fault(400, 20001, "a call can be ended here, no more: send Status=completed"));
    }
    auto found = find(context, call.names[1]);
    if (!found || state_of(*found) == "ended") {
        return call.reply(not_found());
    }
    const std::string id = found->past.call.call;
    context.desk.end(id, true,
                     [reply = std::move(call.reply), found = *std::move(found),
                      account = call.names[0]](const Result<CallNames, ApiFault>& names) {
                         if (names) {
                             return reply(json_answer(200, twilio_call(found, account, "completed")));
                         }
                         const ApiFault& fault = names.error();
                         if (fault.code == "no_such_call" || fault.code == "call_over") {
                             return reply(not_found());
                         }
                         reply(twilio_fault(fault.status, 20001, fault.message));
                     });
}

} // namespace keytone::server
