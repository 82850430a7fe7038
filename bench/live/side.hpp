// SPDX-License-Identifier: MIT
#pragma once

#include "bench/live/generator.hpp"
#include "bench/live/line.hpp"
#include "bench/live/service_figures.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace keytone::bench {

/// How a point is run.
struct PointSetup {
    std::size_t calls = 1;
    unsigned cores = 1;    ///< For the media threads: 1 or 2.
    double seconds = 20.0; ///< The time that is measured.
};

/// What is measured: the program at the near end of all calls.
class Side {
  public:
    Side() = default;
    virtual ~Side() = default;
    Side(const Side&) = delete;
    Side& operator=(const Side&) = delete;

    [[nodiscard]] virtual std::string name() const = 0;
    /// How the line of a call is to be made.
    [[nodiscard]] virtual LineSetup line(std::size_t index) const = 0;
    /// Begins all calls, with the far ends at that port of 127.0.0.1. Throws std::runtime_error.
    virtual std::vector<LineRoute> open(const PointSetup& setup, std::uint16_t far_port) = 0;
    /// The far ends send: keys may be pressed.
    virtual void begin() {}
    /// No further key begins.
    virtual void stop_keys() {}
    /// Takes what the calls report; called several times a second.
    virtual void attend() = 0;
    /// What its media threads have run, in seconds.
    virtual double media_seconds() = 0;
    /// What its other parts have run, where they are told apart: seconds by name.
    virtual std::map<std::string, double> part_seconds() { return {}; }
    /// Memory that the calls take, in bytes: allocated, or of another process resident.
    [[nodiscard]] virtual std::size_t bytes() const = 0;
    /// Keys of a call that the near end heard; nothing where it does not tell.
    [[nodiscard]] virtual std::optional<std::string> keys_heard(std::size_t index) const = 0;
    /// Keys of a call that it sent by itself; nothing where it passes on what it hears.
    [[nodiscard]] virtual std::optional<std::string> keys_sent(std::size_t index) const = 0;
    /// Further figures, where it has them.
    struct Tick {
        std::uint64_t late_slots = 0;
        std::uint64_t skipped_ticks = 0;
        double longest_slot_ms = 0.0;
        bool real_time = false;
        std::uint64_t lost = 0; ///< Packets of the far ends that never came.
        std::uint64_t late = 0; ///< Packets that came too late to be played as a whole.
    };
    [[nodiscard]] virtual std::optional<Tick> tick() { return std::nullopt; }
    /// What a whole service showed; called once, when all lines are done.
    [[nodiscard]] virtual std::optional<ServiceFigures>
    service(const std::vector<std::unique_ptr<Line>>& /*lines*/) {
        return std::nullopt;
    }
    /// Ends all calls.
    virtual void close() = 0;
};

} // namespace keytone::bench
