// SPDX-License-Identifier: MIT
#include "server/control/call_control.hpp"

#include "server/control/dial_target.hpp"
#include "server/media/tick_schedule.hpp"
#include "server/sip/sip_text.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr int no_room = 503;
constexpr int unsendable = 400;

double seconds(SampleCount samples) {
    return SampleRate::narrowband().seconds(samples);
}

std::string attempt_of(const Outcome& outcome, const Intent& intent) {
    return outcome.id + "/" + std::to_string(intent.op.value_or(0));
}

std::vector<SipHeader> headers_of(const Intent& intent) {
    std::vector<SipHeader> headers;
    for (const Intent::Header& header : intent.headers) {
        headers.push_back({header.name, header.value});
    }
    return headers;
}

LiveCallOptions recorded(LiveCallOptions options, CallRecording* recording) {
    options.recording = recording == nullptr ? nullptr : &recording->tap();
    return options;
}

bool all_may_be_sent(const std::vector<SipHeader>& headers) {
    return std::ranges::none_of(headers, [](const SipHeader& header) {
        return fault_of_header(header.name, header.value).has_value();
    });
}

} // namespace

CallControl::CallControl(CallSetup setup, SessionConfig session, const LiveCallOptions& options,
                         Signalling& signalling, MediaThread& media, std::shared_ptr<CallRecording> recording)
    : setup_(std::move(setup)),
      signalling_(signalling),
      media_(media),
      recording_(std::move(recording)),
      meter_(setup_.metrics),
      call_(std::make_shared<LiveCall>(std::move(session), recorded(options, recording_.get()))) {}

CallControl::~CallControl() {
    while (!release()) {
        std::this_thread::sleep_for(1ms);
    }
    if (recording_) {
        recording_->close();
    }
    for (const Leg leg : both_legs) {
        meter_.note(leg, call_->figures(leg));
    }
}

bool CallControl::release() {
    const auto now = SteadyClock::now();
    if (!streams_end_) {
        end();
        streams_end_ = now + 2 * TickSchedule::tick; // Their BYE goes out with the next tick.
    }
    if (!is_on_media_) {
        return true;
    }
    if (now < *streams_end_) {
        return false;
    }
    is_removed_ = is_removed_ || media_.remove(*call_);
    is_on_media_ = !is_removed_ || media_.holds(*call_);
    return !is_on_media_;
}

std::optional<std::string> CallControl::start_media() {
    if (!std::exchange(is_on_media_, true) && !media_.add(call_)) {
        is_on_media_ = false;
        return "there are as many calls as a media thread takes: wait for one to end";
    }
    return std::nullopt;
}

std::optional<std::string> CallControl::open_port(Leg leg) {
    const auto local = SocketAddress::parse(setup_.media_address, 0);
    if (!local) {
        return setup_.media_address + ": is no address: write it as a number";
    }
    auto port = RtpPort::open(*local, setup_.ports);
    if (!port) {
        return port.error();
    }
    LegState& state = legs_[leg];
    state.own = {};
    state.own.address = setup_.media_address;
    state.own.port = port->local().port();
    offer_srtp(state.own, setup_.srtp);
    state.port.emplace(*std::move(port));
    return std::nullopt;
}

void CallControl::invite(Leg leg, const std::string& to, std::vector<SipHeader> headers) {
    legs_[leg].dialog = signalling_.invite(
        {to, setup_.from, std::nullopt, setup_.credentials, std::move(headers), legs_[leg].own});
}

std::optional<std::string> CallControl::place(const std::string& to) {
    if (auto error = open_port(Leg::a)) {
        return error;
    }
    if (auto error = start_media()) {
        return error;
    }
    invite(Leg::a, to, {});
    return std::nullopt;
}

std::optional<std::string> CallControl::take(DialogId dialog, const IncomingCall& call) {
    auto error = open_port(Leg::a);
    if (!error) {
        error = start_media();
    }
    if (error) {
        signalling_.end(dialog, no_room);
        return error;
    }
    LegState& state = legs_[Leg::a];
    state.dialog = dialog;
    signalling_.accept(dialog, state.own);
    if (call.offer) {
        const auto keys = state.own.crypto;
        state.own = answer_to(*call.offer, state.own).value_or(state.own);
        state.own.crypto = keys; // a later offer may choose another of them
        connect(Leg::a, *call.offer);
    }
    tell_answer(Leg::a, SteadyClock::now());
    return std::nullopt;
}

void CallControl::refuse(DialogId dialog) {
    signalling_.end(dialog, no_room);
}

bool CallControl::owns(DialogId dialog) const {
    return legs_[Leg::a].dialog == dialog || legs_[Leg::b].dialog == dialog;
}

void CallControl::take(const SignallingFact& fact) {
    const Leg leg = legs_[Leg::b].dialog == fact.dialog ? Leg::b : Leg::a;
    if (const auto* const progress = std::get_if<Progress>(&fact.what)) {
        take(leg, fact, *progress);
    } else if (const auto* const answer = std::get_if<Answered>(&fact.what)) {
        take(leg, fact, *answer);
    } else if (const auto* const change = std::get_if<MediaChanged>(&fact.what)) {
        connect(leg, change->far);
    } else if (const auto* const key = std::get_if<KeyByInfo>(&fact.what)) {
        call_->hear_key(leg, key->key, key->length);
    } else if (const auto* const end = std::get_if<DialogEnded>(&fact.what)) {
        take(leg, fact, *end);
    } else if (const auto* const response = std::get_if<ReferResponse>(&fact.what)) {
        Fact told = fact_of(Fact::Kind::sip_response, Leg::a);
        told.status = response->status == 0 ? Fact::max_status : response->status;
        told.attempt = refer_attempt_;
        tell(told, fact.at);
    } else if (const auto* const notified = std::get_if<ReferProgress>(&fact.what)) {
        if (auto told = fact_of(*notified)) {
            told->attempt = refer_attempt_;
            tell(*told, fact.at);
        }
    }
}

void CallControl::take(Leg leg, const SignallingFact& fact, const Progress& progress) {
    if (progress.far) {
        connect(leg, *progress.far);
    }
    if (auto told = fact_of(progress, leg, legs_[leg].asked)) {
        tell(*told, fact.at);
    }
}

void CallControl::take(Leg leg, const SignallingFact& fact, const Answered& answer) {
    if (!connect(leg, answer.far)) {
        give_up(leg); // There is no codec in common, or no key where one is required.
        return;
    }
    tell_answer(leg, fact.at);
}

void CallControl::tell_answer(Leg leg, SteadyClock::time_point at) {
    tell(fact_of(Fact::Kind::leg_answered, leg), at);
    if (leg == Leg::a) {
        answered_at_ = call_->position(Leg::a);
    }
}

void CallControl::take(Leg leg, const SignallingFact& fact, const DialogEnded& end) {
    LegState& state = legs_[leg];
    state.port.reset();
    state.dialog.reset();
    settle_stream(leg);
    if (leg == Leg::a) {
        caller_end_ = end;
        if (end.how == DialogEnded::How::by_us || call_->state().phase == CallPhase::ended) {
            return; // The policy wanted it.
        }
    }
    tell(fact_of(end, leg, state.asked), fact.at);
}

bool CallControl::connect(Leg leg, const MediaDescription& far) {
    LegState& state = legs_[leg];
    const auto stream = agreed(state.own, far, setup_.keys);
    if (!stream) {
        return false;
    }
    state.on_hold = !far.sends || !far.receives; // The side that holds may send music, or nothing.
    if (state.has_stream) {
        state.change = stream;
        settle_stream(leg);
    } else if (state.port) {
        state.has_stream = call_->open_stream(leg, *std::move(state.port), *stream);
        state.port.reset();
    }
    return true;
}

// Stamped with the leg's sample at which the message came. The next sample is the first of the next tick,
// which is half a tick away on average.
void CallControl::tell(Fact fact, SteadyClock::time_point at) {
    if (fact.leg == Leg::b && !fact.attempt) {
        fact.attempt = legs_[Leg::b].attempt;
    }
    const std::chrono::duration<double> ago = SteadyClock::now() - at;
    constexpr double to_next_tick_s = std::chrono::duration<double>(TickSchedule::tick).count() / 2.0;
    const double now_s = seconds(call_->position(fact.leg)) - to_next_tick_s;
    double& told_s = legs_[fact.leg].told_s;
    told_s = std::max(told_s, now_s - ago.count());
    facts_.push_back({{}, told_s, std::move(fact)});
    call_->submit(facts_.back());
}

std::vector<Outcome> CallControl::step() {
    std::vector<Outcome> told;
    const SampleIndex known = call_->position(Leg::a); // What is told next tells of all before it.
    while (auto outcome = call_->poll()) {
        meter_.take(*outcome);
        if (recording_) {
            recording_->take(*outcome);
        }
        if (const auto* const intent = std::get_if<Intent>(&outcome->what)) {
            obey(*outcome, *intent);
        }
        told.push_back(*std::move(outcome));
    }
    if (recording_) {
        recording_->settle(known);
    }
    for (const Leg leg : both_legs) {
        settle_stream(leg);
        press_keys(leg);
        watch(leg);
    }
    meter();
    return told;
}

void CallControl::obey(const Outcome& outcome, const Intent& intent) {
    switch (intent.what) {
    case Intent::Do::dial:
    case Intent::Do::sip_invite:
        dial(outcome, intent);
        break;
    case Intent::Do::sip_refer:
        refer(outcome, intent);
        break;
    case Intent::Do::hangup:
        if (legs_[outcome.leg].dialog) {
            signalling_.end(*legs_[outcome.leg].dialog);
        }
        break;
    case Intent::Do::speak:  // The session speaks,
    case Intent::Do::bridge: // and connects.
        break;
    }
}

void CallControl::dial(const Outcome& outcome, const Intent& intent) {
    LegState& leg = legs_[Leg::b];
    leg.attempt = attempt_of(outcome, intent);
    leg.asked = intent.what == Intent::Do::dial ? AskedBy::dial : AskedBy::sip_invite;
    const std::string target = sip_target(intent.to.value_or(""), setup_.trunk);
    auto headers = headers_of(intent);
    leg.is_given_up = false;
    if (leg.dialog || fault_of_sip_uri(target) || !all_may_be_sent(headers) || open_port(Leg::b)) {
        fail_attempt(Leg::b, leg.attempt);
        return;
    }
    invite(Leg::b, target, std::move(headers));
}

void CallControl::refer(const Outcome& outcome, const Intent& intent) {
    refer_attempt_ = attempt_of(outcome, intent);
    const std::string target = intent.to.value_or("");
    const std::string uri = target.starts_with("tel:") ? target : sip_target(target, setup_.trunk);
    auto headers = headers_of(intent);
    if (!legs_[Leg::a].dialog || fault_of_refer_target(uri) || !all_may_be_sent(headers)) {
        fail_attempt(Leg::a, refer_attempt_);
        return;
    }
    signalling_.refer(*legs_[Leg::a].dialog, uri, headers);
}

void CallControl::press_keys(Leg leg) {
    while (const auto pressed = call_->next_pressed(leg)) {
        if (legs_[leg].dialog) {
            signalling_.press(*legs_[leg].dialog, pressed->key, pressed->length);
        }
    }
}

// The request could not even be sent.
void CallControl::fail_attempt(Leg leg, const std::string& attempt) {
    Fact failed = fact_of(leg == Leg::a ? Fact::Kind::sip_response : Fact::Kind::leg_ended, leg);
    failed.status = unsendable;
    failed.reason = Fact::Reason::failed;
    failed.attempt = attempt;
    tell(failed, SteadyClock::now());
}

// Changes and closes the stream; again with the next step, where the media thread has not taken earlier
// commands yet.
void CallControl::settle_stream(Leg leg) {
    LegState& state = legs_[leg];
    const bool is_over = !state.dialog || is_ending_;
    if (state.has_stream && is_over && call_->close_stream(leg)) {
        state.has_stream = false;
        state.change.reset();
    }
    if (state.has_stream && state.change && call_->change_stream(leg, *state.change)) {
        state.change.reset();
    }
}

void CallControl::meter() {
    meter_.note(call_->state());
    if (meter_.is_due(SteadyClock::now())) {
        for (const Leg leg : both_legs) {
            meter_.note(leg, call_->figures(leg));
        }
    }
}

void CallControl::watch(Leg leg) {
    LegState& state = legs_[leg];
    if (!state.has_stream || !state.dialog || state.on_hold || state.is_given_up) {
        return;
    }
    if (seconds(call_->figures(leg).since_last_packet) < static_cast<double>(setup_.silence.count())) {
        return;
    }
    give_up(leg);
}

void CallControl::give_up(Leg leg) {
    Fact failed = fact_of(Fact::Kind::leg_ended, leg);
    failed.reason = Fact::Reason::failed;
    tell(failed, SteadyClock::now());
    signalling_.end(*legs_[leg].dialog);
    legs_[leg].is_given_up = true;
}

void CallControl::end() {
    is_ending_ = true;
    if (legs_[Leg::a].dialog && call_->state().phase != CallPhase::ended) {
        Fact over = fact_of(Fact::Kind::leg_ended, Leg::a); // The policy gives up what is under way.
        over.reason = Fact::Reason::hangup;
        tell(over, SteadyClock::now());
    }
    for (const Leg leg : both_legs) {
        if (legs_[leg].dialog) {
            signalling_.end(*legs_[leg].dialog);
        }
        settle_stream(leg);
    }
}

} // namespace keytone::server
