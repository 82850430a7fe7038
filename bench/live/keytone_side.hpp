// SPDX-License-Identifier: MIT
#pragma once

#include "bench/live/side.hpp"
#include "server/media/media_thread.hpp"

#include <memory>

namespace keytone::bench {

/// keytone's media threads. In each call the agent speaks, and presses a key now and then.
class KeytoneSide final : public Side {
  public:
    /// Without `batches` each socket has a system call of its own.
    KeytoneSide(const LoadSound& sound, bool batches);
    ~KeytoneSide() override;

    [[nodiscard]] std::string name() const override { return batches_ ? "keytone" : "one each"; }
    [[nodiscard]] LineSetup line(std::size_t index) const override;
    std::vector<LineRoute> open(const PointSetup& setup, std::uint16_t far_port) override;
    void attend() override;
    double media_seconds() override;
    [[nodiscard]] std::size_t bytes() const override { return bytes_; }
    [[nodiscard]] std::optional<std::string> keys_heard(std::size_t index) const override;
    [[nodiscard]] std::optional<std::string> keys_sent(std::size_t index) const override;
    [[nodiscard]] std::optional<Tick> tick() override;
    void close() override;

  private:
    struct Agent;
    struct Call;

    void start_threads(const PointSetup& setup);
    void open_call(std::size_t index, const PointSetup& setup, std::uint16_t far_port);

    const LoadSound* sound_;
    bool batches_;
    std::vector<std::unique_ptr<Call>> calls_;
    std::vector<std::unique_ptr<server::MediaThread>> threads_;
    std::vector<int> thread_numbers_;
    std::size_t bytes_ = 0;
};

} // namespace keytone::bench
