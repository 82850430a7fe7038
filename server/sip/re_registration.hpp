// SPDX-License-Identifier: MIT
#pragma once

#include "server/sip/re_credentials.hpp"
#include "server/sip/re_library.hpp"
#include "server/sip/signalling.hpp"

#include <functional>
#include <optional>

namespace keytone::server {

/// Keeps us registered: RFC 3261, 10. The library refreshes, and tries again after growing waits from half a
/// minute to half an hour. On the library's thread only.
class ReRegistration {
  public:
    /// `tell` is called for each change, and each failure. The destructor removes the registration.
    ReRegistration(::sip* sip, int family, Registration registration,
                   std::function<void(const RegistrationChanged&)> tell);
    ReRegistration(const ReRegistration&) = delete;
    ReRegistration& operator=(const ReRegistration&) = delete;
    ~ReRegistration();

    /// Whether a request comes from where we are registered.
    [[nodiscard]] bool is_from_registrar(const sa& from) const;

  private:
    void register_here();
    void on_response(const sip_msg* response);

    ::sip* sip_;
    int family_;
    Registration registration_;
    std::function<void(const RegistrationChanged&)> tell_;
    Reference<ReCredentials> credentials_;
    Reference<sipreg> client_;
    std::optional<sa> registrar_; ///< While we are registered.
    tmr again_{};
};

} // namespace keytone::server
