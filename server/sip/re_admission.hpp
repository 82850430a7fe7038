// SPDX-License-Identifier: MIT
#pragma once

#include "server/sip/address_range.hpp"
#include "server/sip/digest_server.hpp"
#include "server/sip/re_library.hpp"

#include <optional>
#include <string>
#include <vector>

namespace keytone::server {

/// Who may call: by address, else by name and password. On the library's thread alone. Whoever may not costs
/// nothing: it is answered without a transaction, and nothing is sent to it again.
class ReAdmission {
  public:
    /// Without addresses the loopback may call, without users nobody else.
    ReAdmission(std::vector<AddressRange> callers, DigestUsers users);

    /// The user's name, empty for who is known by address; nothing where the INVITE is answered: 401 or 403.
    std::optional<std::string> admit(::sip* sip, const sip_msg& request);

  private:
    [[nodiscard]] bool is_known(const sa& from) const;

    std::vector<AddressRange> callers_;
    std::optional<DigestServer> digest_;
};

} // namespace keytone::server
