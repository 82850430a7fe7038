// SPDX-License-Identifier: MIT
#include "server/media/live_call.hpp"

#include <algorithm>
#include <utility>

namespace keytone::server {

namespace {

/// INFO gives no level: this is one that telephones send.
constexpr Dbm0 key_level{-10};

SessionConfig at_narrowband(SessionConfig config) {
    config.rules.rate = {SampleRate::narrowband(), SampleRate::narrowband()};
    config.max_block = Milliseconds{20};
    config.bridge_delay = std::max(config.bridge_delay, config.max_block);
    return config;
}

KeyForm key_form(const StreamParameters& parameters) noexcept {
    return parameters.event_payload_type || parameters.keys_by_signalling ? KeyForm::events : KeyForm::tones;
}

/// On hold no key begins; one that began before may end.
bool is_heard(const LegStream& stream, const KeyReport& key) noexcept {
    return stream.parameters().receives || key.kind == KeyReport::Kind::end;
}

} // namespace

LiveCall::LiveCall(SessionConfig config, const LiveCallOptions& options)
    : session_(at_narrowband(std::move(config))),
      agent_(options.agent),
      records_(options.recorded_blocks > 0),
      recording_(options.recording),
      a_(options.recorded_blocks),
      b_(options.recorded_blocks),
      commands_(max_waiting),
      retired_(max_waiting) {}

LiveCall::~LiveCall() = default;

// ---- The control side

bool LiveCall::open_stream(Leg leg, RtpPort port, const StreamParameters& parameters) {
    destroy_retired();
    if (side(leg).has_stream || streams_.size() == max_waiting) {
        return false;
    }
    auto stream = std::make_unique<LegStream>(std::move(port), parameters, StreamSeed::random());
    if (!command({Command::Do::open, leg, stream.get(), parameters})) {
        return false;
    }
    streams_.push_back(std::move(stream));
    side(leg).has_stream = true;
    side(leg).secured = parameters.srtp.has_value();
    return true;
}

bool LiveCall::change_stream(Leg leg, const StreamParameters& parameters) {
    Side& changed = side(leg);
    if (!changed.has_stream || (changed.secured && !parameters.srtp) ||
        !command({Command::Do::change, leg, nullptr, parameters})) {
        return false;
    }
    changed.secured = parameters.srtp.has_value();
    return true;
}

bool LiveCall::close_stream(Leg leg) {
    if (!side(leg).has_stream || !command({Command::Do::close, leg, nullptr, {}})) {
        return false;
    }
    side(leg).has_stream = false;
    return true;
}

std::optional<Outcome> LiveCall::poll() {
    destroy_retired();
    return session_.poll();
}

std::optional<RecordedBlock> LiveCall::next_recorded(Leg leg) {
    RecordedBlock recorded;
    return side(leg).tap.try_pop(recorded) ? std::optional(recorded) : std::nullopt;
}

bool LiveCall::hear_key(Leg leg, Key key, Milliseconds length) {
    return command({Command::Do::hear_key, leg, nullptr, {}, key, SampleRate::narrowband().samples(length)});
}

std::optional<PressedKey> LiveCall::next_pressed(Leg leg) {
    std::optional<PressedKey> pressed;
    side(leg).pressed.try_pop(pressed);
    return pressed;
}

bool LiveCall::command(const Command& command) {
    destroy_retired();
    return commands_.try_push(command);
}

void LiveCall::destroy_retired() {
    for (LegStream* stream = nullptr; retired_.try_pop(stream);) {
        std::erase_if(streams_, [&](const auto& held) { return held.get() == stream; });
    }
}

// ---- The audio side

void LiveCall::expect(PacketIo& io) noexcept {
    for (const Leg leg : both_legs) {
        if (const LegStream* const stream = side(leg).stream) {
            stream->expect(io);
        }
    }
}

void LiveCall::tick(Instant now, PacketIo& io, Upcoming<LiveCall> upcoming) noexcept {
    const auto session = [](const LiveCall* call) { return call != nullptr ? &call->session_ : nullptr; };
    for (Command next{}; commands_.try_pop(next);) {
        obey(next, now, io);
    }
    for (const Leg leg : both_legs) {
        carry(leg, now, io, {session(upcoming.later), session(upcoming.soon)});
    }
    if (std::ranges::any_of(left_, [](const LegStream* left) { return left != nullptr; })) {
        io.flush(); // before control closes their ports
    }
    for (LegStream*& left : left_) {
        if (left != nullptr && retired_.try_push(left)) {
            left = nullptr;
        }
    }
}

void LiveCall::obey(const Command& command, Instant now, PacketIo& io) noexcept {
    LegStream*& stream = side(command.leg).stream;
    switch (command.what) {
    case Command::Do::open:
        stream = command.stream;
        stream->start_at(session_.position(command.leg), now);
        session_.set_key_form(command.leg, key_form(command.parameters));
        break;
    case Command::Do::change:
        stream->change(command.parameters, io);
        session_.set_key_form(command.leg, key_form(command.parameters));
        break;
    case Command::Do::close:
        stream->finish(now, io, [&](const KeyReport& key) { session_.hear_key_event(command.leg, key); });
        side(command.leg).figures.write(stream->figures());
        *std::ranges::find(left_, nullptr) = std::exchange(stream, nullptr);
        break;
    case Command::Do::hear_key: {
        KeyReport report{KeyReport::Kind::begin,
                         KeyReport::Source::telephone_event,
                         *command.key,
                         static_cast<RtpTimestamp>(session_.position(command.leg)),
                         0,
                         key_level,
                         false};
        session_.hear_key_event(command.leg, report);
        report.kind = KeyReport::Kind::end;
        report.duration = command.key_length;
        session_.hear_key_event(command.leg, report);
        break;
    }
    }
}

void LiveCall::carry(Leg leg, Instant now, PacketIo& io, Upcoming<Session> upcoming) noexcept {
    LegStream* const stream = side(leg).stream;
    RecordedBlock carried{.begin = session_.position(leg), .heard = {}, .sent = {}};
    if (agent_ != nullptr) {
        agent_->speak(leg, carried.sent);
    }
    if (stream != nullptr) {
        stream->receive(carried.begin, io, [&](const KeyReport& key) {
            if (is_heard(*stream, key)) {
                session_.hear_key_event(leg, key);
            }
        });
    }
    hear(leg, stream, now, carried.heard, carried.sent, upcoming);
    send_keys(leg, stream, io);
    if (stream != nullptr) {
        stream->send(now, carried.sent, io);
        side(leg).figures.write(stream->figures());
    }
    if (agent_ != nullptr) {
        agent_->hear(leg, carried.heard);
    }
    if (recording_ != nullptr && leg == Leg::a) {
        recording_->put(carried);
    }
    if (records_ && !side(leg).tap.try_push(carried)) {
        side(leg).tap_lost.fetch_add(1);
    }
}

void LiveCall::send_keys(Leg leg, LegStream* stream, PacketIo& io) noexcept {
    while (const auto packet = session_.next_key_event(leg)) {
        if (stream == nullptr) {
            continue;
        }
        if (!stream->parameters().keys_by_signalling) {
            stream->send_event(*packet, io);
        } else if (packet->event.end && side(leg).last_pressed != packet->timestamp) { // it ends three times
            side(leg).last_pressed = packet->timestamp;
            if (const auto key = Key::from_event_code(packet->event.code)) {
                const double length_s = SampleRate::narrowband().seconds(packet->event.duration);
                side(leg).pressed.try_push(PressedKey{*key, Milliseconds{length_s * 1000.0}});
            }
        }
    }
}

/// One stretch at a time, as the session has to know which samples were lost.
void LiveCall::hear(Leg leg, LegStream* stream, Instant now, std::span<std::int16_t> heard,
                    std::span<std::int16_t> sent, Upcoming<Session> upcoming) noexcept {
    const bool receives = stream != nullptr && stream->parameters().receives;
    std::size_t at = 0;
    if (stream != nullptr) {
        stream->play(
            now, heard,
            [&](const PlayedStretch& stretch) {
                const auto count = static_cast<std::size_t>(stretch.count);
                if (receives) {
                    const bool lost = stretch.kind == PlayedStretch::Kind::lost;
                    session_.process(leg, lost ? std::span<std::int16_t>{} : heard.subspan(at, count),
                                     sent.subspan(at, count), std::exchange(upcoming, {}));
                    at += count;
                }
            },
            [&](const KeyReport& key) {
                if (is_heard(*stream, key)) {
                    session_.hear_key_event(leg, key);
                }
            });
    }
    if (!receives) {
        std::ranges::fill(heard, std::int16_t{0});
        session_.process(leg, {}, sent, upcoming);
    }
}

} // namespace keytone::server
