// SPDX-License-Identifier: MIT
#include "server/program/call_account.hpp"

#include "server/store/secret.hpp"

#include <utility>
#include <variant>

namespace keytone::server {

CallAccount::CallAccount(CallReporter& reporter, StoredCall call, std::shared_ptr<const CallEvents> events)
    : reporter_(reporter), call_(std::move(call)), events_(std::move(events)) {
    if (call_.session.empty()) {
        call_.session = new_uuid();
    }
    call_.began_ms = unix_ms();
    began_ = reporter_.put(call_);
}

void CallAccount::record(std::shared_ptr<CallRecording> recording) {
    recording_ = std::move(recording);
    call_.recording = Recordings::file_name(call_.session); // Written with the answer.
}

void CallAccount::take(const Outcome& outcome) {
    if (is_reported_) {
        return; // The agent's part is over: what is said and heard now is others'.
    }
    if (const auto* const completed = std::get_if<SessionCompleted>(&outcome.what)) {
        ending_.completed = *completed;
    } else if (outcome.leg != Leg::a) {
        return;
    } else if (const auto* const leg = std::get_if<LegChanged>(&outcome.what)) {
        if (leg->state == LegChanged::State::answered && !call_.answered_ms) {
            call_.answered_ms = unix_ms();
            call_.state = StoredState::in_progress;
            is_changed_ = true;
            reporter_.note_setup(std::chrono::steady_clock::now() - began_at_);
        }
    } else if (const auto* const line = std::get_if<LineHeard>(&outcome.what)) {
        ending_.far_side_sounded = ending_.far_side_sounded || line->what == LineHeard::What::sound_began;
    } else if (std::holds_alternative<DigitHeard>(outcome.what)) {
        ending_.far_side_sounded = true;
    } else if (const auto* const op = std::get_if<OpStarted>(&outcome.what)) {
        const std::size_t bytes = op->text ? op->text->size() : 0;
        if (bytes > 0 && ending_.transcript.size() < most_spoken &&
            spoken_bytes_ + bytes <= most_spoken_bytes) {
            spoken_bytes_ += bytes;
            ending_.transcript.push_back({*op->text, unix_ms()});
        }
    }
}

void CallAccount::settle(const std::optional<DialogEnded>& end) {
    if (is_reported_) {
        return;
    }
    if (ending_.completed) {
        report(end, ending_.completed->transferred ? StoredState::transferred : StoredState::ended);
    } else if (std::exchange(is_changed_, false)) {
        reporter_.put(call_);
    }
}

void CallAccount::close(const std::optional<DialogEnded>& end) {
    settle(end);
    if (!is_reported_) {
        report(end, StoredState::ended);
    } else if (call_.state != StoredState::ended) {
        call_.state = StoredState::ended;
        call_.ended_ms = unix_ms();
        if (!events_) {
            reporter_.put(call_);
        }
    }
    if (events_) {
        reporter_.put(call_, std::nullopt, nullptr, std::exchange(events_, nullptr));
    }
}

void CallAccount::report(const std::optional<DialogEnded>& end, StoredState state) {
    is_reported_ = true;
    call_.state = state;
    call_.ended_ms = unix_ms();
    ending_.end = end;
    reporter_.put(call_, std::exchange(ending_, {}), std::move(recording_));
}

} // namespace keytone::server
