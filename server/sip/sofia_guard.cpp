// SPDX-License-Identifier: MIT
#include "server/sip/sofia_guard.hpp"

#include <sofia-sip/url.h>
#include <strings.h>

#include <algorithm>
#include <string_view>

namespace keytone::server {

namespace {

bool is_usable(const url_t* url) {
    return url != nullptr && (url->url_type == url_sip || url->url_type == url_sips) &&
           url->url_host != nullptr && url->url_host[0] != '\0';
}

} // namespace

bool has_usable_targets(const sip_t& request) {
    const sip_contact_t* const contact = request.sip_contact;
    if (contact == nullptr || contact->m_next != nullptr || !is_usable(contact->m_url)) {
        return false;
    }
    for (const sip_record_route_t* hop = request.sip_record_route; hop != nullptr; hop = hop->r_next) {
        if (!is_usable(hop->r_url)) {
            return false;
        }
    }
    return true;
}

} // namespace keytone::server
