// SPDX-License-Identifier: MIT
//
// Calls with what their reports say, for whoever looks at them.
#pragma once

#include "server/store/call_table.hpp"
#include "server/store/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// A call, and of its report the words that tell how it ended.
struct PastCall {
    StoredCall call;
    std::string status; ///< `completed`, `failed`, `no_answer`, `busy`, `canceled`; empty: no report yet.
    std::string disposition; ///< As the report has it.
};

struct HistoryQuery {
    std::int64_t most = 50;
    std::optional<UnixMs> before_ms{}; ///< Calls that began earlier.
    std::string state{};               ///< name(StoredState); empty: any.
    std::string status{};              ///< Of the report; empty: any.
    bool is_live = false;              ///< Only calls that have not ended.
};

/// All throw StoreError.
class CallHistory {
  public:
    explicit CallHistory(Database& database) : database_(database) {}

    /// By its id or its session.
    [[nodiscard]] std::optional<PastCall> find(std::string_view call_or_session) const;
    /// The newest first.
    [[nodiscard]] std::vector<PastCall> list(const HistoryQuery& query) const;
    /// The body of a call's report; nothing where there is none yet.
    [[nodiscard]] std::optional<std::string> report(std::string_view session) const;

  private:
    Database& database_;
};

} // namespace keytone::server
