// SPDX-License-Identifier: MIT
#include "bench/accuracy/rows/timed_lines.hpp"

#include "bench/accuracy/receivers.hpp"

#include <utility>
#include <vector>

namespace keytone::accuracy {

namespace {

struct Heard {
    TimedScore keytone;
    Score spandsp;
};

Figure figure_of(const TimedScore& score) {
    std::string text = percent_text(score.right_percent());
    if (score.extra > 0) {
        text += ", " + std::to_string(score.extra) + " extra";
    }
    return {score.right_percent(), std::move(text)};
}

} // namespace

Line all_in_time(const Setting& setting, std::string what, std::size_t count, const TimedMaker& make) {
    std::vector<Heard> jobs(columns().size() * count);
    setting.work.for_each(jobs.size(), [&](std::size_t job) {
        const Column& column = columns().at(job / count);
        Random random(job + 1);
        TimedSound made = make(column, job % count, setting.rate_hz, random);
        const Sound heard = at_rate(std::move(made.sound), setting.rate_hz);
        const Pcm samples = to_pcm(heard.samples);
        jobs[job].keytone =
            score(made.keys, keytone_reports(samples, setting.rate_hz, *dtmf_profile(column.profile)),
                  setting.rate_hz);
        if (setting.compares() && job < count) {
            jobs[job].spandsp = score(heard.keys, heard_by_spandsp(samples));
        }
    });
    Heard all;
    for (const Heard& each : jobs) {
        all.keytone += each.keytone;
        all.spandsp += each.spandsp;
    }
    Line line{std::move(what), "100 %", figure_of(all.keytone), {}, all.keytone.perfect()};
    if (setting.compares()) {
        line.spandsp = hit_figure(all.spandsp);
    }
    return line;
}

} // namespace keytone::accuracy
