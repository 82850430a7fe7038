// SPDX-License-Identifier: MIT
//
// Second of the detector's three parts: decides whether a pair of tones is a key. It runs rarely, on what
// passed the screen, and answers one question: do the tones stand out from everything else by as much as this
// pair must?
#pragma once

#include "dsp/detector/tone_fit.hpp"
#include "dsp/detector/tone_tracker.hpp"
#include "dsp/detector/voice_cues.hpp"
#include "dsp/dtmf_limits.hpp"
#include "dsp/function_ref.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace keytone {

/// Two tones that sound now, as measured.
struct ToneEvidence {
    TonePair pair; ///< The key, and the fitted frequencies.
    ToneFit fit;   ///< Over the sub-blocks from `first` to before `end`.
    std::int64_t first;
    std::int64_t end;
    SampleIndex onset;   ///< First sample of the tones, on the tracker's clock.
    SampleCount sounded; ///< How long they have lasted so far.
    /// Mean square of the level's deviation from sub-block to sub-block, as a share of the tones' power,
    /// beyond what the noise explains.
    double unsteadiness;
    double lost_share; ///< Share of the sub-blocks of `fit` that never arrived.
    Decibels snr;      ///< Power of the tones over what is left.
    Decibels high_over_low;
    /// Measured where everything else says that it is a key, but the tones stand out so little that they may
    /// be a voice's.
    std::optional<VoiceCues> voice;
    Decibels margin; ///< ToneVerifier::margin() of all this.
};

/// A plain value without state: the same evidence gets the same verdict.
class ToneVerifier {
  public:
    explicit ToneVerifier(const DtmfLimits& limits = {});

    /// Measures the pair that sounds at the tracker's last sub-block; false when there is none, or when it
    /// has not yet lasted longer than a tone that must be rejected: the evidence then means nothing.
    /// Sub-blocks before `not_before` are not used. `[audio]`
    [[nodiscard]] bool measure(const ToneTracker& tracker, std::int64_t not_before,
                               ToneEvidence& evidence) const noexcept;

    /// By how much the evidence exceeds what a key must show: 0 dB or more for a key; far less when a limit
    /// excludes it. `[any]`
    [[nodiscard]] Decibels margin(const ToneEvidence& evidence) const noexcept;

  private:
    /// The limits in the verifier's own units, stored compactly: every detector holds them.
    struct Demands {
        std::array<float, 4> low_off_hz;  // of each row's frequency, at most
        std::array<float, 4> high_off_hz; // of each column's
        float free_deviation_percent;
        float high_over_low_db; // at most
        float low_over_high_db;
        float power; // mean square of either tone's samples, at least
        float snr_in_white_noise_db;
        float snr_in_coloured_noise_db;
        float snr_over_voice_db;
        std::int32_t sounding;                // samples
        float screened_in_white_noise = 0.0F; // power ratios that the screen must find
        float screened_in_coloured_noise = 0.0F;
    };

    [[nodiscard]] bool may_stand_out(const ScreenedEnergy& energy,
                                     FunctionRef<double()> asked_of_colour) const noexcept;
    [[nodiscard]] double asked_over_voice_db(const ToneEvidence& evidence,
                                             const VoiceCues& cues) const noexcept;
    [[nodiscard]] bool may_be_voice(const ToneEvidence& evidence, const ToneTracker& tracker) const noexcept;
    [[nodiscard]] bool may_last(const ToneTracker& tracker, const ScreenedEnergy& energy,
                                std::int64_t oldest) const noexcept;
    [[nodiscard]] double farthest_hz(std::size_t group, std::uint8_t key) const noexcept;
    [[nodiscard]] bool worth_a_fit(const HeardPair& guess,
                                   FunctionRef<double()> asked_of_colour) const noexcept;

    Demands least_;
};

} // namespace keytone
