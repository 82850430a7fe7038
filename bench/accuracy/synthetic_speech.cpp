// SPDX-License-Identifier: MIT
#include "bench/accuracy/synthetic_speech.hpp"

#include "engine/io/wav_file.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

extern "C" char** environ; // NOLINT(readability-redundant-declaration): POSIX leaves it to the user

namespace keytone::accuracy {

namespace {

namespace fs = std::filesystem;

constexpr double characters_a_second = 17.0;
constexpr double piece_s = 60.0;
// As loud as speech on the network is: Q.24's talk-off levels are -13 and -15 dBm.
constexpr double speech_dbm0 = -15.0;

struct Voice {
    std::string program;
    std::string name;
};

/// Runs a program with its output to `output`; false when it could not, or failed.
bool run_program(const std::vector<std::string>& words, const fs::path& output) {
    std::vector<char*> arguments;
    for (const std::string& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str())); // posix_spawnp does not write there
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0644);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int error = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    return error == 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::vector<Voice> voices(const fs::path& cache) {
    std::vector<Voice> found;
    const fs::path list = cache / "voices";
    std::string line;
    // "Voices available: kal awb_time kal16 awb rms slt"; awb_time tells the time and nothing else.
    if (run_program({"flite", "-lv"}, list)) {
        std::ifstream file(list);
        std::getline(file, line, ':');
        for (std::string name; file >> name;) {
            if (name != "awb_time") {
                found.push_back({"flite", name});
            }
        }
    }
    // Columns: priority, language, age and gender, name, file. Those in mb/ need another program; !v/ are
    // variants.
    if (run_program({"espeak-ng", "--voices"}, list)) {
        std::ifstream file(list);
        std::getline(file, line);
        while (std::getline(file, line)) {
            std::istringstream columns(line);
            std::string priority;
            std::string language;
            std::string gender;
            std::string name;
            std::string path;
            columns >> priority >> language >> gender >> name >> path;
            const bool is_known =
                std::ranges::count(found, language, [](const Voice& voice) { return voice.name; }) > 0;
            if (!is_known && !path.starts_with("mb/") && !path.starts_with("!v/")) {
                found.push_back({"espeak-ng", language});
            }
        }
    }
    fs::remove(list);
    return found;
}

/// The licences that every Debian system holds: 200 000 characters of plain English.
std::string english_text() {
    std::string text;
    for (const char* name : {"GPL-3", "Apache-2.0", "MPL-2.0", "GFDL-1.3", "LGPL-2.1", "Artistic", "GPL-1"}) {
        std::ifstream file(fs::path("/usr/share/common-licenses") / name);
        for (std::string word; file >> word;) {
            // Rules, boxes and numbers of clauses are nothing to read.
            if (std::ranges::any_of(word, [](char c) { return c >= 'a' && c <= 'z'; })) {
                text += word + " ";
            }
        }
    }
    return text;
}

/// So many characters from `from` on, from the beginning again at the end.
std::string part_of(const std::string& text, std::size_t from, std::size_t count) {
    std::string part;
    while (part.size() < count) {
        from %= text.size();
        const std::size_t some = std::min(count - part.size(), text.size() - from);
        part.append(text, from, some);
        from += some;
    }
    return part;
}

void write_audio(const fs::path& path, std::span<const float> samples) {
    auto writer = io::WavWriter::create(path.string(), recording_rate_hz, 1, io::WavEncoding::pcm16);
    const auto fail = [](const io::FileError& error) { throw std::runtime_error(error.message); };
    if (!writer) {
        fail(writer.error());
    }
    if (const auto written = writer->write(to_pcm(samples)); !written) {
        fail(written.error());
    }
    if (const auto closed = writer->close(); !closed) {
        fail(closed.error());
    }
}

/// Lets the voice read, at 8 kHz and the usual level, unless it has.
std::vector<float> spoken(const fs::path& cache, const Voice& voice, const std::string& text) {
    const std::string stem = voice.program + "-" + voice.name + "-" + std::to_string(text.size());
    const fs::path kept = cache / (stem + ".wav");
    if (fs::exists(kept)) {
        return read_audio(kept);
    }
    const fs::path text_file = cache / (stem + ".txt");
    const fs::path raw = cache / (stem + ".raw.wav");
    std::ofstream(text_file) << text;
    const bool is_flite = voice.program == "flite";
    const std::vector<std::string> words{voice.program, is_flite ? "-voice" : "-v", voice.name,  "-f",
                                         text_file,     is_flite ? "-o" : "-w",     raw.string()};
    std::vector<float> samples;
    if (run_program(words, "/dev/null")) {
        samples = read_audio(raw);
        const double power = active_mean_square(samples, recording_rate_hz);
        const auto gain = static_cast<float>(power > 0.0 ? std::sqrt(mean_square(speech_dbm0) / power) : 0.0);
        for (float& sample : samples) {
            sample *= gain;
        }
        write_audio(kept, samples);
    }
    fs::remove(raw);
    fs::remove(text_file);
    return samples;
}

} // namespace

std::vector<Recording> synthetic_speech(const fs::path& cache, double hours, Work& work) {
    fs::create_directories(cache);
    const std::string text = english_text();
    const std::vector<Voice> all = voices(cache);
    if (text.empty()) {
        return {};
    }
    std::vector<std::vector<Recording>> read(all.size());
    work.for_each(all.size(), [&](std::size_t index) {
        const Voice& voice = all[index];
        const auto of_its_kind = static_cast<double>(
            std::ranges::count(all, voice.program, [](const Voice& other) { return other.program; }));
        const auto count = static_cast<std::size_t>(hours * 3600.0 * characters_a_second / of_its_kind);
        const std::vector<float> samples = spoken(cache, voice, part_of(text, index * count, count));
        read[index] = pieces({voice.program + "-" + voice.name, samples}, piece_s);
    });
    std::vector<Recording> recordings;
    for (std::vector<Recording>& of_voice : read) {
        std::ranges::move(of_voice, std::back_inserter(recordings));
    }
    return recordings;
}

} // namespace keytone::accuracy
