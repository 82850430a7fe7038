// SPDX-License-Identifier: MIT
//
// Digit strings as others read them: what "wwww1234#" means on a platform, in milliseconds.
#pragma once

#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::tools {

/// What a platform does with a character that it does not know.
enum class UnknownCharacter {
    refuses_string, ///< Nothing is sent.
    skips,          ///< The others are sent.
    silent_slot,    ///< The time of a tone and a gap passes in silence.
    not_documented,
};

/// How long a pause keeps the next key away.
enum class PauseRule {
    replaces_gap, ///< Counted from the end of the tone: the longer of gap and pauses.
    follows_gap,  ///< The gap, then the pauses.
    not_documented,
};

struct PauseCharacter {
    char character;
    Milliseconds length;
};

/// How a platform reads digit strings. A length without a value is not documented.
struct DialPlatform {
    std::string_view name;                ///< As `--from` takes it.
    std::string_view door;                ///< The function or parameter that takes the string.
    std::string_view keys;                ///< Characters that press a key; `a` to `d` press A to D.
    std::array<PauseCharacter, 2> pauses; ///< Character 0: none.
    std::string_view flashes;             ///< Characters for a hook flash.
    std::optional<Milliseconds> tone;
    std::optional<Milliseconds> gap;
    Milliseconds lead; ///< Silence that the platform itself puts first.
    PauseRule pause_rule;
    UnknownCharacter unknown;
    std::string_view unknown_means; ///< What happens to such a character, as a clause.
    std::size_t max_length;         ///< In characters; 0: not documented.
    bool refuses_longer;            ///< A longer string is not sent at all.
    std::string_view longer_means;  ///< What happens to a longer one, as a clause.
    bool has_segments;              ///< `+` parts a string, `@250` behind a part sets its tone.
    std::string_view remark;
};

/// The platforms, keytone itself first.
std::span<const DialPlatform> dial_platforms();
/// Nothing for a name that is none of theirs.
const DialPlatform* find_dial_platform(std::string_view name);

/// One thing that happens, in the order of time.
struct DialStep {
    enum class Kind { key, pause, silence, flash };
    /// The index of silence that no character asks for.
    static constexpr std::size_t no_character = static_cast<std::size_t>(-1);

    Kind kind;
    std::size_t index; ///< Of its character.
    char character;    ///< The key pressed, or as written.
    Milliseconds at;   ///< From the start of the string.
    bool is_at_least;  ///< Something not documented comes before: it begins at `at` or later.
    std::optional<Milliseconds> length; ///< Nothing when not documented.
};

/// A character that is neither key nor pause there.
struct OddCharacter {
    std::size_t index;
    std::string happens;
};

/// The string that says the same to keytone.
struct KeytoneString {
    std::string digits;
    std::optional<Milliseconds> tone; ///< For --tone-ms, where documented.
    std::optional<Milliseconds> gap;  ///< For --gap-ms, where documented.
    /// By how much a silence with a pause is shorter here, as pauses there come on top of the gap.
    Milliseconds pauses_shorter{0};
};

struct DialMeaning {
    std::string refusal; ///< Why the platform sends nothing; empty when it does.
    std::vector<DialStep> steps;
    std::vector<OddCharacter> odd;
    Milliseconds total{0}; ///< To the end of the last step.
    bool total_is_at_least = false;
    std::optional<KeytoneString> keytone;
    std::string no_keytone; ///< Why there is none.
};

/// What `digits` means on `platform`.
DialMeaning dial_meaning(std::string_view digits, const DialPlatform& platform);

} // namespace keytone::tools
