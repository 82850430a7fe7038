// SPDX-License-Identifier: MIT
#include "server/api/api_schemas.hpp"

namespace keytone::server {

std::string_view api_schemas() {
    // A string literal has a bound of 64 KiB, and no more is needed.
    return R"json({
"Error": {"type": "object", "additionalProperties": false, "required": ["success", "error"], "properties": {
  "success": {"const": false},
  "error": {"type": "object", "additionalProperties": false, "required": ["code", "message"], "properties": {
    "code": {"type": "string", "description": "A word for machines."},
    "message": {"type": "string", "description": "One line that names the key and the remedy."}}}}},
"TwilioError": {"type": "object", "additionalProperties": false,
  "required": ["code", "message", "more_info", "status"], "properties": {
  "code": {"type": "integer"}, "message": {"type": "string"}, "more_info": {"type": "string"},
  "status": {"type": "integer"}}},
"Message": {"type": "object", "additionalProperties": false, "required": ["message", "id"], "properties": {
  "message": {"type": "string"}, "id": {"type": "string"}}},
"CallMessage": {"type": "object", "additionalProperties": false,
  "required": ["message", "callId", "sessionId"], "properties": {
  "message": {"type": "string"}, "callId": {"type": "string"}, "sessionId": {"type": "string"}}},

"AgentSettings": {"type": "object", "additionalProperties": false,
  "description": "Only what is named is changed; null or an empty string resets.", "properties": {
  "name": {"type": ["string", "null"]},
  "transferEnabled": {"type": ["boolean", "null"], "default": false},
  "transferNumber": {"type": ["string", "null"], "maxLength": 32,
    "description": "E.164. Required when transferEnabled is true."},
  "transferMessage": {"type": ["string", "null"], "maxLength": 500},
  "transfer_instructions": {"type": ["string", "null"], "maxLength": 2000},
  "allow": {"type": ["array", "null"], "items": {"type": "string"},
    "description": "Prefixes of numbers and SIP domains that may be dialled."},
  "on_machine": {"enum": ["bridge", "hangup", "leave_message", "", null], "default": "bridge",
    "description": "What a transfer does where a machine answers, unless it says so itself."},
  "machine_message": {"type": ["string", "null"], "maxLength": 500,
    "description": "Spoken after its beep. Required when on_machine is leave_message."},
  "endCallEnabled": {"type": ["boolean", "null"], "default": true},
  "endCallMessage": {"type": ["string", "null"], "maxLength": 500},
  "end_call_instructions": {"type": ["string", "null"], "maxLength": 2000},
  "agentUrl": {"type": ["string", "null"], "description": "The agent's WebSocket, ws:// or wss://."},
  "authToken": {"type": ["string", "null"], "description": "Twilio's shape: signs the request. Answers have set."},
  "shape": {"enum": ["keytone", "twilio", "", null]},
  "rate": {"enum": [8000, 16000, null]},
  "numbers": {"type": ["array", "null"], "items": {"type": "string"},
    "description": "Called users and numbers that pick this agent."},
  "grace": {"type": ["number", "null"], "description": "Seconds."},
  "answer_after": {"type": ["number", "null"], "description": "Seconds."},
  "message": {"type": ["string", "null"], "description": "Spoken where the agent is lost."},
  "record": {"type": ["boolean", "null"]},
  "mute_keys": {"type": ["boolean", "null"], "default": false,
    "description": "After a transfer neither side hears the other's keys."},
  "max_calls": {"type": ["integer", "null"]},
  "calls_per_minute": {"type": ["integer", "null"]}}},
"Agent": {"allOf": [{"type": "object", "required": ["id"], "properties": {
    "id": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    "createdAt": {"$ref": "#/components/schemas/Time"},
    "updatedAt": {"$ref": "#/components/schemas/Time"}}}],
  "type": "object"},
"Agents": {"type": "object", "additionalProperties": false, "required": ["agents"], "properties": {
  "agents": {"type": "array", "items": {"$ref": "#/components/schemas/Agent"}}}},

"CallStart": {"type": "object", "additionalProperties": false, "required": ["agent_id", "to_number"],
  "properties": {
  "agent_id": {"type": "string"},
  "to_number": {"type": "string", "description": "E.164, or a SIP URI."},
  "provider": {"enum": ["sip", null], "default": "sip"},
  "variables": {"type": ["object", "null"], "description": "They come back in the report."}}},
"StartedCall": {"type": "object", "additionalProperties": false, "required": ["call_id", "session_id",
  "status", "provider", "from_number", "to_number", "agent_id"], "properties": {
  "call_id": {"type": "string"}, "session_id": {"type": "string"}, "status": {"const": "pending"},
  "provider": {"const": "sip"}, "from_number": {"type": "string"}, "to_number": {"type": "string"},
  "agent_id": {"type": "string"}}},
"Time": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$"},
"TimeOrNull": {"anyOf": [{"$ref": "#/components/schemas/Time"}, {"type": "null"}]},
"Call": {"type": "object", "unevaluatedProperties": false, "allOf": [{"$ref": "#/components/schemas/CallKeys"}]},
"CallKeys": {"type": "object", "required": ["call_id", "session_id", "agent_id", "from_number", "to_number",
  "direction", "state", "status", "disposition", "began_at", "answered_at", "ended_at"], "properties": {
  "call_id": {"type": "string"}, "session_id": {"type": "string"}, "agent_id": {"type": "string"},
  "from_number": {"type": "string"}, "to_number": {"type": "string"},
  "direction": {"enum": ["inbound", "outbound"]},
  "state": {"enum": ["ringing", "in_progress", "transferring", "transferred", "ended"]},
  "status": {"enum": ["completed", "failed", "no_answer", "busy", "canceled", null],
    "description": "Of the report; null until there is one."},
  "disposition": {"type": ["string", "null"]},
  "began_at": {"$ref": "#/components/schemas/Time"},
  "answered_at": {"$ref": "#/components/schemas/TimeOrNull"},
  "ended_at": {"$ref": "#/components/schemas/TimeOrNull"},
  "jitter_ms": {"type": "number", "description": "Of what the caller sends; a live call has it."},
  "packets_in": {"type": "integer"}, "packets_lost": {"type": "integer"},
  "packets_late": {"type": "integer"}}},
"Calls": {"type": "object", "additionalProperties": false, "required": ["calls"], "properties": {
  "calls": {"type": "array", "items": {"$ref": "#/components/schemas/Call"}}}},
"CallDetails": {"type": "object", "unevaluatedProperties": false,
  "allOf": [{"$ref": "#/components/schemas/CallKeys"}], "required": ["report"], "properties": {
  "report": {"type": ["object", "null"], "description": "session.completed, as it was sent."}}},
"Concurrency": {"type": "object", "additionalProperties": false,
  "required": ["active", "limit", "available"], "properties": {
  "active": {"type": "integer"}, "limit": {"type": "integer"}, "available": {"type": "integer"}}},
"Transfer": {"type": "object", "additionalProperties": false, "properties": {
  "to": {"type": ["string", "null"], "description": "E.164; the settings' transferNumber where it is left out."}}},
"FunctionCall": {"type": "object",
  "description": "One of the forms of a function call: based_call, tool_use, function_call, function."},
"Outcome": {"type": "object", "required": ["ev"], "properties": {"ev": {"type": "string"}},
  "description": "A line of the call's events."},
"RecordingUrl": {"type": "object", "additionalProperties": false, "required": ["recording_url"],
  "properties": {"recording_url": {"type": "string"}}},

"NewWebhook": {"type": "object", "additionalProperties": false, "required": ["label", "url"], "properties": {
  "label": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,30}$"},
  "url": {"type": "string", "description": "https, to a public address."}}},
"WebhookChange": {"type": "object", "additionalProperties": false, "properties": {
  "enabled": {"type": "boolean"}, "label": {"type": ["string", "null"]}}},
"WebhookKeys": {"type": "object", "required": ["id", "label", "url", "enabled", "last_delivery_at",
  "last_delivery_status", "created_at", "updated_at"], "properties": {
  "id": {"type": "string"}, "label": {"type": "string"}, "url": {"type": "string"},
  "enabled": {"type": "boolean"}, "last_delivery_at": {"$ref": "#/components/schemas/TimeOrNull"},
  "last_delivery_status": {"type": ["string", "null"]},
  "created_at": {"$ref": "#/components/schemas/Time"}, "updated_at": {"$ref": "#/components/schemas/Time"}}},
"Webhook": {"type": "object", "unevaluatedProperties": false,
  "allOf": [{"$ref": "#/components/schemas/WebhookKeys"}]},
"Webhooks": {"type": "object", "additionalProperties": false, "required": ["webhooks"], "properties": {
  "webhooks": {"type": "array", "items": {"$ref": "#/components/schemas/Webhook"}}}},
"WebhookSecret": {"type": "object", "unevaluatedProperties": false,
  "allOf": [{"$ref": "#/components/schemas/WebhookKeys"}], "required": ["secret", "message"], "properties": {
  "secret": {"type": "string", "pattern": "^whsec_"}, "message": {"type": "string"}}},
"DefaultWebhook": {"type": "object", "additionalProperties": false, "required": ["webhook_url"],
  "properties": {"webhook_url": {"type": ["string", "null"]}}},
"DefaultWebhookSecret": {"type": "object", "additionalProperties": false,
  "required": ["success", "webhook_url", "webhook_secret", "message"], "properties": {
  "success": {"const": true}, "webhook_url": {"type": ["string", "null"]},
  "webhook_secret": {"type": ["string", "null"]}, "message": {"type": "string"}}},
"Deliveries": {"type": "object", "additionalProperties": false, "required": ["deliveries"], "properties": {
  "deliveries": {"type": "array", "items": {"type": "object", "additionalProperties": false,
    "required": ["report_id", "call_id", "session_id", "made_at", "label", "state", "attempts", "outcome"],
    "properties": {
    "report_id": {"type": "string"}, "call_id": {"type": "string"}, "session_id": {"type": "string"},
    "made_at": {"$ref": "#/components/schemas/Time"}, "label": {"type": ["string", "null"]},
    "state": {"enum": ["pending", "delivered", "failed", "no endpoint"]},
    "attempts": {"type": "integer"}, "outcome": {"type": ["string", "null"]}}}}}},

"TwilioChange": {"type": "object", "additionalProperties": false, "required": ["Status"], "properties": {
  "Status": {"enum": ["completed", "canceled"]}}},
"TwilioCall": {"type": "object", "additionalProperties": false, "required": ["sid", "account_sid", "status",
  "direction", "from", "to", "date_created", "api_version", "uri"], "properties": {
  "sid": {"type": "string", "pattern": "^CA"}, "account_sid": {"type": "string"},
  "status": {"enum": ["ringing", "in-progress", "completed", "failed", "no-answer", "busy", "canceled"]},
  "direction": {"enum": ["inbound", "outbound-api"]}, "from": {"type": "string"}, "to": {"type": "string"},
  "date_created": {"$ref": "#/components/schemas/Time"}, "api_version": {"const": "2010-04-01"},
  "uri": {"type": "string"}}},
"Health": {"type": "object", "additionalProperties": false, "required": ["status"], "properties": {
  "status": {"enum": ["ok", "degraded"]},
  "reasons": {"type": "array", "items": {"type": "string"}, "description": "Where it is degraded."}}},
"OpenApi": {"type": "object", "required": ["openapi", "info", "paths"],
  "properties": {"openapi": {"type": "string"}, "info": {"type": "object"}, "paths": {"type": "object"}}}
})json";
}

std::string_view api_parameters() {
    return R"json({
"limit": {"in": "query", "schema": {"type": "integer", "minimum": 1},
  "description": "At most so many."},
"before": {"in": "query", "schema": {"type": "string"},
  "description": "Calls that began before: as began_at has it, or milliseconds since 1970."},
"state": {"in": "query", "schema": {"enum": ["live", "ringing", "in_progress", "transferring", "transferred",
  "ended", "completed", "failed", "no_answer", "busy", "canceled"]},
  "description": "Calls of this state, or whose report has this status."},
"drain": {"in": "query", "schema": {"enum": ["true", "false"], "default": "true"},
  "description": "Whether what is queued is played before."},
"expires": {"in": "query", "required": true, "schema": {"type": "string"},
  "description": "Of the signed URL."},
"signature": {"in": "query", "required": true, "schema": {"type": "string"},
  "description": "Of the signed URL."},
"Range": {"in": "header", "schema": {"type": "string"}, "description": "A part of it, in bytes."},
"Last-Event-ID": {"in": "header", "schema": {"type": "integer"},
  "description": "With text/event-stream: the number of the last event that was had."},
"If-None-Match": {"in": "header", "schema": {"type": "string"}, "description": "The ETag that is had."}
})json";
}

} // namespace keytone::server
