// SPDX-License-Identifier: MIT
//
// keytone's own shape. Text frames are JSON lines, binary ones 16-bit samples, little-endian:
//
//     to the agent    {"v":1,"ev":"call.began","call":"c1","rate":8000,"from":"sip:…","to":"sip:…"}
//                     every outcome, as engine/json writes it
//                     {"v":1,"ev":"mark","call":"c1","leg":"a","name":"m1","sample":40160}
//                     {"v":1,"ev":"error","call":"c1","error":"unknown_key","message":"/x: …"}
//                     samples: 20 ms
//     from the agent  every request, as engine/json reads it
//                     {"ev":"mark","name":"m1"}   {"ev":"clear"}
//                     samples: any number
#pragma once

#include "dsp/resampler.hpp"
#include "server/agent/agent_protocol.hpp"

namespace keytone::server {

class KeytoneProtocol final : public AgentProtocol {
  public:
    /// `rate` is 8 or 16 kHz. `[any]`
    KeytoneProtocol(SampleRate rate, AgentCallInfo call);

    std::vector<AgentFrame> begin(bool is_again) override;
    AgentSaid read_text(std::string_view text) override;
    AgentSaid read_binary(std::span<const std::byte> bytes) override;
    AgentFrame heard(const HeardBlock& block) override;
    AgentFrame mark(const PlayedMark& mark) override;
    std::vector<AgentFrame> outcome(const Outcome& outcome) override;
    AgentFrame fault(const AgentFault& fault) override;
    std::vector<AgentFrame> end() override { return {}; }

  private:
    [[nodiscard]] std::string line_of(std::string_view event) const;

    SampleRate rate_;
    AgentCallInfo call_;
    Resampler from_agent_;
    Resampler to_agent_;
};

} // namespace keytone::server
