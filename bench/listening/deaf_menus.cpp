// SPDX-License-Identifier: MIT
#include "bench/listening/deaf_menus.hpp"

#include "bench/accuracy/codecs/codecs.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/recordings.hpp"
#include "bench/listening/spoken.hpp"
#include "engine/session.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string_view>

namespace keytone::listening {

namespace {

using accuracy::Pcm;
using accuracy::sample_count;

constexpr int rate_hz = accuracy::recording_rate_hz;
constexpr std::size_t frame = 160;
constexpr double listens_ms = 5000.0;
constexpr double least_pause_ms = 100.0;
constexpr double shortest_prompt_ms = 700.0;
constexpr double pause_s = 1.0;
constexpr Milliseconds longest_wait = WaitFor::max_wait_range.most; // menus talk for more than a minute

/// From the first to the last word.
MenuPrompt spoken_part(std::span<const float> samples) {
    MenuPrompt prompt{{}, accuracy::active_mean_square(samples, rate_hz), 0.0};
    const Spoken part = spoken(samples, prompt.voice, 0.0);
    const auto voice = samples.subspan(part.begin, part.end - part.begin);
    prompt.samples.assign(voice.begin(), voice.end());
    prompt.longest_pause_ms = 1000.0 * static_cast<double>(part.longest_pause) / rate_hz;
    return prompt;
}

void append_silence(std::vector<float>& line, double ms) {
    line.resize(line.size() + sample_count(ms, rate_hz));
}

Fact fact(Fact::Kind kind, Leg leg) {
    Fact what{};
    what.kind = kind;
    what.leg = leg;
    return what;
}

/// A call with its caller on leg a, who is transferred.
class TransferredCall {
  public:
    TransferredCall(const std::string& extension, std::optional<Milliseconds> silence)
        : session_(SessionConfig{}) {
        session_.submit({"", std::nullopt, fact(Fact::Kind::leg_answered, Leg::a)});
        Transfer transfer;
        transfer.phone_number = "+12025550143";
        transfer.extension = extension;
        transfer.pause_seconds = pause_s;
        if (silence) {
            transfer.wait_for = WaitFor{.max_wait = longest_wait, .silence = silence};
        }
        session_.submit({"transfer", std::nullopt, Request(transfer)});
    }

    /// Answers leg b as soon as it is dialled.
    void answer() {
        constexpr int most_frames = 500;
        for (int i = 0; i < most_frames; ++i) {
            while (const auto outcome = session_.poll()) {
                const auto* const intent = std::get_if<Intent>(&outcome->what);
                if (intent != nullptr && intent->what == Intent::Do::dial) {
                    session_.submit({"", std::nullopt, fact(Fact::Kind::leg_answered, Leg::b)});
                    return;
                }
            }
            process({});
        }
        throw std::runtime_error("the transfer was not dialled");
    }

    /// 20 ms; returns what leg b sends.
    Pcm process(std::span<const std::int16_t> heard) {
        Pcm sent(frame);
        Pcm to_caller(frame);
        const Pcm quiet(frame);
        session_.process(Leg::a, quiet, to_caller);
        session_.process(Leg::b, heard.empty() ? std::span<const std::int16_t>(quiet) : heard, sent);
        while (!heard.empty() && session_.poll()) {
        }
        return sent;
    }

  private:
    Session session_;
};

std::string digits(std::span<const std::int16_t> sent) {
    std::string heard;
    for (const accuracy::HeardKey& key : accuracy::heard_by_spandsp(sent)) {
        heard += key.key;
    }
    return heard;
}

} // namespace

std::vector<MenuPrompt> menu_prompts(const std::filesystem::path& cache, bool to_judge) {
    std::vector<MenuPrompt> found;
    for (const accuracy::Clip& clip : spoken_prompts(to_judge)) {
        MenuPrompt prompt = spoken_part(clip_samples(clip, cache, rate_hz));
        if (prompt.samples.size() >= sample_count(shortest_prompt_ms, rate_hz)) {
            found.push_back(std::move(prompt));
        }
    }
    return found;
}

Menu make_menu(const std::vector<MenuPrompt>& prompts, double longest_pause_ms, accuracy::Random& random) {
    const double voice = accuracy::mean_square(random.uniform(-25.0, -12.0));
    const double noise = std::sqrt(accuracy::mean_square(random.uniform(-65.0, -50.0)));
    const std::uint64_t items = 1 + random.below(4);
    std::vector<float> line;
    append_silence(line, random.uniform(200.0, 1500.0));
    Menu menu{{}, 0};
    for (std::uint64_t item = 0; item < items;) {
        const MenuPrompt& prompt = prompts.at(random.below(prompts.size()));
        if (prompt.longest_pause_ms > longest_pause_ms) {
            continue;
        }
        if (item++ > 0) {
            append_silence(line, random.uniform(least_pause_ms, longest_pause_ms));
        }
        const auto gain = static_cast<float>(std::sqrt(voice / prompt.voice));
        std::ranges::transform(prompt.samples, std::back_inserter(line),
                               [gain](float sample) { return gain * sample; });
    }
    menu.end = line.size();
    append_silence(line, listens_ms);
    for (float& sample : line) {
        sample += static_cast<float>(noise * random.normal());
    }
    menu.line = accuracy::to_pcm(line);
    for (const accuracy::Codec& codec : accuracy::codecs()) {
        if (std::string_view(codec.name) == "G.711 \xC2\xB5-law" && codec.pass != nullptr) {
            menu.line = codec.pass(menu.line);
        }
    }
    return menu;
}

Reached dial_extension(const Menu& menu, const std::string& extension, std::optional<Milliseconds> silence) {
    TransferredCall call(extension, silence);
    call.answer();
    Pcm sent;
    for (std::size_t at = 0; at + frame <= menu.line.size(); at += frame) {
        const Pcm more = call.process(std::span(menu.line).subspan(at, frame));
        sent.insert(sent.end(), more.begin(), more.end());
    }
    if (digits(std::span(sent).subspan(std::min(menu.end, sent.size()))) == extension) {
        return Reached::all;
    }
    return digits(std::span(sent).first(std::min(menu.end, sent.size()))).empty() ? Reached::late
                                                                                  : Reached::early;
}

} // namespace keytone::listening
