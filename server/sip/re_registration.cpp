// SPDX-License-Identifier: MIT
#include "server/sip/re_registration.hpp"

#include "server/sip/host_lookup.hpp"

#include <utility>
#include <vector>

namespace keytone::server {

namespace {

/// One challenge, and one more for a nonce that is old. The library alone would answer 16 challenges with the
/// same password.
constexpr int most_challenges = 2;
/// When to register again at a registrar that granted no time, or more than the library can count.
constexpr std::uint64_t again_ms = 60'000;
constexpr std::uint32_t longest_registration_s = 30 * 86'400;

std::string user_of(const std::string& uri) {
    ::uri read{};
    const pl text = text_of(uri);
    return uri_decode(&read, &text) == 0 ? std::string(view(read.user)) : std::string();
}

} // namespace

ReRegistration::ReRegistration(::sip* sip, int family, Registration registration,
                               std::function<void(const RegistrationChanged&)> tell)
    : sip_(sip),
      family_(family),
      registration_(std::move(registration)),
      tell_(std::move(tell)),
      credentials_(make_credentials(registration_.credentials, most_challenges)) {
    tmr_init(&again_);
    register_here();
}

ReRegistration::~ReRegistration() {
    tmr_cancel(&again_);
    credentials_->times_left = most_challenges; // for the request that removes the registration
}

bool ReRegistration::is_from_registrar(const sa& from) const {
    return registrar_ && sa_cmp(&*registrar_, &from, SA_ADDR);
}

void ReRegistration::register_here() {
    const auto hop = route_by_hosts(read_hosts(), registration_.registrar, family_);
    std::vector<const char*> routes;
    if (hop) {
        routes.push_back(hop->c_str());
    }
    sipreg* client = nullptr;
    const int error = sipreg_register(
        &client, sip_, registration_.registrar.c_str(), registration_.who.c_str(), nullptr,
        registration_.who.c_str(), static_cast<std::uint32_t>(registration_.interval.count()),
        user_of(registration_.who).c_str(), routes.data(), static_cast<std::uint32_t>(routes.size()), 0,
        give_credentials, credentials_.get(), true,
        [](int, const sip_msg* response, void* self) {
            static_cast<ReRegistration*>(self)->on_response(response);
        },
        this, nullptr, nullptr);
    client_.reset(client);
    if (error != 0) {
        on_response(nullptr);
    }
}

void ReRegistration::on_response(const sip_msg* response) {
    credentials_->times_left = most_challenges;
    const int status = response == nullptr ? 0 : response->scode;
    const bool is_taken = status >= 200 && status < 300;
    const std::uint32_t seconds = client_ == nullptr ? 0 : sipreg_proxy_expires(client_.get());
    const bool is_usable = is_taken && seconds > 0 && seconds <= longest_registration_s;
    const bool was_registered = registrar_.has_value();
    registrar_ = is_usable ? std::optional(response->src) : std::nullopt;
    if (client_ == nullptr || (is_taken && !is_usable)) {
        client_.reset(); // It would register again at once.
        tmr_start(
            &again_, again_ms, [](void* self) { static_cast<ReRegistration*>(self)->register_here(); }, this);
    }
    if (!is_usable || !was_registered) {
        tell_({registration_.registrar, is_usable, status, std::chrono::seconds(is_usable ? seconds : 0)});
    }
}

} // namespace keytone::server
