// SPDX-License-Identifier: MIT
//
// A call in which an agent presses a key.
#include <keytone/engine/session.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <variant>

int main() {
    keytone::Session session(keytone::SessionConfig{});
    keytone::Fact answered{};
    answered.kind = keytone::Fact::Kind::leg_answered;
    answered.leg = keytone::Leg::a;
    session.submit({"", std::nullopt, answered});
    keytone::ClickIvr click;
    click.digits = "9";
    session.submit({"press", std::nullopt, keytone::Request(click)});
    for (int block = 0; block < 50; ++block) {
        const std::array<std::int16_t, 160> heard{};
        std::array<std::int16_t, 160> sent{};
        session.process(keytone::Leg::a, heard, sent);
        while (const auto outcome = session.poll()) {
            if (const auto* const key = std::get_if<keytone::ToneCompleted>(&outcome->what)) {
                std::printf("%c\n", key->digit);
            }
        }
    }
}
