// SPDX-License-Identifier: MIT
#include "bench/accuracy/talk_off/read_aloud.hpp"

#include "bench/accuracy/program.hpp"
#include "bench/accuracy/random.hpp"
#include "bench/accuracy/talk_off/spoken_texts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

namespace keytone::accuracy {

namespace {

namespace fs = std::filesystem;

// The average length of a reading in seconds, used only to choose how many are needed.
constexpr double espeak_reading_s = 30.0;
constexpr double flite_reading_s = 35.0;
constexpr std::size_t flite_words = 100;
constexpr std::size_t flite_sources_a_voice = 10;

/// The variants of espeak-ng's voices that a language may be read by; the empty one is the language's own
/// voice.
constexpr std::array variants{"",        "f1",       "f2",    "f3",    "f4",     "f5",    "m1",
                              "m2",      "m3",       "m4",    "m5",    "m6",     "m7",    "m8",
                              "whisper", "whisperf", "croak", "klatt", "klatt2", "klatt3"};

std::size_t readings_in(double hours, double reading_s) {
    return static_cast<std::size_t>(std::lround(hours * 3600.0 / reading_s));
}

/// What an agent reads to a caller: amounts, and a number digit by digit.
std::string numbers(Random& random) {
    std::string text;
    for (int i = 0; i < 6; ++i) {
        text += " " + std::to_string(random.below(10000));
    }
    for (int i = 0; i < 7; ++i) {
        text += " " + std::to_string(random.below(10));
    }
    return text + ".";
}

bool is_there(const std::string& program, const std::string& question) {
    return run_program({program, question}, "/dev/null");
}

/// Parses "Voices available: kal awb_time kal16 awb rms slt"; awb_time is left out, as it only tells the
/// time.
std::vector<std::string> flite_voices(const fs::path& cache) {
    std::vector<std::string> voices;
    const fs::path list = cache / "voices";
    if (run_program({"flite", "-lv"}, list)) {
        std::ifstream file(list);
        std::string line;
        std::getline(file, line, ':');
        for (std::string name; file >> name;) {
            if (name != "awb_time") {
                voices.push_back(name);
            }
        }
    }
    fs::remove(list);
    return voices;
}

std::vector<std::string> english_words() {
    std::vector<std::string> words;
    for (const char* name : {"GPL-3", "Apache-2.0", "MPL-2.0", "GFDL-1.3", "LGPL-2.1", "Artistic", "GPL-1"}) {
        std::ifstream file(fs::path("/usr/share/common-licenses") / name);
        for (std::string word; file >> word;) {
            // Rules, boxes and clause numbers are not read.
            if (std::ranges::any_of(word, [](char c) { return c >= 'a' && c <= 'z'; })) {
                words.push_back(word);
            }
        }
    }
    return words;
}

} // namespace

Corpus espeak_speech(double hours) {
    if (!is_there("espeak-ng", "--version")) {
        return {{}, {"install espeak-ng"}};
    }
    Corpus corpus;
    const auto texts = spoken_texts();
    for (std::size_t i = 0; i < readings_in(hours, espeak_reading_s); ++i) {
        Random random(i + 1);
        const SpokenText& spoken = texts[i % texts.size()];
        const std::string variant = variants.at(random.below(variants.size()));
        const std::string voice = std::string(spoken.language) + (variant.empty() ? "" : "+" + variant);
        const std::string pitch = std::to_string(5 + random.below(95));
        const std::string speed = std::to_string(90 + random.below(171));
        corpus.clips.push_back(
            {.kind = "espeak-ng",
             .name = "espeak-ng/" + std::to_string(i) + "-" + voice + "-p" + pitch + "-s" + speed,
             .source = "espeak-ng/" + voice,
             .command = {"espeak-ng", "-v", voice, "-p", pitch, "-s", speed, "-w", "{}",
                         std::string(spoken.text) + numbers(random)}});
    }
    return corpus;
}

Corpus flite_speech(const fs::path& cache, double hours) {
    fs::create_directories(cache);
    const std::vector<std::string> voices = flite_voices(cache);
    const std::vector<std::string> words = english_words();
    if (voices.empty() || words.empty()) {
        return {{}, {"install flite"}};
    }
    Corpus corpus;
    for (std::size_t i = 0; i < readings_in(hours, flite_reading_s); ++i) {
        Random random(i + 1);
        const std::string& voice = voices[i % voices.size()];
        const std::string stretch = "duration_stretch=" + std::to_string(random.uniform(0.7, 1.4));
        const std::string pitch = "int_f0_target_mean=" + std::to_string(random.uniform(70.0, 260.0));
        std::string text;
        for (std::size_t word = 0; word < flite_words; ++word) {
            text += words[(i * flite_words + word) % words.size()] + " ";
        }
        corpus.clips.push_back(
            {.kind = "flite",
             .name = "flite/" + std::to_string(i) + "-" + voice,
             .source = "flite/" + voice + "/" + std::to_string(i / voices.size() % flite_sources_a_voice),
             .command = {"flite", "-voice", voice, "--setf", stretch, "--setf", pitch, "-t", text, "-o",
                         "{}"}});
    }
    return corpus;
}

} // namespace keytone::accuracy
