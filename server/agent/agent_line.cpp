// SPDX-License-Identifier: MIT
#include "server/agent/agent_line.hpp"

#include "server/agent/dial_in.hpp"
#include "server/agent/twilio_signature.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace keytone::server {

AgentLine::AgentLine(AgentLineParts parts, const AgentCallInfo& call, std::shared_ptr<AgentSound> sound)
    : parts_(std::move(parts)),
      call_(call.id),
      sound_(std::move(sound)),
      protocol_(make_agent_protocol(*parts_.config, call)),
      redial_(parts_.context) {}

AgentLine::~AgentLine() {
    if (socket_) {
        socket_->drop();
    }
    count_open(is_open_ ? -1 : 0);
}

// ---- The control side

std::optional<AgentNews> AgentLine::next() {
    const std::lock_guard lock(mutex_);
    if (news_.empty()) {
        return std::nullopt;
    }
    AgentNews news = std::move(news_.front());
    news_.pop_front();
    return news;
}

void AgentLine::tell(const Outcome& outcome) {
    if (has_ended_) {
        return;
    }
    if (untold_.fetch_add(1) >= most_waiting) {
        untold_.fetch_sub(1);
        unsent_.fetch_add(1);
        return;
    }
    boost::asio::post(parts_.context, [self = shared_from_this(), outcome] {
        self->untold_.fetch_sub(1);
        for (AgentFrame& frame :
             self->is_open_ ? self->protocol_->outcome(outcome) : std::vector<AgentFrame>{}) {
            self->send(std::move(frame));
        }
    });
}

void AgentLine::end() {
    if (!std::exchange(has_ended_, true)) {
        sound_->stop_hearing();
        boost::asio::post(parts_.context, [self = shared_from_this()] { self->finish(); });
    }
}

AgentFigures AgentLine::figures() const {
    return {faults_.load(), unsent_.load(), unheard_.load() + sound_->heard_lost()};
}

// ---- The sockets' side

void AgentLine::start() {
    if (parts_.config->is_dialled()) {
        dial();
    }
}

WebSocketListener AgentLine::listener() {
    WebSocketListener listener;
    listener.on_open = [this] { opened(); };
    listener.on_text = [this](std::string_view text) { take(protocol_->read_text(text)); };
    listener.on_binary = [this](std::span<const std::byte> bytes) { take(protocol_->read_binary(bytes)); };
    listener.on_end = [this](const WebSocketEnd& how) { ended(how); };
    listener.on_round_trip = [this](double seconds) {
        if (parts_.metrics != nullptr) {
            parts_.metrics->agent_round_trip.add(seconds);
        }
    };
    return listener;
}

void AgentLine::dial() {
    const AgentConfig& config = *parts_.config;
    WebSocketHeaders headers;
    if (config.shape == AgentShape::twilio && !config.auth_token.empty()) {
        headers.emplace_back(twilio_signature_header, twilio_signature(config.auth_token, config.url.text));
    }
    socket_ = open_web_socket(parts_.context, parts_.tls, config.url, headers, max_agent_frame, listener());
}

void AgentLine::adopt(DialIn dial_in) {
    if (is_ending_ || is_open_) {
        return; // The connection is closed.
    }
    redial_.cancel();
    if (socket_) { // It is being dialled: who is there first has the call.
        socket_->drop();
    }
    socket_ = accept_web_socket(parts_.context, std::move(dial_in), max_agent_frame, listener());
}

void AgentLine::opened() {
    wants_socket_ = false;
    is_open_ = true;
    count_open(1);
    next_ping_ = {};
    is_told_gone_ = false;
    wait_ = first_wait;
    foreign_marks_ = sound_->marks();
    while (sound_->next_heard()) { // What was said to nobody.
    }
    for (AgentFrame& frame : protocol_->begin(std::exchange(was_open_, true))) {
        send(std::move(frame));
    }
    push(AgentOpened{});
}

void AgentLine::ended(const WebSocketEnd& how) {
    const bool was_open = std::exchange(is_open_, false);
    count_open(was_open ? -1 : 0);
    socket_.reset();
    if (is_ending_) {
        is_over_ = true;
        return;
    }
    const bool for_good = was_open && how.is_normal && parts_.config->shape == AgentShape::twilio;
    if (!std::exchange(is_told_gone_, true)) {
        push(AgentGone{for_good, how.why});
    }
    if (for_good) {
        return;
    }
    wants_socket_ = true;
    if (!parts_.config->is_dialled()) {
        return;
    }
    redial_.expires_after(wait_);
    wait_ = std::min(2 * wait_, longest_wait);
    redial_.async_wait([self = weak_from_this()](boost::system::error_code error) {
        const auto line = self.lock();
        if (!error && line && !line->is_ending_) {
            line->dial();
        }
    });
}

void AgentLine::finish() {
    wants_socket_ = false;
    is_ending_ = true;
    redial_.cancel();
    if (is_open_) {
        for (AgentFrame& frame : protocol_->end()) {
            send(std::move(frame));
        }
        is_open_ = false;
        count_open(-1);
        socket_->close();
        return;
    }
    if (socket_) {
        socket_->drop();
        socket_.reset();
    }
    is_over_ = true;
}

void AgentLine::count_open(std::int64_t change) {
    if (parts_.metrics != nullptr) {
        parts_.metrics->agents_open.fetch_add(change, std::memory_order_relaxed);
    }
}

void AgentLine::tick() {
    sound_->pump();
    while (const auto mark = sound_->next_mark()) {
        if (foreign_marks_ > 0) {
            --foreign_marks_;
        } else if (is_open_) {
            send(protocol_->mark(*mark));
        }
    }
    while (const auto block = sound_->next_heard()) {
        if (is_open_) {
            send_heard(*block);
        }
    }
    if (is_open_) {
        socket_->hold(!sound_->may_put());
        if (const auto now = std::chrono::steady_clock::now(); now >= next_ping_) {
            next_ping_ = now + between_pings;
            socket_->ping();
        }
    }
}

void AgentLine::take(AgentSaid said) {
    std::optional<AgentFault> fault;
    if (const auto* const speech = std::get_if<AgentSpeech>(&said)) {
        sound_->put(speech->samples);
    } else if (auto* const mark = std::get_if<AgentMark>(&said)) {
        if (!sound_->mark(std::move(mark->name))) {
            fault = {"too_many", "256 marks have not come back: wait for one"};
        }
    } else if (std::holds_alternative<AgentClear>(said)) {
        sound_->clear();
    } else if (auto* const event = std::get_if<CallEvent>(&said)) {
        if (!push_request(std::move(*event))) {
            fault = {"too_many", "256 requests wait already: send it again later"};
        }
    } else if (auto* const wrong = std::get_if<AgentFault>(&said)) {
        fault = std::move(*wrong);
    }
    if (fault) {
        faults_.fetch_add(1);
        send(protocol_->fault(*fault));
    }
    if (socket_) {
        socket_->hold(!sound_->may_put());
    }
}

void AgentLine::send(AgentFrame frame) {
    if (!socket_ || socket_->waiting() > most_unsent) {
        unsent_.fetch_add(1);
        return;
    }
    socket_->send(std::move(frame.bytes), frame.is_text);
}

void AgentLine::send_heard(const HeardBlock& block) {
    if (socket_->waiting() > most_unsent_sound) {
        unheard_.fetch_add(1);
        return;
    }
    send(protocol_->heard(block));
}

void AgentLine::push(AgentNews news) {
    {
        const std::lock_guard lock(mutex_);
        news_.push_back(std::move(news));
    }
    parts_.on_news(call_);
}

bool AgentLine::push_request(CallEvent event) {
    {
        const std::lock_guard lock(mutex_);
        if (news_.size() >= most_waiting) {
            return false;
        }
    }
    push(std::move(event));
    return true;
}

} // namespace keytone::server
