// SPDX-License-Identifier: MIT
#pragma once

#include "server/store/outbox.hpp"

#include <string>
#include <vector>

namespace keytone::server {

/// One request to an endpoint.
struct WebhookPost {
    DeliveryId id;
    std::string url;
    std::string body; ///< JSON.
    std::vector<std::string> headers;
};

/// What became of it.
struct WebhookAnswer {
    DeliveryId id;
    int status = 0;      ///< Of the response; 0 where there was none.
    std::string problem; ///< Where there was no response: why. Empty where there was one.

    /// The receiver has it: 2xx, whatever it says besides. What became of the response's body does not
    /// matter.
    [[nodiscard]] bool is_delivered() const { return status >= 200 && status < 300; }
};

/// Sends requests. Nothing is sent again by itself.
class WebhookSender {
  public:
    virtual ~WebhookSender() = default;
    virtual void post(const WebhookPost& post) = 0;
    /// Those that are over since the last time; each post has one answer.
    virtual std::vector<WebhookAnswer> answers() = 0;
};

} // namespace keytone::server
