// SPDX-License-Identifier: MIT
#include "server/program/service_desk.hpp"

#include <utility>

namespace keytone::server {

namespace {

ApiFault ending() {
    return {503, "ending", "the service is ending: ask again once it runs"};
}

void refuse(const ServiceDesk::Order& order, const ApiFault& fault) {
    std::visit([&fault](const auto& asked) { asked.reply(fault); }, order);
}

} // namespace

ServiceDesk::ServiceDesk(std::size_t most_calls, std::function<void()> wake)
    : most_calls_(most_calls), wake_(std::move(wake)) {}

// ---- Orders

void ServiceDesk::start(CallStart start, ApiReply<CallNames> reply) {
    post(Start{std::move(start), std::move(reply)});
}

void ServiceDesk::transfer(std::string call, std::optional<std::string> to, ApiReply<CallNames> reply) {
    post(Transfer{std::move(call), std::move(to), std::move(reply)});
}

void ServiceDesk::submit(std::string call, std::string line, ApiReply<std::string> reply) {
    post(Submit{std::move(call), std::move(line), std::move(reply)});
}

void ServiceDesk::end(std::string call, bool is_drained, ApiReply<CallNames> reply) {
    post(End{std::move(call), is_drained, std::move(reply)});
}

void ServiceDesk::post(Order order) {
    std::unique_lock lock(orders_mutex_);
    if (is_closed_ || orders_.size() >= most_waiting) {
        const ApiFault fault =
            is_closed_ ? ending() : ApiFault{503, "busy", "too much is asked at once: ask again in a second"};
        lock.unlock();
        return refuse(order, fault);
    }
    orders_.push_back(std::move(order));
    waiting_.store(orders_.size(), std::memory_order_relaxed);
    lock.unlock();
    wake_();
}

std::optional<ServiceDesk::Order> ServiceDesk::next() {
    const std::lock_guard lock(orders_mutex_);
    if (orders_.empty()) {
        return std::nullopt;
    }
    Order order = std::move(orders_.front());
    orders_.pop_front();
    waiting_.store(orders_.size(), std::memory_order_relaxed);
    return order;
}

void ServiceDesk::close() {
    {
        const std::lock_guard lock(orders_mutex_);
        is_closed_ = true;
    }
    while (const auto order = next()) {
        refuse(*order, ending());
    }
}

// ---- Views

CallCounts ServiceDesk::counts() const {
    return {active_.load(std::memory_order_relaxed), most_calls_};
}

std::optional<CallView> ServiceDesk::find(std::string_view call) const {
    const std::lock_guard lock(views_mutex_);
    const Entry* const found = entry(call);
    return found != nullptr ? std::optional(found->view) : std::nullopt;
}

std::vector<CallView> ServiceDesk::list() const {
    std::vector<CallView> all;
    const std::lock_guard lock(views_mutex_);
    all.reserve(views_.size());
    for (const auto& [id, found] : views_) {
        all.push_back(found.view);
    }
    return all;
}

std::shared_ptr<const CallEvents> ServiceDesk::events(std::string_view call) const {
    const std::lock_guard lock(views_mutex_);
    const Entry* const found = entry(call);
    return found != nullptr ? found->events : nullptr;
}

void ServiceDesk::put(const CallView& view, const std::shared_ptr<const CallEvents>& events) {
    const std::lock_guard lock(views_mutex_);
    const auto [found, is_new] = views_.try_emplace(view.names.call);
    const bool has_ended = !found->second.view.ended_ms && view.ended_ms;
    found->second = {view, events};
    if (is_new) {
        by_session_.emplace(view.names.session, view.names.call);
    }
    if (has_ended) {
        ended_.push_back({view.names.call, view.names.session, Clock::now()});
    }
}

void ServiceDesk::forget_old() {
    const std::lock_guard lock(views_mutex_);
    const auto now = Clock::now();
    while (!ended_.empty() && (ended_.size() > most_kept || now - ended_.front().at >= kept)) {
        views_.erase(ended_.front().call);
        by_session_.erase(ended_.front().session);
        ended_.pop_front();
    }
}

const ServiceDesk::Entry* ServiceDesk::entry(std::string_view call) const {
    std::string id(call);
    if (const auto named = by_session_.find(id); named != by_session_.end()) {
        id = named->second;
    }
    const auto found = views_.find(id);
    return found != views_.end() ? &found->second : nullptr;
}

} // namespace keytone::server
