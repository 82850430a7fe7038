// SPDX-License-Identifier: MIT
#include "tests/support/rtp_call.hpp"

#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace keytone::test {

namespace {

constexpr int rate_hz = 8000;
constexpr std::size_t block = 160;
constexpr double block_ms = 20.0;

/// The samples of the caller's line, and the position of each key.
struct Caller {
    std::vector<std::int16_t> samples;
    std::vector<TelephoneKey> keys;
    std::string pressed;
};

Caller press(const RtpCallConfig& config) {
    std::mt19937_64 random(config.seed);
    Caller caller;
    Signal line;
    append_silence(line, rate_hz);
    for (int i = 0; i < config.keys; ++i) {
        // Only a few different keys, so that one often follows itself.
        const char character = all_keys[std::uniform_int_distribution<std::size_t>(0, 3)(random)];
        const Signal tone = sound(KeyPress{.key = character, .tone_ms = config.tone_ms}, rate_hz);
        caller.keys.push_back({*Key::from_character(character), std::ssize(line), std::ssize(tone)});
        caller.pressed += character;
        if (config.as_events) {
            append_silence(line, tone.size());
        } else {
            append(line, tone);
        }
        const double pause = std::uniform_real_distribution(config.min_pause_ms, config.max_pause_ms)(random);
        append_silence(line, sample_count(pause, rate_hz));
    }
    append_silence(line, rate_hz);
    line.resize(line.size() / block * block);
    const Signal noise = white_noise(rate_hz, config.noise_dbm0, config.seed);
    for (std::size_t i = 0; i < line.size(); ++i) {
        line[i] += noise[i % noise.size()];
    }
    caller.samples = to_pcm16(line);
    return caller;
}

/// The length of the longest common subsequence.
std::size_t in_common(const std::string& a, const std::string& b) {
    std::vector<std::vector<std::size_t>> common(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            common[i][j] = a[i - 1] == b[j - 1] ? common[i - 1][j - 1] + 1
                                                : std::max(common[i - 1][j], common[i][j - 1]);
        }
    }
    return common[a.size()][b.size()];
}

} // namespace

RtpCallResult run_rtp_call(const RtpCallConfig& config) {
    const Caller caller = press(config);
    RtpCallResult result;
    result.pressed = caller.pressed;
    std::mt19937_64 random(config.seed + 1);
    RtpSender sender({.packet_time = Milliseconds{config.packet_ms},
                      .ssrc = static_cast<std::uint32_t>(random()),
                      .first_sequence = static_cast<RtpSequence>(random()),
                      .first_timestamp = static_cast<RtpTimestamp>(random())});
    auto events = *TelephoneEventSender::create(SampleRate::narrowband());
    std::size_t next_key = 0;
    ImpairedNetwork network(config.impairment, config.seed + 2);
    RtpReceiver receiver({.limits = config.limits});
    DtmfDetector detector(SampleRate::narrowband());

    DtmfDetector at_best(SampleRate::narrowband());
    std::string heard_at_best;
    const auto on_tone_at_best = [&](const DtmfReport& report) {
        if (report.kind == DtmfReport::Kind::begin) {
            heard_at_best += report.key.character();
        }
    };
    std::vector<bool> key_came(caller.keys.size(), !config.as_events);
    std::size_t event_key = 0;
    int sounding = 0;
    const auto count = [&](bool begins, char key) {
        result.reports_out_of_turn += sounding != (begins ? 0 : 1) ? 1U : 0U;
        sounding = begins ? 1 : 0;
        if (begins) {
            result.heard += key;
        }
    };
    const auto on_event = [&](const KeyReport& report) {
        count(report.kind == KeyReport::Kind::begin, report.key.character());
    };
    const auto on_tone = [&](const DtmfReport& report) {
        if (report.kind != DtmfReport::Kind::hint && !config.as_events) {
            count(report.kind == DtmfReport::Kind::begin, report.key.character());
        }
    };

    const double sender_block_ms = block_ms / (1.0 + config.sender_ppm * 1e-6);
    const double first_tick_ms = 7.0; // both ends' blocks are not in step
    std::size_t sent_blocks = 0;
    const std::size_t blocks = caller.samples.size() / block;
    double delays = 0.0;
    std::size_t ticks = 0;
    std::array<std::int16_t, block> out{};
    for (double now_ms = first_tick_ms;
         sent_blocks < blocks || now_ms < 1000.0 + block_ms * static_cast<double>(blocks);
         now_ms += block_ms) {
        for (; sent_blocks < blocks && static_cast<double>(sent_blocks + 1) * sender_block_ms <= now_ms;
             ++sent_blocks) {
            const double sent_ms = static_cast<double>(sent_blocks + 1) * sender_block_ms;
            const auto carry = [&](std::span<const std::uint8_t> bytes) {
                const std::size_t lost = network.lost();
                network.send(bytes, sent_ms);
                return network.lost() == lost;
            };
            const auto on_audio = [&](std::span<const std::uint8_t> bytes) {
                const auto codes = bytes.subspan(RtpPacket::header_size);
                std::vector<std::int16_t> samples(codes.size());
                g711_decode(G711Law::ulaw, codes, samples);
                if (carry(bytes)) {
                    at_best.process(samples, on_tone_at_best);
                } else {
                    at_best.process_lost(std::ssize(samples), on_tone_at_best);
                }
            };
            if (config.as_events) {
                const auto until = static_cast<SampleIndex>((sent_blocks + 1) * block);
                while (next_key < caller.keys.size() && caller.keys[next_key].onset < until &&
                       events.send(caller.keys[next_key])) {
                    ++next_key;
                }
                while (const auto packet = events.next(until)) {
                    while (caller.keys[event_key].onset < packet->timestamp) {
                        ++event_key;
                    }
                    sender.send_event(*packet, [&](std::span<const std::uint8_t> bytes) {
                        key_came[event_key] = carry(bytes) || key_came[event_key];
                    });
                }
            }
            sender.send(std::span(caller.samples).subspan(sent_blocks * block, block), on_audio);
        }
        network.deliver(now_ms, [&](std::span<const std::uint8_t> bytes, double arrival_ms) {
            receiver.receive(bytes, static_cast<SampleIndex>(arrival_ms * rate_hz / 1000.0), on_event);
        });
        const auto now = static_cast<SampleIndex>(std::lround(now_ms * rate_hz / 1000.0));
        std::size_t played = 0;
        const auto on_stretch = [&](const PlayedStretch& stretch) {
            const auto samples = std::span(out).subspan(played, static_cast<std::size_t>(stretch.count));
            if (stretch.kind == PlayedStretch::Kind::lost) {
                detector.process_lost(stretch.count, on_tone);
            } else {
                detector.process(samples, on_tone);
            }
            played += samples.size();
        };
        // The samples are complete when the call returns: so the stretches are heard after that.
        std::vector<PlayedStretch> stretches;
        receiver.play(
            now, out, [&](const PlayedStretch& stretch) { stretches.push_back(stretch); }, on_event);
        std::ranges::for_each(stretches, on_stretch);
        if (now_ms > 500.0 && sent_blocks < blocks) {
            const double delay_ms = static_cast<double>(receiver.buffer().delay(now + std::ssize(out))) / 8.0;
            result.worst_delay_ms = std::max(result.worst_delay_ms, delay_ms);
            delays += delay_ms;
            ++ticks;
        }
    }
    receiver.finish(on_event);
    detector.finish(on_tone);
    result.buffer = receiver.buffer().figures();
    result.source = receiver.source();
    result.loss = static_cast<double>(network.lost()) / static_cast<double>(network.sent());
    result.mean_delay_ms = delays / static_cast<double>(std::max<std::size_t>(ticks, 1));
    at_best.finish(on_tone_at_best);
    const std::size_t common = in_common(result.pressed, result.heard);
    result.missed = result.pressed.size() - common;
    result.doubled = result.heard.size() - common;
    const std::size_t common_at_best = in_common(result.pressed, heard_at_best);
    result.missed_at_best = result.pressed.size() - common_at_best;
    result.doubled_at_best = heard_at_best.size() - common_at_best;
    for (const bool came : key_came) {
        result.wholly_lost += came ? 0U : 1U;
    }
    return result;
}

} // namespace keytone::test
