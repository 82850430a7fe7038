// SPDX-License-Identifier: MIT
//
// The functions behind the routes, each in the source that its group has. docs/live.md says what each does.
#pragma once

#include "server/api/route.hpp"

namespace keytone::server {

// agent_routes.cpp
void put_agent(const ApiContext& context, RouteCall& call);
void get_agent(const ApiContext& context, RouteCall& call);
void list_agents(const ApiContext& context, RouteCall& call);
void delete_agent(const ApiContext& context, RouteCall& call);

// call_routes.cpp
void start_call(const ApiContext& context, RouteCall& call);
void transfer_call(const ApiContext& context, RouteCall& call);
void call_function(const ApiContext& context, RouteCall& call);
void end_call(const ApiContext& context, RouteCall& call);
void join_call(const ApiContext& context, RouteCall& call);

// call_views.cpp
void list_calls(const ApiContext& context, RouteCall& call);
void get_call(const ApiContext& context, RouteCall& call);
void get_concurrency(const ApiContext& context, RouteCall& call);
void get_timeline(const ApiContext& context, RouteCall& call);

// event_routes.cpp
void get_events(const ApiContext& context, RouteCall& call);

// recording_routes.cpp
void get_recording_url(const ApiContext& context, RouteCall& call);
void get_recording(const ApiContext& context, RouteCall& call);
void get_signed_recording(const ApiContext& context, RouteCall& call);

// webhook_routes.cpp
void add_webhook(const ApiContext& context, RouteCall& call);
void list_webhooks(const ApiContext& context, RouteCall& call);
void change_webhook(const ApiContext& context, RouteCall& call);
void delete_webhook(const ApiContext& context, RouteCall& call);
void rotate_secret(const ApiContext& context, RouteCall& call);
void put_default_webhook(const ApiContext& context, RouteCall& call);
void list_deliveries(const ApiContext& context, RouteCall& call);
void resend_report(const ApiContext& context, RouteCall& call);

// service_routes.cpp
void get_metrics(const ApiContext& context, RouteCall& call);
void get_health(const ApiContext& context, RouteCall& call);
void get_open_api(const ApiContext& context, RouteCall& call);
void get_page(const ApiContext& context, RouteCall& call);
void get_page_file(const ApiContext& context, RouteCall& call);

// twilio_routes.cpp
void get_twilio_call(const ApiContext& context, RouteCall& call);
void change_twilio_call(const ApiContext& context, RouteCall& call);

} // namespace keytone::server
