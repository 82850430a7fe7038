// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// What a load balancer asks: `/healthz`.
struct Health {
    std::vector<std::string> reasons; ///< Why the service is degraded, a line each; empty: it is well.

    /// 200, or 503 where new calls had better go elsewhere.
    [[nodiscard]] int status() const { return reasons.empty() ? 200 : 503; }
    /// `{"status":"ok"}`, or `{"status":"degraded","reasons":["…"]}`. The reasons are plain text without
    /// quotes. `[any]`
    [[nodiscard]] std::string text() const {
        if (reasons.empty()) {
            return R"({"status":"ok"})";
        }
        std::string text = R"({"status":"degraded","reasons":[)";
        for (std::size_t i = 0; i < reasons.size(); ++i) {
            text += (i == 0 ? "\"" : ",\"") + reasons[i] + "\"";
        }
        return text + "]}";
    }
};

} // namespace keytone::server
