// SPDX-License-Identifier: MIT
#pragma once

#include "server/media/media_thread.hpp"
#include "server/metrics/health.hpp"
#include "server/metrics/metrics.hpp"
#include "server/sip/signalling.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace keytone::server {

/// What others may see of a running service: `/metrics` and `/healthz`. All of it is `[any]`.
class Observation {
  public:
    /// All outlive it. The service begins now.
    Observation(const Metrics& metrics, const std::vector<std::unique_ptr<MediaThread>>& media,
                Signalling& signalling, std::size_t most_calls);

    /// metrics_text(), of metrics_content_type.
    [[nodiscard]] std::string metrics() const;
    /// Whether the store is written, and all threads do their work.
    [[nodiscard]] Health health() const;

  private:
    const Metrics& metrics_;
    const std::vector<std::unique_ptr<MediaThread>>& media_;
    Signalling& signalling_;
    std::size_t most_calls_;
    std::int64_t started_ms_;
};

} // namespace keytone::server
