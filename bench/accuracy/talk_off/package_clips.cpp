// SPDX-License-Identifier: MIT
#include "bench/accuracy/talk_off/package_clips.hpp"

#include "bench/accuracy/program.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace keytone::accuracy {

namespace {

namespace fs = std::filesystem;

/// The speaker or the song of a file, whose path is relative to the package's folder.
using SourceOf = std::string (*)(const std::string& package, const fs::path& file);

struct Package {
    const char* name;
    const char* folder; ///< A folder, or an archive.
    SourceOf source_of;
    Clip::Format format = Clip::Format::header;
    const char* ending = ""; ///< Ending of the files to use; empty: .wav, .ogg and .opus.
    const char* within = ""; ///< Only files in folders of this name, as packages share theirs; empty: all.
};

std::string one_speaker(const std::string& package, const fs::path& /*file*/) {
    return package;
}

/// "digits/1.wav", in each language by the same speaker: the words are distributed over both parts.
std::string prompt(const std::string& /*package*/, const fs::path& file) {
    return file.filename().string();
}

/// "ml/syllab/a.ogg", "nl/hat.ogg": one speaker for each language.
std::string language(const std::string& package, const fs::path& file) {
    return package + "/" + file.begin()->string();
}

/// "cave/cs/jes-m-netopyr.ogg": the small fish speaks, or the big one (v), or a character of that cave.
std::string player(const std::string& package, const fs::path& file) {
    const std::string name = file.stem().string();
    const std::size_t begin = name.find('-') + 1;
    const std::string who = name.substr(begin, name.find('-', begin) - begin);
    return package + "/" + (who == "m" || who == "v" ? who : file.begin()->string() + "-" + who);
}

/// "hts1a.wav", "ve9qrp.wav": named after the speaker or the purpose.
std::string stem_of(const std::string& package, const fs::path& file) {
    const std::string name = file.stem().string();
    return package + "/" + name.substr(0, name.find('_'));
}

/// "music/forest/waterfall.ogg".
std::string song(const std::string& package, const fs::path& file) {
    return package + "/" + file.stem().string();
}

/// "chaos_god/guitar.ogg".
std::string track(const std::string& package, const fs::path& file) {
    return package + "/" + file.begin()->string();
}

constexpr std::array prompt_packages{
    Package{"asterisk-core-sounds-en-wav", "/usr/share/asterisk/sounds/en_US_f_Allison", prompt},
    Package{"asterisk-core-sounds-es-wav", "/usr/share/asterisk/sounds/es_MX_f_Allison", prompt},
};

constexpr std::array speech_packages{
    Package{"fillets-ng-data-cs", "/usr/share/games/fillets-ng/sound", player, Clip::Format::header, "",
            "cs"},
    Package{"klettres-data", "/usr/share/klettres", language},
    Package{"asterisk-prompt-es-co", "/usr/share/asterisk/sounds/es", one_speaker, Clip::Format::gsm, ".gsm"},
    Package{"asterisk-prompt-fr-armelle", "/usr/share/asterisk/sounds/fr", one_speaker, Clip::Format::gsm,
            ".gsm"},
    Package{"codec2-examples", "/usr/share/codec2/wav", stem_of},
};

constexpr std::array judging_prompt_packages{
    Package{"asterisk-core-sounds-fr-wav", "/usr/share/asterisk/sounds/fr_CA_f_June", one_speaker},
    Package{"asterisk-core-sounds-it-wav", "/usr/share/asterisk/sounds/it_IT_m_Carlo", one_speaker},
    Package{"asterisk-core-sounds-ru-wav", "/usr/share/asterisk/sounds/ru_RU_f_IvrvoiceRU", one_speaker},
};

constexpr std::array judging_speech_packages{
    Package{"fillets-ng-data-nl", "/usr/share/games/fillets-ng/sound", player, Clip::Format::header, "",
            "nl"},
    Package{"ktuberling-data", "/usr/share/ktuberling/sounds", language},
};

constexpr std::array music_packages{
    Package{music_on_hold, "/usr/share/asterisk/moh", song},
    Package{"planetblupi-music-ogg", "/usr/share/planetblupi/music", song},
    Package{"freedroidrpg-data", "/usr/share/freedroidrpg/data/sound", song},
    Package{"supertux-data", "/usr/share/games/supertux2", song},
    Package{"wesnoth-1.16-music", "/usr/share/games/wesnoth/1.16/data/core/music", song},
    Package{"colobot-common-sounds", "/usr/share/games/colobot", song},
    Package{"warzone2100-music", "/usr/share/games/warzone2100/music", song},
    Package{"singularity-music", "/usr/share/games/singularity/music", song},
    Package{"hedgewars-data", "/usr/share/games/hedgewars/Data/Music", song},
    Package{"fretsonfire-songs-sectoid", "/usr/share/games/fretsonfire/data/songs/sectoid", track},
    Package{"fretsonfire-songs-muldjord", "/usr/share/games/fretsonfire/data/songs/muldjord", track},
};

// Packages that are one archive each, in ZIP format.
constexpr std::array zipped_music_packages{
    Package{"nexuiz-music", "/usr/share/games/nexuiz/data/music.pk3", song},
    Package{"ufoai-music", "/usr/share/games/ufoai/base/0music.pk3", song},
};

bool counts(const Package& package, const fs::path& path) {
    constexpr std::array<std::string_view, 3> usual{".wav", ".ogg", ".opus"};
    const std::string ending = path.extension().string();
    if (*package.within != '\0' && std::ranges::find(path, fs::path(package.within)) == path.end()) {
        return false;
    }
    return *package.ending == '\0' ? std::ranges::find(usual, ending) != usual.end()
                                   : ending == package.ending;
}

void add_folder(Corpus& corpus, const Package& package, const fs::path& folder) {
    std::vector<fs::path> files;
    if (fs::is_directory(folder)) {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file() && counts(package, entry.path())) {
                files.push_back(fs::relative(entry.path(), folder));
            }
        }
    }
    if (files.empty()) {
        corpus.missing.push_back("install " + std::string(package.name));
    }
    std::ranges::sort(files);
    for (const fs::path& file : files) {
        const std::string name = package.name;
        corpus.clips.push_back({.kind = name,
                                .name = name + "/" + file.string(),
                                .source = package.source_of(name, file),
                                .path = folder / file,
                                .format = package.format});
    }
}

Corpus corpus_of(std::span<const Package> packages) {
    Corpus corpus;
    for (const Package& package : packages) {
        add_folder(corpus, package, package.folder);
    }
    return corpus;
}

} // namespace

Corpus telephone_prompts() {
    return corpus_of(prompt_packages);
}

Corpus packaged_speech() {
    return corpus_of(speech_packages);
}

Corpus judging_prompts() {
    return corpus_of(judging_prompt_packages);
}

Corpus judging_speech() {
    return corpus_of(judging_speech_packages);
}

Corpus packaged_music(const fs::path& cache) {
    Corpus corpus = corpus_of(music_packages);
    for (const Package& package : zipped_music_packages) {
        const fs::path unpacked = cache / package.name;
        if (fs::exists(package.folder) && !fs::exists(unpacked)) {
            fs::create_directories(cache);
            run_program({"python3", "-m", "zipfile", "-e", package.folder, unpacked.string()}, "/dev/null");
        }
        add_folder(corpus, package, unpacked);
    }
    return corpus;
}

} // namespace keytone::accuracy
