// SPDX-License-Identifier: MIT
#pragma once

#include "bench/live/api_load.hpp"
#include "bench/live/delays.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace keytone::bench {

/// What a whole service showed, beside what every side shows.
struct ServiceFigures {
    Delays keys;  ///< From a function at the agent's socket to the first packet of the key at the far end.
    Delays tones; ///< From the agent's sound to its first packet there.
    std::uint64_t unmatched = 0;    ///< Calls whose keys or tones are not those that were sent: not timed.
    std::uint64_t agents_lost = 0;  ///< Agents whose socket was closed, or that never came.
    std::uint64_t agent_faults = 0; ///< Functions that failed, and frames with an error.
    std::uint64_t ended = 0;        ///< Calls that ended by themselves.
    double heard_share = 0.0;       ///< Of the blocks that the agents should have heard in that time.
    std::uint64_t agent_late_slots = 0;
    std::uint64_t agents_left_out = 0; ///< How often the agents were too late to say something at all.
    std::size_t resident_bytes = 0;    ///< The whole server, with all calls.
    bool records = false;
    std::optional<ApiFigures> api;

    [[nodiscard]] bool is_whole() const {
        return unmatched == 0 && agents_lost == 0 && agent_faults == 0 && ended == 0;
    }
};

/// Lines of text, beneath the table's.
std::string text_of(const ServiceFigures& figures, const std::map<std::string, double>& part_cores);
/// Adds its keys to those of a run.
void add_to(nlohmann::ordered_json& line, const ServiceFigures& figures);

} // namespace keytone::bench
