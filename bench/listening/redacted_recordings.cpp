// SPDX-License-Identifier: MIT
#include "bench/listening/redacted_recordings.hpp"

#include "bench/accuracy/codecs/codecs.hpp"
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/program.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"
#include "dsp/dtmf_suppressor.hpp"
#include "dsp/suppressor/key_redactor.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace keytone::listening {

namespace {

using accuracy::HeardKey;
using accuracy::Pcm;
using accuracy::Random;
using accuracy::recording_rate_hz;

// A key, in samples.
struct SentKey {
    char key;
    std::size_t begin;
    std::size_t end;
};

// The same line with its keys and without them.
struct KeyedLine {
    Pcm sound;
    Pcm voice;
    std::vector<SentKey> keys;
    std::size_t spread = 0; // by which the codec moves a key's edges
};

constexpr double longest_s = 8.0;
constexpr double shortest_s = 2.0;
// GSM codes 5 ms at a time, and some of a key leaks into what is before and behind.
constexpr std::size_t gsm_spread = 40;
// A receiver tells of a key up to so much after its end.
constexpr double latest_s = 0.05;

/// Voices of at least 2 s.
using Voices = std::vector<std::vector<float>>;

void add_long(Voices& voices, std::vector<float> samples) {
    if (static_cast<double>(samples.size()) >= shortest_s * recording_rate_hz) {
        voices.push_back(std::move(samples));
    }
}

Voices judging_voices(const std::filesystem::path& cache) {
    Voices found;
    for (const accuracy::Clip& clip : accuracy::judging_speech().clips) {
        if (clip.kind.starts_with("fillets")) {
            add_long(found, clip_samples(clip, cache, recording_rate_hz));
        }
    }
    return found;
}

Voices tuning_voices() {
    Voices found;
    for (const accuracy::Recording& prompt : accuracy::prompts()) {
        add_long(found, prompt.samples);
    }
    return found;
}

const Voices& voices(bool held_out, const std::filesystem::path& cache) {
    static const Voices tuning = tuning_voices();
    static const Voices judging = judging_voices(cache);
    const Voices& chosen = held_out ? judging : tuning;
    if (chosen.empty()) {
        throw std::runtime_error(held_out ? "install fillets-ng-data-nl"
                                          : "install asterisk-core-sounds-en-wav");
    }
    return chosen;
}

// One voice, keys of 40 to 500 ms and -30 to 0 dBm0 all over it, through nothing, G.711 or GSM.
KeyedLine make_line(const RedactionCase& asked, Random& random, const std::filesystem::path& cache) {
    const Voices& all = voices(asked.held_out, cache);
    std::vector<float> voice = all[random.below(all.size())];
    voice.resize(std::min(voice.size(), static_cast<std::size_t>(longest_s * recording_rate_hz)));
    accuracy::KeyShape shape;
    shape.low_dbm0 = random.uniform(-30.0, 0.0);
    shape.high_dbm0 = std::min(shape.low_dbm0 + random.uniform(-8.0, 4.0), 0.0);
    const double over_db = random.uniform(asked.least_over_db, asked.most_over_db);
    const double spoken = accuracy::active_mean_square(voice, recording_rate_hz);
    const auto gain = static_cast<float>(std::sqrt(shape.power() / accuracy::power_ratio(over_db) / spoken));
    std::ranges::for_each(voice, [gain](float& sample) { sample *= gain; });

    KeyedLine line;
    std::vector<float> sound = voice;
    std::size_t at = accuracy::sample_count(random.uniform(100.0, 600.0), recording_rate_hz);
    const auto margin = accuracy::sample_count(100.0, recording_rate_hz);
    while (true) {
        shape.tone_ms = random.uniform() < 0.5 ? random.uniform(40.0, 100.0) : random.uniform(100.0, 500.0);
        const std::size_t count = accuracy::sample_count(shape.tone_ms, recording_rate_hz);
        if (at + count + margin > sound.size()) {
            break;
        }
        const char key = accuracy::random_key(random);
        accuracy::KeyTones(key, shape, recording_rate_hz, random).add_to(sound, at, count);
        line.keys.push_back({key, at, at + count});
        at += count + accuracy::sample_count(random.uniform(50.0, 800.0), recording_rate_hz);
    }
    constexpr std::array<std::string_view, 3> names{"G.711 \xC2\xB5-law", "G.711 A-law", "GSM-FR"};
    const std::size_t chosen = random.below(names.size() + 1);
    line.sound = accuracy::to_pcm(sound);
    line.voice = accuracy::to_pcm(voice);
    for (const accuracy::Codec& codec : accuracy::codecs()) {
        if (chosen < names.size() && codec.name == names.at(chosen) && codec.pass != nullptr) {
            line.sound = codec.pass(line.sound);
            line.voice = codec.pass(line.voice);
            line.spread = chosen == 2 ? gsm_spread : 0;
        }
    }
    return line;
}

Pcm redacted(const Pcm& sound) {
    constexpr std::size_t block = 4096;
    KeyRedactor redactor(SampleRate::narrowband());
    Pcm out = sound;
    const auto silence = [&](const KeySpan& span) {
        const auto end = std::min<SampleIndex>(span.end, std::ssize(out));
        for (SampleIndex i = span.begin; i < end; ++i) {
            std::int16_t& sample = out[static_cast<std::size_t>(i)];
            sample = static_cast<std::int16_t>(sample * span.left(i, redactor.fade_samples()) /
                                               (redactor.fade_samples() + 1));
        }
    };
    for (std::size_t at = 0; at < sound.size(); at += block) {
        redactor.hear(std::span(sound).subspan(at, std::min(block, sound.size() - at)));
        redactor.forget_before(redactor.settled(), silence);
    }
    redactor.finish();
    redactor.forget_before(KeySpan::open, silence);
    return out;
}

Pcm suppressed(const Pcm& sound) {
    DtmfSuppressor suppressor(SampleRate::narrowband());
    Pcm all = sound;
    all.resize(sound.size() + static_cast<std::size_t>(suppressor.delay()));
    suppressor.process(all, all);
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(suppressor.delay()));
    return all;
}

// The digits that multimon-ng prints, without their times.
std::string multimon_digits(std::span<const std::int16_t> sound, const std::filesystem::path& scratch) {
    constexpr double its_rate = 22050.0;
    Pcm samples =
        accuracy::to_pcm(accuracy::resampled(accuracy::from_pcm(sound), its_rate / recording_rate_hz));
    samples.resize(samples.size() + 4410);
    std::ofstream(scratch, std::ios::binary)
        .write(reinterpret_cast<const char*>(samples.data()),
               static_cast<std::streamsize>(samples.size() * sizeof(std::int16_t)));
    const auto said = std::filesystem::path(scratch).replace_extension(".txt");
    accuracy::run_program({"multimon-ng", "-q", "-a", "DTMF", "-t", "raw", scratch.string()}, said);
    constexpr std::string_view prefix = "DTMF: ";
    std::string digits;
    std::ifstream lines(said);
    for (std::string line; std::getline(lines, line);) {
        digits +=
            line.starts_with(prefix) && line.size() > prefix.size() ? line.substr(prefix.size(), 1) : "";
    }
    std::filesystem::remove(scratch);
    std::filesystem::remove(said);
    return digits;
}

bool tells(std::span<const HeardKey> heard, const SentKey& key) {
    return std::ranges::any_of(heard, [&](const HeardKey& each) {
        const double from = static_cast<double>(key.begin) / recording_rate_hz;
        return each.key == key.key && each.at_s >= from &&
               each.at_s <= static_cast<double>(key.end) / recording_rate_hz + latest_s;
    });
}

// Which keys a reader reads.
using Read = std::array<std::vector<bool>, readers>;

Read read(const Pcm& sound, const std::vector<SentKey>& keys, const std::filesystem::path& scratch) {
    DtmfLimits most_sensitive;
    most_sensitive.sensitivity = Sensitivity::sensitive;
    const auto keytone = accuracy::heard_by_keytone(sound, recording_rate_hz, most_sensitive);
    const auto spandsp = accuracy::heard_by_spandsp(sound);
    const std::string all = multimon_digits(sound, scratch);
    Read read;
    for (const SentKey& key : keys) {
        read[by_keytone].push_back(tells(keytone, key));
        read[by_spandsp].push_back(tells(spandsp, key));
        // It tells no times: each key by itself, where any is told at all.
        bool told = all.find(key.key) != std::string::npos;
        if (told) {
            const auto margin = accuracy::sample_count(60.0, recording_rate_hz);
            const std::size_t from = key.begin - std::min(key.begin, margin);
            const std::size_t end = std::min(key.end + margin, sound.size());
            told = multimon_digits(std::span(sound).subspan(from, end - from), scratch).find(key.key) !=
                   std::string::npos;
        }
        read[by_multimon].push_back(told);
    }
    return read;
}

} // namespace

Redacted& Redacted::operator+=(const Redacted& more) {
    recordings += more.recordings;
    keys += more.keys;
    for (std::size_t i = 0; i < readers; ++i) {
        read_before.at(i) += more.read_before.at(i);
        read_after.at(i) += more.read_after.at(i);
    }
    changed_outside += more.changed_outside;
    recordings_changed += more.recordings_changed;
    audible_ms.insert(audible_ms.end(), more.audible_ms.begin(), more.audible_ms.end());
    return *this;
}

double Redacted::audible(double percent) const {
    std::vector<float> sorted = audible_ms;
    std::ranges::sort(sorted);
    const auto place = static_cast<std::size_t>(percent / 100.0 * static_cast<double>(sorted.size()));
    return sorted.empty() ? 0.0 : static_cast<double>(sorted[std::min(place, sorted.size() - 1)]);
}

Redacted redact_one(const RedactionCase& asked, Random& random, const std::filesystem::path& cache,
                    const std::filesystem::path& scratch) {
    KeyedLine line = make_line(asked, random, cache);
    const Pcm out = asked.live ? suppressed(line.sound) : redacted(line.sound);
    Redacted result;
    result.recordings = 1;
    std::vector<bool> may_change(out.size());
    for (const SentKey& key : line.keys) {
        ++result.keys;
        const std::size_t first = key.begin - std::min(key.begin, line.spread);
        std::fill(may_change.begin() + static_cast<std::ptrdiff_t>(first),
                  may_change.begin() +
                      static_cast<std::ptrdiff_t>(std::min(key.end + line.spread, out.size())),
                  true);
        const auto sounds =
            std::count_if(out.begin() + static_cast<std::ptrdiff_t>(key.begin),
                          out.begin() + static_cast<std::ptrdiff_t>(key.end), [](auto s) { return s != 0; });
        result.audible_ms.push_back(1000.0F * static_cast<float>(sounds) / recording_rate_hz);
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        result.changed_outside += out[i] != line.sound[i] && !may_change[i] ? 1 : 0;
        // The voice alone, silenced alike: what is read in it too is no key.
        line.voice[i] = out[i] != line.sound[i] ? std::int16_t{0} : line.voice[i];
    }
    result.recordings_changed = result.changed_outside > 0 ? 1 : 0;
    const Read before = read(line.sound, line.keys, scratch);
    const Read after = read(out, line.keys, scratch);
    const Read without = read(line.voice, line.keys, scratch);
    for (std::size_t reader = 0; reader < readers; ++reader) {
        for (std::size_t i = 0; i < line.keys.size(); ++i) {
            result.read_before.at(reader) += before.at(reader)[i] ? 1 : 0;
            result.read_after.at(reader) += after.at(reader)[i] && !without.at(reader)[i] ? 1 : 0;
        }
    }
    return result;
}

Muted& Muted::operator+=(const Muted& more) {
    seconds += more.seconds;
    spans += more.spans;
    muted_s += more.muted_s;
    return *this;
}

Muted mute_speech(const std::vector<float>& samples) {
    constexpr std::size_t block = 4096;
    const Pcm sound = accuracy::to_pcm(samples);
    KeyRedactor redactor(SampleRate::narrowband());
    Muted muted{.seconds = static_cast<double>(sound.size()) / recording_rate_hz};
    const auto count = [&](const KeySpan& span) {
        ++muted.spans;
        muted.muted_s +=
            static_cast<double>(std::min<SampleIndex>(span.end, std::ssize(sound)) - span.begin) /
            recording_rate_hz;
    };
    for (std::size_t at = 0; at < sound.size(); at += block) {
        redactor.hear(std::span(sound).subspan(at, std::min(block, sound.size() - at)));
        redactor.forget_before(redactor.settled(), count);
    }
    redactor.finish();
    redactor.forget_before(KeySpan::open, count);
    return muted;
}

} // namespace keytone::listening
