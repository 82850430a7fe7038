// SPDX-License-Identifier: MIT
#pragma once

#include "server/api/api_context.hpp"
#include "server/program/call_reporter.hpp"
#include "server/recording/recordings.hpp"
#include "server/recording/signed_url.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace keytone::server {

/// The recordings of a service, as its API gives them out. `[http]`
class ServedRecordings final : public RecordingShelf {
  public:
    /// Both outlive it.
    ServedRecordings(Recordings& recordings, const UrlSigner& signer)
        : recordings_(recordings), signer_(signer) {}

    [[nodiscard]] std::optional<std::string> file_of(std::string_view session) override {
        return recordings_.file_of(session);
    }
    [[nodiscard]] std::string url_of(std::string_view session) override {
        return signer_.sign(session, now_s());
    }
    [[nodiscard]] bool is_valid(std::string_view session, std::string_view expires,
                                std::string_view signature) override {
        return signer_.check(UrlSigner::path_of(session), expires, signature, now_s()).has_value();
    }

  private:
    static std::int64_t now_s() { return unix_ms() / 1000; }

    Recordings& recordings_;
    const UrlSigner& signer_;
};

} // namespace keytone::server
