// SPDX-License-Identifier: MIT
#include "server/reports/report_courier.hpp"

#include "server/store/secret.hpp"
#include "tools/console/iso_time.hpp"

#include <utility>

namespace keytone::server {

std::vector<std::string> signature_headers(std::string_view secret, std::string_view timestamp,
                                           std::string_view body) {
    const std::string signed_text = std::string(timestamp) + "." + std::string(body);
    return {"X-Webhook-Timestamp: " + std::string(timestamp),
            "X-Webhook-Signature: sha256=" + hmac_sha256_hex(secret, signed_text)};
}

ReportCourier::ReportCourier(Outbox& outbox, Database& database, WebhookSender& sender,
                             std::function<void(const DeliveryNote&)> tell, DeliverySchedule schedule)
    : outbox_(outbox), database_(database), sender_(sender), tell_(std::move(tell)), schedule_(schedule) {}

void ReportCourier::step(UnixMs now) {
    note_answers(now);
    send_due(now);
}

void ReportCourier::note_answers(UnixMs now) {
    for (WebhookAnswer& answer : sender_.answers()) {
        unnoted_.push_back(std::move(answer));
    }
    if (unnoted_.empty()) {
        return;
    }
    std::vector<DeliveryNote> notes;
    Transaction transaction(database_);
    for (const WebhookAnswer& answer : unnoted_) {
        const auto found = under_way_.find(answer.id);
        if (found == under_way_.end()) {
            continue;
        }
        DeliveryNote& note = notes.emplace_back();
        note.call = found->second.call;
        note.label = found->second.label;
        note.attempts = found->second.attempts + 1;
        note.is_delivered = answer.is_delivered();
        note.outcome = answer.status != 0 ? std::to_string(answer.status) : answer.problem;
        std::optional<UnixMs> next;
        if (!note.is_delivered) {
            note.again = schedule_.wait_after(note.attempts);
            if (note.again) {
                next = now + std::chrono::milliseconds(*note.again).count();
            }
        }
        outbox_.note(answer.id, note.is_delivered, note.outcome, next, now);
    }
    transaction.commit();
    for (const WebhookAnswer& answer : std::exchange(unnoted_, {})) {
        if (under_way_.erase(answer.id) > 0) {
            --count_[answer.id.endpoint];
        }
    }
    for (const DeliveryNote& note : notes) {
        tell_(note);
    }
}

void ReportCourier::send_due(UnixMs now) {
    const UnixMs horizon = now + std::chrono::milliseconds(schedule_.longest).count();
    for (const std::int64_t endpoint : outbox_.endpoints()) {
        std::size_t& count = count_[endpoint];
        if (count >= most_at_once) {
            continue;
        }
        // Those under way are due, too.
        for (DueDelivery& due : outbox_.due(endpoint, now, horizon, 2 * most_at_once)) {
            if (count >= most_at_once || under_way_.contains(due.id)) {
                continue;
            }
            const std::string timestamp = tools::iso_time(now);
            sender_.post({due.id, due.url, due.body, signature_headers(due.secret, timestamp, due.body)});
            const DeliveryId id = due.id;
            under_way_.emplace(id, std::move(due));
            ++count;
        }
    }
}

} // namespace keytone::server
