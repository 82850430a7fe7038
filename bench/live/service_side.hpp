// SPDX-License-Identifier: MIT
//
// A whole service at the near end: keytone-server as a process of its own, which our own SIP calls, and which
// dials an agent for each call. The agents speak, and ask for the keys.
#pragma once

#include "bench/live/agent_farm.hpp"
#include "bench/live/api_load.hpp"
#include "bench/live/service_program.hpp"
#include "bench/live/side.hpp"
#include "server/sip/signalling.hpp"

#include <memory>
#include <optional>
#include <unordered_map>

namespace keytone::bench {

class ServiceSide final : public Side {
  public:
    struct Options {
        std::string program = ServiceProgram::beside_this_program();
        std::optional<double>
            api_rate{}; ///< Requests a second to the API meanwhile; 0: as fast as it answers.
        bool records = false;
    };

    ServiceSide(const LoadSound& sound, Options options);
    ~ServiceSide() override;

    [[nodiscard]] std::string name() const override { return "service"; }
    [[nodiscard]] LineSetup line(std::size_t index) const override;
    std::vector<LineRoute> open(const PointSetup& setup, std::uint16_t far_port) override;
    void begin() override;
    void stop_keys() override { farm_->stop_keys(); }
    void attend() override;
    double media_seconds() override;
    std::map<std::string, double> part_seconds() override;
    /// Of the server, what it grew by.
    [[nodiscard]] std::size_t bytes() const override { return bytes_; }
    [[nodiscard]] std::optional<std::string> keys_heard(std::size_t index) const override {
        return farm_->records()[index].keys_heard;
    }
    [[nodiscard]] std::optional<std::string> keys_sent(std::size_t index) const override {
        return farm_->records()[index].keys_asked;
    }
    [[nodiscard]] std::optional<Tick> tick() override;
    [[nodiscard]] std::optional<ServiceFigures>
    service(const std::vector<std::unique_ptr<Line>>& lines) override;
    void close() override;

  private:
    void place(std::size_t index, std::uint16_t far_port);
    void take(const server::SignallingFact& fact, std::vector<LineRoute>& routes);

    const LoadSound* sound_;
    Options options_;
    std::unique_ptr<AgentFarm> farm_;
    std::unique_ptr<ServiceProgram> program_;
    std::unique_ptr<server::Signalling> signalling_;
    std::unique_ptr<ApiLoad> api_;
    std::unordered_map<server::DialogId, std::size_t> calls_; // by their dialogs
    std::size_t answered_ = 0;
    std::uint64_t ended_ = 0;
    std::size_t bytes_ = 0;
    std::map<std::string, double> metrics_at_begin_;
    std::uint64_t heard_before_ = 0; ///< As the next two: when keys begin.
    std::uint64_t late_before_ = 0;
    std::uint64_t left_out_before_ = 0;
    std::chrono::steady_clock::time_point begun_;
};

} // namespace keytone::bench
