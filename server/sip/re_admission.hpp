// SPDX-License-Identifier: MIT
#pragma once

#include "server/sip/address_range.hpp"
#include "server/sip/digest_server.hpp"
#include "server/sip/re_library.hpp"

#include <optional>
#include <string>
#include <vector>

namespace keytone::server {

/// Who may call: by address, else by name and password. On the library's thread only. A caller that is
/// refused takes no memory: it is answered without a transaction, and the answer is not repeated.
class ReAdmission {
  public:
    /// Without `callers` only the loopback may call by its address; without `users` no caller may by a
    /// password.
    ReAdmission(std::vector<AddressRange> callers, DigestUsers users);

    /// The user's name, empty for a caller known by address; nothing where the INVITE was answered with 401
    /// or 403.
    std::optional<std::string> admit(::sip* sip, const sip_msg& request);

  private:
    [[nodiscard]] bool is_known(const sa& from) const;

    std::vector<AddressRange> callers_;
    std::optional<DigestServer> digest_;
};

} // namespace keytone::server
