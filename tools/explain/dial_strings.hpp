// SPDX-License-Identifier: MIT
//
// Digit strings as other platforms read them: what "wwww1234#" means on a platform, in milliseconds.
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

/// What a platform does with a character that it does not recognise.
enum class UnknownCharacter {
    refuses_string, ///< The string is refused: nothing is sent.
    skips,          ///< The character is skipped: the others are sent.
    silent_slot,    ///< Silence of the length of a tone and a gap.
    not_documented,
};

/// How long a pause delays the next key.
enum class PauseRule {
    replaces_gap, ///< Counted from the end of the tone: the longer of gap and pauses.
    follows_gap,  ///< The gap, then the pauses.
    not_documented,
};

struct PauseCharacter {
    char character;
    Milliseconds length;
};

/// How a platform reads digit strings. Lengths without a value are not documented.
struct DialPlatform {
    std::string_view name;                ///< The name for `--from`.
    std::string_view door;                ///< The platform's function or parameter that takes the string.
    std::string_view keys;                ///< Characters that press a key; `a` to `d` press A to D.
    std::array<PauseCharacter, 2> pauses; ///< Character 0: no such pause.
    std::string_view flashes;             ///< Characters for a hook flash.
    std::optional<Milliseconds> tone;
    std::optional<Milliseconds> gap;
    Milliseconds lead; ///< Silence that the platform adds before the first key.
    PauseRule pause_rule;
    UnknownCharacter unknown;
    std::string_view unknown_means; ///< What happens to unknown characters, as a clause of a sentence.
    std::size_t max_length;         ///< In characters; 0: not documented.
    bool refuses_longer;            ///< A longer string is not sent at all.
    std::string_view longer_means;  ///< What happens to a longer string, as a clause of a sentence.
    bool has_segments;              ///< `+` separates parts; `@250` after a part sets its tone length.
    std::string_view remark;
};

/// The platforms, keytone itself first.
std::span<const DialPlatform> dial_platforms();
/// Nothing for an unknown name.
const DialPlatform* find_dial_platform(std::string_view name);

/// One step of a string, in the order of time.
struct DialStep {
    enum class Kind { key, pause, silence, flash };
    /// The index of a silence that no character stands for.
    static constexpr std::size_t no_character = static_cast<std::size_t>(-1);

    Kind kind;
    std::size_t index;                  ///< Index of its character in the string.
    char character;                     ///< The key that is pressed; otherwise the character as written.
    Milliseconds at;                    ///< From the start of the string.
    bool is_at_least;                   ///< A length before it is not documented: it begins at `at` or later.
    std::optional<Milliseconds> length; ///< Nothing when not documented.
};

/// A character that is neither a key nor a pause on the platform.
struct OddCharacter {
    std::size_t index;
    std::string happens;
};

/// The string with the same meaning for keytone.
struct KeytoneString {
    std::string digits;
    std::optional<Milliseconds> tone; ///< For --tone-ms, where documented.
    std::optional<Milliseconds> gap;  ///< For --gap-ms, where documented.
    /// By how much a silence that has a pause is shorter with keytone, where the platform adds pauses to the
    /// gap.
    Milliseconds pauses_shorter{0};
};

struct DialMeaning {
    std::string refusal; ///< Why the platform sends nothing; empty when it does.
    std::vector<DialStep> steps;
    std::vector<OddCharacter> odd;
    Milliseconds total{0}; ///< To the end of the last step.
    bool total_is_at_least = false;
    std::optional<KeytoneString> keytone;
    std::string no_keytone; ///< Why there is no such string.
};

/// Explains what `digits` means on `platform`.
DialMeaning dial_meaning(std::string_view digits, const DialPlatform& platform);

} // namespace keytone::tools
