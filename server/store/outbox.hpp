// SPDX-License-Identifier: MIT
//
// Reports on their way. A report has a delivery for each endpoint that was enabled when it was made:
//
//     pending ──2xx──► delivered
//        │  └─ else ─► pending again, later
//        └── too often ──► failed, until it is sent again by hand
#pragma once

#include "server/store/call_table.hpp"
#include "server/store/database.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keytone::server {

/// A delivery's name.
struct DeliveryId {
    std::int64_t report = 0;
    std::int64_t endpoint = 0;

    friend auto operator<=>(const DeliveryId&, const DeliveryId&) = default;
};

/// A delivery to be tried.
struct DueDelivery {
    DeliveryId id;
    std::string call; ///< For the log.
    std::string label;
    std::string url;
    std::string secret;
    std::string body;
    int attempts = 0; ///< Made before.
};

/// A report, and what became of it at one endpoint.
struct ListedDelivery {
    std::int64_t report = 0;
    std::string session;
    std::string call;
    UnixMs made_ms = 0;
    std::string label; ///< Empty where the report has no endpoint.
    std::string state; ///< `pending`, `delivered`, `failed`; `no endpoint`.
    int attempts = 0;
    std::string outcome; ///< Of the last attempt; empty where there was none.
};

/// How much waits.
struct OutboxDepth {
    std::int64_t deliveries = 0;
    std::optional<UnixMs> oldest_ms; ///< When the oldest report among them was made.
};

/// All throw StoreError.
class Outbox {
  public:
    explicit Outbox(Database& database) : database_(database) {}

    /// A report for the call, with a delivery for each enabled endpoint; false, and nothing is done, where
    /// the call has one already.
    bool put(const std::string& session, const std::string& body, UnixMs now);
    /// Deliveries of one endpoint that are due, the earliest first. One that is due later than `horizon` is
    /// due at once: the clock was set back.
    [[nodiscard]] std::vector<DueDelivery> due(std::int64_t endpoint, UnixMs now, UnixMs horizon,
                                               std::size_t most) const;
    /// The endpoints that something is pending for.
    [[nodiscard]] std::vector<std::int64_t> endpoints() const;
    /// Notes one attempt. `next_ms`: when it is tried again; nothing: never, as it was delivered or failed.
    void note(DeliveryId id, bool is_delivered, const std::string& outcome, std::optional<UnixMs> next_ms,
              UnixMs now);
    /// What is pending, of all endpoints.
    [[nodiscard]] OutboxDepth depth() const;
    /// The newest first.
    [[nodiscard]] std::vector<ListedDelivery> list(std::int64_t most) const;
    /// Sends a report again, to every enabled endpoint; false where there is none of that number.
    bool resend(std::int64_t report, UnixMs now);
    /// Sends again all that failed, and what has no endpoint; returns how many reports they are.
    std::int64_t resend_failed(UnixMs now);

  private:
    Database& database_;
};

} // namespace keytone::server
