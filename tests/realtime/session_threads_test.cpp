// SPDX-License-Identifier: MIT
//
// One session, two threads, both at full speed: a host that submits requests and facts and polls, and an
// audio thread that never waits. KEYTONE_EVENTS=10000000 in the environment sets the number of events.
#include "dsp/dtmf_generator.hpp"
#include "engine/session.hpp"
#include "tests/support/outcome_ledger.hpp"
#include "tests/support/plain_prompts.hpp"
#include "tests/support/sanitizers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace keytone {
namespace {

constexpr std::int64_t usual_events = KEYTONE_SANITIZER_INTERCEPTS ? 20'000 : 100'000; // ten times as slow
constexpr std::int64_t events_per_call = 400;
/// No call takes this long to end: the longest wait in its rules is 32 s.
constexpr SampleCount longest_end = SampleCount{120} * 8000;
/// Longer than the keys that fill the ring of reports.
constexpr SampleCount stall_length = 40'000;

std::int64_t number_of_events() {
    const char* const wanted =
        std::getenv("KEYTONE_EVENTS"); // NOLINT(concurrency-mt-unsafe): no other thread
    return wanted == nullptr ? usual_events : std::strtoll(wanted, nullptr, 10);
}

/// What leg a hears, in a loop: a key, and silence of the same length.
std::vector<std::int16_t> one_key() {
    auto generator = *DtmfGenerator::create(*DigitString::parse("5"), {.tone = Milliseconds{50}},
                                            SampleRate::narrowband());
    std::vector<std::int16_t> samples(800);
    generator.generate(samples);
    return samples;
}

/// Asks both legs for samples, in blocks of any size, until it is destroyed.
class AudioThread {
  public:
    explicit AudioThread(Session& session, std::uint32_t seed)
        : thread_([this, &session, seed] { run(session, seed); }) {}
    ~AudioThread() {
        over_.store(true, std::memory_order_release);
        thread_.join();
    }
    AudioThread(const AudioThread&) = delete;
    AudioThread& operator=(const AudioThread&) = delete;

  private:
    void run(Session& session, std::uint32_t seed) const {
        static const std::vector<std::int16_t> key = one_key();
        std::minstd_rand random(seed);
        std::array<std::int16_t, 160> sent{};
        std::size_t next = 0;
        while (!over_.load(std::memory_order_acquire)) {
            const std::size_t size = std::min<std::size_t>(1 + random() % sent.size(), key.size() - next);
            const auto heard = std::span(key).subspan(next, size);
            session.process(Leg::a, heard, std::span(sent).first(size));
            session.process(Leg::b, random() % 4 == 0 ? std::span<const std::int16_t>{} : heard,
                            std::span(sent).first(size));
            next = (next + size) % key.size();
            if (random() % 4 == 0) {
                std::this_thread::yield(); // For machines where both threads share a core.
            }
        }
    }

    std::atomic<bool> over_{false};
    std::thread thread_;
};

/// The totals over all calls.
struct Totals {
    std::int64_t events = 0;
    std::int64_t calls = 0;
    std::uint64_t outcomes = 0;
    std::uint64_t accepted = 0;
    std::uint64_t transfers = 0;
    std::uint64_t reports_lost = 0;
    SampleCount samples = 0;
};

/// The host of one call.
class Host {
  public:
    Host(Session& session, std::uint32_t seed) : session_(session), random_(seed) {}

    /// Answers the call and keeps it busy.
    void talk() {
        tell(Fact::Kind::leg_answered, Leg::a);
        while (events_ < events_per_call && !transferred_ && ledger_.fault().empty()) {
            if (dialled_) {
                about_dialled_leg();
            }
            if (random_() % 4 == 0) {
                ask();
                let_pass(static_cast<SampleCount>(random_() % 400));
            } else {
                tell_anything();
            }
            if (random_() % 2 == 0) {
                poll();
            }
            if (ledger_.open_actions() > 8) {
                let_pass(static_cast<SampleCount>(random_() % 4000)); // Lets a part of this take effect.
                poll();
            }
            if (random_() % 1000 == 0) {
                let_pass(stall_length);
            }
        }
    }

    /// Ends the call, and waits until nothing of it is left.
    void end() {
        const EndCall end{random_() % 2 == 0 ? EndCall::Mode::graceful : EndCall::Mode::immediate};
        wait_for([&] {
            // The queues may be full: then it is requested again.
            if (!transferred_ && !ledger_.session_completed() && !ending_) {
                submit(Request(end), next_id("end"));
            }
            poll();
            ending_ = ending_ || session_.state().phase == CallPhase::ending;
            return ledger_.session_completed();
        });
        wait_for([&] {
            poll();
            return ledger_.open_actions() == 0 && ledger_.open_ops() == 0;
        });
    }

    /// Called when the audio thread has ended.
    void check(Totals& totals) {
        poll();
        EXPECT_EQ(ledger_.fault(), "");
        EXPECT_EQ(ledger_.open_actions(), 0U);
        EXPECT_EQ(ledger_.open_ops(), 0U);
        EXPECT_EQ(ledger_.answers(), requests_);
        EXPECT_LE(missing_ + ledger_.keys_missing(), ledger_.reports_lost()) << "lost, and not counted";
        totals.events += events_;
        totals.calls += 1;
        totals.outcomes += ledger_.count();
        totals.accepted += ledger_.accepted();
        totals.transfers += transferred_ ? 1U : 0U;
        totals.reports_lost += ledger_.reports_lost();
        totals.samples += session_.position(Leg::a);
    }

  private:
    template <class Condition>
    void wait_for(Condition condition) {
        const SampleIndex latest = session_.position(Leg::a) + longest_end;
        while (!condition()) {
            ASSERT_LT(session_.position(Leg::a), latest) << "the call does not go on";
            std::this_thread::yield();
        }
    }

    void let_pass(SampleCount samples) {
        const SampleIndex until = session_.position(Leg::a) + samples;
        wait_for([&] { return session_.position(Leg::a) >= until; });
    }

    std::string next_id(const char* kind) { return kind + std::to_string(++ids_); }

    void submit(decltype(CallEvent::what) what, std::string id = {}) {
        requests_ += std::holds_alternative<Request>(what) ? 1U : 0U;
        ++events_;
        session_.submit({std::move(id), std::nullopt, std::move(what)});
    }

    void tell(Fact::Kind kind, Leg leg, int status = 0) {
        Fact fact{};
        fact.kind = kind;
        fact.leg = leg;
        fact.status = status;
        submit(fact);
    }

    void ask() {
        switch (random_() % 8) {
        case 0:
        case 1:
            return submit(Request(Say{"hello", std::nullopt, true}), next_id("say"));
        case 2:
        case 3: {
            Transfer transfer;
            transfer.phone_number = "+15303195426";
            transfer.pause_seconds = 0.0;
            if (random_() % 4 == 0) {
                transfer.extension = "7";
            }
            return submit(Request(transfer), next_id("transfer"));
        }
        case 4: // An id that was used before.
            return submit(Request(Say{"again", std::nullopt, true}), last_id_);
        default: {
            ClickIvr click;
            click.digits = "12";
            click.tone = click.gap = Milliseconds{40};
            click.start = random_() % 8 == 0 ? ClickIvr::Start::now : ClickIvr::Start::queued;
            last_id_ = next_id("click");
            return submit(Request(click), last_id_);
        }
        }
    }

    /// The other side answers, or not; it may hang up again while the legs are being connected.
    void about_dialled_leg() {
        dialled_ = false;
        if (random_() % 2 == 0) {
            return tell(Fact::Kind::sip_response, Leg::b, 486);
        }
        tell(Fact::Kind::leg_answered, Leg::b);
        let_pass(static_cast<SampleCount>(random_() % 100));
        if (random_() % 8 != 0) {
            tell(Fact::Kind::leg_ended, Leg::b);
        }
    }

    void tell_anything() {
        const Leg leg = random_() % 2 == 0 ? Leg::a : Leg::b;
        switch (random_() % 10) {
        case 0:
            return tell(Fact::Kind::leg_ringing, Leg::b);
        case 1:
            return tell(Fact::Kind::leg_answered, Leg::b);
        case 2:
            return tell(Fact::Kind::leg_ended, Leg::b);
        case 3:
            return tell(Fact::Kind::sip_response, Leg::b, 180);
        case 4:
            return tell(Fact::Kind::prompt_queued, Leg::a);
        case 5:
            return tell(Fact::Kind::prompt_drained, Leg::a);
        case 6:
            return tell(Fact::Kind::beep_detected, leg);
        default:
            return tell(Fact::Kind::speech_ended, leg);
        }
    }

    void poll() {
        while (const auto outcome = session_.poll()) {
            ledger_.take(*outcome);
            count_heard(*outcome);
            if (const auto* const intent = std::get_if<Intent>(&outcome->what)) {
                dialled_ = dialled_ || intent->what == Intent::Do::dial;
            }
            if (const auto* const completed = std::get_if<SessionCompleted>(&outcome->what)) {
                transferred_ = completed->transferred;
            }
        }
    }

    /// Counts keys that were heard although no outcome reported them as sent.
    void count_heard(const Outcome& outcome) {
        const auto* const evidence = std::get_if<KeyEvidence>(&outcome.what);
        const bool heard = std::holds_alternative<DigitHeard>(outcome.what) ||
                           (evidence != nullptr && evidence->step == KeyEvidence::Step::echoed);
        if (heard && outcome.leg == Leg::a) {
            const SampleIndex number = outcome.sample / 800;
            missing_ += static_cast<std::uint64_t>(number - last_heard_ - 1);
            last_heard_ = number;
        }
    }

    Session& session_;
    std::minstd_rand random_;
    test::OutcomeLedger ledger_;
    std::int64_t events_ = 0;
    std::uint64_t requests_ = 0;
    std::uint64_t ids_ = 0;
    std::string last_id_ = "click0";
    bool dialled_ = false;
    bool transferred_ = false;
    bool ending_ = false;
    SampleIndex last_heard_ = -1;
    std::uint64_t missing_ = 0;
};

TEST(SessionThreads, NothingIsLostUncounted) {
    test::PlainPrompts prompts;
    const std::int64_t wanted = number_of_events();
    Totals totals;
    for (std::uint32_t seed = 1; totals.events < wanted && !HasFailure(); ++seed) {
        SessionConfig config;
        config.prompts = &prompts;
        config.mix_bridge = seed % 2 == 0;
        Session session(config);
        Host host(session, seed);
        {
            const AudioThread audio(session, seed);
            host.talk();
            host.end();
        }
        host.check(totals);
        if (seed % 5000 == 0) {
            std::cout << totals.events << " events" << std::endl;
        }
    }
    EXPECT_GT(totals.accepted, 0U);
    EXPECT_GT(totals.transfers, 0U);
    EXPECT_GT(totals.reports_lost, 0U) << "the ring of reports was never full";
    std::cout << totals.events << " events, " << totals.calls << " calls, " << totals.accepted
              << " accepted, " << totals.transfers << " transfers, " << totals.outcomes << " outcomes, "
              << totals.reports_lost << " reports lost, all counted; " << totals.samples / 8000
              << " s of leg a\n";
}

} // namespace
} // namespace keytone
