// SPDX-License-Identifier: MIT
//
// The sampling rates that keytone works at: the one list of them.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace keytone {

/// In hertz, the lowest first: those of telephone networks, sound cards and audio files.
inline constexpr std::array<int, 12> offered_rates_hz{8000,  11025, 12000, 16000, 22050, 24000,
                                                      32000, 44100, 48000, 88200, 96000, 192000};

namespace detail {

/// Text that is assembled at compile time, with its length.
struct FixedText {
    std::array<char, 160> characters{};
    std::size_t size = 0;

    constexpr void add(std::string_view text) {
        for (const char each : text) {
            characters.at(size++) = each;
        }
    }
    constexpr void add(int number) {
        if (number >= 10) {
            add(number / 10);
        }
        characters.at(size++) = static_cast<char>('0' + number % 10);
    }
    [[nodiscard]] constexpr std::string_view view() const { return {characters.data(), size}; }
};

/// `before`, all rates with "or" before the last, `behind`.
consteval FixedText naming_rates(std::string_view before, std::string_view behind) {
    FixedText text;
    text.add(before);
    for (std::size_t i = 0; i < offered_rates_hz.size(); ++i) {
        text.add(i == 0 ? "" : i + 1 == offered_rates_hz.size() ? " or " : ", ");
        text.add(offered_rates_hz[i]);
    }
    text.add(behind);
    return text;
}

inline constexpr FixedText offered_rates_text = naming_rates("", " Hz");
inline constexpr FixedText rate_not_offered_text = naming_rates("the rate must be ", " Hz");

} // namespace detail

/// "8000, ... or 192000 Hz", for people.
inline constexpr std::string_view offered_rates_text = detail::offered_rates_text.view();

} // namespace keytone
