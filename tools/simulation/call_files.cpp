// SPDX-License-Identifier: MIT
#include "tools/simulation/call_files.hpp"

#include "engine/io/picture/timeline_picture.hpp"
#include "engine/io/wav_writer.hpp"
#include "engine/json/outcome_json.hpp"
#include "tools/console/printable.hpp"
#include "tools/console/text_output.hpp"
#include "tools/simulation/call_story.hpp"
#include "tools/simulation/call_timeline.hpp"

#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

namespace keytone::tools {

namespace {

using simulation::CallRecord;

std::optional<Failure> write_leg(const std::string& path, std::span<const std::int16_t> samples,
                                 SampleRate rate) {
    auto writer = io::WavWriter::create(path, rate.hz(), 1, io::WavEncoding::pcm16,
                                        static_cast<SampleCount>(samples.size()));
    if (!writer) {
        return failed(writer.error().message);
    }
    if (const auto written = writer->write(samples); !written) {
        return failed(written.error().message);
    }
    if (const auto closed = writer->close(); !closed) {
        return failed(closed.error().message);
    }
    return std::nullopt;
}

} // namespace

std::string event_lines(const CallRecord& record) {
    std::string lines;
    for (const Outcome& outcome : record.outcomes) {
        lines += json::outcome_line(outcome, {record.call, record.session});
    }
    return lines;
}

std::optional<Failure> make_call_folder(const std::string& folder) {
    if (folder.empty()) {
        return failed("output: has no name: give the folder one");
    }
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return failed(printable(folder) + ": the folder cannot be made: " + error.message());
    }
    return std::nullopt;
}

std::optional<Failure> write_call(const CallRecord& record, const std::string& recording,
                                  io::FileReaders readers, const std::string& folder) {
    const std::filesystem::path place = folder;
    for (const Leg leg : both_legs) {
        const std::string name = (place / ("leg-" + std::string(1, character(leg)))).string();
        auto failure = write_leg(name + ".wav", record.audio[leg].sent, record.rate[leg]);
        if (!failure) {
            failure = write_leg(name + "-heard.wav", record.audio[leg].heard, record.rate[leg]);
        }
        if (failure) {
            return failure;
        }
    }
    if (auto failure = write_text((place / "events.jsonl").string(), event_lines(record))) {
        return failure;
    }
    if (auto failure = write_text((place / "recording.jsonl").string(), recording, readers)) {
        return failure;
    }
    const io::Timeline timeline = simulation::call_timeline("Call " + record.call, record);
    for (const auto& [name, format] : {std::pair{"timeline.svg", io::PictureFormat::svg},
                                       std::pair{"timeline.png", io::PictureFormat::png}}) {
        if (const auto error = io::write_timeline_picture((place / name).string(), format, timeline)) {
            return failed(error->message);
        }
    }
    return std::nullopt;
}

std::string files_told(const std::string& folder) {
    const std::filesystem::path place = folder;
    return "What was sent:   " + (place / "leg-a.wav").string() + " " + (place / "leg-b.wav").string() +
           "\nWhat was heard:  " + (place / "leg-a-heard.wav").string() + " " +
           (place / "leg-b-heard.wav").string() + "\nThe picture:     " + (place / "timeline.png").string() +
           " (and .svg)" + "\nEvery event:     " + (place / "events.jsonl").string() + "\n";
}

std::string told(const CallRecord& record, const std::string& folder) {
    std::string text;
    for (const std::string& line : simulation::tell_story(record.outcomes, record.rate)) {
        text += line + "\n";
    }
    return text + "\n" + files_told(folder);
}

} // namespace keytone::tools
