// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace keytone {

/// One side of a call, as keytone sees it.
enum class Leg : std::uint8_t {
    a, ///< The party that the agent talks to.
    b, ///< The target of a transfer.
};

/// How a leg sends its keys.
enum class KeyForm : std::uint8_t {
    tones,  ///< In its samples.
    events, ///< As telephone events (RFC 4733); its samples hold silence where the tones would sound.
};

inline constexpr std::array<Leg, 2> both_legs{Leg::a, Leg::b};

constexpr char character(Leg leg) {
    return leg == Leg::a ? 'a' : 'b';
}
constexpr Leg other(Leg leg) {
    return leg == Leg::a ? Leg::b : Leg::a;
}

/// One value for each leg.
template <class T>
class PerLeg {
  public:
    PerLeg() = default;
    constexpr PerLeg(T a, T b) : values_{std::move(a), std::move(b)} {}

    [[nodiscard]] constexpr T& operator[](Leg leg) { return values_[static_cast<std::size_t>(leg)]; }
    [[nodiscard]] constexpr const T& operator[](Leg leg) const {
        return values_[static_cast<std::size_t>(leg)];
    }

    friend bool operator==(const PerLeg&, const PerLeg&) = default;

  private:
    std::array<T, 2> values_{};
};

/// Identifies one op: the number of its action in the call, and its own number in the action, both from 1.
/// Written `b1/2`: op 2 of the action whose id is b1.
struct OpKey {
    std::uint32_t action = 0;
    std::uint32_t index = 0;

    friend constexpr bool operator==(OpKey, OpKey) = default;
    friend constexpr auto operator<=>(OpKey, OpKey) = default;
};

} // namespace keytone
