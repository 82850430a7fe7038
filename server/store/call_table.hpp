// SPDX-License-Identifier: MIT
//
// A call in the store, from its beginning to its report:
//
//     begun ──answered──► in_progress ──► ended           with the report
//                              └────────► transferred ──► ended
//                                         with the report
//
// A row that is neither ended nor reported when a service starts is that of a call which was lost with the
// service before.
#pragma once

#include "server/store/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// Milliseconds since 1970, in UTC.
using UnixMs = std::int64_t;

enum class CallDirection : std::uint8_t { inbound, outbound };
std::string_view name(CallDirection direction);

enum class StoredState : std::uint8_t { begun, in_progress, transferred, ended };
std::string_view name(StoredState state);
/// Nothing for a word that is no state.
std::optional<StoredState> stored_state(std::string_view word);

/// One call, as it is kept.
struct StoredCall {
    std::string session; ///< Nobody else has it: receivers of reports tell calls apart by it.
    std::string call;    ///< As the log has it.
    std::string agent_id;
    std::string agent_name;
    std::string from; ///< A number, or a user, or a URI.
    std::string to;
    CallDirection direction = CallDirection::inbound;
    StoredState state = StoredState::begun;
    UnixMs began_ms = 0;
    std::optional<UnixMs> answered_ms;
    std::optional<UnixMs> ended_ms;
    std::string variables{}; ///< What it was asked with, a JSON object; empty: nothing.
    std::string recording{}; ///< The name of its file; empty: none.
};

/// What read_call() reads of a row: the first columns of a query.
inline constexpr std::string_view call_columns =
    "session, call, agent_id, agent_name, from_number, to_number, direction, state, began_ms, answered_ms,"
    " ended_ms, variables, recording";
inline constexpr int call_column_count = 13;
StoredCall read_call(const Query& query);

/// All throw StoreError.
class CallTable {
  public:
    explicit CallTable(Database& database) : database_(database) {}

    /// Writes the row, whether it is there already or not.
    void put(const StoredCall& call);
    /// Keeps what happened in a call that put() has written: JSON Lines.
    void put_events(std::string_view session, std::string_view lines);
    /// Nothing where none were kept.
    [[nodiscard]] std::optional<std::string> events(std::string_view session) const;
    /// Calls that are not over, as far as the store knows, and have no report; the oldest first.
    [[nodiscard]] std::vector<StoredCall> unreported() const;
    /// Sets every call that is not over to ended.
    void end_all(UnixMs now);
    /// Notes that the service lives.
    void note_alive(UnixMs now);
    /// When that was noted last.
    [[nodiscard]] std::optional<UnixMs> last_alive() const;
    /// Forgets at most `most` calls that ended before this, with their reports; returns how many.
    std::int64_t forget_before(UnixMs time, std::int64_t most);

  private:
    Database& database_;
};

} // namespace keytone::server
