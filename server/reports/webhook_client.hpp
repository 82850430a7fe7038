// SPDX-License-Identifier: MIT
#pragma once

#include "server/reports/webhook_sender.hpp"
#include "server/reports/webhook_target.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace keytone::server {

/// Sends requests by HTTP, many at once. It follows no redirect, takes no proxy from the environment, and
/// asks may_call() of each address before it connects. Used by one thread, but for wake().
class WebhookClient : public WebhookSender {
  public:
    /// For the whole request, from the look-up of the name to the response.
    static constexpr std::chrono::milliseconds patience{10'000};
    /// Of a response's headers, and of its body; beyond, the connection is closed.
    static constexpr std::size_t most_response_bytes = std::size_t{64} * 1024;

    explicit WebhookClient(WebhookPolicy policy);
    ~WebhookClient() override;
    WebhookClient(const WebhookClient&) = delete;
    WebhookClient& operator=(const WebhookClient&) = delete;

    void post(const WebhookPost& post) override;
    std::vector<WebhookAnswer> answers() override;
    /// Waits until something happens, for this long at most.
    void wait(std::chrono::milliseconds longest);
    /// Ends the wait. `[any]`
    void wake();

  private:
    struct Library;
    struct Transfer;

    WebhookPolicy policy_;
    std::unique_ptr<Library> library_;
    std::vector<std::unique_ptr<Transfer>> transfers_;
    std::vector<WebhookAnswer> refused_; ///< That could not be begun.
};

} // namespace keytone::server
