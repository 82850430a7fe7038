// SPDX-License-Identifier: MIT
#include "server/sip/re_credentials.hpp"

#include <cerrno>
#include <new>

namespace keytone::server {

Reference<ReCredentials> make_credentials(const std::optional<SipCredentials>& known, int times) {
    void* const room = mem_zalloc(
        sizeof(ReCredentials), [](void* object) { static_cast<ReCredentials*>(object)->~ReCredentials(); });
    return Reference<ReCredentials>(room == nullptr ? nullptr : new (room) ReCredentials{known, times});
}

int give_credentials(char** user, char** password, const char* /*realm*/, void* credentials) {
    auto& given = *static_cast<ReCredentials*>(credentials);
    if (!given.known || given.times_left-- <= 0) {
        return EACCES;
    }
    const int error = str_dup(user, given.known->user.c_str());
    return error != 0 ? error : str_dup(password, given.known->password.c_str());
}

} // namespace keytone::server
