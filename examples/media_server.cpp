// SPDX-License-Identifier: MIT
//
// A small media server: 100 calls, an audio thread that serves both legs of each every 20 ms, and a control
// thread that requests keys and gets the results. Every fourth caller is transferred to an extension.
// extension.
//
//     media_server            says whether every key of every call went out at its sample
//     media_server FOLDER     leaves there what each leg sent, as µ-law without a header, too
//
// Nothing here waits for a real clock: the control thread advances the tick by hand.
#include "dsp/g711.hpp"
#include "engine/session.hpp"

#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace keytone;

namespace {

constexpr int call_count = 100;
constexpr int last_tick = 400; // 8 s: long enough for every call
constexpr int frame_size = 160;
constexpr SampleCount tone_length = 1600; // ClickIvr's defaults at 8 kHz: 200 ms,
constexpr SampleCount tone_pitch = 2400;  // and 100 ms between two

/// Takes the place of the timer that wakes the audio thread every 20 ms. The control thread is at most one
/// tick ahead.
class Clock {
  public:
    /// [control]
    void advance() {
        for (int worked = worked_; worked + 1 < begun_; worked = worked_) {
            worked_.wait(worked);
        }
        ++begun_;
        begun_.notify_one();
    }
    /// Waits until tick number `tick` begins. [audio]
    void wait_for(int tick) const {
        for (int begun = begun_; begun <= tick; begun = begun_) {
            begun_.wait(begun);
        }
    }
    /// [audio]
    void worked() {
        ++worked_;
        worked_.notify_one();
    }

  private:
    std::atomic<int> begun_ = 0;
    std::atomic<int> worked_ = 0;
};

/// A key as the call's outcomes report it.
struct SentKey {
    char digit;
    SampleIndex begin;
    SampleIndex end;
};

/// One call, and what each thread keeps of it.
struct Call {
    explicit Call(int call_number);

    int number;
    PerLeg<std::string>
        keys; ///< What each leg is to send; leg b's extension is empty where there is no transfer.
    Session session;

    // [audio]
    PerLeg<std::vector<std::uint8_t>> line;

    // [control]
    PerLeg<std::vector<SentKey>> planned;
    PerLeg<std::vector<SentKey>> sent;
    int answer_at = -1; ///< The tick at which leg b answers.
    bool over = false;
};

SessionConfig session_config() {
    SessionConfig config;
    config.mix_bridge = true; // process() connects the legs after a transfer
    return config;
}

std::string two_digits(int number) {
    return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

Call::Call(int call_number) : number(call_number), session(session_config()) {
    keys[Leg::a] = two_digits(number) + "1*0#" + two_digits(99 - number);
    keys[Leg::b] = number % 4 == 0 ? "2" + two_digits(number) : "";
    for (const Leg leg : both_legs) {
        line[leg].reserve(static_cast<std::size_t>(last_tick) * frame_size);
    }
}

// What a media server does on its audio thread: every leg of every call, 20 ms at a time. [audio]
void serve(Call& call, Leg leg) {
    const std::array<std::int16_t, frame_size> heard{}; // what came in: here the far side is silent
    std::array<std::int16_t, frame_size> sent{}; // the agent's own audio on entry, what goes out on return
    std::array<std::uint8_t, frame_size> codes{};
    call.session.process(leg, heard, sent);
    g711_encode(G711Law::ulaw, sent, codes);
    call.line[leg].insert(call.line[leg].end(), codes.begin(), codes.end()); // within what was reserved
}

void fact(Call& call, Fact::Kind kind, Leg leg) {
    Fact what{};
    what.kind = kind;
    what.leg = leg;
    call.session.submit({"", std::nullopt, what});
}

// What the agent asks for. [control]
void ask(Call& call) {
    fact(call, Fact::Kind::leg_answered, Leg::a);
    ClickIvr click;
    click.digits = call.keys[Leg::a];
    call.session.submit({"keys", std::nullopt, Request(click)});
    if (call.keys[Leg::b].empty()) {
        call.session.submit({"end", std::nullopt, Request(EndCall{})});
        return;
    }
    Transfer transfer;
    transfer.phone_number = "+12025550143";
    transfer.extension = call.keys[Leg::b];
    transfer.pause_seconds = 0.5;
    call.session.submit({"transfer", std::nullopt, Request(transfer)});
}

// Handles an outcome: what happened, or what the host is to do. [control]
void take(Call& call, const Outcome& outcome, int tick) {
    if (const auto* const plan = std::get_if<OpPlanned>(&outcome.what)) {
        for (const auto& tone : plan->tones) {
            call.planned[outcome.leg].push_back({tone.digit, tone.begin, tone.end});
        }
    } else if (const auto* const key = std::get_if<ToneCompleted>(&outcome.what)) {
        call.sent[outcome.leg].push_back({key->digit, key->begin, key->end});
    } else if (const auto* const intent = std::get_if<Intent>(&outcome.what)) {
        if (intent->what == Intent::Do::dial) {
            fact(call, Fact::Kind::leg_ringing, Leg::b);
            call.answer_at = tick + 50; // rings for a second
        } else if (intent->what == Intent::Do::hangup) {
            fact(call, Fact::Kind::leg_ended, outcome.leg);
        }
    } else if (std::holds_alternative<SessionCompleted>(outcome.what)) {
        call.over = true;
    }
}

// Whether the leg sent all of its keys, each as planned, to the sample. Also checks the audio.
bool exact(const Call& call, Leg leg) {
    const std::string& keys = call.keys[leg];
    const auto& sent = call.sent[leg];
    const auto& planned = call.planned[leg];
    if (sent.size() != keys.size() || planned.size() != keys.size()) {
        return false;
    }
    for (std::size_t i = 0; i < sent.size(); ++i) {
        const bool as_planned = sent[i].begin == planned[i].begin && sent[i].end == planned[i].end;
        const SampleIndex due = sent[0].begin + static_cast<SampleCount>(i) * tone_pitch;
        if (sent[i].digit != keys[i] || !as_planned || sent[i].begin != due ||
            sent[i].end != due + tone_length) {
            return false;
        }
    }
    // Silence is 0xff in µ-law: only within the tones may anything else sound.
    const auto& line = call.line[leg];
    for (std::size_t at = 0, i = 0; at < line.size(); ++at) {
        while (i < sent.size() && static_cast<SampleIndex>(at) >= sent[i].end) {
            ++i;
        }
        if (line[at] != 0xff && (i == sent.size() || static_cast<SampleIndex>(at) < sent[i].begin)) {
            return false;
        }
    }
    return true;
}

bool save(const Call& call, const std::string& folder) {
    bool saved = true;
    for (const Leg leg : both_legs) {
        const std::string path = folder + "/" + two_digits(call.number) + character(leg) + ".ul";
        std::FILE* const file = std::fopen(path.c_str(), "wb");
        saved = saved && file != nullptr &&
                std::fwrite(call.line[leg].data(), 1, call.line[leg].size(), file) == call.line[leg].size();
        saved = file != nullptr && std::fclose(file) == 0 && saved;
    }
    return saved;
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::unique_ptr<Call>> calls;
    for (int number = 0; number < call_count; ++number) {
        calls.push_back(std::make_unique<Call>(number));
    }

    Clock clock;
    std::thread audio([&] {
        for (int tick = 0; tick < last_tick; ++tick) {
            clock.wait_for(tick);
            for (const auto& call : calls) {
                serve(*call, Leg::a);
                serve(*call, Leg::b);
            }
            clock.worked();
        }
    });

    for (int tick = 0; tick < last_tick; ++tick) {
        clock.advance(); // the audio thread works while this one continues
        for (const auto& call : calls) {
            if (tick == call->number) { // one more call every tick
                ask(*call);
            }
            if (tick == call->answer_at) {
                fact(*call, Fact::Kind::leg_answered, Leg::b);
            }
            while (const auto outcome = call->session.poll()) {
                take(*call, *outcome, tick);
            }
        }
    }
    audio.join();

    std::size_t keys = 0;
    int wrong = 0;
    for (const auto& call : calls) {
        for (const Leg leg : both_legs) {
            keys += call->sent[leg].size();
            if (!exact(*call, leg)) {
                std::printf("call %d, leg %c: not what was asked for\n", call->number, character(leg));
                ++wrong;
            }
        }
        wrong += call->over ? 0 : 1;
        if (argc > 1 && !save(*call, argv[1])) {
            static_cast<void>(std::fputs("media_server: cannot write into the folder\n", stderr));
            return 1;
        }
    }
    std::printf("%d calls, %zu keys, %d wrong\n", call_count, keys, wrong);
    return wrong == 0 ? 0 : 1;
}
