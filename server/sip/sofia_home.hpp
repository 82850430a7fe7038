// SPDX-License-Identifier: MIT
#pragma once

#include <sofia-sip/su_alloc.h>

#include <memory>

namespace keytone::server {

struct FreeSofiaHome {
    void operator()(su_home_t* home) const { su_home_unref(home); }
};
/// What the library allocates for one piece of work.
using SofiaHome = std::unique_ptr<su_home_t, FreeSofiaHome>;

inline SofiaHome make_sofia_home() {
    return SofiaHome(static_cast<su_home_t*>(su_home_new(sizeof(su_home_t))));
}

} // namespace keytone::server
