// SPDX-License-Identifier: MIT
//
// rtpengine without its kernel part, controlled by its ng protocol (bencode over UDP): each call comes as
// PCMA with keys as tones, and leaves as PCMU with keys as telephone events. So it decodes, looks for keys
// and encodes.
#pragma once

#include "bench/live/peer_program.hpp"
#include "bench/live/side.hpp"

#include <optional>

namespace keytone::bench {

class RtpengineSide final : public Side {
  public:
    RtpengineSide() = default;
    ~RtpengineSide() override;

    /// Whether the program is along PATH.
    [[nodiscard]] static bool is_installed() { return PeerProgram::is_installed("rtpengine"); }

    [[nodiscard]] std::string name() const override { return "rtpengine"; }
    [[nodiscard]] LineSetup line(std::size_t index) const override;
    std::vector<LineRoute> open(const PointSetup& setup, std::uint16_t far_port) override;
    void attend() override {}
    double media_seconds() override;
    [[nodiscard]] std::size_t bytes() const override { return bytes_; }
    [[nodiscard]] std::optional<std::string> keys_heard(std::size_t) const override { return std::nullopt; }
    [[nodiscard]] std::optional<std::string> keys_sent(std::size_t) const override { return std::nullopt; }
    void close() override;

  private:
    void start(unsigned cores);
    LineRoute open_call(std::size_t index, std::uint16_t far_port);
    /// A command's answer. Throws where there is none, or it is an error.
    std::string ask(const std::string& command);

    std::optional<PeerProgram> program_;
    int socket_ = -1;
    unsigned asked_ = 0;
    std::size_t bytes_ = 0;
};

} // namespace keytone::bench
