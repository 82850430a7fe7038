// SPDX-License-Identifier: MIT
#include "server/api/json_answer.hpp"
#include "server/api/routes.hpp"

namespace keytone::server {

namespace {

using tools::Json;

ApiFault no_agent() {
    return {404, "no_such_agent", "there is no agent of that id: see GET /api/v2/agents"};
}

} // namespace

void put_agent(const ApiContext& context, RouteCall& call) {
    if (!is_of_type(call.request.content_type, "application/json")) {
        return call.reply(error_answer(not_declared_as_json()));
    }
    auto agent = context.agents.put(call.names[0], call.request.body);
    call.reply(agent ? data_answer(*std::move(agent)) : error_answer(agent.error()));
}

void get_agent(const ApiContext& context, RouteCall& call) {
    auto agent = context.agents.find(call.names[0]);
    call.reply(agent ? data_answer(*std::move(agent)) : error_answer(no_agent()));
}

void list_agents(const ApiContext& context, RouteCall& call) {
    Json data;
    data["agents"] = context.agents.list();
    call.reply(data_answer(std::move(data)));
}

void delete_agent(const ApiContext& context, RouteCall& call) {
    if (!context.agents.remove(call.names[0])) {
        return call.reply(error_answer(no_agent()));
    }
    call.reply(data_answer({{"message", "Agent deleted"}, {"id", call.names[0]}}));
}

} // namespace keytone::server
