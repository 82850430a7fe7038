// SPDX-License-Identifier: MIT
//
// What a network or a machine says by tones, and who answered a call: the words that the listeners, the
// engine and the programs share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace keytone {

/// A tone of call progress (ITU-T E.180, E.182), or the tones by which a fax or a modem makes itself known.
enum class ProgressTone : std::uint8_t {
    dial,                ///< The exchange waits for digits.
    second_dial,         ///< The same, after a prefix.
    ringback,            ///< The far telephone rings.
    busy,                ///< The far telephone is engaged.
    congestion,          ///< The network has no circuit: reorder.
    call_waiting,        ///< Somebody else calls.
    number_unobtainable, ///< There is no such number.
    special_information, ///< Three tones before an announcement (SIT).
    fax_calling,         ///< CNG, ITU-T T.30: a fax calls.
    answering,           ///< CED or ANS, ITU-T T.30 and V.25: a fax or a modem answered.
    modem_answering,     ///< ANSam, ITU-T V.8: the same, modulated by 15 Hz or with its phase reversed.
    fax_preamble,        ///< The flags of ITU-T V.21 before a fax's first message.
};

/// Which of the eight special information tones: what its three segments mean (Telcordia SR-2275).
enum class SpecialInformation : std::uint8_t {
    none, ///< It is none.
    reorder_local,
    vacant_code,
    no_circuit_local,
    intercept,
    reorder_distant,
    no_circuit_distant,
    ineffective,
    reserved,
};

/// Who answered a call.
enum class AnsweredBy : std::uint8_t { unknown, human, machine, fax, special_information };

/// The names of programs' output and of JSON, in the order of the enumeration.
inline constexpr std::array<std::string_view, 12> progress_tone_names{"dial",
                                                                      "second_dial",
                                                                      "ringback",
                                                                      "busy",
                                                                      "congestion",
                                                                      "call_waiting",
                                                                      "number_unobtainable",
                                                                      "sit",
                                                                      "fax_calling",
                                                                      "answering",
                                                                      "modem_answering",
                                                                      "fax_preamble"};
inline constexpr std::array<std::string_view, 9> special_information_names{
    "none",      "reorder_local",   "vacant_code",        "no_circuit_local",
    "intercept", "reorder_distant", "no_circuit_distant", "ineffective",
    "reserved"};
inline constexpr std::array<std::string_view, 5> answered_by_names{"unknown", "human", "machine", "fax",
                                                                   "sit"};

[[nodiscard]] constexpr std::string_view name_of(ProgressTone tone) {
    return progress_tone_names[static_cast<std::size_t>(tone)];
}
[[nodiscard]] constexpr std::string_view name_of(SpecialInformation kind) {
    return special_information_names[static_cast<std::size_t>(kind)];
}
[[nodiscard]] constexpr std::string_view name_of(AnsweredBy who) {
    return answered_by_names[static_cast<std::size_t>(who)];
}

} // namespace keytone
