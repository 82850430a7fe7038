// SPDX-License-Identifier: MIT
#include "bench/load/loaded_calls.hpp"

#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace keytone::bench {

namespace {

constexpr std::size_t tick = LoadedCalls::tick_samples;

/// Starting points far apart and in no order, as calls come in.
std::size_t place_of(std::size_t index, std::size_t places) {
    return index * 2'654'435'761U % places;
}

/// Keys all the time, behind `LoadSound::key_period` samples of silence.
LoadSound::Samples keying(std::size_t length, std::size_t& keys) {
    const auto digits = DigitString::parse("1234567890*#w").value();
    const auto generator = DtmfGenerator::create(digits, {}, SampleRate::narrowband()).value();
    LoadSound::Samples samples(static_cast<std::size_t>(generator.length()));
    DtmfGenerator once = generator;
    once.generate(std::span(samples));
    keys = 0;
    generator.for_each_tone([&keys](const DtmfGenerator::Tone&) { ++keys; });
    const std::size_t period = samples.size();
    const std::size_t periods = (length - LoadSound::key_period) / period;
    keys *= periods;
    samples.resize(length, 0);
    for (std::size_t i = period; i < periods * period; ++i) {
        samples[i] = samples[i - period];
    }
    samples.insert(samples.begin(), LoadSound::key_period, std::int16_t{0});
    return samples;
}

void ask(Session& session, Request request) {
    session.submit({"", std::nullopt, std::move(request)});
}

void tell(Session& session, Fact::Kind kind, Leg leg) {
    Fact fact{};
    fact.kind = kind;
    fact.leg = leg;
    session.submit({"", std::nullopt, fact});
}

void ask_for_work(Session& session, std::size_t index) {
    if (index % 10 == 1) {
        ClickIvr click;
        click.digits = std::string(DigitString::max_length, '7');
        ask(session, click);
    } else if (index % 5 == 2) {
        Say say;
        say.text = "Please listen carefully, as our menu options have changed.";
        ask(session, say);
    } else if (index % 4 == 3) {
        Transfer transfer;
        transfer.phone_number = "+15551234567";
        transfer.extension = "221";
        ask(session, transfer);
    }
}

} // namespace

LoadSound::LoadSound(Samples conversation, std::size_t ticks)
    : speech(std::move(conversation)), keyed(keying((ticks - LoadedCalls::idle_ticks) * tick, keys)) {}

LoadedCalls::LoadedCalls(std::size_t count, PromptSource& prompts, const LoadSound& sound) : sound_(sound) {
    calls_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        calls_.push_back(make(i, prompts));
    }
}

LoadedCalls::Call LoadedCalls::make(std::size_t index, PromptSource& prompts) const {
    SessionConfig config;
    config.prompts = &prompts;
    config.mix_bridge = true;
    Call call{std::make_unique<Session>(config), {}, index % 10 == 0};
    for (const Leg leg : both_legs) {
        const std::size_t leg_index = 2 * index + static_cast<std::size_t>(leg);
        call.place[leg] = place_of(leg_index, sound_.speech.size() - tick);
    }
    call.keys_place = place_of(index, LoadSound::key_period);
    tell(*call.session, Fact::Kind::leg_answered, Leg::a);
    return call;
}

void LoadedCalls::submit(std::size_t now) {
    constexpr std::size_t asking_ticks = idle_ticks / 2;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
        if (place_of(i, asking_ticks) == now) {
            ask_for_work(*calls_[i].session, i);
        }
    }
}

void LoadedCalls::process(std::size_t now) {
    std::array<std::int16_t, tick> sent{};
    const auto session = [&](std::size_t i) { return i < calls_.size() ? calls_[i].session.get() : nullptr; };
    for (std::size_t i = 0; i < calls_.size(); ++i) {
        const Upcoming<Session> upcoming{session(i + Session::later_ahead), session(i + Session::soon_ahead)};
        for (const Leg leg : both_legs) {
            process(calls_[i], leg, now, sent, upcoming);
        }
    }
}

void LoadedCalls::process(Call& call, Leg leg, std::size_t now, std::span<std::int16_t> sent,
                          Upcoming<Session> upcoming) const {
    const std::span speech(sound_.speech);
    std::span<const std::int16_t> heard;
    if (call.hears_keys && leg == Leg::a) {
        heard = now < idle_ticks
                    ? speech.first(tick)
                    : std::span(sound_.keyed).subspan(call.keys_place + (now - idle_ticks) * tick, tick);
    } else {
        std::size_t& place = call.place[leg];
        heard = speech.subspan(place, tick);
        place = place + 2 * tick > speech.size() ? 0 : place + tick;
    }
    std::ranges::fill(sent, std::int16_t{0});
    call.session->process(leg, heard, sent, upcoming);
}

void LoadedCalls::take_outcomes() {
    for (Call& call : calls_) {
        while (const auto outcome = call.session->poll()) {
            call.heard +=
                std::holds_alternative<DigitHeard>(outcome->what) && outcome->leg == Leg::a ? 1U : 0U;
            const auto* const intent = std::get_if<Intent>(&outcome->what);
            if (intent != nullptr && intent->what == Intent::Do::dial) {
                tell(*call.session, Fact::Kind::leg_answered, Leg::b);
            }
        }
    }
}

std::size_t LoadedCalls::wrong() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        calls_, [&](const Call& call) { return call.hears_keys && call.heard != sound_.keys; }));
}

} // namespace keytone::bench
