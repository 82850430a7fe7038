// SPDX-License-Identifier: MIT
#include "bench/listening/greetings.hpp"

#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"
#include "bench/accuracy/talk_off/speech_folder.hpp"
#include "bench/accuracy/talk_off/spoken_texts.hpp"
#include "bench/listening/greeting_texts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <string_view>

namespace keytone::listening {

namespace {

namespace fs = std::filesystem;
using accuracy::Clip;
using accuracy::Random;
using accuracy::sample_count;

constexpr int rate_hz = accuracy::recording_rate_hz;
constexpr double after_person_ms = 5000.0;
constexpr double after_machine_ms = 4000.0;
constexpr double longest_greeting_ms = 12000.0;

std::size_t samples_in(double ms) {
    return sample_count(ms, rate_hz);
}

// ---- Synthetic voices

constexpr std::array espeak_variants{"",    "+f1", "+f2", "+f3", "+f4", "+f5",
                                     "+m1", "+m2", "+m3", "+m4", "+m5"};
constexpr std::array flite_voices{"kal", "kal16", "awb", "rms", "slt"};

struct Voice {
    std::string name;
    std::vector<std::string> command; // what is said follows as its last word
};

/// To judge with: festival's voices. Each takes its text in an encoding of its own.
struct FestivalVoice {
    std::string_view language;
    const char* name;
    const char* encoding;
};
constexpr std::array festival_voices{
    FestivalVoice{"en", "ked_diphone", "ISO-8859-1"},
    FestivalVoice{"it", "lp_diphone", "ISO-8859-1"},
    FestivalVoice{"it", "pc_diphone", "ISO-8859-1"},
    FestivalVoice{"cs", "czech_dita", "ISO-8859-2"},
    FestivalVoice{"cs", "czech_machac", "ISO-8859-2"},
    FestivalVoice{"fi", "suo_fi_lj_diphone", "ISO-8859-1"},
    FestivalVoice{"fi", "hy_fi_mv_diphone", "ISO-8859-1"},
};

// People greet at 160 to 230 words a minute, as they do so all day long; machines also speak slowly.
Voice espeak_voice(const std::string& language, AnsweredBy by, Random& random) {
    const std::string voice = language + espeak_variants.at(random.below(espeak_variants.size()));
    const std::string pitch = std::to_string(20 + random.below(65));
    const std::string speed = std::to_string((by == AnsweredBy::human ? 160 : 130) + random.below(71));
    return {"espeak-ng/" + voice, {"espeak-ng", "-v", voice, "-p", pitch, "-s", speed, "-w", "{}"}};
}

Voice flite_voice(AnsweredBy by, Random& random) {
    const std::string voice = flite_voices.at(random.below(flite_voices.size()));
    const std::string stretch =
        "duration_stretch=" + std::to_string(random.uniform(0.75, by == AnsweredBy::human ? 1.05 : 1.2));
    const std::string pitch = "int_f0_target_mean=" + std::to_string(random.uniform(80.0, 240.0));
    return {"flite/" + voice,
            {"flite", "-voice", voice, "--setf", stretch, "--setf", pitch, "-o", "{}", "-t"}};
}

Voice festival_voice(std::string_view language, AnsweredBy by, Random& random) {
    std::vector<FestivalVoice> speakers;
    std::ranges::copy_if(festival_voices, std::back_inserter(speakers),
                         [&](const FestivalVoice& voice) { return voice.language == language; });
    const FestivalVoice& voice = speakers.at(random.below(speakers.size()));
    const std::string stretch = std::to_string(random.uniform(0.75, by == AnsweredBy::human ? 1.0 : 1.2));
    const std::string set =
        std::string("(voice_") + voice.name + ") (Parameter.set 'Duration_Stretch " + stretch + ")";
    // Its program reads files only.
    const std::string script =
        "printf '%s' \"$3\" | iconv -f UTF-8 -t \"$0\" | text2wave -eval \"$1\" -o \"$2\"";
    return {std::string("festival/") + voice.name, {"sh", "-c", script, voice.encoding, set, "{}"}};
}

std::vector<std::string> sentences(std::string_view text) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('|', at), text.size());
        parts.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

Greeting read_greeting(AnsweredBy by, const std::string& kind, const GreetingText& text, std::size_t number,
                       bool to_judge) {
    Random random(1000 * number + static_cast<std::size_t>(by) + 10 * kind.size());
    const std::string language = text.language;
    const bool english = language.starts_with("en");
    const Voice voice = to_judge                            ? festival_voice(language, by, random)
                        : english && random.uniform() < 0.6 ? flite_voice(by, random)
                                                            : espeak_voice(language, by, random);
    Greeting greeting{by, kind, to_judge};
    for (const std::string& sentence : sentences(text.text)) {
        std::string name = "greeting/" + kind + "-" + std::to_string(number) + "-" + voice.name + "-" +
                           std::to_string(greeting.parts.size());
        std::ranges::replace(name, ' ', '_');
        std::vector<std::string> command = voice.command;
        command.push_back(sentence);
        greeting.parts.push_back(
            {.kind = kind, .name = name, .source = voice.name, .command = std::move(command)});
    }
    return greeting;
}

void add_readings(std::vector<Greeting>& all, AnsweredBy by, const std::string& kind,
                  std::span<const GreetingText> texts, std::size_t readings, bool to_judge) {
    for (std::size_t i = 0; i < readings; ++i) {
        all.push_back(read_greeting(by, kind, texts[i % texts.size()], i, to_judge));
    }
}

void add_all_readings(std::vector<Greeting>& all, const GreetingTexts& texts, std::size_t readings,
                      bool to_judge) {
    add_readings(all, AnsweredBy::human, "read word", texts.words, readings, to_judge);
    add_readings(all, AnsweredBy::human, "read company", texts.companies, readings / 2, to_judge);
    add_readings(all, AnsweredBy::machine, "read machine", texts.machines, readings, to_judge);
}

// ---- Prompts of packages

struct PromptVoice {
    const char* kind;
    bool held_out;
    std::vector<Clip> clips;
};

/// The prompts that an exchange plays one after the other, where the package has them all.
constexpr std::array<std::array<std::string_view, 6>, 6> played{{
    {"vm-theperson", "digits/1", "digits/0", "digits/4", "vm-isunavail", "vm-intro"},
    {"vm-theperson", "digits/2", "digits/7", "vm-isonphone", "vm-intro"},
    {"vm-theextensionis", "digits/5", "digits/3", "digits/9", "vm-isunavail", "vm-leavemsg"},
    {"vm-nobodyavail", "vm-intro"},
    {"im-sorry", "an-error-has-occured"},
    {"dir-intro"},
}};

bool is_prompt(const Clip& clip, std::string_view name) {
    return fs::path(clip.name).replace_extension().generic_string().ends_with("/" + std::string(name));
}

void add_played(std::vector<Greeting>& all, const PromptVoice& voice) {
    for (const auto& names : played) {
        Greeting greeting{AnsweredBy::machine, std::string("exchange, ") + voice.kind, voice.held_out};
        for (const std::string_view name : names) {
            const auto found = std::ranges::find_if(
                voice.clips, [&](const Clip& clip) { return !name.empty() && is_prompt(clip, name); });
            if (found != voice.clips.end()) {
                greeting.parts.push_back(*found);
            }
        }
        if (!greeting.parts.empty()) {
            all.push_back(greeting);
        }
    }
}

/// Prompts of at least 5 s, which stand for announcements and menus, and "hello", which is a word.
void add_long_prompts(std::vector<Greeting>& all, const PromptVoice& voice, const fs::path& cache) {
    for (const Clip& clip : voice.clips) {
        const std::string stem = fs::path(clip.name).stem().string();
        if (stem.find("monkey") != std::string::npos || stem.find("beep") != std::string::npos) {
            continue; // no words
        }
        const double ms = 1000.0 * static_cast<double>(clip_samples(clip, cache, rate_hz).size()) / rate_hz;
        if (ms >= 5000.0) {
            all.push_back(
                {AnsweredBy::machine, std::string("announcement, ") + voice.kind, voice.held_out, {clip}});
        } else if (stem == "hello" || stem == "vm-goodbye") {
            all.push_back({AnsweredBy::human, std::string("word, ") + voice.kind, voice.held_out, {clip}});
        }
    }
}

void add_prompts(Greetings& found, const fs::path& cache) {
    std::array<PromptVoice, 7> voices{{
        {"asterisk-core-sounds-en-wav", false, {}},
        {"asterisk-core-sounds-es-wav", false, {}},
        {"asterisk-prompt-es-co", false, {}},
        {"asterisk-prompt-fr-armelle", false, {}},
        {"asterisk-core-sounds-fr-wav", true, {}},
        {"asterisk-core-sounds-it-wav", true, {}},
        {"asterisk-core-sounds-ru-wav", true, {}},
    }};
    for (const auto& corpus :
         {accuracy::telephone_prompts(), accuracy::packaged_speech(), accuracy::judging_prompts()}) {
        for (const Clip& clip : corpus.clips) {
            for (PromptVoice& voice : voices) {
                if (clip.kind == voice.kind) {
                    voice.clips.push_back(clip);
                }
            }
        }
    }
    for (const PromptVoice& voice : voices) {
        if (voice.clips.empty()) {
            found.missing.push_back(std::string("install ") + voice.kind);
        }
        add_played(found.all, voice);
        add_long_prompts(found.all, voice, cache);
    }
}

// ---- Recorded speech

/// Stretches between silences of 250 ms: the words and sentences that a file is made of.
std::vector<std::pair<std::size_t, std::size_t>> utterances(std::span<const float> samples) {
    constexpr double silence = 1e-7; // mean square: below -66 dBm0
    const std::size_t step = samples_in(10.0);
    const std::size_t least_silence = samples_in(250.0);
    std::vector<std::pair<std::size_t, std::size_t>> found;
    std::size_t begin = 0;
    std::size_t end = 0;
    for (std::size_t at = 0; at + step <= samples.size(); at += step) {
        if (accuracy::mean_square(samples.subspan(at, step)) < silence) {
            continue;
        }
        if (end == 0 || at - end >= least_silence) {
            if (end > begin) {
                found.emplace_back(begin, end);
            }
            begin = at;
        }
        end = at + step;
    }
    if (end > begin) {
        found.emplace_back(begin, end);
    }
    return found;
}

bool holds_words(std::string_view kind) {
    return kind == "command" || kind == "digits" || kind == "wake-word" || kind == "isolated-word";
}

bool holds_sentences(std::string_view kind) {
    return kind == "read" || kind == "telephone-test" || kind == "emotion" || kind == "dictation" ||
           kind == "emotion-field" || kind == "call-centre" || kind == "voicemail";
}

/// Which utterances of a clip somebody greets with: every so many of its words and sentences.
struct Chosen {
    bool words; ///< Or sentences.
    bool to_judge;
    std::size_t step;
};

/// Words of 0.25 to 1.5 s are a person; sentences of up to 2.6 s are companies, longer ones than 5 s are
/// somebody's own voice on a machine. `number` counts the utterances.
void add_utterances(std::vector<Greeting>& all, const std::vector<float>& samples, const Chosen& chosen,
                    std::size_t& number) {
    for (const auto& [from, to] : utterances(samples)) {
        const double ms = 1000.0 * static_cast<double>(to - from) / rate_hz;
        ++number;
        const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(from);
        const std::size_t length = std::min(to - from, samples_in(longest_greeting_ms));
        const auto add = [&](AnsweredBy by, const char* kind) {
            all.push_back(
                {by, kind, chosen.to_judge, {}, {begin, begin + static_cast<std::ptrdiff_t>(length)}});
        };
        const bool counts = number % chosen.step == 0;
        if (chosen.words && ms >= 250.0 && ms <= 1500.0 && counts) {
            add(AnsweredBy::human, "recorded words");
        } else if (!chosen.words && counts && ms >= 1200.0 && ms <= 2600.0) {
            add(AnsweredBy::human, "recorded sentences");
        } else if (!chosen.words && ms >= 5000.0) {
            add(AnsweredBy::machine, "recorded monologues");
        }
    }
}

void add_speech(Greetings& found, const fs::path& folder, const fs::path& cache) {
    constexpr std::size_t word_step = 24;
    constexpr std::size_t sentence_step = 3;
    const accuracy::Corpus corpus = accuracy::speech_folder(folder);
    found.missing.insert(found.missing.end(), corpus.missing.begin(), corpus.missing.end());
    for (const Clip& clip : corpus.clips) {
        const bool words = holds_words(clip.kind);
        if (words || holds_sentences(clip.kind)) {
            std::size_t number = 0;
            add_utterances(found.all, clip_samples(clip, cache, rate_hz),
                           {words, false, words ? word_step : sentence_step}, number);
        }
    }
}

/// A file each: a word, or what one says to another.
void add_judging_speech(Greetings& found, const fs::path& cache) {
    constexpr std::size_t word_step = 6;
    const accuracy::Corpus corpus = accuracy::judging_speech();
    found.missing.insert(found.missing.end(), corpus.missing.begin(), corpus.missing.end());
    std::size_t number = 0;
    for (const Clip& clip : corpus.clips) {
        const bool words = clip.kind == "ktuberling-data";
        add_utterances(found.all, clip_samples(clip, cache, rate_hz), {words, true, words ? word_step : 1},
                       number);
    }
}

// ---- The call

/// Without the silence at both ends.
std::vector<float> trimmed(std::span<const float> samples) {
    const std::size_t step = samples_in(10.0);
    const double least = accuracy::active_mean_square(samples, rate_hz) * accuracy::power_ratio(-35.0);
    std::size_t begin = samples.size();
    std::size_t end = 0;
    for (std::size_t at = 0; at + step <= samples.size(); at += step) {
        if (accuracy::mean_square(samples.subspan(at, step)) > least) {
            begin = std::min(begin, at);
            end = at + step;
        }
    }
    return begin < end ? std::vector<float>(samples.begin() + static_cast<std::ptrdiff_t>(begin),
                                            samples.begin() + static_cast<std::ptrdiff_t>(end))
                       : std::vector<float>{};
}

/// White noise, or noise with most of its power below 500 Hz, as of rooms and streets, which swells by a few
/// decibels.
std::vector<float> noise(std::size_t count, double dbm0, bool of_a_place, Random& random) {
    std::vector<float> samples(count);
    double low = 0.0;
    const double slow = 2.0 * std::numbers::pi * random.uniform(0.2, 1.0) / rate_hz;
    for (std::size_t n = 0; n < count; ++n) {
        const double white = random.normal();
        low += 0.3 * (white - low);
        const double swell = of_a_place ? 1.0 + 0.25 * std::sin(slow * static_cast<double>(n)) : 1.0;
        samples[n] = static_cast<float>((of_a_place ? low : white) * swell);
    }
    const double power = accuracy::mean_square(samples);
    const auto gain = static_cast<float>(std::sqrt(accuracy::mean_square(dbm0) / std::max(power, 1e-12)));
    for (float& sample : samples) {
        sample *= gain;
    }
    return samples;
}

void add_into(std::vector<float>& line, std::span<const float> sound, std::size_t at) {
    for (std::size_t n = 0; n < sound.size() && at + n < line.size(); ++n) {
        line[at + n] += sound[n];
    }
}

std::vector<float> beep(double hz, double ms, double dbm0) {
    std::vector<float> samples(samples_in(ms));
    const double peak = accuracy::sine_peak(dbm0);
    const double edge = 0.005 * rate_hz;
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const double inside = static_cast<double>(std::min(n, samples.size() - 1 - n));
        samples[n] =
            static_cast<float>(peak * std::min(1.0, inside / edge) *
                               std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(n) / rate_hz));
    }
    return samples;
}

/// All that is said, at `dbm0`, with a person's pauses between the parts, or an exchange's.
std::vector<float> said(const Greeting& greeting, double dbm0, const fs::path& cache, Random& random) {
    const bool exchange = greeting.kind.starts_with("exchange");
    std::vector<float> sound = greeting.samples;
    for (const Clip& clip : greeting.parts) {
        if (!sound.empty()) {
            const double ms = exchange ? random.uniform(20.0, 200.0)
                                       : 150.0 + 350.0 * (random.uniform() + random.uniform());
            sound.resize(sound.size() + samples_in(ms));
        }
        const std::vector<float> part = clip_samples(clip, cache, rate_hz);
        const std::vector<float> words = exchange ? part : trimmed(part);
        sound.insert(sound.end(), words.begin(), words.end());
    }
    sound = trimmed(sound);
    sound.resize(std::min(sound.size(), samples_in(longest_greeting_ms)));
    const double power = accuracy::active_mean_square(sound, rate_hz);
    const auto gain = static_cast<float>(std::sqrt(accuracy::mean_square(dbm0) / std::max(power, 1e-12)));
    for (float& sample : sound) {
        sample *= gain;
    }
    return sound;
}

} // namespace

Greetings greetings(std::size_t readings, const fs::path& speech, const fs::path& cache) {
    Greetings found;
    add_all_readings(found.all, tuning_greetings(), readings, false);
    add_all_readings(found.all, judging_greetings(), readings, true);
    std::vector<GreetingText> texts;
    for (const accuracy::SpokenText& text : accuracy::spoken_texts()) {
        texts.push_back({text.language, text.text});
    }
    add_readings(found.all, AnsweredBy::machine, "read service", texts, readings / 2, false);
    add_prompts(found, cache);
    add_speech(found, speech, cache);
    add_judging_speech(found, cache);
    return found;
}

AnsweredCall answered_call(const Greeting& greeting, const fs::path& cache, Random& random) {
    const bool person = greeting.by == AnsweredBy::human;
    const double dbm0 = random.uniform(-30.0, -10.0);
    const double line_dbm0 = random.uniform(-75.0, -50.0);
    const double place_under_voice_db = random.uniform(15.0, 50.0);
    AnsweredCall call{};
    call.delay_ms = 3000.0 * random.uniform() * random.uniform();
    const std::vector<float> sound = said(greeting, dbm0, cache, random);
    const std::size_t begin = samples_in(call.delay_ms);
    const std::size_t end = begin + sound.size();
    call.end_ms = 1000.0 * static_cast<double>(end) / rate_hz;
    call.samples =
        noise(end + samples_in(person ? after_person_ms : after_machine_ms), line_dbm0, false, random);
    add_into(call.samples, sound, begin);
    // Around a person there is noise from the answer on; on a machine it was recorded with the voice.
    const std::size_t noise_begin = person ? 0 : begin - std::min(begin, samples_in(100.0));
    const std::size_t noise_end = person ? call.samples.size() : end;
    add_into(call.samples, noise(noise_end - noise_begin, dbm0 - place_under_voice_db, true, random),
             noise_begin);
    if (!person && random.uniform() < 0.5) {
        const double after_ms = random.uniform(100.0, 1000.0);
        const double ms = random.uniform(120.0, 1000.0);
        add_into(call.samples, beep(random.uniform(530.0, 2000.0), ms, dbm0), end + samples_in(after_ms));
        call.beep_ms = call.end_ms + after_ms + ms;
    }
    return call;
}

} // namespace keytone::listening
