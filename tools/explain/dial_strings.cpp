// SPDX-License-Identifier: MIT
#include "tools/explain/dial_strings.hpp"

#include "dsp/digit_string.hpp"
#include "tools/console/printable.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace keytone::tools {
namespace {

constexpr Milliseconds least_segment_tone{50};   // switch_core_io.c: a duration must exceed it
constexpr Milliseconds most_segment_tone{24000}; // switch_types.h: 192000 samples of 8 kHz

/// The steps so far, and when the next one begins.
class Timeline {
  public:
    Timeline(const DialPlatform& platform, DialMeaning& meaning) : platform_(platform), meaning_(meaning) {}

    void key(std::size_t index, char character, std::optional<Milliseconds> tone) {
        const Milliseconds at = next_start();
        meaning_.steps.push_back({DialStep::Kind::key, index, character, at, is_at_least_, tone});
        silence_start_ = at + tone.value_or(Milliseconds{0});
        silence_ = Milliseconds{0};
        is_behind_key_ = true;
        if (!tone) {
            is_at_least_ = true;
        }
        set_total(silence_start_);
    }
    void pause(DialStep::Kind kind, std::size_t index, char character, Milliseconds length) {
        // A pause follows the gap, or replaces it. Where the gap is not documented, the step begins at the
        // tone's end or later.
        is_at_least_ = is_at_least_ || (is_behind_key_ && !platform_.gap);
        const bool is_behind_gap = is_behind_key_ && platform_.pause_rule == PauseRule::follows_gap;
        const Milliseconds at = silence_start_ + (is_behind_gap ? gap() : Milliseconds{0}) + silence_;
        meaning_.steps.push_back({kind, index, character, at, is_at_least_, length});
        silence_ = silence_ + length;
        set_total(at + length);
    }
    void flash(std::size_t index, char character) {
        key(index, character, std::nullopt);
        meaning_.steps.back().kind = DialStep::Kind::flash;
    }

  private:
    [[nodiscard]] Milliseconds gap() const { return platform_.gap.value_or(Milliseconds{0}); }
    Milliseconds next_start() {
        if (!is_behind_key_) {
            return silence_start_ + silence_;
        }
        if (!platform_.gap) {
            is_at_least_ = true;
        }
        return silence_start_ + (platform_.pause_rule == PauseRule::follows_gap ? gap() + silence_
                                                                                : std::max(gap(), silence_));
    }
    void set_total(Milliseconds end) {
        meaning_.total = end;
        meaning_.total_is_at_least = is_at_least_;
    }

    const DialPlatform& platform_;
    DialMeaning& meaning_;
    Milliseconds silence_start_{0}; // the end of the last tone
    Milliseconds silence_{0};       // pauses since
    bool is_behind_key_ = false;
    bool is_at_least_ = false;
};

const PauseCharacter* find_pause(const DialPlatform& platform, char character) {
    const auto* const found = std::ranges::find(platform.pauses, character, &PauseCharacter::character);
    return found != platform.pauses.end() && character != 0 ? found : nullptr;
}

char upper(char key) {
    return key >= 'a' && key <= 'd' ? static_cast<char>(key - 'a' + 'A') : key;
}

/// A part of the string up to `+`, and the tone length that `@` sets for it.
struct Segment {
    std::size_t begin;
    std::size_t end; // of its keys
    std::size_t next;
    std::optional<Milliseconds> tone;
};

Segment segment_at(std::string_view digits, std::size_t begin, const DialPlatform& platform) {
    if (!platform.has_segments) {
        return {begin, digits.size(), digits.size(), platform.tone};
    }
    const std::size_t end = std::min(digits.find('+', begin), digits.size());
    const std::size_t at_sign = std::min(digits.find('@', begin), end);
    int milliseconds = 0;
    if (at_sign < end) {
        std::from_chars(digits.data() + at_sign + 1, digits.data() + end, milliseconds);
    }
    const Milliseconds asked{static_cast<double>(milliseconds)};
    return {begin, at_sign, std::min(end + 1, digits.size()),
            asked > least_segment_tone ? std::min(asked, most_segment_tone) : platform.tone};
}

/// Explains the characters that separate segments, which are no keys.
void explain_segments(std::string_view digits, const Segment& segment, DialMeaning& meaning) {
    if (segment.end < segment.next && digits[segment.end] == '@') {
        meaning.odd.push_back({segment.end, "sets the tone of this part to " +
                                                std::to_string(static_cast<int>(segment.tone->value)) +
                                                " ms"});
    }
    if (segment.next > segment.end && digits[segment.next - 1] == '+') {
        meaning.odd.push_back({segment.next - 1, "begins a part with a tone of its own"});
    }
}

void read_character(std::string_view digits, std::size_t index, std::optional<Milliseconds> tone,
                    const DialPlatform& platform, Timeline& timeline, DialMeaning& meaning) {
    const char character = digits[index];
    if (platform.keys.find(character) != std::string_view::npos) {
        timeline.key(index, upper(character), tone);
        return;
    }
    if (const PauseCharacter* pause = find_pause(platform, character)) {
        timeline.pause(DialStep::Kind::pause, index, character, pause->length);
        return;
    }
    if (platform.flashes.find(character) != std::string_view::npos) {
        timeline.flash(index, character);
        meaning.odd.push_back({index, "a flash of the hook, where the channel can"});
        return;
    }
    if (platform.has_segments && index == 0 && character == '~') {
        meaning.odd.push_back({index, "lets the platform's own hooks see the keys"});
        return;
    }
    meaning.odd.push_back({index, std::string(platform.unknown_means)});
    if (platform.unknown == UnknownCharacter::refuses_string && meaning.refusal.empty()) {
        meaning.refusal = printable_character(character) + " at position " + std::to_string(index + 1) +
                          ": " + std::string(platform.unknown_means);
    } else if (platform.unknown == UnknownCharacter::silent_slot) {
        timeline.pause(DialStep::Kind::silence, index, character, *platform.tone + *platform.gap);
    }
}

/// Appends a silence of `pause` in keytone's characters; false when it is no multiple of half a second.
bool append_pause(std::string& digits, Milliseconds pause) {
    const auto halves = static_cast<std::size_t>(pause / DigitSymbol::short_pause);
    digits.append(halves / 2, 'W');
    digits.append(halves % 2, 'w');
    return static_cast<double>(halves) * DigitSymbol::short_pause == pause;
}

/// Sets meaning.keytone, or the reason why there is none.
void translate(const DialPlatform& platform, DialMeaning& meaning) {
    const auto has = [&meaning](DialStep::Kind kind) {
        return std::ranges::find(meaning.steps, kind, &DialStep::kind) != meaning.steps.end();
    };
    if (!meaning.refusal.empty()) {
        meaning.no_keytone = "the platform sends nothing";
        return;
    }
    if (has(DialStep::Kind::flash)) {
        meaning.no_keytone = "no key flashes the hook";
        return;
    }
    if (!has(DialStep::Kind::key)) {
        meaning.no_keytone = "there is no key in it, and pauses alone send nothing";
        return;
    }
    if (platform.unknown == UnknownCharacter::not_documented && !meaning.odd.empty()) {
        meaning.no_keytone = "what the platform makes of the characters named above is not documented";
        return;
    }
    KeytoneString translated{{}, platform.tone, platform.gap, {}};
    std::optional<Milliseconds> tone;
    bool is_behind_key = false;
    bool is_exact = true;
    bool shortens_pauses = false;
    for (const DialStep& step : meaning.steps) {
        if (step.kind == DialStep::Kind::key) {
            if (is_behind_key && step.length != tone) {
                meaning.no_keytone = "its tones differ in length, keytone's are all the same";
                return;
            }
            tone = step.length;
            translated.digits += step.character;
            is_behind_key = true;
        } else if (step.index != DialStep::no_character) { // silence that the platform adds is not translated
            is_exact = append_pause(translated.digits, *step.length) && is_exact;
            shortens_pauses = shortens_pauses || is_behind_key;
        }
    }
    if (shortens_pauses && platform.pause_rule == PauseRule::follows_gap) {
        translated.pauses_shorter = platform.gap.value_or(Milliseconds{0});
    }
    translated.tone = tone;
    if (!is_exact) {
        meaning.no_keytone = "a pause in it is no multiple of 500 ms";
    } else if (translated.digits.size() > DigitString::max_length) {
        meaning.no_keytone = "it would take " + std::to_string(translated.digits.size()) +
                             " characters, more than " + std::to_string(DigitString::max_length);
    } else {
        meaning.keytone = std::move(translated);
    }
}

} // namespace

DialMeaning dial_meaning(std::string_view digits, const DialPlatform& platform) {
    DialMeaning meaning;
    Timeline timeline(platform, meaning);
    if (platform.lead > Milliseconds{0}) {
        timeline.pause(DialStep::Kind::silence, DialStep::no_character, 0, platform.lead);
    }
    for (std::size_t begin = 0; begin < digits.size();) {
        const Segment segment = segment_at(digits, begin, platform);
        for (std::size_t i = segment.begin; i < segment.end; ++i) {
            read_character(digits, i, segment.tone, platform, timeline, meaning);
        }
        explain_segments(digits, segment, meaning);
        begin = segment.next;
    }
    if (platform.max_length != 0 && digits.size() > platform.max_length) {
        if (!platform.refuses_longer) {
            meaning.odd.push_back({platform.max_length, std::string(platform.longer_means)});
        } else if (meaning.refusal.empty()) {
            meaning.refusal =
                std::to_string(digits.size()) + " characters: " + std::string(platform.longer_means);
        }
    }
    if (meaning.refusal.empty() && platform.name == "keytone" &&
        std::ranges::find(meaning.steps, DialStep::Kind::key, &DialStep::kind) == meaning.steps.end()) {
        meaning.refusal = text(Error::pause_alone);
    }
    translate(platform, meaning);
    if (!meaning.refusal.empty()) {
        meaning.steps.clear();
        meaning.total = Milliseconds{0};
        meaning.total_is_at_least = false;
    }
    return meaning;
}

} // namespace keytone::tools
