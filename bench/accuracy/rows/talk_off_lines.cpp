// SPDX-License-Identifier: MIT
#include "bench/accuracy/rows/talk_off_lines.hpp"

#include "bench/accuracy/recordings.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace keytone::accuracy {

namespace {

Figure count_figure(std::int64_t count) {
    return {static_cast<double>(count), std::to_string(count)};
}

/// A line that states what was heard, and asks nothing.
Line told_line(const Setting& setting, const std::string& what, const FalseKeys& heard) {
    Line line{
        what + ", " + number_text(heard.hours(), 1) + " h", {}, count_figure(heard.keytone.at(0)), {}, {}};
    if (setting.compares()) {
        line.spandsp = count_figure(heard.spandsp);
    }
    return line;
}

/// Each kind once, in the order of the clips.
std::vector<std::string> kinds_of(const std::vector<Clip>& clips) {
    std::vector<std::string> kinds;
    for (const Clip& clip : clips) {
        if (std::ranges::find(kinds, clip.kind) == kinds.end()) {
            kinds.push_back(clip.kind);
        }
    }
    return kinds;
}

template <class Belongs>
FalseKeys sum_of(const std::vector<Clip>& clips, const Hearing& hearing, const Belongs& belongs) {
    FalseKeys sum;
    for (std::size_t i = 0; i < clips.size(); ++i) {
        if (belongs(clips[i])) {
            sum += hearing.clips[i];
        }
    }
    return sum;
}

} // namespace

Line false_key_line(const Setting& setting, const std::string& what, const FalseKeys& heard,
                    double hours_a_key) {
    Line line = told_line(setting, what, heard);
    const double allowed = hours_a_key > 0.0 ? std::floor(heard.hours() / hours_a_key) : 0.0;
    line.asked = allowed > 0.0 ? "\xE2\x89\xA4 " + number_text(allowed, 0) : "0";
    if (hours_a_key > 0.0) {
        line.asked += ": 1 in " + number_text(hours_a_key, 0) + " h";
    }
    line.met =
        line.keytone->value <= allowed && (!line.spandsp || line.keytone->value <= line.spandsp->value);
    return line;
}

Outcome talk_off(const Setting& setting, const Corpus& corpus, std::span<const Way> ways,
                 const std::string& what, double hours_a_key) {
    Outcome outcome;
    if (!corpus.clips.empty()) {
        Hearing hearing = hear(setting, corpus.clips, ways, std::array{DtmfLimits{}});
        for (const bool held_out : {false, true}) {
            const FalseKeys part = sum_of(corpus.clips, hearing, [held_out](const Clip& clip) {
                return is_held_out(clip.source) == held_out;
            });
            if (part.seconds > 0.0) {
                outcome.lines.push_back(false_key_line(
                    setting, what + ", " + (held_out ? "held-out" : "tuning") + " part", part, hours_a_key));
            }
        }
        const std::vector<std::string> kinds = kinds_of(corpus.clips);
        for (const std::string& kind : kinds.size() > 1 ? kinds : std::vector<std::string>{}) {
            const FalseKeys of_kind =
                sum_of(corpus.clips, hearing, [&kind](const Clip& clip) { return clip.kind == kind; });
            outcome.lines.push_back(told_line(setting, "of it: " + kind, of_kind));
        }
        outcome.false_keys = std::move(hearing.keys);
    }
    for (const std::string& missing : corpus.missing) {
        outcome.lines.push_back({what, {}, {}, {}, {}, missing});
    }
    return outcome;
}

bool is_thorough(const Setting& setting) {
    return setting.compares() && !setting.quick;
}

} // namespace keytone::accuracy
