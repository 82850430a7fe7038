// SPDX-License-Identifier: MIT
//
// The messages of Twilio's Media Streams, so that an agent written for those runs as it is:
//
//     to the agent    connected, start, media (20 ms of µ-law, base64), dtmf, mark, stop
//     from the agent  media, mark, clear
//
// Functions go over the same socket: a frame without `event` is a request as engine/json reads it. From its
// first request on the agent is sent the outcomes, too; before that it would not know what they are.
#pragma once

#include "server/agent/agent_protocol.hpp"

#include <cstdint>

namespace keytone::server {

/// The names by which such an agent knows the call: `MZ`, `CA` and `AC` with 32 hexadecimal digits each.
struct TwilioNames {
    std::string stream;
    std::string call;
    std::string account;

    static TwilioNames random();
    /// The call's name by its session, a UUID: by it the REST call that ends a call finds it. `[any]`
    static std::string call_of(std::string_view session);
};

class TwilioProtocol final : public AgentProtocol {
  public:
    TwilioProtocol(TwilioNames names, AgentCallInfo call);

    std::vector<AgentFrame> begin(bool is_again) override;
    AgentSaid read_text(std::string_view text) override;
    AgentSaid read_binary(std::span<const std::byte> bytes) override;
    AgentFrame heard(const HeardBlock& block) override;
    AgentFrame mark(const PlayedMark& mark) override;
    std::vector<AgentFrame> outcome(const Outcome& outcome) override;
    AgentFrame fault(const AgentFault& fault) override;
    std::vector<AgentFrame> end() override;

  private:
    /// `{"event":"…","sequenceNumber":"…","streamSid":"…"`, with the next number.
    std::string message(std::string_view event);

    TwilioNames names_;
    AgentCallInfo call_;
    std::uint64_t sequence_ = 0;
    std::uint64_t chunk_ = 0;
    std::optional<SampleIndex> first_; ///< Of what was heard.
    bool has_asked_ = false;           ///< For a function.
};

} // namespace keytone::server
