// SPDX-License-Identifier: MIT
//
// A call as a service sees it, whoever is its agent: a scenario, or a program at a socket.
//
//     take() once, then take(fact) as facts come and step() every 20 ms at least,
//     until is_over(); finish() once; release() until it says true.
#pragma once

#include "engine/call_event.hpp"
#include "engine/leg.hpp"
#include "server/control/audio_room.hpp"
#include "server/control/call_control.hpp"
#include "server/media/stream_figures.hpp"
#include "server/sip/signalling.hpp"
#include "tools/simulation/call_record.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace keytone::server {

/// What is left of a call.
struct CallResult {
    simulation::CallRecord record;
    AudioShare share;      ///< Of the record's audio.
    std::string recording; ///< A scenario that is this call again, for the simulator.
    PerLeg<StreamFigures> figures;
    std::uint64_t recorded_lost = 0; ///< Blocks of 20 ms that are missing in the record's audio.
    bool is_cut = false;             ///< The record's audio ends early, for want of room.
    bool answered = false;
    double seconds = 0.0;           ///< From the call's first sample to its end.
    std::optional<DialogEnded> end; ///< Of leg a.
};

class ServedCall {
  public:
    /// How long, after leg a is over, leg b's end and reports under way are waited for.
    static constexpr std::chrono::seconds last_wait{2};

    virtual ~ServedCall() = default;

    /// Leg a calls. Errors: one line; the caller was refused with 503. `[control]`
    virtual std::optional<std::string> take(DialogId dialog, const IncomingCall& call) = 0;
    /// What the network said of one of its dialogs. `[control]`
    virtual void take(const SignallingFact& fact) = 0;
    /// A leg's dialog, while it has one. `[control]`
    [[nodiscard]] virtual const std::optional<DialogId>& dialog(Leg leg) const = 0;

    /// Why leg a was never connected, or how it ended. `[control]`
    [[nodiscard]] virtual const std::optional<DialogEnded>& caller_end() const = 0;

    /// What the call's owner asks for, beside its agent. False, and nothing is done, where a scenario has the
    /// call: all that happens in it is the scenario's. `[control]`
    [[nodiscard]] virtual bool submit(const CallEvent& event) = 0;
    /// How it stands: its phase, its figures. `[control]`
    [[nodiscard]] virtual LiveCall& live() = 0;

    /// Submits what the agent asks for up to now, and does what the policy wants. `[control]`
    virtual void step() = 0;
    /// Ends both legs: BYE or CANCEL. `[control]`
    virtual void end() = 0;
    /// Leg a has hung up, or the agent or end() has ended the call; and leg b has ended too, or the wait for
    /// its end is over. `[control]`
    [[nodiscard]] virtual bool is_over() const = 0;
    /// What is left of the call; called once. `[control]`
    virtual CallResult finish() = 0;
    /// Ends what is not over yet. True once the media thread has let go of the call. `[control]`
    [[nodiscard]] virtual bool release() = 0;
};

} // namespace keytone::server
