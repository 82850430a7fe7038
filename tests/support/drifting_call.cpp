// SPDX-License-Identifier: MIT
#include "tests/support/drifting_call.hpp"

#include "dsp/dtmf_detector.hpp"
#include "engine/rtp/rtp_receiver.hpp"
#include "engine/rtp/rtp_sender.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

namespace keytone::test {

namespace {

constexpr int rate_hz = 8000;
constexpr std::size_t block = 160;

/// The caller's line, block by block: noise, and a key every few seconds.
class Line {
  public:
    Line(double noise_dbm0, std::uint64_t seed)
        : noise_(to_pcm16(white_noise(8191, noise_dbm0, seed))), random_(seed) {
        for (const char key : all_keys) {
            for (const double tone_ms : {60.0, 100.0, 250.0}) {
                tones_.push_back(to_pcm16(sound(KeyPress{.key = key, .tone_ms = tone_ms}, rate_hz)));
            }
        }
        press();
    }

    void next(std::span<std::int16_t> out) {
        for (std::int16_t& sample : out) {
            int sum = noise_[position_ % noise_.size()];
            if (position_ >= onset_) {
                const auto& tone = tones_[tone_];
                sum += tone[position_ - onset_];
                if (position_ - onset_ + 1 == tone.size()) {
                    pressed_ += all_keys[tone_ / 3];
                    press();
                }
            }
            sample = static_cast<std::int16_t>(std::clamp(sum, -32768, 32767));
            ++position_;
        }
    }
    [[nodiscard]] const std::string& pressed() const { return pressed_; }

  private:
    void press() {
        tone_ = std::uniform_int_distribution<std::size_t>(0, tones_.size() - 1)(random_);
        // Some keys follow closely, most do not.
        const bool is_close = std::uniform_int_distribution(0, 3)(random_) == 0;
        onset_ = position_ + 1 +
                 std::uniform_int_distribution<std::size_t>(is_close ? 640 : 4000,
                                                            is_close ? 1600 : 40'000)(random_);
    }

    std::vector<std::int16_t> noise_;
    std::mt19937_64 random_;
    std::vector<std::vector<std::int16_t>> tones_;
    std::size_t position_ = 0;
    std::size_t tone_ = 0;
    std::size_t onset_ = 0;
    std::string pressed_;
};

std::string difference(const std::string& pressed, const std::string& heard) {
    if (pressed == heard) {
        return {};
    }
    const auto at = static_cast<std::size_t>(std::ranges::mismatch(pressed, heard).in1 - pressed.begin());
    return "key " + std::to_string(at) + ": pressed " + pressed.substr(at, 10) + ", heard " +
           heard.substr(at, 10);
}

} // namespace

DriftingCallResult run_drifting_call(const DriftingCallConfig& config) {
    Line line(config.noise_dbm0, config.seed);
    std::mt19937_64 random(config.seed + 1);
    RtpSender sender({.ssrc = 1, .first_sequence = 60'000, .first_timestamp = 0xFFFF'0000});
    RtpReceiver receiver;
    DtmfDetector detector(SampleRate::narrowband());
    std::string heard;
    const auto on_tone = [&](const DtmfReport& report) {
        if (report.kind == DtmfReport::Kind::begin) {
            heard += report.key.character();
        }
    };
    const auto no_key = [](const KeyReport&) {};

    DriftingCallResult result;
    const double sender_block = block / (1.0 + config.sender_ppm * 1e-6); // in the receiver's samples
    const auto blocks = static_cast<std::int64_t>(config.hours * 3600.0 * rate_hz / block);
    std::uniform_real_distribution<double> jitter(0.0, config.jitter_ms * rate_hz / 1000.0);
    constexpr double delay = 30.0 * rate_hz / 1000.0;
    std::array<std::int16_t, block> samples{};
    std::int64_t sent = 0;
    double arrival = sender_block + delay + jitter(random);
    std::array<PlayedStretch, block> stretches{};
    for (std::int64_t tick = 0; tick < blocks; ++tick) {
        const auto now = tick * static_cast<std::int64_t>(block);
        while (arrival < static_cast<double>(now)) {
            line.next(samples);
            sender.send(samples, [&](std::span<const std::uint8_t> bytes) {
                receiver.receive(bytes, static_cast<SampleIndex>(arrival), no_key);
            });
            ++sent;
            arrival = static_cast<double>(sent + 1) * sender_block + delay + jitter(random);
        }
        std::size_t count = 0;
        receiver.play(
            now, samples, [&](const PlayedStretch& stretch) { stretches[count++] = stretch; }, no_key);
        std::span<const std::int16_t> rest = samples;
        for (const PlayedStretch& stretch : std::span(stretches).first(count)) {
            const auto part = rest.first(static_cast<std::size_t>(stretch.count));
            if (stretch.kind == PlayedStretch::Kind::lost) {
                detector.process_lost(stretch.count, on_tone);
            } else {
                detector.process(part, on_tone);
            }
            rest = rest.subspan(part.size());
        }
        if (tick > 50) {
            result.worst_delay_ms = std::max(result.worst_delay_ms,
                                             static_cast<double>(receiver.buffer().delay(now + 160)) / 8.0);
        }
    }
    // The last key may still be on its way.
    std::string pressed = line.pressed();
    if (pressed.size() == heard.size() + 1 || pressed.size() + 1 == heard.size()) {
        pressed.resize(std::min(pressed.size(), heard.size()));
        heard.resize(pressed.size());
    }
    result.pressed = pressed.size();
    result.heard = heard.size();
    result.first_difference = difference(pressed, heard);
    result.buffer = receiver.buffer().figures();
    return result;
}

} // namespace keytone::test
