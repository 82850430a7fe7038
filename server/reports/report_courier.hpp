// SPDX-License-Identifier: MIT
#pragma once

#include "server/reports/delivery_schedule.hpp"
#include "server/reports/webhook_sender.hpp"
#include "server/store/outbox.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// What became of one attempt, for the log.
struct DeliveryNote {
    std::string call;
    std::string label;
    int attempts = 0; ///< With this one.
    bool is_delivered = false;
    std::string outcome;                       ///< `200`, or what went wrong.
    std::optional<std::chrono::seconds> again; ///< Nothing: never.
};

/// The headers that a receiver checks: `X-Webhook-Timestamp`, and `X-Webhook-Signature`, the HMAC-SHA256 with
/// the endpoint's secret over `{timestamp}.{raw body}`. `[any]`
std::vector<std::string> signature_headers(std::string_view secret, std::string_view timestamp,
                                           std::string_view body);

/// Carries reports from the outbox to their endpoints. No endpoint waits for another: each has so many
/// requests under way at most.
class ReportCourier {
  public:
    static constexpr std::size_t most_at_once = 8; ///< For one endpoint.

    ReportCourier(Outbox& outbox, Database& database, WebhookSender& sender,
                  std::function<void(const DeliveryNote&)> tell, DeliverySchedule schedule = {});

    /// Notes what became of requests, and sends what is due. Throws StoreError; what could not be noted is
    /// noted the next time, and not sent again until then.
    void step(UnixMs now);
    /// Whether a request is under way, or what became of it is not noted yet.
    [[nodiscard]] bool is_busy() const { return !under_way_.empty(); }

  private:
    void note_answers(UnixMs now);
    void send_due(UnixMs now);

    Outbox& outbox_;
    Database& database_;
    WebhookSender& sender_;
    std::function<void(const DeliveryNote&)> tell_;
    DeliverySchedule schedule_;
    std::map<DeliveryId, DueDelivery> under_way_;
    std::map<std::int64_t, std::size_t> count_; ///< Of under_way_, by endpoint.
    std::vector<WebhookAnswer> unnoted_;
};

} // namespace keytone::server
