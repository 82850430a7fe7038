// SPDX-License-Identifier: MIT
//
// Any bytes as what a host does with one session: events of every kind with any values, blocks of any size on
// either leg, lost or not, and a host that polls or does not. Whatever it does, the outcomes keep their
// promises.
#include "dsp/dtmf_generator.hpp"
#include "engine/session.hpp"
#include "tests/fuzz/choices.hpp"
#include "tests/support/event_maker.hpp"
#include "tests/support/outcome_ledger.hpp"
#include "tests/support/plain_prompts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace {

using namespace keytone;
using test::Choices;

constexpr SampleCount most_samples = 200'000; // of a leg
constexpr int most_events = 200;

void demand(std::string_view broken) {
    if (!broken.empty()) {
        std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(broken.size()), broken.data());
        std::abort();
    }
}

/// One call and its host.
class Call {
  public:
    explicit Call(Choices& choices)
        : choices_(choices),
          maker_([this](std::size_t count) { return choices_.below(count); }, true),
          config_(make_config()),
          session_(std::make_unique<Session>(config_)) {}

    void run() {
        while (!choices_.empty() && events_ < most_events) {
            switch (choices_.below(8)) {
            case 0:
            case 1:
                submit(maker_.request());
                break;
            case 2:
                submit(maker_.fact());
                break;
            case 3: // What a call needs to make progress.
                submit(maker_.fact(Fact::Kind::leg_answered, choices_.below(2) == 0 ? Leg::a : Leg::b));
                break;
            case 4:
                poll();
                break;
            default:
                process();
                break;
            }
        }
        submit(maker_.fact(Fact::Kind::leg_ended, Leg::a));
        process();
        submit(maker_.fact(Fact::Kind::leg_ended, Leg::b));
        poll();
        demand(ledger_.open_actions() == 0 && ledger_.open_ops() == 0 ? "" : "all comes to its end");
        demand(ledger_.keys_missing() <= ledger_.reports_lost() ? "" : "what is lost is counted");
        demand(session_->state().phase == CallPhase::ended ? "" : "the call ends with its caller");
    }

  private:
    SessionConfig make_config() {
        static test::PlainPrompts prompts;
        const auto rate = [this] {
            return *SampleRate::from_hz(
                SampleRate::offered_hz[choices_.below(SampleRate::offered_hz.size())]);
        };
        SessionConfig config;
        config.rules.rate = {rate(), rate()};
        const std::size_t kind = choices_.below(16);
        config.prompts = (kind & 1U) == 0 ? &prompts : nullptr;
        config.mix_bridge = (kind & 2U) == 0;
        config.rules.strict_numbers = (kind & 4U) != 0;
        if ((kind & 8U) != 0) {
            config.rules.settings = AgentSettings{};
            config.rules.settings->transfer_enabled = true;
            config.rules.settings->transfer_number = "+15303195426";
            config.rules.settings->end_call_message = "Goodbye.";
        }
        return config;
    }

    void submit(const CallEvent& event) {
        ++events_;
        if (const auto* const request = std::get_if<Request>(&event.what)) {
            ++requests_;
            transfers_ += std::holds_alternative<TransferRequest>(*request) ? 1U : 0U;
        }
        session_->submit(event);
    }

    void poll() {
        while (const auto outcome = session_->poll()) {
            ledger_.take(*outcome);
        }
        demand(ledger_.fault());
        demand(ledger_.answers() == requests_ ? "" : "one answer to each request");
        demand(ledger_.responses() == transfers_ ? "" : "one response to each transfer request");
    }

    void process() {
        constexpr std::array<std::size_t, 16> sizes{160, 1,   2,   79,   80,   320,   441,   882,
                                                    960, 961, 997, 4410, 8000, 20000, 47999, 48000};
        const std::size_t size = sizes[choices_.below(sizes.size())];
        const std::size_t what = choices_.below(8);
        for (const Leg leg : both_legs) {
            const bool skipped = what == (leg == Leg::a ? 1U : 2U);
            if (!skipped && asked_[leg] < most_samples) {
                process(leg, size, what);
            }
        }
    }

    void process(Leg leg, std::size_t size, std::size_t what) {
        // Exactly as long as stated, so that a sanitizer detects an access beyond the end.
        std::vector<std::int16_t> heard(what == 3 ? 0 : size);
        std::vector<std::int16_t> sent(size, what == 4 ? std::int16_t{-32768} : std::int16_t{0});
        if (what >= 6) {
            auto keys = DtmfGenerator::create(*DigitString::parse(what == 6 ? "5" : "5#A"), {},
                                              config_.rules.rate[leg])
                            .value();
            keys.generate(heard);
        } else if (what == 5) {
            std::ranges::fill(heard, std::int16_t{32767});
        }
        const SampleIndex before = session_->position(leg);
        session_->process(leg, heard, sent);
        const auto length = static_cast<SampleCount>(size);
        // A leg begins where the other's latest block began.
        if (session_->position(leg) - before != length) {
            demand("each block takes its own length");
        }
        asked_[leg] += length;
    }

    Choices& choices_;
    test::EventMaker maker_;
    SessionConfig config_;
    std::unique_ptr<Session> session_;
    test::OutcomeLedger ledger_;
    std::size_t requests_ = 0;
    std::size_t transfers_ = 0;
    PerLeg<SampleCount> asked_{0, 0};
    int events_ = 0;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Choices choices({data, size});
    Call(choices).run();
    return 0;
}
