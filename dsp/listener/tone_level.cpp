// SPDX-License-Identifier: MIT
#include "dsp/listener/tone_level.hpp"

#include "dsp/arithmetic/turns.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

// The variance of the root of the frames' amplitude, relative to the square of its mean. ANSam's is 0.005.
constexpr float least_rough_variance = 0.012F;
constexpr std::int32_t least_rough_run = 12;
// Of that variance, ANSam's modulation is all.
constexpr float least_modulation_share = 0.12F;
// Where it is rough, most of the variance is the codec's. What is left is the square of the modulation's
// amplitude, times the frames: through GSM-FR a mean of 0.18 for CED and more than this for 0.3 %, and 1.1
// for half of all ANSam after 2.4 s.
constexpr float least_rough_evidence = 0.95F;
// What is no tone, beside the louder of two frames, by how well each tells ANSam from CED through GSM-FR; and
// how much sooner it waves, in turns.
constexpr float weight_of_rest = 1.5F;
constexpr double lead_of_rest = 0.05;
constexpr float least_rest = 1e-4F; // of a frame's power

float square(float x) {
    return x * x;
}

float fourth_root(float x) {
    return std::sqrt(std::sqrt(x));
}

} // namespace

void ToneLevel::Wave::add(float value, float cosine, float sine) noexcept {
    cos += value * cosine;
    sin += value * sine;
    sum += value;
}

void ToneLevel::add(float power, double turns) noexcept {
    const float level = fourth_root(power);
    ++frames_;
    level_.add(level, cosine_of_turns(turns), cosine_of_turns(turns - 0.25));
    level_squares_ += level * level;
}

void ToneLevel::add_any(float power, float power_before, float noise_share, double turns) noexcept {
    const float cosine = cosine_of_turns(turns);
    const float sine = cosine_of_turns(turns - 0.25);
    loud_.add(fourth_root(std::max(power, power_before)), cosine, sine);
    rest_.add(std::sqrt(fourth_root(std::clamp(noise_share, least_rest, 1.0F) * power)), cosine, sine);
    any_.add(1.0F, cosine, sine);
}

bool ToneLevel::is_rough() const noexcept {
    return frames_ >= least_rough_run && level_squares_ * static_cast<float>(frames_) >
                                             (1.0F + least_rough_variance) * level_.sum * level_.sum;
}

bool ToneLevel::is_modulated(double min_depth) const noexcept {
    if (is_rough()) {
        return rough_evidence() > least_rough_evidence;
    }
    // By a small depth m, the root of the amplitude varies by m / 2.
    const float wave = std::sqrt(square(level_.cos) + square(level_.sin)) / level_.sum;
    const float variance = level_squares_ * static_cast<float>(frames_) / square(level_.sum) - 1.0F;
    return static_cast<double>(4.0F * wave) > min_depth &&
           2.0F * square(wave) > least_modulation_share * variance;
}

float ToneLevel::rough_evidence() const noexcept {
    if (loud_.sum <= 0.0F || rest_.sum <= 0.0F) {
        return 0.0F;
    }
    // Relative to the mean, and without the mean's own part, which is not nothing where frames are missing.
    const auto cosine = [&](const Wave& of) { return of.cos / of.sum - any_.cos / any_.sum; };
    const auto sine = [&](const Wave& of) { return of.sin / of.sum - any_.sin / any_.sum; };
    const float ahead = weight_of_rest * cosine_of_turns(lead_of_rest);
    const float aside = weight_of_rest * cosine_of_turns(lead_of_rest - 0.25);
    const float cos = cosine(loud_) + ahead * cosine(rest_) - aside * sine(rest_);
    const float sin = sine(loud_) + ahead * sine(rest_) + aside * cosine(rest_);
    return 4.0F * (square(cos) + square(sin)) * any_.sum;
}

} // namespace keytone
