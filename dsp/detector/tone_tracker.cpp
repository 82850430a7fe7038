// SPDX-License-Identifier: MIT
#include "dsp/detector/tone_tracker.hpp"

#include "dsp/levels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace keytone {

namespace {

using std::numbers::pi;

float energy_of(Dbm0 level) {
    return static_cast<float>(sub_block_size * sine_power_pcm16(level));
}

const float usual_tone_energy = energy_of(ToneTracker::usual_min_level);
// A sub-block below this is not examined: neither keys nor dial tones are so soft.
const float usual_least_energy = energy_of({-56});
// Lower levels are reached by halving the peak: exact, so that results at the usual level stay the same.
constexpr Decibels halving{6.020599913279624}; // 20 lg 2
constexpr int most_halvings = 5;               // -78 dBm0 is less than 3 steps of 16 bits
constexpr std::array<float, most_halvings + 1> energy_scale{1.0F,    0x1p-2F, 0x1p-4F,
                                                            0x1p-6F, 0x1p-8F, 0x1p-10F};
// In a sub-block that is almost only one tone of each group, the two strongest filters hold this share: what
// leaks past them is less than the rest.
constexpr float strong_share = 0.6F;

const float least_dial_energy = energy_of({-52});

// A sub-block that the tones nearly fill holds this share of the strongest one's energy.
constexpr float filled_share = 0.8F;
// A clean tone begins in the first sub-block with this share of the loudest one's energy, at the first sample
// with this share of its RMS value. Its two tones may cancel each other for half a millisecond.
constexpr float begun_share = 0.1F;
constexpr float begun_amplitude = 0.5F;
// Before that, no more than this share of the loudest one's energy is silence, into which no search for their
// onset leads by eight samples: so many of any key's tones hold, where they all but cancel each other, 0.078
// of their mean energy, and that is more than four times as much.
constexpr float silent_share = 0.002F;

// The cosine of each filter's phase advance over one sample and over two, times the share of a sub-block's
// samples that have another so far before them in it.
const std::array<std::array<float, 8>, 2> lag_cosine = [] {
    std::array<std::array<float, 8>, 2> cosines{};
    for (std::size_t lag = 0; lag < 2; ++lag) {
        for (std::size_t k = 0; k < 8; ++k) {
            const double samples = static_cast<double>(lag) + 1.0;
            cosines[lag][k] =
                static_cast<float>((1.0 - samples / sub_block_size) *
                                   std::cos(2.0 * pi * samples * bank_frequency(k).value / bank_rate_hz));
        }
    }
    return cosines;
}();

float norm_of(const simd::BankSums& sums, std::size_t filter) {
    const auto re = static_cast<float>(sums.re[filter]);
    const auto im = static_cast<float>(sums.im[filter]);
    return re * re + im * im;
}

HeardTones tones_of(const simd::BankSums& sums, float total, unsigned row, unsigned column) {
    HeardTones heard{};
    heard.total = total;
    const std::array<std::size_t, 2> own{row, 4 + column};
    for (std::size_t group = 0; group < 2; ++group) {
        heard.phasor[group] = {static_cast<float>(sums.re[own[group]]),
                               static_cast<float>(sums.im[own[group]])};
        heard.energy[group] = HeardTones::energy_of_norm * norm_of(sums, own[group]);
    }
    if (heard.energy[0] + heard.energy[1] >= simd::FollowedTones::all_but * total) {
        return heard;
    }
    for (std::size_t group = 0; group < 2; ++group) {
        float other = 0.0F;
        for (std::size_t filter = 4 * group; filter < 4 * group + 4; ++filter) {
            other = std::max(other, filter == own[group] ? 0.0F : norm_of(sums, filter));
        }
        heard.strongest_other[group] = HeardTones::energy_of_norm * other;
    }
    return heard;
}

} // namespace

ToneTracker::ToneTracker(Dbm0 min_level, Decibels max_level_difference) {
    const int halvings =
        std::clamp(static_cast<int>(std::ceil((usual_min_level - min_level) / halving)), 0, most_halvings);
    const float scale = energy_scale[static_cast<std::size_t>(halvings)];
    line_.demands = {.least_energy = scale * usual_least_energy,
                     .least_tone_energy = scale * usual_tone_energy,
                     .max_power_ratio = static_cast<float>(power_ratio(max_level_difference)),
                     .least_dial_energy = least_dial_energy};
}

void ToneTracker::follow_dial_tone(SubBlock samples) noexcept {
    simd::kernels().follow_dial_tone(samples.data(), last_energy() >= line_.demands.least_energy,
                                     line_.demands.least_dial_energy, dial_alike_);
    dial_alike_ = std::min(dial_alike_, alike_enough);
}

// Records what the screen found. With `quickly`, the residual is taken as white.
inline void ToneTracker::keep_screening(SubBlock samples, std::int64_t index, bool quickly,
                                        const simd::Screened& seen, const simd::BankSums& sums) noexcept {
    Screening& screening = screening_[screening_slot(index)];
    const float tones = seen.low + seen.high;
    screening = {static_cast<std::uint32_t>(index), {tones, std::max(0.0F, seen.energy - tones)}};
    if (!quickly && seen.passes) {
        keep_colour(samples, seen, sums, screening.energy);
    }
}

// `seen` is the screen's result, if the sub-block was examined; the sums kept then belong to it.
inline void ToneTracker::take(SubBlock samples, bool lost, bool keep, const simd::Screened* seen) noexcept {
    const std::int64_t index = count_;
    const bool passes = seen != nullptr && seen->passes;
    if (seen != nullptr) {
        keep_screening(samples, index, keep, *seen, line_.sums);
        line_.energy = seen->energy;
        sums_are_old_ = false;
        if (passes && !last_was_seen_ && index > 0 && !this->lost(index - 1)) {
            simd::BankSums sums;
            const simd::Screened before = simd::kernels().screen(line_.last, line_.demands, sums);
            keep_screening(SubBlock(line_.last), index - 1, keep, before, sums);
            recent_passes_ = static_cast<std::uint8_t>(unsigned{recent_passes_} | (before.passes ? 1U : 0U));
            // Skimming does not clear this bit.
            recent_strong_ =
                static_cast<std::uint8_t>((unsigned{recent_strong_} & ~1U) | (is_strong(before) ? 1U : 0U));
        }
    }
    if (!lost) {
        const bool strong = seen != nullptr && is_strong(*seen);
        recent_passes_ = static_cast<std::uint8_t>(unsigned{recent_passes_} << 1U | (passes ? 1U : 0U));
        recent_strong_ = static_cast<std::uint8_t>(unsigned{recent_strong_} << 1U | (strong ? 1U : 0U));
        if (index % std::int64_t{simd::dial_period} == 0) {
            follow_dial_tone(samples);
        }
    } else {
        dial_alike_ = 0;
    }
    if (index % 2 == 0) {
        const bool is_loud = !lost && last_energy() >= line_.demands.least_energy;
        loud_run_ = is_loud ? std::min<std::uint8_t>(loud_run_ + 1, simd::most_loud_run) : std::uint8_t{0};
    }
    const std::uint8_t most = keep || !is_quiet() ? history : most_kept(index);
    kept_ = std::min(static_cast<std::uint8_t>(kept_ + 1), most);
    if (kept_ > 1) {
        copy(line_.last, next_earlier());
    }
    copy(samples.data(), line_.last);
    last_was_seen_ = seen != nullptr;
    recent_losses_ = static_cast<std::uint16_t>(unsigned{recent_losses_} << 1U | (lost ? 1U : 0U));
    ++count_;
}

// Examines every second sub-block. Those between matter only after one that passed, or where one more would
// decide.
void ToneTracker::push(SubBlock samples, bool lost, bool keep) noexcept {
    const bool is_second = count_ % 2 == 0;
    const bool is_seen =
        !lost && (keep || is_second || (recent_passes_ & 0b1U) != 0 || (recent_passes_ & 0b1110U) == 0b1110U);
    simd::Screened seen;
    if (is_seen) {
        seen = simd::kernels().screen(samples.data(), line_.demands, line_.sums);
    }
    take(samples, lost, keep, is_seen ? &seen : nullptr);
}

std::optional<float> ToneTracker::if_quiet(SubBlock samples) const noexcept {
    const float energy = simd::kernels().energy(samples.data());
    return dial_alike_ == 0 && energy < line_.demands.least_energy ? std::optional(energy) : std::nullopt;
}

void ToneTracker::push_quiet(SubBlock samples, float energy) noexcept {
    const simd::Screened seen{0.0F, 0.0F, energy, 0.0F, false};
    line_.sums = {};
    take(samples, false, true, &seen);
}

// Keeps the samples of a few sub-blocks.
void ToneTracker::keep_few(const std::int16_t* samples, std::int64_t sub_blocks) noexcept {
    const auto kept = std::min<std::int64_t>(kept_ + sub_blocks, most_kept(count_ + sub_blocks - 1));
    kept_ = static_cast<std::uint8_t>(kept);
    if (kept > sub_blocks) {
        copy(line_.last, next_earlier());
    }
    const std::int16_t* const last = samples + (sub_blocks - 1) * sub_block_samples;
    for (std::int64_t before = std::min(kept, sub_blocks) - 1; before > 0; --before) {
        copy(last - before * sub_block_samples, next_earlier());
    }
    copy(last, line_.last);
}

std::size_t ToneTracker::take_passing(std::span<const std::int16_t> samples, Skimmed skimmed,
                                      const simd::Screened& next) noexcept {
    if (skimmed.passes) {
        take(samples.subspan(skimmed.taken * sub_block_size).first<sub_block_size>(), false, false, &next);
    }
    return skimmed.passes ? 1 : 0;
}

ToneTracker::Followed ToneTracker::follow(std::span<const std::int16_t> samples, const TonePair& pair,
                                          simd::FollowedTones& tones) noexcept {
    Followed followed;
    if (!last_was_seen_ || dial_alike_ != 0) {
        return followed;
    }
    const std::array<int, 2> filters{pair.row, 4 + pair.column};
    constexpr std::size_t most = simd::FollowedSubBlocks::most;
    const int taken = simd::kernels().follow(
        samples.data(), static_cast<int>(std::min(samples.size() / sub_block_size, most)),
        static_cast<unsigned>(count_), line_.demands, filters.data(), tones, followed.found);
    if (taken == 0) {
        return followed;
    }
    followed.taken = static_cast<std::size_t>(taken);
    sums_are_old_ = true;
    if (kept_ > 0) {
        copy(line_.last, next_earlier());
    }
    for (std::size_t i = 0; i < followed.taken; ++i) {
        const float both = followed.found.low[i] + followed.found.high[i];
        screening_[screening_slot(count_)] = {static_cast<std::uint32_t>(count_),
                                              {both, std::max(0.0F, followed.found.energy[i] - both)}};
        line_.energy = followed.found.energy[i];
        const std::int16_t* const from = samples.data() + i * sub_block_size;
        copy(from, i + 1 < followed.taken ? next_earlier() : line_.last);
        ++count_;
    }
    const unsigned all = (1U << followed.taken) - 1;
    recent_passes_ = static_cast<std::uint8_t>(unsigned{recent_passes_} << followed.taken | all);
    recent_strong_ = static_cast<std::uint8_t>(unsigned{recent_strong_} << followed.taken | all);
    recent_losses_ = static_cast<std::uint16_t>(unsigned{recent_losses_} << followed.taken);
    kept_ = static_cast<std::uint8_t>(std::min({history, std::int64_t{kept_} + taken, count_}));
    const auto seconds = static_cast<unsigned>((count_ + 1) / 2 - (count_ - taken + 1) / 2);
    loud_run_ = static_cast<std::uint8_t>(std::min<unsigned>(loud_run_ + seconds, simd::most_loud_run));
    return followed;
}

void ToneTracker::hear_again(
    std::int64_t count,
    FunctionRef<void(std::int64_t, std::span<std::int16_t, sub_block_size>)> change) noexcept {
    std::array<std::array<std::int16_t, sub_block_size>, history> again;
    const std::int64_t first = count_ - count;
    const std::uint16_t losses = recent_losses_;
    unsigned arrived = 0;
    for (std::int64_t b = first; b < count_; ++b) {
        copy(samples(b).data(), again[static_cast<std::size_t>(b - first)].data());
        arrived += lost(b) ? 0U : 1U;
        screening_[screening_slot(b)] = {};
    }
    copy(samples(first - 1).data(), line_.last); // not used if that one was not kept
    newest_ = static_cast<std::uint8_t>((newest_ + 2 * slots - static_cast<int>(count)) % slots);
    count_ = first;
    kept_ = static_cast<std::uint8_t>(kept_ - count);
    recent_losses_ = static_cast<std::uint16_t>(unsigned{recent_losses_} >> count);
    recent_passes_ = static_cast<std::uint8_t>(unsigned{recent_passes_} >> std::min(arrived, 8U));
    recent_strong_ = static_cast<std::uint8_t>(unsigned{recent_strong_} >> std::min(arrived, 8U));
    dial_alike_ = 0;
    last_was_seen_ = true;
    for (std::int64_t i = 0; i < count; ++i) {
        auto& sub_block = again[static_cast<std::size_t>(i)];
        change(first + i, sub_block);
        push(sub_block, (unsigned{losses} >> (count - 1 - i) & 1U) != 0, true);
    }
}

bool ToneTracker::is_strong(const simd::Screened& seen) noexcept {
    return seen.low + seen.high >= strong_share * seen.energy;
}

// What is left of the products once what the tones contribute is subtracted.
void ToneTracker::keep_colour(SubBlock samples, const simd::Screened& seen, const simd::BankSums& sums,
                              ScreenedEnergy& energy) noexcept {
    std::array<float, 8> norm;
    for (std::size_t k = 0; k < norm.size(); ++k) {
        norm[k] = norm_of(sums, k);
    }
    // Without branches, as the processor could not predict which filter it is.
    const auto strongest = [&](std::size_t group) {
        std::size_t most = group;
        for (std::size_t k = group + 1; k < group + 4; ++k) {
            most = norm[k] > norm[most] ? k : most;
        }
        return most;
    };
    const std::size_t low = strongest(0);
    const std::size_t high = strongest(4);
    const auto product = [&](std::size_t lag) {
        return seen.low * lag_cosine[lag][low] + seen.high * lag_cosine[lag][high];
    };
    energy.lag1 = seen.lag1 - product(0);
    energy.lag2 = simd::kernels().lag2_product(samples.data()) - product(1);
}

// What was lost was never screened.
const ToneTracker::Screening* ToneTracker::screening(std::int64_t index) const noexcept {
    const Screening& screening = screening_[screening_slot(index)];
    return screening.index == static_cast<std::uint32_t>(index) ? &screening : nullptr;
}

void ToneTracker::reset() noexcept {
    const simd::ScreenDemands demands = line_.demands;
    *this = ToneTracker();
    line_.demands = demands;
}

bool ToneTracker::key_may_begin() const noexcept {
    return (recent_losses_ & 0b11U) == 0 && (recent_passes_ & recent_strong_ & 0b11U) == 0b11U;
}

bool ToneTracker::key_may_sound() const noexcept {
    constexpr unsigned last_five = 0b11111U;
    // Bit b: whether four of b's five bits are set.
    constexpr std::uint32_t four_of_five = [] {
        std::uint32_t bits = 0;
        for (unsigned five = 0; five <= last_five; ++five) {
            bits |= std::popcount(five) >= 4 ? 1U << five : 0U;
        }
        return bits;
    }();
    return (recent_losses_ & 1U) == 0 && (four_of_five >> (recent_passes_ & last_five) & 1U) != 0;
}

ScreenedEnergy ToneTracker::screened_energy() const noexcept {
    ScreenedEnergy sum;
    for (std::int64_t b = std::max(oldest(), count_ - integration); b < count_; ++b) {
        if (const Screening* const seen = screening(b)) {
            sum.tones += seen->energy.tones;
            sum.residual += seen->energy.residual;
            sum.lag1 += seen->energy.lag1;
            sum.lag2 += seen->energy.lag2;
        }
    }
    return sum;
}

float ToneTracker::filled_sub_blocks() const noexcept {
    float strongest = 0.0F;
    float roots = 0.0F;
    const std::int64_t first = std::max(oldest(), count_ - screenings);
    for (std::int64_t b = first; b < count_; ++b) {
        if (const Screening* const seen = screening(b)) {
            strongest = std::max(strongest, seen->energy.tones);
            roots += std::sqrt(seen->energy.tones);
        }
    }
    const int lost_ones = std::popcount(recent_losses_ & ((1U << (count_ - first)) - 1));
    return static_cast<float>(lost_ones) + (strongest > 0.0F ? roots / std::sqrt(strongest) : 0.0F);
}

template <class EnergyOf>
ToneTracker::Run ToneTracker::run_before(std::int64_t end, std::int64_t most, float least_share,
                                         EnergyOf energy_of) const noexcept {
    const std::int64_t oldest_seen = std::max(oldest(), count_ - std::min(most, screenings));
    Run run{end, 0.0F};
    for (std::int64_t b = oldest_seen; b < count_; ++b) {
        if (const Screening* const seen = screening(b)) {
            run.most_energy = std::max(run.most_energy, energy_of(seen->energy));
        }
    }
    const float least = least_share * run.most_energy;
    while (run.first > oldest_seen) {
        const Screening* const before = screening(run.first - 1);
        if (!lost(run.first - 1) && (before == nullptr || energy_of(before->energy) < least)) {
            break;
        }
        --run.first;
    }
    return run;
}

// Whether what is kept of before sub-block `end` is silence beside one of this energy.
bool ToneTracker::is_silent_before(std::int64_t end, float energy) const noexcept {
    float heard = 0.0F;
    while (end > oldest() && heard <= silent_share * energy) {
        --end;
        heard += lost(end) ? energy : simd::kernels().energy(samples(end).data());
    }
    return heard <= silent_share * energy;
}

ToneTracker::Lasted ToneTracker::lasted() const noexcept {
    const Run run = run_before(count_ - 1, screenings, begun_share,
                               [](const ScreenedEnergy& energy) { return energy.total(); });
    const float loud = begun_amplitude * std::sqrt(run.most_energy / sub_block_size);
    const SubBlock beginning = samples(run.first);
    const auto begun = std::find_if(beginning.begin(), beginning.end(), [&](std::int16_t sample) {
        return std::abs(static_cast<float>(sample)) >= loud;
    });
    const SampleCount since = (count_ - run.first) * sub_block_samples;
    const bool from_silence = run.first > oldest() && is_silent_before(run.first, run.most_energy);
    return {since - (begun - beginning.begin()), from_silence ? since : history * sub_block_samples};
}

std::int64_t ToneTracker::first_filled(std::int64_t most) const noexcept {
    return run_before(count_, most, filled_share, [](const ScreenedEnergy& energy) { return energy.tones; })
        .first;
}

std::optional<HeardPair> ToneTracker::strongest_pair(std::int64_t sub_blocks) const noexcept {
    const simd::Kernels& kernels = simd::kernels();
    const std::int64_t first = std::max<std::int64_t>(0, count_ - std::min(sub_blocks, integration));
    simd::BankSeries series{}; // lost sub-blocks stay 0
    series.size = static_cast<int>(count_ - first);
    float energy = 0.0F;
    std::int64_t arrived = 0;
    for (std::int64_t b = std::max(first, oldest()); b < count_; ++b) {
        if (lost(b)) {
            continue;
        }
        ++arrived;
        if (b == count_ - 1 && last_passed() && !sums_are_old_) {
            kernels.put(series, static_cast<int>(b - first), line_.sums); // as the screen left them
            energy += line_.energy;
            continue;
        }
        const std::int16_t* const heard = samples(b).data();
        simd::BankSums sums;
        kernels.bank(heard, sums);
        kernels.put(series, static_cast<int>(b - first), sums);
        energy += kernels.energy(heard);
    }
    if (2 * arrived <= sub_blocks) {
        return std::nullopt; // too few to measure frequencies
    }
    return find_pair(series, static_cast<double>(energy), arrived);
}

HeardTones ToneTracker::last_tones(unsigned row, unsigned column) const noexcept {
    return tones_of(line_.sums, last_energy(), row, column);
}

HeardTones ToneTracker::tones(std::int64_t index, unsigned row, unsigned column) const noexcept {
    const std::int16_t* const heard = samples(index).data();
    simd::BankSums sums;
    simd::kernels().bank(heard, sums);
    return tones_of(sums, simd::kernels().energy(heard), row, column);
}

} // namespace keytone
