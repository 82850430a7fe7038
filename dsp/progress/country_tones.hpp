// SPDX-License-Identifier: MIT
//
// The call progress tones of countries. To add one, add a row to country_tones.cpp.
#pragma once

#include "dsp/listener/progress_tone.hpp"
#include "dsp/progress/tone_pattern.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace keytone {

/// One country's tones. A pattern is empty where the country has no such tone, or none that is known.
struct CountryTones {
    std::string_view code; ///< ISO 3166-1, in small letters.
    std::string_view name;
    TonePattern dial;
    TonePattern second_dial;
    TonePattern ringback;
    TonePattern busy;
    TonePattern congestion;
    TonePattern call_waiting;
    TonePattern number_unobtainable;

    /// Empty for a tone that is not call progress.
    [[nodiscard]] const TonePattern& pattern(ProgressTone tone) const;
};

/// The tones that a country has patterns of its own for.
inline constexpr std::size_t country_tone_count = 7;

/// All countries, in the order of their codes. `[any]`
std::span<const CountryTones> country_tones() noexcept;

/// One country of the table, or any of them. A plain value.
class Country {
  public:
    /// Whatever country it is.
    static constexpr Country any() { return Country(-1); }
    /// The country of this code, in small or large letters, or `any`; `uk` is `gb`. Nothing where there is no
    /// such row. `[any]`
    static std::optional<Country> from_code(std::string_view code) noexcept;
    /// The row at this place. `[any]`
    static constexpr Country at(std::size_t place) { return Country(static_cast<int>(place)); }

    [[nodiscard]] constexpr bool is_any() const { return place_ < 0; }
    /// Its place in country_tones(); not of any().
    [[nodiscard]] constexpr std::size_t place() const { return static_cast<std::size_t>(place_); }
    /// `any` for any().
    [[nodiscard]] std::string_view code() const noexcept;

    friend constexpr bool operator==(Country, Country) = default;

  private:
    constexpr explicit Country(int place) : place_(static_cast<std::int16_t>(place)) {}
    std::int16_t place_;
};

/// One pattern of the table, and how it begins.
struct CountryTone {
    ToneSound sound;
    const TonePattern* pattern = nullptr;
    ProgressTone kind{};
    Country country = Country::any();
    bool again = false; ///< An earlier country has the same.
};

/// All patterns but the empty ones, country by country: nothing has to be skipped when one is looked for by
/// its sound. `[any]`
std::span<const CountryTone> country_tones_by_sound() noexcept;

/// One sound that patterns begin with, and which of country_tones_by_sound() do: a bit each.
struct CountrySound {
    using Places = std::array<std::uint64_t, 3>;
    ToneSound sound;
    Places all{};
    Places once{}; ///< Without those that an earlier country has.
};

/// Each of these sounds once. `[any]`
std::span<const CountrySound> country_sounds() noexcept;

} // namespace keytone
