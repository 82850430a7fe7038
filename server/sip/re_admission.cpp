// SPDX-License-Identifier: MIT
#include "server/sip/re_admission.hpp"

#include "server/sip/sip_reason.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace keytone::server {

using Clock = std::chrono::steady_clock;

ReAdmission::ReAdmission(std::vector<AddressRange> callers, DigestUsers users)
    : callers_(std::move(callers)) {
    if (callers_.empty()) {
        callers_ = {{"127.0.0.0", 8}, {"::1", 128}};
    }
    if (!users.empty()) {
        digest_.emplace(std::move(users));
    }
}

bool ReAdmission::is_known(const sa& from) const {
    return std::ranges::any_of(callers_,
                               [&](const AddressRange& range) { return contains(range, from.u.sa); });
}

std::optional<std::string> ReAdmission::admit(::sip* sip, const sip_msg& request) {
    if (is_known(request.src)) {
        return std::string();
    }
    using Verdict = DigestServer::Verdict;
    DigestServer::Judgement judgement{digest_ ? Verdict::unasked : Verdict::refused, {}};
    for (const le* entry = request.hdrl.head; entry != nullptr && judgement.verdict == Verdict::unasked;
         entry = entry->next) {
        const auto* const header = static_cast<const sip_hdr*>(entry->data);
        if (header->id == SIP_HDR_AUTHORIZATION) {
            judgement = digest_->judge(view(header->val), view(request.met), Clock::now());
        }
    }
    switch (judgement.verdict) {
    case Verdict::accepted:
        return judgement.user;
    case Verdict::refused: // It does not say whether for the address, the name or the password.
        sip_reply(sip, &request, 403, reason_phrase(403));
        return std::nullopt;
    case Verdict::unasked:
    case Verdict::stale:
        break;
    }
    const std::string challenge = digest_->challenge(judgement.verdict == Verdict::stale, Clock::now());
    sip_replyf(sip, &request, 401, reason_phrase(401), "WWW-Authenticate: %s\r\nContent-Length: 0\r\n\r\n",
               challenge.c_str());
    return std::nullopt;
}

} // namespace keytone::server
