// SPDX-License-Identifier: MIT
#include "server/control/agent_call.hpp"

#include "server/media/random_bytes.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;

/// How long it may ring at the far side.
constexpr auto longest_ringing = 60s;
/// Of the longest text that the policy lets through, in UTF-8.
constexpr std::size_t most_words_bytes = 4 * max_spoken_length;

SessionConfig session_config(const AgentCallOptions& options, PromptSource& prompts) {
    SessionConfig config;
    config.rules.settings = options.agent->settings;
    config.rules.dial_allow = options.dial_allow;
    config.rules.mute_bridged_keys = options.agent->mute_keys;
    config.prompts = &prompts;
    config.mix_bridge = true;
    return config;
}

/// What is said aloud: a recording where one is named, else the text.
struct Words {
    std::string text{};
    std::optional<std::string> recording{};
};

// What a transfer may have to say to a machine.
Words machine_words(const Transfer& transfer, const AgentSettings& settings) {
    const bool leaves = transfer.on_machine.value_or(settings.on_machine) == OnMachine::leave_message;
    return leaves
               ? Words{transfer.machine_message.value_or(settings.machine_message), transfer.machine_prompt}
               : Words{};
}

// What a request makes the call say, but for what is empty, or more than it may say.
std::vector<Words> words_of(const Request& request, const AgentSettings& settings) {
    std::vector<Words> words;
    if (const auto* const say = std::get_if<Say>(&request)) {
        words = {{say->text, say->prompt}};
    } else if (const auto* const transfer = std::get_if<Transfer>(&request)) {
        words = {{transfer->message.value_or(std::string(settings.spoken_transfer_message())),
                  transfer->message_prompt},
                 machine_words(*transfer, settings)};
    } else if (std::holds_alternative<TransferRequest>(request)) {
        words = {{std::string(settings.spoken_transfer_message()), std::nullopt},
                 machine_words({}, settings)};
    } else if (const auto* const end = std::get_if<EndCall>(&request)) {
        words = {{end->mode == EndCall::Mode::graceful ? settings.end_call_message : "", std::nullopt}};
    }
    std::erase_if(words, [](const Words& each) {
        const std::size_t bytes = each.recording ? each.recording->size() : each.text.size();
        return bytes == 0 || bytes > most_words_bytes;
    });
    return words;
}

// No agent has used it: its ids are its own.
std::string own_id(const char* what) {
    return std::string("server-") + what + "-" + std::to_string(random_number<std::uint64_t>());
}

} // namespace

AgentCall::AgentCall(AgentCallOptions options, AgentLines& lines, KeptPrompts& prompts,
                     Signalling& signalling, MediaThread& media)
    : options_(std::move(options)),
      lines_(lines),
      prompts_(prompts),
      control_(options_.setup, session_config(options_, prompts), {sound_.get(), 0}, signalling, media,
               options_.recording) {}

AgentCall::~AgentCall() {
    if (line_) {
        line_->end();
    }
}

std::optional<std::string> AgentCall::take(DialogId dialog, const IncomingCall& call) {
    ringing_ = dialog;
    incoming_ = call;
    const auto now = Clock::now();
    answer_by_ = now + options_.agent->answer_after;
    alone_since_ = now;
    line_ = lines_.open(options_.agent, {options_.id, call.from, call.to, options_.session}, sound_);
    return std::nullopt;
}

std::optional<std::string> AgentCall::place(const std::string& to) {
    if (auto error = control_.place(to)) {
        return error;
    }
    is_called_ = true;
    answer_by_ = Clock::now() + longest_ringing;
    line_ = lines_.open(options_.agent,
                        {options_.id, options_.setup.from, to, options_.session, options_.variables}, sound_);
    return std::nullopt;
}

bool AgentCall::submit(const CallEvent& event) {
    ask(event);
    return true;
}

void AgentCall::ask(CallEvent event) {
    asked_.push_back(std::move(event));
    submit_asked();
}

// The last time nothing is waited for: each request gets its answer.
void AgentCall::submit_asked(bool is_last) {
    while (!asked_.empty()) {
        const auto* const request = std::get_if<Request>(&asked_.front().what);
        if (!is_last && request != nullptr && !is_prepared(*request)) {
            return;
        }
        control_.submit(asked_.front());
        asked_.pop_front();
    }
}

bool AgentCall::is_prepared(const Request& request) {
    const auto words = words_of(request, options_.agent->settings);
    // All of them are begun, also where the first is still being made.
    return std::ranges::count_if(words, [this](const Words& each) {
               return !prompts_.prepare(each.text, each.recording, SampleRate::narrowband());
           }) == 0;
}

void AgentCall::take(const SignallingFact& fact) {
    if (!ringing_) {
        return control_.take(fact);
    }
    if (const auto* const end = std::get_if<DialogEnded>(&fact.what)) { // The caller gave up.
        unanswered_end_ = *end;
        ringing_.reset();
    }
}

const std::optional<DialogId>& AgentCall::dialog(Leg leg) const {
    return ringing_ && leg == Leg::a ? ringing_ : control_.dialog(leg);
}

void AgentCall::step() {
    take_news();
    answer_when_due();
    for (const Outcome& outcome : control_.step()) {
        tell(outcome);
    }
    static_cast<void>(control_.take_facts());
    watch_far_side();
    watch_agent();
    if (!ends_by_ && !ringing_ && control_.is_over(Leg::a)) {
        end();
    }
}

// No further news is taken while a request waits: what the line has no room for is refused there.
void AgentCall::take_news() {
    submit_asked();
    while (asked_.empty()) {
        const auto news = line_ ? line_->next() : std::nullopt;
        if (!news) {
            return;
        }
        if (const auto* const request = std::get_if<CallEvent>(&*news)) {
            ask(*request);
        } else if (const auto* const gone = std::get_if<AgentGone>(&*news)) {
            alone_since_ = is_there_ ? Clock::now() : alone_since_;
            is_there_ = false;
            is_done_ = gone->for_good;
            note("agent.gone", gone->why);
        } else {
            is_there_ = true;
            note("agent.there", "");
        }
    }
}

void AgentCall::answer_when_due() {
    if (!ringing_ || ends_by_ || (!is_there_ && Clock::now() < answer_by_)) {
        return;
    }
    const DialogId dialog = *std::exchange(ringing_, std::nullopt);
    if (const auto error = control_.take(dialog, incoming_)) {
        unanswered_end_ = {DialogEnded::How::refused, 503};
        note("call.unanswered", *error);
        return;
    }
    alone_since_ = is_there_ ? alone_since_ : Clock::now();
}

void AgentCall::tell(const Outcome& outcome) {
    if (options_.on_outcome) {
        options_.on_outcome(outcome);
    }
    line_->tell(outcome);
    if (std::holds_alternative<SessionCompleted>(outcome.what)) {
        is_part_over_ = true;
        line_->end();
    }
    if (is_given_up_ && outcome.id == end_id_ && std::holds_alternative<ActionRejected>(outcome.what)) {
        end();
    }
}

void AgentCall::watch_far_side() {
    if (!is_called_ || ends_by_) {
        return;
    }
    if (control_.answered_at()) {
        is_called_ = false;
        alone_since_ = is_there_ ? alone_since_ : Clock::now();
    } else if (Clock::now() >= answer_by_) {
        note("call.unanswered", "nobody answered within 60 s");
        end();
    }
}

void AgentCall::watch_agent() {
    const bool is_alone =
        !ringing_ && !is_called_ && !ends_by_ && !is_there_ && !is_part_over_ && !is_given_up_;
    if (is_alone && Clock::now() - alone_since_ >= options_.agent->grace) {
        give_up_agent();
    }
}

void AgentCall::give_up_agent() {
    is_given_up_ = true;
    note("agent.given_up", "the call is ended");
    line_->end();
    if (const std::string& message = options_.agent->message; !message.empty() && !is_done_) {
        Say say;
        say.text = message;
        ask({own_id("message"), std::nullopt, Request(std::move(say))});
    }
    end_id_ = own_id("end");
    ask({end_id_, std::nullopt, Request(EndCall{EndCall::Mode::graceful, true})});
}

void AgentCall::end() {
    if (ends_by_) {
        return;
    }
    ends_by_ = Clock::now() + last_wait;
    if (const auto dialog = std::exchange(ringing_, std::nullopt)) {
        unanswered_end_ = {DialogEnded::How::refused, 503};
        control_.refuse(*dialog);
    }
    control_.end();
}

bool AgentCall::is_over() const {
    return ends_by_ && ((control_.is_over(Leg::a) && control_.is_over(Leg::b)) || Clock::now() >= *ends_by_);
}

CallResult AgentCall::finish() {
    submit_asked(true);
    step();
    line_->end();
    note_figures();
    CallResult result;
    for (const Leg leg : both_legs) {
        result.figures[leg] = control_.call().figures(leg);
    }
    result.answered = control_.answered_at().has_value();
    result.seconds = SampleRate::narrowband().seconds(control_.call().position(Leg::a));
    result.end = caller_end();
    return result;
}

// What did not go as it should at the socket.
void AgentCall::note_figures() const {
    const AgentFigures figures = line_->figures();
    if (figures.faults + figures.unsent + figures.unheard > 0) {
        note("agent.troubled", std::to_string(figures.faults) + " frames were not understood, " +
                                   std::to_string(figures.unsent) + " to it were left out, and " +
                                   std::to_string(20 * figures.unheard) + " ms of what it was to hear");
    }
}

void AgentCall::note(const char* event, const std::string& what) const {
    if (options_.on_agent) {
        options_.on_agent(event, what);
    }
}

} // namespace keytone::server
