// SPDX-License-Identifier: MIT
#include "bench/live/service_figures.hpp"

#include <nlohmann/json.hpp>

#include <iomanip>
#include <sstream>

namespace keytone::bench {

namespace {

constexpr const char* indent = "          ";

std::string words_of(const Delays& delays) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(1) << delays.count << ", median " << delays.median_ms
        << " ms, 99.9 % " << delays.ms_of_999 << ", worst " << delays.worst_ms;
    return out.str();
}

nlohmann::ordered_json json_of(const Delays& delays) {
    return {{"count", delays.count},
            {"median_ms", delays.median_ms},
            {"ms_of_999", delays.ms_of_999},
            {"worst_ms", delays.worst_ms}};
}

} // namespace

std::string text_of(const ServiceFigures& figures, const std::map<std::string, double>& part_cores) {
    constexpr double bytes_a_mb = 1024.0 * 1024.0;
    std::ostringstream out;
    out << std::fixed << std::setprecision(1);
    out << indent << "keys to the wire: " << words_of(figures.keys) << '\n';
    out << indent << "sound to the wire: " << words_of(figures.tones) << '\n';
    out << indent << "resident: " << static_cast<double>(figures.resident_bytes) / bytes_a_mb << " MB"
        << (figures.records ? ", recording" : "") << "; the agents heard " << std::setprecision(2)
        << 100.0 * figures.heard_share << " %\n"
        << indent << "cores:";
    for (const auto& [name, cores] : part_cores) {
        out << ' ' << name << ' ' << cores;
    }
    out << '\n';
    if (figures.api) {
        out << indent << "API: " << std::setprecision(0) << figures.api->per_second << " a second, "
            << words_of(figures.api->delays) << ", status";
        for (const auto& [status, count] : figures.api->by_status) {
            out << ' ' << status << ": " << count;
        }
        out << '\n';
    }
    const auto complain = [&](std::uint64_t count, const char* what) {
        if (count > 0) {
            out << indent << count << ' ' << what << '\n';
        }
    };
    complain(figures.unmatched, "calls with keys or sounds that cannot be timed");
    complain(figures.agents_lost, "agents without their socket");
    complain(figures.agent_faults, "faults told to the agents");
    complain(figures.ended, "calls that ended by themselves");
    complain(figures.agent_late_slots, "slots of the agents more than 5 ms late");
    complain(figures.agents_left_out, "times the agents were more than 20 ms late, and left that out");
    complain(figures.api ? figures.api->unanswered : 0, "requests to the API without an answer");
    return out.str();
}

void add_to(nlohmann::ordered_json& line, const ServiceFigures& figures) {
    line["key_delay"] = json_of(figures.keys);
    line["sound_delay"] = json_of(figures.tones);
    line["unmatched_calls"] = figures.unmatched;
    line["agents_lost"] = figures.agents_lost;
    line["agent_faults"] = figures.agent_faults;
    line["calls_ended"] = figures.ended;
    line["agents_heard_share"] = figures.heard_share;
    line["agent_late_slots"] = figures.agent_late_slots;
    line["agents_left_out"] = figures.agents_left_out;
    line["resident_bytes"] = figures.resident_bytes;
    line["records"] = figures.records;
    if (figures.api) {
        auto& api = line["api"];
        api["per_second"] = figures.api->per_second;
        api["delay"] = json_of(figures.api->delays);
        api["unanswered"] = figures.api->unanswered;
        for (const auto& [status, count] : figures.api->by_status) {
            api["by_status"][std::to_string(status)] = count;
        }
    }
}

} // namespace keytone::bench
