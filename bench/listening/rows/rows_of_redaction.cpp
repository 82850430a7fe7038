// SPDX-License-Identifier: MIT
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/talk_off/clip.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"
#include "bench/accuracy/talk_off/speech_folder.hpp"
#include "bench/listening/redacted_recordings.hpp"
#include "bench/listening/rows/rows.hpp"

#include <string>
#include <utility>
#include <vector>

namespace keytone::listening {

namespace {

using accuracy::Figure;
using accuracy::Line;
using accuracy::number_text;

struct Asked {
    const char* what;
    RedactionCase makes;
    int share;     // of the pieces: one in so many
    bool is_asked; // whether the table asks for it
};

constexpr double loudest_db = 30.0;
constexpr std::array cases{
    Asked{"keys 3 to 30 dB over speech", {true, 3.0, loudest_db, false}, 1, true},
    Asked{"the same over prompts that were tuned on", {false, 3.0, loudest_db, false}, 4, true},
    Asked{"keys as loud as speech, -3 to 3 dB", {true, -3.0, 3.0, false}, 4, false},
    Asked{"live, 30 ms later, keys 3 to 30 dB over speech", {true, 3.0, loudest_db, true}, 4, false},
};

Figure count_figure(std::int64_t count) {
    return {static_cast<double>(count), std::to_string(count)};
}

void add_lines(Outcome& outcome, const Asked& asked, const Redacted& result) {
    const auto met = [&](bool so) { return asked.is_asked ? std::optional(so) : std::nullopt; };
    const std::string none = asked.is_asked ? "0" : "";
    const std::string of = " of " + std::to_string(result.keys) + " keys in " +
                           std::to_string(result.recordings) + " recordings";
    const auto read_before = [&](Reader reader) {
        return std::to_string(result.read_before.at(reader)) + " before";
    };
    const auto after = [&](Reader reader) { return result.read_after.at(reader); };
    outcome.lines.push_back({std::string(asked.what) + ": still read" + of, none,
                             count_figure(after(by_keytone)), count_figure(after(by_spandsp)),
                             met(after(by_keytone) + after(by_spandsp) == 0),
                             read_before(by_keytone) + ", " + read_before(by_spandsp)});
    outcome.lines.push_back({std::string(asked.what) + ": still read by multimon-ng", none,
                             count_figure(after(by_multimon)), std::nullopt, met(after(by_multimon) == 0),
                             read_before(by_multimon)});
    outcome.lines.push_back({std::string(asked.what) + ": samples changed outside of keys", none,
                             count_figure(result.changed_outside), std::nullopt,
                             met(result.changed_outside == 0),
                             "in " + std::to_string(result.recordings_changed) + " recordings"});
    outcome.lines.push_back({std::string(asked.what) + ": audible of a key, ms, half of them", "",
                             Figure{result.audible(50.0), number_text(result.audible(50.0), 1)}, std::nullopt,
                             std::nullopt,
                             "90 %: " + number_text(result.audible(90.0), 1) +
                                 ", 99 %: " + number_text(result.audible(99.0), 1)});
}

Line muted_line(const std::string& what, const Muted& muted) {
    const double hours = muted.seconds / 3600.0;
    const double an_hour = hours > 0.0 ? static_cast<double>(muted.spans) / hours : 0.0;
    return {what + ": silenced an hour",
            "",
            Figure{an_hour, number_text(an_hour, 1)},
            std::nullopt,
            std::nullopt,
            number_text(hours, 1) + " h, " + number_text(hours > 0.0 ? muted.muted_s / hours : 0.0, 2) +
                " s an hour"};
}

Muted muted_in(const Setting& setting, const std::vector<accuracy::Clip>& clips) {
    std::vector<Muted> parts(clips.size());
    setting.work.for_each(clips.size(), [&](std::size_t i) {
        parts[i] = mute_speech(accuracy::clip_samples(clips[i], setting.cache, accuracy::recording_rate_hz));
    });
    Muted all;
    for (const Muted& part : parts) {
        all += part;
    }
    return all;
}

} // namespace

Outcome rows_of_redaction(const Setting& setting) {
    Outcome outcome;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Asked& asked = cases.at(i);
        const auto pieces = static_cast<std::size_t>(std::max(1, setting.digits / asked.share));
        RedactionCase makes = asked.makes;
        makes.held_out = makes.held_out && setting.set == Set::judge;
        std::vector<Redacted> parts(pieces);
        setting.work.for_each(pieces, [&](std::size_t piece) {
            accuracy::Random random(1'000'000 * (i + 1) + piece);
            const auto scratch =
                setting.cache / ("redacted-" + std::to_string(i) + "-" + std::to_string(piece) + ".raw");
            parts[piece] = redact_one(makes, random, setting.cache, scratch);
        });
        Redacted all;
        for (const Redacted& part : parts) {
            all += part;
        }
        add_lines(outcome, asked, all);
    }
    const std::size_t step = setting.quick ? 8 : 1;
    outcome.lines.push_back(
        muted_line("prompts without keys",
                   muted_in(setting, accuracy::a_part_of(accuracy::telephone_prompts().clips, step))));
    const auto folder = accuracy::speech_folder(setting.speech);
    if (!folder.clips.empty()) {
        outcome.lines.push_back(muted_line("speech without keys", muted_in(setting, folder.clips)));
    }
    return outcome;
}

} // namespace keytone::listening
