// SPDX-License-Identifier: MIT
#include "server/program/awaited_replies.hpp"

#include <memory>
#include <utility>
#include <variant>

namespace keytone::server {

namespace {

constexpr int refused = 400;
constexpr int ok = 200;

bool is_verdict(const Outcome& outcome) {
    return std::holds_alternative<ActionAccepted>(outcome.what) ||
           std::holds_alternative<ActionRejected>(outcome.what) || outcome.replayed;
}

} // namespace

ApiFault call_over() {
    return {refused, "call_over", "the call is over: ask for another"};
}

void AwaitedReplies::await_response(std::string id, CallNames names, ApiReply<CallNames> reply) {
    const auto code = std::make_shared<std::string>("refused");
    awaited_.push_back({std::move(id),
                        [names = std::move(names), reply, code](const Outcome& outcome, const std::string&) {
                            if (const auto* const rejected = std::get_if<ActionRejected>(&outcome.what)) {
                                *code = name(rejected->why.code);
                            }
                            const auto* const response = std::get_if<TransferResponse>(&outcome.what);
                            if (response == nullptr) {
                                return false;
                            }
                            if (response->status == ok) {
                                reply(names);
                            } else {
                                reply(ApiFault{response->status, *code, response->message});
                            }
                            return true;
                        },
                        [reply = std::move(reply)](const ApiFault& fault) { reply(fault); }});
}

void AwaitedReplies::await_acceptance(std::string id, CallNames names, ApiReply<CallNames> reply) {
    awaited_.push_back(
        {std::move(id),
         [names = std::move(names), reply](const Outcome& outcome, const std::string&) {
             if (!is_verdict(outcome)) {
                 return false;
             }
             if (const auto* const rejected = std::get_if<ActionRejected>(&outcome.what)) {
                 reply(ApiFault{refused, std::string(name(rejected->why.code)), rejected->why.message});
             } else {
                 reply(names);
             }
             return true;
         },
         [reply = std::move(reply)](const ApiFault& fault) { reply(fault); }});
}

void AwaitedReplies::await_line(std::string id, ApiReply<std::string> reply) {
    awaited_.push_back({std::move(id),
                        [reply](const Outcome& outcome, const std::string& line) {
                            if (is_verdict(outcome)) {
                                reply(line);
                            }
                            return is_verdict(outcome);
                        },
                        [reply = std::move(reply)](const ApiFault& fault) { reply(fault); }});
}

void AwaitedReplies::take(const Outcome& outcome, const std::string& line) {
    std::erase_if(awaited_, [&](const Awaited& awaited) {
        return awaited.id == outcome.id && awaited.take(outcome, line);
    });
}

void AwaitedReplies::close() {
    for (const Awaited& awaited : std::exchange(awaited_, {})) {
        awaited.fail(call_over());
    }
}

} // namespace keytone::server
