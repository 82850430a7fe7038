// SPDX-License-Identifier: MIT
//
// Sound without keys as it comes from a telephone network: through codecs, and with lost packets.
#include "bench/accuracy/codecs/codecs.hpp"
#include "bench/accuracy/rows/rows.hpp"
#include "bench/accuracy/rows/talk_off_lines.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"
#include "bench/accuracy/talk_off/speech_folder.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

namespace keytone::accuracy {

namespace {

// Codecs take most of the time: so only every so many clips of speech are heard, but all music, of which
// there is less; in a quick run only music on hold, which every machine that runs tests has.
constexpr std::size_t thorough_step = 6;
constexpr std::size_t quick_step = 96;

struct Sounds {
    Corpus speech;
    Corpus music;
};

Sounds sounds(const Setting& setting) {
    Sounds sounds{packaged_speech(), packaged_music(setting.cache)};
    // What is missing was already stated by other rows.
    sounds.speech.missing.clear();
    sounds.music.missing.clear();
    std::ranges::move(speech_folder(setting.speech).clips, std::back_inserter(sounds.speech.clips));
    sounds.speech.clips = a_part_of(sounds.speech.clips, is_thorough(setting) ? thorough_step : quick_step);
    if (!is_thorough(setting)) {
        std::erase_if(sounds.music.clips, [](const Clip& clip) { return clip.kind != music_on_hold; });
    }
    for (Corpus* const corpus : {&sounds.speech, &sounds.music}) {
        for (Clip& clip : corpus->clips) {
            clip.kind = {};
        }
    }
    return sounds;
}

/// Speech and music, heard in one way.
Outcome heard_in(const Setting& setting, const Sounds& sounds, const Way& way) {
    Outcome outcome =
        talk_off(setting, sounds.speech, std::array{way}, "speech, " + way.name, hours_a_key_in_speech);
    append(outcome,
           talk_off(setting, sounds.music, std::array{way}, "music, " + way.name, hours_a_key_in_music));
    return outcome;
}

} // namespace

Outcome measure_talk_off_codecs(const Setting& setting) {
    const Sounds heard = sounds(setting);
    Outcome outcome;
    for (const Codec& codec : codecs()) {
        if (codec.pass == nullptr) {
            outcome.lines.push_back({codec.name, {}, {}, {}, {}, "its library was not built in"});
        } else {
            append(outcome, heard_in(setting, heard, {.codec = codec.pass, .name = codec.name}));
        }
    }
    return outcome;
}

Outcome measure_talk_off_loss(const Setting& setting) {
    const Sounds heard = sounds(setting);
    Outcome outcome =
        heard_in(setting, heard, {.loss = Way::Loss::zeros, .name = "5 % of the frames are zeros"});
    append(outcome,
           heard_in(setting, heard, {.loss = Way::Loss::told, .name = "5 % of the frames lost, told"}));
    return outcome;
}

} // namespace keytone::accuracy
