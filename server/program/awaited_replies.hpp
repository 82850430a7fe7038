// SPDX-License-Identifier: MIT
#pragma once

#include "engine/outcome.hpp"
#include "server/api/call_desk.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// Whoever waits for what becomes of a request to one call. `[control]`
class AwaitedReplies {
  public:
    /// The request's own answer: TransferResponse.
    void await_response(std::string id, CallNames names, ApiReply<CallNames> reply);
    /// Whether it was accepted.
    void await_acceptance(std::string id, CallNames names, ApiReply<CallNames> reply);
    /// The line of its first outcome.
    void await_line(std::string id, ApiReply<std::string> reply);

    /// An outcome, and its line without the line end.
    void take(const Outcome& outcome, const std::string& line);
    /// The call is over: 400 `call_over` for all.
    void close();

  private:
    struct Awaited {
        std::string id;
        /// Whether it has replied.
        std::function<bool(const Outcome&, const std::string& line)> take;
        std::function<void(const ApiFault&)> fail;
    };

    std::vector<Awaited> awaited_;
};

/// A call that is over. `[any]`
ApiFault call_over();

} // namespace keytone::server
