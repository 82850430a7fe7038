// SPDX-License-Identifier: MIT
#pragma once

#include "server/media/live_call.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace keytone::test {

/// One end of a call: a LiveCall whose leg a talks to that of another one. `[control]`, except for its call's
/// tick.
struct LiveParty {
    explicit LiveParty(const server::LiveCallOptions& options = {})
        : call(std::make_shared<server::LiveCall>(SessionConfig{}, options)),
          port(server::RtpPort::open(*server::SocketAddress::parse("127.0.0.1", 0), {})) {
        Fact answered{};
        answered.kind = Fact::Kind::leg_answered;
        answered.leg = Leg::a;
        call->submit({"", std::nullopt, answered});
        if (port) {
            address = port->local();
        }
    }

    std::shared_ptr<server::LiveCall> call;
    Result<server::RtpPort, std::string> port; ///< Until it is opened.
    server::SocketAddress address;
    std::string heard; ///< Digits.
    std::vector<DigitHeard> reports;

    [[nodiscard]] server::StreamParameters towards(const server::SocketAddress& far,
                                                   bool events = true) const {
        server::StreamParameters parameters;
        parameters.far = far;
        if (!events) {
            parameters.event_payload_type.reset();
        }
        return parameters;
    }
    bool open(const server::SocketAddress& far, bool events = true) {
        return port.has_value() && call->open_stream(Leg::a, *std::move(port), towards(far, events));
    }
    void press(const std::string& digits, std::string id) {
        ClickIvr click;
        click.digits = digits;
        call->submit({std::move(id), std::nullopt, Request(click)});
    }
    /// Takes the call's outcomes.
    void listen() {
        while (const auto outcome = call->poll()) {
            if (const auto* const digit = std::get_if<DigitHeard>(&outcome->what)) {
                heard += digit->digit;
                reports.push_back(*digit);
            }
        }
    }
    server::StreamFigures figures() { return call->figures(Leg::a); }
};

} // namespace keytone::test
