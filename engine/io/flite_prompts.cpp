// SPDX-License-Identifier: MIT
#include "engine/io/flite_prompts.hpp"

#include "engine/io/audio_reader.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/offline_resampler.hpp"
#include "engine/io/speech_level.hpp"
#include "engine/io/spoken_text.hpp"

#include <flite/flite.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

// flite's headers do not declare its voice.
extern "C" {
cst_voice* register_cmu_us_kal(const char* voice_folder);
}

namespace keytone::io {
namespace {

namespace fs = std::filesystem;

constexpr Dbm0 speech_level{-20.0};

struct DeleteWave {
    void operator()(cst_wave* wave) const { delete_wave(wave); }
};

/// Speech at the voice's own rate.
struct Utterance {
    int rate_hz;
    std::vector<float> samples;
};

PromptError too_long(std::string_view what) {
    return {std::string(what) + " lasts more than " + std::to_string(FlitePrompts::max_seconds / 60) +
            " minutes: play it in parts"};
}

Result<Utterance, PromptError> synthesize(const std::string& text) {
    // flite keeps its voices and its lexicon in global variables.
    static std::mutex flite_mutex;
    const std::lock_guard lock(flite_mutex);
    static cst_voice* const voice = flite_init() >= 0 ? register_cmu_us_kal(nullptr) : nullptr;
    if (voice == nullptr) {
        return PromptError{"flite does not start: install libflite1 again"};
    }
    const std::unique_ptr<cst_wave, DeleteWave> wave(flite_text_to_wave(text.c_str(), voice));
    if (wave == nullptr || wave->num_samples <= 0 || wave->num_channels != 1) {
        return PromptError{"flite finds nothing to pronounce in the text: give words or digits"};
    }
    return Utterance{wave->sample_rate,
                     from_pcm16({wave->samples, static_cast<std::size_t>(wave->num_samples)})};
}

std::vector<float> resampled(std::span<const float> samples, int from_hz, int to_hz) {
    OfflineResampler resampler(from_hz, to_hz);
    resampler.add(samples);
    return resampler.finish();
}

/// The path of the recording `name`, which must stay within `folder` unless that is empty.
Result<fs::path, PromptError> find_recording(const std::string& folder, const std::string& name) {
    const auto refuse = [&name](std::string_view what) {
        return PromptError{file_error(name, what).message};
    };
    if (name.empty() || name.find('\0') != std::string::npos) {
        return PromptError{"the prompt has no name: name an audio file"};
    }
    const fs::path relative(name);
    if (!folder.empty()) {
        if (relative.is_absolute()) {
            return refuse("is an absolute path: name a file in the folder of prompts");
        }
        if (std::ranges::find(relative, fs::path("..")) != relative.end()) {
            return refuse("leaves the folder of prompts: name a file in it");
        }
    }
    // The reader would take "-" for standard input.
    fs::path path =
        folder.empty() ? (relative == "-" ? fs::path("./-") : relative) : fs::path(folder) / relative;
    std::error_code ignored;
    const auto status = fs::status(path, ignored);
    // A pipe or a device would make the caller wait.
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        return refuse("is no file: name an audio file");
    }
    return path;
}

Result<Prompt, PromptError> read_recording(const fs::path& path, const std::string& name, SampleRate rate) {
    auto reader = AudioReader::open(path.string());
    if (!reader) {
        return PromptError{reader.error().message};
    }
    if (reader->channels() != 1) {
        return PromptError{file_error(name, "has " + std::to_string(reader->channels()) +
                                                " channels, a prompt has one: mix it down to mono")
                               .message};
    }
    const SampleCount most = SampleCount{FlitePrompts::max_seconds} * reader->rate_hz();
    OfflineResampler resampler(reader->rate_hz(), rate.hz());
    std::array<std::int16_t, 4096> block{};
    for (SampleCount total = 0;;) {
        const auto count = reader->read(block);
        if (!count) {
            return PromptError{count.error().message};
        }
        total += *count;
        if (total > most) {
            return too_long(file_error(name, "it").message);
        }
        if (*count == 0) {
            if (total == 0) {
                return PromptError{file_error(name, "holds no samples: record it again").message};
            }
            return Prompt{rate, to_pcm16(resampler.finish())};
        }
        resampler.add(from_pcm16(std::span(block).first(static_cast<std::size_t>(*count))));
    }
}

} // namespace

struct FlitePrompts::State {
    /// Kind and text of a prompt, its rate, and when its file was last written.
    using Name = std::tuple<char, std::string, int, fs::file_time_type::rep>;

    /// The prompt of this name, if someone still holds it. Call it, and keep(), with the mutex locked.
    PromptPtr find(const Name& name) {
        const auto found = prompts.find(name);
        return found != prompts.end() ? found->second.lock() : nullptr;
    }
    PromptPtr keep(const Name& name, Prompt prompt) {
        std::erase_if(prompts, [](const auto& entry) { return entry.second.expired(); });
        PromptPtr kept = std::make_shared<const Prompt>(std::move(prompt));
        prompts[name] = kept;
        return kept;
    }

    std::string folder;
    std::mutex mutex;
    std::map<Name, std::weak_ptr<const Prompt>> prompts;
};

FlitePrompts::FlitePrompts(std::string folder) : state_(std::make_unique<State>()) {
    state_->folder = std::move(folder);
}
FlitePrompts::~FlitePrompts() = default;

Result<PromptPtr, PromptError> FlitePrompts::speak(std::string_view text, SampleRate rate) {
    auto spoken = spoken_text(text);
    if (!spoken) {
        return spoken.error();
    }
    const std::lock_guard lock(state_->mutex);
    const State::Name name{'s', *spoken, rate.hz(), 0};
    if (auto prompt = state_->find(name)) {
        return prompt;
    }
    const auto utterance = synthesize(*spoken);
    if (!utterance) {
        return utterance.error();
    }
    const auto trimmed = trim_silence(utterance->samples, utterance->rate_hz);
    if (trimmed.empty()) {
        return PromptError{"flite finds nothing to pronounce in the text: give words or digits"};
    }
    if (static_cast<SampleCount>(trimmed.size()) > SampleCount{max_seconds} * utterance->rate_hz) {
        return too_long("the spoken text");
    }
    std::vector<float> speech(trimmed.begin(), trimmed.end());
    set_speech_level(speech, utterance->rate_hz, speech_level);
    return state_->keep(name, {rate, to_pcm16(resampled(speech, utterance->rate_hz, rate.hz()))});
}

Result<PromptPtr, PromptError> FlitePrompts::load(const std::string& name, SampleRate rate) {
    const auto path = find_recording(state_->folder, name);
    if (!path) {
        return path.error();
    }
    const std::lock_guard lock(state_->mutex);
    std::error_code ignored;
    const State::Name kept_name{'f', path->string(), rate.hz(),
                                fs::last_write_time(*path, ignored).time_since_epoch().count()};
    if (auto prompt = state_->find(kept_name)) {
        return prompt;
    }
    auto prompt = read_recording(*path, name, rate);
    if (!prompt) {
        return prompt.error();
    }
    return state_->keep(kept_name, *std::move(prompt));
}

} // namespace keytone::io
