// SPDX-License-Identifier: MIT
//
// What a receiver must accept and must reject: one named limit a line, with its unit, default and source.
// Between an "accepted" and a "rejected" limit the receiver is free; keytone decides about half-way.
#pragma once

#include "dsp/units.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace keytone {

using namespace literals;

/// How far a tone may be from its nominal frequency: a percentage of it plus a fixed part.
struct FrequencyTolerance {
    double percent;
    Hertz offset;

    [[nodiscard]] constexpr Hertz at(Hertz nominal) const { return nominal * (percent / 100.0) + offset; }
};

/// Which mistake is worse: a key where nobody pressed one, or a key that was missed.
enum class Sensitivity : std::uint8_t {
    strict,    ///< Fewest false keys; keys in noise and under speech are missed sooner.
    normal,    ///< What the accuracy table shows.
    sensitive, ///< Most keys; speech and music are more often taken for keys.
};

/// All of them, from the fewest keys to the most.
inline constexpr std::array sensitivities{Sensitivity::strict, Sensitivity::normal, Sensitivity::sensitive};

/// `strict`, `normal` or `sensitive`.
std::string_view name(Sensitivity sensitivity);
/// Nothing for a name that is none of them.
std::optional<Sensitivity> sensitivity_named(std::string_view name);

/// The limits that a receiver uses. The defaults are the profile `q24`: what every administration of ITU-T
/// Q.24 Table A-1 asks for, wherever those demands can be met together.
struct DtmfLimits {
    /// Tones this near to the nominal frequency are keys. Q.24 Table A-1.
    FrequencyTolerance frequency_accepted{1.5, 2_Hz};
    /// Tones this far from the nominal frequency are no keys. Q.24 Table A-1, NTT and Brazil.
    FrequencyTolerance frequency_rejected{3.0, 0_Hz};
    /// Tones from this level up to 0 dBm0 are keys. Beyond Q.24, whose lowest is -29 dBm0; as sensitive as
    /// common receivers.
    Dbm0 min_level_accepted{-40};
    /// Tones at this level are no keys. Q.24 Table A-1, AT&T.
    Dbm0 max_level_rejected{-55};
    /// The high-group tone may be this much stronger ("reverse" in some books). Q.24 Table A-1, AT&T.
    Decibels max_high_over_low{4};
    /// The low-group tone may be this much stronger. Q.24 Table A-1, AT&T.
    Decibels max_low_over_high{8};
    /// A tone this long is a key. Q.24 Table A-1.
    Milliseconds min_tone_accepted{40};
    /// A tone this short is no key. Q.24 Table A-1, AT&T.
    Milliseconds max_tone_rejected{23};
    /// A pause this long separates two keys. Q.24 Table A-1.
    Milliseconds min_pause{40};
    /// An interruption this long is bridged. Q.24 Table A-1.
    Milliseconds max_interruption{10};
    /// A key's tones that come again within this time of its end, and weaker by the next limit, are its echo.
    /// Q.24, 2.5, asks that echoes do no harm; the figures are keytone's own. 0: whatever comes again is a
    /// key of its own, also what is left of a key whose end was told too early.
    Milliseconds max_echo_delay{150};
    /// In whole decibels. A person's second press is as strong as the first within 3 dB.
    Decibels min_echo_loss{7};

    // The following are keytone's own: the limit between a key under noise or speech, and speech that sounds
    // like a key.

    /// Least power of the tones over everything else, where that is white noise.
    Decibels min_snr_in_white_noise{-3.5};
    /// The same where that is coloured: music, other tones, a voice that shows itself nowhere else.
    Decibels min_snr_in_coloured_noise{1.5};
    /// The same where it has all the marks of a voice: other harmonics as strong as the tones beside them,
    /// all of it below 600 Hz, the tones at their full level before their onset. Each mark that is missing
    /// lowers it.
    Decibels min_snr_over_voice{16};
    /// Up to this deviation nothing more is asked of a key; beyond, a better SNR. Q.23 senders stay within
    /// 1.8 %.
    double free_frequency_deviation_percent{0.6};
    /// Raises or lowers what the limits above ask of a key's SNR.
    Sensitivity sensitivity = Sensitivity::normal;

    /// The limit between the two limits of the level: from here up a tone is loud enough.
    [[nodiscard]] constexpr Dbm0 min_level() const {
        return max_level_rejected + 0.5 * (min_level_accepted - max_level_rejected);
    }
};

/// A set of limits, and the name of who asks for it.
struct DtmfProfile {
    std::string_view name;
    std::string_view summary;
    DtmfLimits limits;
};

/// `q24` (the default), `att`, `ntt`, `danish`, `australian`, `brazilian`, `etsi`; `microphone`.
const std::array<DtmfProfile, 8>& dtmf_profiles();
/// Nothing for a name that is none of them.
std::optional<DtmfLimits> dtmf_profile(std::string_view name);

} // namespace keytone
