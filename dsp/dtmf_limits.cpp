// SPDX-License-Identifier: MIT
#include "dsp/dtmf_limits.hpp"

#include <cstddef>

namespace keytone {

namespace {

constexpr DtmfLimits att{
    .frequency_accepted = {1.5, 0_Hz},
    .frequency_rejected = {3.5, 0_Hz},
    .min_level_accepted = {-25},
    .max_level_rejected = {-55},
    .max_high_over_low = 4_dB,
    .max_low_over_high = 8_dB,
    .max_tone_rejected = 23_ms,
    .min_pause = 40_ms,
    .max_interruption = 10_ms,
};

constexpr DtmfLimits ntt{
    .frequency_accepted = {1.8, 0_Hz},
    .frequency_rejected = {3.0, 0_Hz},
    .min_level_accepted = {-24},
    .max_level_rejected = {-29},
    .max_high_over_low = 5_dB,
    .max_low_over_high = 5_dB,
    .max_tone_rejected = 24_ms,
    .min_pause = 30_ms,
    .max_interruption = 10_ms,
};

// The Danish column names no frequency that must be rejected; 3.5 % is the usual figure.
constexpr DtmfLimits danish{
    .frequency_accepted = {1.5, 2_Hz},
    .frequency_rejected = {3.5, 0_Hz},
    .min_level_accepted = {-27},
    .max_level_rejected = {-36},
    .max_high_over_low = 6_dB,
    .max_low_over_high = 6_dB,
    .max_tone_rejected = 20_ms,
    .min_pause = 40_ms,
    .max_interruption = 20_ms,
};

constexpr DtmfLimits australian{
    .frequency_accepted = {1.5, 4_Hz},
    .frequency_rejected = {7.0, 0_Hz},
    .min_level_accepted = {-27},
    .max_level_rejected = {-30},
    .max_high_over_low = 10_dB,
    .max_low_over_high = 10_dB,
    .max_tone_rejected = 25_ms,
    .min_pause = 70_ms,
    .max_interruption = 12_ms,
};

constexpr DtmfLimits brazilian{
    .frequency_accepted = {1.8, 0_Hz},
    .frequency_rejected = {3.0, 0_Hz},
    .min_level_accepted = {-25},
    .max_level_rejected = {-50},
    .max_high_over_low = 9_dB,
    .max_low_over_high = 9_dB,
    .max_tone_rejected = 20_ms,
    .min_pause = 30_ms,
    .max_interruption = 10_ms,
};

// ETSI ES 201 235-3. Its levels, and its frequency to reject, were not available: the Danish column's are
// used.
constexpr DtmfLimits etsi{
    .frequency_accepted = {1.5, 2_Hz},
    .frequency_rejected = {3.5, 0_Hz},
    .min_level_accepted = {-27},
    .max_level_rejected = {-36},
    .max_high_over_low = 6_dB,
    .max_low_over_high = 6_dB,
    .max_tone_rejected = 20_ms,
    .min_pause = 40_ms,
    .max_interruption = 20_ms,
};

// A loudspeaker, a room and a microphone: soft, and each tone as loud as the room lets it be. No standard has
// such limits. A tone at -60 dBm0 has a peak of 22 steps of 16 bits.
constexpr DtmfLimits microphone{
    .min_level_accepted = {-60},
    .max_level_rejected = {-72},
    .max_high_over_low = 16_dB,
    .max_low_over_high = 16_dB,
    .max_echo_delay = 600_ms,
    .min_echo_loss = 5_dB,
};

constexpr std::array<DtmfProfile, 8> profiles{{
    {"q24", "every administration's demands together", DtmfLimits{}},
    {"att", "AT&T, ITU-T Q.24 Table A-1", att},
    {"ntt", "NTT, ITU-T Q.24 Table A-1", ntt},
    {"danish", "Denmark, ITU-T Q.24 Table A-1", danish},
    {"australian", "Australia, ITU-T Q.24 Table A-1", australian},
    {"brazilian", "Brazil, ITU-T Q.24 Table A-1", brazilian},
    {"etsi", "ETSI ES 201 235-3", etsi},
    {"microphone", "recordings made in a room", microphone},
}};

constexpr std::array<std::string_view, sensitivities.size()> sensitivity_names{"strict", "normal",
                                                                               "sensitive"};

} // namespace

std::string_view name(Sensitivity sensitivity) {
    return sensitivity_names[static_cast<std::size_t>(sensitivity)];
}

std::optional<Sensitivity> sensitivity_named(std::string_view name) {
    for (const Sensitivity each : sensitivities) {
        if (keytone::name(each) == name) {
            return each;
        }
    }
    return std::nullopt;
}

const std::array<DtmfProfile, 8>& dtmf_profiles() {
    return profiles;
}

std::optional<DtmfLimits> dtmf_profile(std::string_view name) {
    for (const DtmfProfile& profile : profiles) {
        if (profile.name == name) {
            return profile.limits;
        }
    }
    return std::nullopt;
}

} // namespace keytone
