// SPDX-License-Identifier: MIT
//
// Calls by their id or their session, live or in the store.
#pragma once

#include "server/api/api_context.hpp"
#include "server/store/call_history.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace keytone::server {

/// A call as the store has it, and where it is live as it is now.
struct FoundCall {
    PastCall past;
    std::optional<CallView> live;
};
/// The same of a call that the store has not, as it has only just begun. `[any]`
FoundCall found_call(CallView live);

/// A call that is there to be asked something; errors: 404 there is none, 400 it is over. Throws StoreError.
/// `[http]`
Result<CallView, ApiFault> find_live(const ApiContext& context, std::string_view id);

/// A call that is or was; nothing where there is none. Throws StoreError. `[http]`
std::optional<FoundCall> find_any(const ApiContext& context, std::string_view id);

/// What happened in it so far; null where there is no such call. Throws StoreError. `[http]`
std::shared_ptr<const CallEvents> find_events(const ApiContext& context, std::string_view id);

/// 404. `[any]`
ApiFault no_call();

} // namespace keytone::server
