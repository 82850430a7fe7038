// SPDX-License-Identifier: MIT
//
// baresip as the telephone at the near end of all calls: one process, which answers each call that our own
// SIP places to it. It sends speech from a file, in PCMU, decodes what it receives, and tells the keys.
#pragma once

#include "bench/live/baresip_events.hpp"
#include "bench/live/own_folder.hpp"
#include "bench/live/peer_program.hpp"
#include "bench/live/side.hpp"
#include "server/sip/signalling.hpp"

#include <memory>
#include <optional>

namespace keytone::bench {

class BaresipSide final : public Side {
  public:
    /// That it has at once: it numbers the lines of an account from 1 to 255, and refuses more calls with
    /// 500.
    static constexpr std::size_t most_calls = 255;

    explicit BaresipSide(const LoadSound& sound) : sound_(&sound) {}
    ~BaresipSide() override;

    /// Whether the program is along PATH, and its modules are where Debian has them.
    [[nodiscard]] static bool is_installed();

    [[nodiscard]] std::string name() const override { return "baresip"; }
    [[nodiscard]] LineSetup line(std::size_t index) const override;
    /// Throws beyond most_calls, too.
    std::vector<LineRoute> open(const PointSetup& setup, std::uint16_t far_port) override;
    void attend() override;
    double media_seconds() override;
    /// Without the sound, which it reads into memory for each call.
    [[nodiscard]] std::size_t bytes() const override { return bytes_; }
    [[nodiscard]] std::optional<std::string> keys_heard(std::size_t index) const override {
        return keys_[index];
    }
    /// None: it neither presses any nor passes any on.
    [[nodiscard]] std::optional<std::string> keys_sent(std::size_t) const override { return ""; }
    void close() override;

  private:
    /// Returns how many bytes of sound it reads for a call.
    std::size_t write_files(const PointSetup& setup);
    void start(unsigned cores);
    LineRoute open_call(std::size_t index, std::uint16_t far_port);

    const LoadSound* sound_;
    std::optional<OwnFolder> folder_;
    std::optional<PeerProgram> program_;
    std::optional<BaresipEvents> events_;
    std::unique_ptr<server::Signalling> signalling_;
    std::vector<std::string> keys_; // that each call heard
    std::size_t bytes_ = 0;
};

} // namespace keytone::bench
