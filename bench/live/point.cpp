// SPDX-License-Identifier: MIT
#include "bench/live/point.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iomanip>
#include <sstream>

namespace keytone::bench {

namespace {

/// The packets of the first 2 s, while calls begin: they are not judged.
constexpr std::ptrdiff_t first_packets = 100;

/// A row of the table: the first text to the left, the others to the right. `texts` has one for each column.
std::string row(const std::vector<std::string>& texts) {
    constexpr std::array widths{-10, 6, 6, 9, 6, 7, 8, 8, 8, 8, 9, 6, 7, 6};
    std::ostringstream out;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        out << std::setw(std::abs(widths[i])) << (widths[i] < 0 ? std::left : std::right) << texts[i];
    }
    return out.str() + '\n';
}

std::string fixed(double value, int decimals) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(decimals) << value;
    return out.str();
}

void judge_lateness(Point& point, std::vector<float> late) {
    if (late.empty()) {
        return;
    }
    std::ranges::sort(late);
    const auto at = [&](double share) {
        return static_cast<double>(
            late[static_cast<std::size_t>(share * static_cast<double>(late.size() - 1))]);
    };
    point.late_median_ms = at(0.5);
    point.late_999_ms = at(0.999);
    point.late_worst_ms = at(1.0);
    point.within_5_ms = static_cast<double>(std::ranges::upper_bound(late, 5.0F) - late.begin()) /
                        static_cast<double>(late.size());
}

} // namespace

bool Point::is_whole() const {
    return lines.received > 0 && lines.lost == 0 && lines.disordered == 0 && lines.wrong_time == 0 &&
           lines.malformed == 0 && keys_to_wrong == 0 && keys_from_wrong == 0 && strangers == 0 &&
           (!tick || (tick->skipped_ticks == 0 && tick->lost == 0)) && (!service || service->is_whole());
}

void judge(Point& point, const std::vector<std::unique_ptr<Line>>& lines, const Side& side) {
    std::vector<float> late;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Line& line = *lines[i];
        point.lines += line.count();
        auto behind = line.lateness();
        if (std::ssize(behind) > first_packets) {
            late.insert(late.end(), behind.begin() + first_packets, behind.end());
        }
        const auto compare = [&](const std::string& sent, const std::string& heard, const char* way) {
            if (sent == heard) {
                return std::uint64_t{0};
            }
            if (point.first_wrong.empty()) {
                point.first_wrong =
                    "call " + std::to_string(i) + " heard " + heard + " of " + sent + ' ' + way;
            }
            return std::uint64_t{1};
        };
        point.keys_to += line.keys_sent().size();
        if (const auto heard = side.keys_heard(i)) {
            point.keys_to_wrong +=
                compare(line.keys_sent(), *heard, line.setup().keys_as_events ? "as events" : "as tones");
        }
        const std::string sent = side.keys_sent(i).value_or(line.keys_sent());
        point.keys_from += sent.size();
        const bool can_tell = line.setup().keys_come_as_events || line.setup().listens_for_tones;
        if (can_tell) {
            point.keys_from_wrong += compare(sent, line.keys_heard(), "on the way out");
        } else {
            point.keys_from_unchecked += sent.size();
        }
    }
    judge_lateness(point, std::move(late));
}

std::string table_head() {
    return row({"", "cores", "calls", "us/call", "media", "gener.", "KB/call", "median", "99.9 %", "worst",
                "within", "lost", "keys", "wrong"}) +
           row({"", "", "", "and tick", "cores", "cores", "", "ms late", "ms late", "ms late", "5 ms, %", "",
                "", ""});
}

std::string table_line(const Point& point) {
    return row({point.side, std::to_string(point.setup.cores), std::to_string(point.setup.calls),
                fixed(point.cpu_us, 2), fixed(point.media_cores, 2), fixed(point.generator_cores, 2),
                fixed(point.bytes_per_call / 1024.0, 1), fixed(point.late_median_ms, 2),
                fixed(point.late_999_ms, 2), fixed(point.late_worst_ms, 2),
                fixed(100.0 * point.within_5_ms, 3),
                std::to_string(point.lines.lost + (point.tick ? point.tick->lost : 0U)),
                std::to_string(point.keys_to + point.keys_from),
                std::to_string(point.keys_to_wrong + point.keys_from_wrong)}) +
           (point.service ? text_of(*point.service, point.part_cores) : "");
}

std::string complaint(const Point& point) {
    std::string text;
    const auto add = [&](const char* what, std::uint64_t count) {
        if (count > 0) {
            text += (text.empty() ? "" : ", ") + std::to_string(count) + ' ' + what;
        }
    };
    add("packets lost on the way out", point.lines.lost);
    add("out of order", point.lines.disordered);
    add("with a wrong time stamp", point.lines.wrong_time);
    add("malformed", point.lines.malformed);
    add("calls heard other keys than were pressed", point.keys_to_wrong);
    add("calls sent other keys than they were asked for", point.keys_from_wrong);
    text += point.first_wrong.empty() ? "" : " (" + point.first_wrong + ")";
    add("packets from nowhere", point.strangers);
    add("packets the generator could not send", point.generator_failures);
    add("of its slots more than 5 ms late", point.generator_late_slots);
    if (point.tick) {
        add("ticks left out", point.tick->skipped_ticks);
        add("packets lost on the way in", point.tick->lost);
        add("packets too late for the jitter buffer", point.tick->late);
        add("slots more than 1 ms late", point.tick->late_slots);
        text += point.tick->real_time ? "" : text.empty() ? "no SCHED_FIFO" : ", no SCHED_FIFO";
    }
    return text;
}

std::string json_line(const Point& point) {
    nlohmann::ordered_json line{{"side", point.side},
                                {"cores", point.setup.cores},
                                {"calls", point.setup.calls},
                                {"seconds", point.setup.seconds},
                                {"us_per_call_and_tick", point.cpu_us},
                                {"media_cores", point.media_cores},
                                {"generator_cores", point.generator_cores},
                                {"bytes_per_call", point.bytes_per_call},
                                {"late_median_ms", point.late_median_ms},
                                {"late_999_ms", point.late_999_ms},
                                {"late_worst_ms", point.late_worst_ms},
                                {"within_5_ms", point.within_5_ms},
                                {"packets_to", point.lines.sent},
                                {"packets_from", point.lines.received},
                                {"lost_from", point.lines.lost},
                                {"out_of_order", point.lines.disordered},
                                {"wrong_time", point.lines.wrong_time},
                                {"malformed", point.lines.malformed},
                                {"keys_to", point.keys_to},
                                {"calls_with_wrong_keys_to", point.keys_to_wrong},
                                {"keys_from", point.keys_from},
                                {"keys_from_unchecked", point.keys_from_unchecked},
                                {"calls_with_wrong_keys_from", point.keys_from_wrong},
                                {"generator_late_slots", point.generator_late_slots},
                                {"whole", point.is_whole()}};
    if (point.tick) {
        line["lost_to"] = point.tick->lost;
        line["late_to"] = point.tick->late;
        line["late_slots"] = point.tick->late_slots;
        line["skipped_ticks"] = point.tick->skipped_ticks;
        line["longest_slot_ms"] = point.tick->longest_slot_ms;
        line["real_time"] = point.tick->real_time;
    }
    for (const auto& [name, cores] : point.part_cores) {
        line["part_cores"][name] = cores;
    }
    if (point.service) {
        add_to(line, *point.service);
    }
    return line.dump() + '\n';
}

} // namespace keytone::bench
