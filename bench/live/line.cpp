// SPDX-License-Identifier: MIT
#include "bench/live/line.hpp"

#include <algorithm>

namespace keytone::bench {

namespace {

constexpr std::size_t header_size = 12;
constexpr std::size_t silent_ticks = 2; // before and behind a key
constexpr std::size_t first_key_tick = 50;

void put(std::span<std::uint8_t> out, std::uint32_t value) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<std::uint8_t>(value >> 8U * (out.size() - 1 - i));
    }
}

std::uint32_t get(std::span<const std::uint8_t> bytes) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : bytes) {
        value = value << 8U | byte;
    }
    return value;
}

} // namespace

LineCount& LineCount::operator+=(const LineCount& other) {
    sent += other.sent;
    received += other.received;
    lost += other.lost;
    disordered += other.disordered;
    wrong_time += other.wrong_time;
    malformed += other.malformed;
    return *this;
}

Line::Line(const LineSetup& setup, const LoadSound& sound)
    : setup_(setup),
      sound_(&sound),
      // Some lines' numbers and timestamps wrap round during the run.
      sequence_(static_cast<std::uint16_t>(65'300 + setup.index * 7'919)),
      timestamp_(static_cast<std::uint32_t>(4'294'900'000U + setup.index * 2'654'435'761U)),
      ssrc_(static_cast<std::uint32_t>(0x4B54'0000U + setup.index)),
      in_key_(key_period - first_key_tick - setup.index * 37 % key_period) {
    in_key_ %= key_period;
    behind_.reserve(setup.expected_packets);
    keys_sent_.reserve(setup.expected_packets / key_period + 2);
    events_at_.reserve(setup.expected_packets / key_period + 2);
    if (setup.listens_for_tones) {
        tones_.reset(dtmf_rx_init(nullptr, nullptr, nullptr));
    }
}

// ---- What it sends

void Line::write(std::uint8_t payload_type, bool marker, std::uint32_t timestamp,
                 std::span<const std::uint8_t> payload) {
    auto& packet = packets_[burst_];
    const std::span bytes(packet);
    packet[0] = 0x80;
    packet[1] = static_cast<std::uint8_t>(payload_type | (marker ? 0x80U : 0U));
    put(bytes.subspan(2, 2), sequence_++);
    put(bytes.subspan(4, 4), timestamp);
    put(bytes.subspan(8, 4), ssrc_);
    std::ranges::copy(payload, packet.begin() + header_size);
    sizes_[burst_++] = header_size + payload.size();
    ++count_.sent;
}

void Line::write_event(std::size_t packet, bool end) {
    constexpr std::uint8_t volume = 10;
    std::array<std::uint8_t, 4> event{static_cast<std::uint8_t>(*key_ < 9    ? *key_ + 1
                                                                : *key_ == 9 ? 0
                                                                             : *key_),
                                      static_cast<std::uint8_t>(volume | (end ? 0x80U : 0U)), 0, 0};
    put(std::span(event).last(2), static_cast<std::uint32_t>(packet * samples_per_packet));
    write(setup_.event_payload_type, packet == 1, key_timestamp_, event);
}

void Line::prepare(bool may_begin_key) {
    burst_ = 0;
    if (in_key_ == 0 && may_begin_key && tick_ >= first_key_tick) {
        // Another key than the one that the near end presses at that time: it ignores its own keys, as they
        // may come back as an echo.
        key_ = (setup_.index + 5 + keys_sent_.size()) % LoadSound::keys.size();
        keys_sent_ += LoadSound::keys[*key_];
        key_timestamp_ = timestamp_ + static_cast<std::uint32_t>(silent_ticks * samples_per_packet);
    }
    constexpr std::size_t key_end = silent_ticks + LoadSound::packets_per_key;
    if (!key_) {
        write(setup_.payload_type, tick_ == 0, timestamp_, sound_->speech(tick_ + setup_.index * 61));
    } else if (in_key_ < silent_ticks || in_key_ > key_end ||
               (!setup_.keys_as_events && in_key_ == key_end)) {
        write(setup_.payload_type, false, timestamp_, sound_->silence());
    } else if (!setup_.keys_as_events) {
        write(setup_.payload_type, false, timestamp_, sound_->key(*key_, in_key_ - silent_ticks));
    } else if (in_key_ < key_end) {
        write_event(in_key_ - silent_ticks + 1, false);
    } else {
        for (std::size_t i = 0; i < max_burst; ++i) { // RFC 4733, 2.5.1.4
            write_event(LoadSound::packets_per_key, true);
        }
    }
    if (in_key_ == key_end + silent_ticks) {
        key_.reset();
    }
    timestamp_ += samples_per_packet;
    in_key_ = (in_key_ + 1) % key_period;
    ++tick_;
}

// ---- What comes back

void Line::receive(std::span<const std::uint8_t> bytes, std::int64_t arrival) {
    if (bytes.size() <= header_size || bytes[0] != 0x80) {
        ++count_.malformed;
        return;
    }
    const auto payload_type = static_cast<std::uint8_t>(bytes[1] & 0x7FU);
    const auto sequence = static_cast<std::uint16_t>(get(bytes.subspan(2, 2)));
    const std::uint32_t timestamp = get(bytes.subspan(4, 4));
    const auto payload = bytes.subspan(header_size);
    const bool is_event = payload_type == setup_.event_payload_type && payload.size() == 4;
    if (!is_event && (payload_type != 0 || payload.size() != samples_per_packet)) {
        ++count_.malformed;
        return;
    }
    ++count_.received;
    bool follows = false;
    if (heard_) {
        const auto step = static_cast<std::int16_t>(sequence - heard_->sequence);
        follows = step == 1;
        if (step <= 0) {
            ++count_.disordered;
            return;
        }
        count_.lost += static_cast<std::uint64_t>(step - 1);
        heard_->sequence = sequence;
    }
    if (is_event) {
        receive_event(payload, timestamp, arrival);
        return;
    }
    if (!heard_) {
        heard_ = Heard{sequence, timestamp, timestamp, arrival};
        behind_.push_back(0.0F);
        return;
    }
    receive_audio(payload, timestamp, follows, arrival);
}

void Line::receive_audio(std::span<const std::uint8_t> payload, std::uint32_t timestamp, bool follows,
                         std::int64_t arrival) {
    const std::uint32_t step = timestamp - heard_->timestamp;
    const bool on_time_line = step % samples_per_packet == 0 && step > 0 && step < 8000U * 60U;
    if (!on_time_line || (follows && !heard_->event_since && step != samples_per_packet)) {
        ++count_.wrong_time;
    }
    heard_->timestamp = timestamp;
    heard_->event_since = false;
    if (behind_.size() < behind_.capacity()) {
        constexpr std::int64_t nanoseconds_per_sample = 125'000;
        const auto due =
            heard_->first_arrival +
            static_cast<std::int64_t>(timestamp - heard_->first_timestamp) * nanoseconds_per_sample;
        behind_.push_back(static_cast<float>(static_cast<double>(arrival - due) * 1e-6));
    }
    if (setup_.notes_sounds) {
        note_sound(payload, arrival);
    }
    if (tones_) {
        std::array<std::int16_t, samples_per_packet> samples{};
        std::ranges::transform(payload, samples.begin(), keytone::ulaw_decode);
        dtmf_rx(tones_.get(), samples.data(), static_cast<int>(samples.size()));
        std::array<char, 16> digits{};
        tones_heard_.append(digits.data(), dtmf_rx_get(tones_.get(), digits.data(), digits.size() - 1));
    }
}

void Line::note_sound(std::span<const std::uint8_t> payload, std::int64_t arrival) {
    constexpr std::uint8_t loud_below = 0x40; // PCMU's codes without their sign fall as samples grow
    constexpr std::ptrdiff_t enough = 6;
    constexpr std::int64_t pause = 200'000'000;
    const auto loud =
        std::ranges::count_if(payload, [](std::uint8_t code) { return (code & 0x7FU) < loud_below; });
    if (loud < enough) {
        return;
    }
    if (arrival - last_sound_ >= pause) {
        sounds_at_.push_back(arrival);
    }
    last_sound_ = arrival;
}

void Line::receive_event(std::span<const std::uint8_t> payload, std::uint32_t timestamp,
                         std::int64_t arrival) {
    if (heard_) {
        heard_->event_since = true;
    }
    if (last_event_ == timestamp) {
        return;
    }
    last_event_ = timestamp;
    events_at_.push_back(arrival);
    constexpr std::string_view digits = "0123456789*#ABCD";
    events_heard_ += payload[0] < digits.size() ? digits[payload[0]] : '?';
}

std::string Line::keys_heard() const {
    return events_heard_ + tones_heard_;
}

std::vector<float> Line::lateness() const {
    constexpr std::size_t packets_per_second = 50;
    std::vector<float> late = behind_;
    for (std::size_t i = 0; i < late.size(); i += packets_per_second) {
        const auto second = std::span(late).subspan(i, std::min(packets_per_second, late.size() - i));
        const float quickest = std::ranges::min(second);
        std::ranges::for_each(second, [&](float& value) { value -= quickest; });
    }
    return late;
}

} // namespace keytone::bench
