// SPDX-License-Identifier: MIT
#include "bench/instructions/sections.hpp"

#include "bench/all_listeners.hpp"
#include "bench/instructions/sound.hpp"
#include "bench/load/loaded_calls.hpp"
#include "dsp/digit_string.hpp"
#include "dsp/dtmf_batch.hpp"
#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/g711.hpp"
#include "dsp/listener/line_listener.hpp"
#include "engine/rtp/rtp_receiver.hpp"
#include "engine/rtp/rtp_sender.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace keytone::bench {

namespace {

constexpr SampleRate rate = SampleRate::narrowband();
constexpr std::size_t frame = 160; // 20 ms
constexpr std::size_t legs = 10;   // one of them hears keys

using Codes = std::array<std::uint8_t, frame>;
using Datagram = std::vector<std::uint8_t>;

constexpr auto uncounted = [](FunctionRef<void()> work) { work(); };

void expect(bool right, const char* what) {
    if (!right) {
        throw std::runtime_error(what);
    }
}

std::size_t frames_of(std::span<const std::int16_t> samples) {
    return samples.size() / frame;
}

std::span<const std::int16_t> frame_of(std::span<const std::int16_t> samples, std::size_t index) {
    return samples.subspan(index % frames_of(samples) * frame, frame);
}

DtmfGenerator endless_keys() {
    std::string keys;
    while (keys.size() + 16 < DigitString::max_length) {
        keys += "1234567890ABCD*#";
    }
    return DtmfGenerator::create(DigitString::parse(keys + "w").value(), {}, rate).value();
}

void send_keys(DtmfGenerator& generator, std::span<std::int16_t> out) {
    const std::size_t made = generator.generate(out);
    if (made < out.size()) {
        generator.reset();
        generator.generate(out.subspan(made));
    }
}

/// G.711 in, keys listened for, keys sent, G.711 out.
struct WholeLeg {
    DtmfDetector detector{rate};
    DtmfGenerator generator = endless_keys();
    std::size_t heard = 0;

    void process(const Codes& in, Codes& out) {
        std::array<std::int16_t, frame> samples;
        g711_decode(G711Law::ulaw, in, samples);
        detector.process(samples, [this](const DtmfReport& report) {
            heard += report.kind == DtmfReport::Kind::begin ? 1U : 0U;
        });
        send_keys(generator, samples);
        g711_encode(G711Law::ulaw, samples, out);
    }
};

/// Says the same whatever is asked for.
class OnePrompt : public PromptSource {
  public:
    explicit OnePrompt(std::span<const std::int16_t> speech)
        : prompt_(std::make_shared<const Prompt>(Prompt{rate, {speech.begin(), speech.end()}})) {}
    Result<PromptPtr, PromptError> speak(std::string_view /*text*/, SampleRate /*rate*/) override {
        return prompt_;
    }
    Result<PromptPtr, PromptError> load(const std::string& /*name*/, SampleRate /*rate*/) override {
        return prompt_;
    }

  private:
    PromptPtr prompt_;
};

std::size_t keys_heard(Counted counted, const Samples& samples) {
    DtmfDetector detector(rate);
    std::size_t keys = 0;
    counted([&] {
        for (std::size_t i = 0; i < frames_of(samples); ++i) {
            detector.process(frame_of(samples, i), [&](const DtmfReport& report) {
                keys += report.kind == DtmfReport::Kind::begin ? 1U : 0U;
            });
        }
    });
    return keys;
}

std::size_t detect(Counted counted, const Samples& samples, std::size_t expected_keys) {
    expect(keys_heard(counted, samples) == expected_keys, "other keys were heard than sound");
    return frames_of(samples);
}

std::size_t silence(Counted counted) {
    return detect(counted, sound_of("silence"), 0);
}

std::size_t speech(Counted counted) {
    return detect(counted, sound_of("speech"), 0);
}

std::size_t keys(Counted counted) {
    constexpr std::size_t of_the_sound = 64;
    return detect(counted, sound_of("keys"), of_the_sound);
}

std::size_t batch(Counted counted) {
    constexpr std::size_t lines = 100;
    const Samples samples = spoken_prompts();
    const std::size_t length = frames_of(samples) / lines;
    std::vector<DtmfDetector> detectors(lines, DtmfDetector(rate));
    std::vector<std::vector<DtmfFrame>> all(length);
    for (std::size_t tick = 0; tick < length; ++tick) {
        for (std::size_t line = 0; line < lines; ++line) {
            all[tick].push_back({&detectors[line], frame_of(samples, line * length + tick)});
        }
    }
    std::size_t keys = 0;
    counted([&] {
        for (const std::vector<DtmfFrame>& frames : all) {
            process_batch(frames, [&](std::size_t /*line*/, const DtmfReport& report) {
                keys += report.kind == DtmfReport::Kind::begin ? 1U : 0U;
            });
        }
    });
    expect(keys == 0, "keys were heard in speech");
    return length * lines;
}

std::size_t listen(Counted counted, const Samples& samples, std::size_t least_events) {
    LineListener listener(rate);
    std::size_t events = 0;
    counted([&] {
        for (std::size_t i = 0; i < frames_of(samples); ++i) {
            listener.process(frame_of(samples, i), [&](const LineEvent& /*event*/) { ++events; });
        }
    });
    expect(events >= least_events, "the listener is deaf");
    return frames_of(samples);
}

std::size_t listen_silence(Counted counted) {
    return listen(counted, sound_of("silence"), 0);
}

std::size_t listen_speech(Counted counted) {
    return listen(counted, conversation(), 4);
}

std::size_t listen_all_speech(Counted counted) {
    const Samples samples = conversation();
    AllListeners all;
    counted([&] {
        for (std::size_t i = 0; i < frames_of(samples); ++i) {
            all.hear(frame_of(samples, i));
        }
    });
    expect(all.sounds() + all.answers() >= 10, "the listeners are deaf");
    return frames_of(samples);
}

std::size_t generate(Counted counted) {
    constexpr std::size_t count = 2000;
    DtmfGenerator generator = endless_keys();
    Samples out(count * frame);
    counted([&] {
        for (std::size_t i = 0; i < count; ++i) {
            send_keys(generator, std::span(out).subspan(i * frame, frame));
        }
    });
    constexpr std::size_t pause_keys = 20; // the time of so many keys goes to pauses, at most
    expect(keys_heard(uncounted, out) + pause_keys > count / 10, "keys were not sent");
    return count;
}

std::size_t leg(Counted counted) {
    const Samples speech = spoken_prompts();
    const Samples pressed = all_keys(2);
    const std::size_t length = frames_of(pressed);
    std::vector<Codes> heard(length * legs);
    for (std::size_t i = 0; i < heard.size(); ++i) {
        const bool hears_keys = i % legs == 0;
        g711_encode(G711Law::ulaw,
                    hears_keys ? frame_of(pressed, i / legs) : frame_of(speech, i % legs * length + i / legs),
                    heard[i]);
    }
    std::vector<WholeLeg> all(legs);
    counted([&] {
        Codes out;
        for (std::size_t i = 0; i < heard.size(); ++i) {
            all[i % legs].process(heard[i], out);
        }
    });
    expect(all[0].heard == 32, "a leg heard other keys than were sent");
    return heard.size();
}

std::size_t load(Counted counted) {
    constexpr std::size_t calls = 40;
    constexpr std::size_t ticks = 400;
    const LoadSound sound(conversation(), ticks);
    OnePrompt prompts(std::span(sound.speech).first(32'000));
    LoadedCalls all(calls, prompts, sound);
    for (std::size_t now = 0; now < ticks; ++now) {
        all.submit(now);
        const auto tick = [&] { all.process(now); };
        if (now < LoadedCalls::idle_ticks) {
            tick();
        } else {
            counted(tick);
        }
        all.take_outcomes();
    }
    expect(all.wrong() == 0, "a call heard other keys than were sent");
    return calls * (ticks - LoadedCalls::idle_ticks);
}

/// A packet for each frame of speech.
std::vector<Datagram> datagrams(Counted counted, const Samples& speech) {
    RtpSender sender({.ssrc = 1});
    std::vector<Datagram> sent(frames_of(speech), Datagram(2 * frame));
    std::size_t count = 0;
    const auto keep = [&](std::span<const std::uint8_t> bytes) {
        sent[count].resize(bytes.size());
        std::ranges::copy(bytes, sent[count++].begin());
    };
    counted([&] {
        for (std::size_t i = 0; i < sent.size(); ++i) {
            sender.send(frame_of(speech, i), keep);
        }
    });
    expect(count == sent.size(), "a packet was not sent");
    return sent;
}

std::size_t rtp_send(Counted counted) {
    return datagrams(counted, spoken_prompts()).size();
}

std::size_t rtp_receive(Counted counted) {
    const Samples speech = spoken_prompts();
    const auto sent = datagrams(uncounted, speech);
    RtpReceiver receiver;
    counted([&] {
        std::array<std::int16_t, frame> played;
        SampleIndex now = std::ssize(played);
        for (const Datagram& datagram : sent) {
            receiver.receive(datagram, now - 80, [](const KeyReport& /*key*/) {});
            receiver.play(
                now, played, [](const PlayedStretch& /*stretch*/) {}, [](const KeyReport& /*key*/) {});
            now += std::ssize(played);
        }
    });
    expect(receiver.buffer().figures().heard + 4 * frame > speech.size(), "sound was not played");
    return sent.size();
}

} // namespace

std::span<const Section> sections() {
    static constexpr std::array all{
        Section{"silence", "frame", silence},
        Section{"speech", "frame", speech},
        Section{"speech_batch", "frame", batch},
        Section{"keys", "frame", keys},
        Section{"listen_silence", "frame", listen_silence},
        Section{"listen_speech", "frame", listen_speech},
        Section{"listen_all_speech", "frame", listen_all_speech},
        Section{"generate", "frame", generate},
        Section{"leg", "frame", leg},
        Section{"rtp_send", "frame", rtp_send},
        Section{"rtp_receive", "frame", rtp_receive},
        Section{"load", "call and tick", load},
    };
    return all;
}

} // namespace keytone::bench
