// SPDX-License-Identifier: MIT
#include "tools/simulation/far_side.hpp"

#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/g711.hpp"
#include "dsp/levels.hpp"
#include "dsp/progress/progress_generator.hpp"
#include "tools/simulation/line_noise.hpp"
#include "tools/simulation/scenario_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace keytone::simulation {

namespace {

constexpr double ringing_after_s = 0.1;
constexpr double provisional_after_s = 0.1;
constexpr Milliseconds packet{20};
constexpr int ringing = 180;
constexpr int accepted = 202;
constexpr int busy_here = 486;
constexpr int decline = 603;

SampleRate rate_of(const Scenario& scenario, Leg leg) {
    return leg == Leg::a ? scenario.header.rate : scenario.header.rate_b;
}

Result<PromptPtr, PromptError> make_tone(const Sound& sound, SampleRate rate) {
    auto generator = ProgressGenerator::create(sound.pattern, {}, rate);
    if (!generator) {
        return PromptError{"tone: " + std::string(text(generator.error()))};
    }
    std::vector<std::int16_t> samples(
        static_cast<std::size_t>(rate.samples(Milliseconds{1000.0 * sound.seconds})));
    generator->generate(std::span(samples));
    return PromptPtr(std::make_shared<const Prompt>(Prompt{rate, std::move(samples)}));
}

Result<PromptPtr, PromptError> make_sound(const Sound& sound, SampleRate rate, PromptSource& prompts) {
    if (sound.kind == Sound::Kind::file) {
        return prompts.load(sound.what, rate);
    }
    if (sound.kind == Sound::Kind::speech) {
        return prompts.speak(sound.what, rate);
    }
    if (sound.kind == Sound::Kind::tone) {
        return make_tone(sound, rate);
    }
    const auto digits = DigitString::parse(sound.what);
    if (!digits) {
        return PromptError{"keys: " + std::string(text(digits.error().error))};
    }
    auto generator = DtmfGenerator::create(*digits, {}, rate);
    if (!generator) {
        return PromptError{"keys: " + std::string(text(generator.error()))};
    }
    std::vector<std::int16_t> samples(static_cast<std::size_t>(generator->length()));
    generator->generate(std::span(samples));
    return PromptPtr(std::make_shared<const Prompt>(Prompt{rate, std::move(samples)}));
}

CallEvent fact(double at_s, Leg leg, Fact::Kind kind, int status = 0,
               Fact::Reason reason = Fact::Reason::hangup) {
    Fact fact{};
    fact.kind = kind;
    fact.leg = leg;
    fact.status = status;
    fact.reason = reason;
    return {{}, at_s, fact};
}

std::int16_t through_codec(LineConditions::Codec codec, std::int16_t sample) {
    switch (codec) {
    case LineConditions::Codec::linear:
        return sample;
    case LineConditions::Codec::ulaw:
        return ulaw_decode(ulaw_encode(sample));
    case LineConditions::Codec::alaw:
        return alaw_decode(alaw_encode(sample));
    }
    return sample;
}

std::int16_t saturated(double value) {
    return static_cast<std::int16_t>(std::lround(std::clamp(value, -32768.0, 32767.0)));
}

} // namespace

FarSide::FarSide(const Scenario& scenario) : scenario_(scenario) {}

Result<FarSide, PromptError> FarSide::create(const Scenario& scenario, PromptSource& prompts) {
    FarSide far_side(scenario);
    for (const Sound& sound : scenario.sounds) {
        const SampleRate rate = rate_of(scenario, sound.leg);
        auto prompt = make_sound(sound, rate, prompts);
        if (!prompt) {
            return prompt.error();
        }
        const SampleIndex begin = sound.after_answer ? -1 : rate.samples(Milliseconds{1000.0 * sound.at_s});
        far_side.sounds_.push_back({sound, *std::move(prompt), begin});
    }
    for (const CallEvent& event : scenario.events) {
        const auto* const said = std::get_if<Fact>(&event.what);
        if (said != nullptr && said->kind == Fact::Kind::leg_answered) {
            far_side.place_after_answer(said->leg, *event.at_s);
        }
    }
    return far_side;
}

std::vector<CallEvent> FarSide::react(const Outcome& outcome) {
    const auto* const intent = std::get_if<Intent>(&outcome.what);
    if (intent == nullptr) {
        return {};
    }
    std::vector<CallEvent> facts = after(*intent, rate_of(scenario_, outcome.leg).seconds(outcome.sample));
    for (CallEvent& event : facts) {
        std::get<Fact>(event.what).attempt = outcome.id + "/" + std::to_string(intent->op.value_or(0));
    }
    return facts;
}

std::vector<CallEvent> FarSide::after(const Intent& intent, double at_s) {
    switch (intent.what) {
    case Intent::Do::dial:
        return after_dial(Leg::b, at_s, false);
    case Intent::Do::sip_invite:
        return after_dial(Leg::b, at_s, true);
    case Intent::Do::sip_refer: {
        if (!scenario_.refer) {
            return {};
        }
        std::vector<CallEvent> facts{
            fact(at_s + provisional_after_s, Leg::a, Fact::Kind::sip_response, accepted)};
        if (scenario_.refer->status != 0) {
            facts.push_back(fact(at_s + scenario_.refer->after_s, Leg::a, Fact::Kind::refer_notify,
                                 scenario_.refer->status));
        }
        return facts;
    }
    case Intent::Do::speak:
    case Intent::Do::bridge:
    case Intent::Do::hangup:
        return {};
    }
    return {};
}

std::vector<CallEvent> FarSide::after_dial(Leg leg, double at_s, bool by_sip) {
    std::vector<CallEvent> facts;
    if (!scenario_.answer) {
        return facts;
    }
    const AnswerRule& rule = *scenario_.answer;
    if (rule.result == AnswerRule::Result::none || rule.after_s > ringing_after_s) {
        facts.push_back(by_sip ? fact(at_s + ringing_after_s, leg, Fact::Kind::sip_response, ringing)
                               : fact(at_s + ringing_after_s, leg, Fact::Kind::leg_ringing));
    }
    const double then_s = at_s + rule.after_s;
    switch (rule.result) {
    case AnswerRule::Result::none:
        break;
    case AnswerRule::Result::answers:
        facts.push_back(fact(then_s, leg, Fact::Kind::leg_answered));
        place_after_answer(leg, then_s);
        if (rule.hang_up_after) {
            facts.push_back(fact(then_s + *rule.hang_up_after, leg, Fact::Kind::leg_ended));
        }
        break;
    case AnswerRule::Result::busy:
        facts.push_back(by_sip ? fact(then_s, leg, Fact::Kind::sip_response, busy_here)
                               : fact(then_s, leg, Fact::Kind::leg_ended, 0, Fact::Reason::busy));
        break;
    case AnswerRule::Result::declined:
        facts.push_back(by_sip ? fact(then_s, leg, Fact::Kind::sip_response, decline)
                               : fact(then_s, leg, Fact::Kind::leg_ended, 0, Fact::Reason::declined));
        break;
    }
    return facts;
}

void FarSide::place_after_answer(Leg leg, double at_s) {
    for (PlacedSound& placed : sounds_) {
        if (placed.sound.leg == leg && placed.sound.after_answer && placed.begin < 0) {
            placed.sound.at_s += at_s;
            placed.begin = rate_of(scenario_, leg).samples(Milliseconds{1000.0 * placed.sound.at_s});
        }
    }
}

void FarSide::hear(Leg leg, SampleIndex first, std::span<std::int16_t> out) const {
    mix(leg, false, first, out);
    const LineConditions& line = scenario_.line[leg];
    const SampleCount packet_size = rate_of(scenario_, leg).samples(packet);
    // A sine's peak is its RMS value times the square root of 2.
    const double noise = line.noise ? full_scale_pcm16 * sine_peak(*line.noise) / std::sqrt(2.0) : 0.0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto index = static_cast<std::uint64_t>(first) + i;
        if (line.noise) {
            out[i] = saturated(out[i] + noise * normal(line.seed, index));
        }
        out[i] = through_codec(line.codec, out[i]);
        const std::uint64_t packet_index = index / static_cast<std::uint64_t>(packet_size);
        if (line.loss > 0.0 && chance(line.seed + 1ULL, packet_index) < line.loss) {
            out[i] = 0;
        }
    }
}

void FarSide::speak(Leg leg, SampleIndex first, std::span<std::int16_t> out) const {
    mix(leg, true, first, out);
}

/// Adds up the leg's sounds, clipping.
void FarSide::mix(Leg leg, bool by_agent, SampleIndex first, std::span<std::int16_t> out) const {
    std::ranges::fill(out, std::int16_t{0});
    const SampleIndex end = first + static_cast<SampleIndex>(out.size());
    for (const PlacedSound& placed : sounds_) {
        if (placed.sound.leg != leg || placed.sound.by_agent != by_agent || placed.begin < 0) {
            continue;
        }
        const auto& samples = placed.prompt->samples;
        const SampleIndex sound_end = placed.begin + static_cast<SampleIndex>(samples.size());
        for (SampleIndex at = std::max(first, placed.begin); at < std::min(end, sound_end); ++at) {
            std::int16_t& sample = out[static_cast<std::size_t>(at - first)];
            sample =
                saturated(static_cast<double>(sample) + samples[static_cast<std::size_t>(at - placed.begin)]);
        }
    }
}

double FarSide::sounds_end_s() const {
    double end_s = 0.0;
    for (const PlacedSound& placed : sounds_) {
        if (placed.begin >= 0) {
            const auto end = placed.begin + static_cast<SampleIndex>(placed.prompt->samples.size());
            end_s = std::max(end_s, rate_of(scenario_, placed.sound.leg).seconds(end));
        }
    }
    return end_s;
}

std::vector<std::string> FarSide::recorded_lines() const {
    std::vector<std::string> lines;
    for (const PlacedSound& placed : sounds_) {
        if (!placed.sound.after_answer || placed.begin < 0) {
            continue;
        }
        nlohmann::ordered_json line;
        line["at"] = placed.sound.at_s;
        line["leg"] = std::string(1, character(placed.sound.leg));
        if (placed.sound.by_agent) {
            line["by"] = "agent";
        }
        line[placed.sound.kind == Sound::Kind::file     ? "play"
             : placed.sound.kind == Sound::Kind::speech ? "speak"
             : placed.sound.kind == Sound::Kind::tone   ? "tone"
                                                        : "keys"] = placed.sound.what;
        if (placed.sound.kind == Sound::Kind::tone) {
            line["seconds"] = placed.sound.seconds;
        }
        for (const auto& [key, value] : {std::pair("country", placed.sound.country),
                                         std::pair("information", placed.sound.information)}) {
            if (!value.empty()) {
                line[key] = value;
            }
        }
        lines.push_back(line.dump());
    }
    return lines;
}

} // namespace keytone::simulation
