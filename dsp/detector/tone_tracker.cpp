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
const simd::LagCosines lag_cosines = [] {
    simd::LagCosines cosines{};
    for (std::size_t k = 0; k < 8; ++k) {
        const auto cosine = [k](double samples) {
            return static_cast<float>((1.0 - samples / sub_block_size) *
                                      std::cos(2.0 * pi * samples * bank_frequency(k).value / bank_rate_hz));
        };
        cosines.lag1[k] = cosine(1.0);
        cosines.lag2[k] = cosine(2.0);
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
inline void ToneTracker::keep_screening(std::int64_t index, bool quickly,
                                        const simd::Screened& seen) noexcept {
    const float tones = seen.low + seen.high;
    const float rest = seen.energy - tones;
    const float residual = 0.5F * (rest + std::abs(rest)); // without a branch: it is often next to nothing
    screenings_.set(index, tones, residual, !quickly && seen.passes);
}

// `seen` is the screen's result, if the sub-block was examined; the sums kept then belong to it.
inline void ToneTracker::take(SubBlock samples, bool lost, bool keep, const simd::Screened* seen) noexcept {
    const std::int64_t index = count_;
    const bool passes = seen != nullptr && seen->passes;
    if (seen != nullptr) {
        keep_screening(index, keep, *seen);
        line_.energy = seen->energy;
        sums_are_old_ = false;
        if (passes && !last_was_seen_ && index > 0 && !this->lost(index - 1)) {
            simd::BankSums sums;
            const simd::Screened before = simd::kernels().screen(line_.last, line_.demands, sums);
            keep_screening(index - 1, keep, before);
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
    const unsigned is_loud = !lost && last_energy() >= line_.demands.least_energy ? 1U : 0U;
    const unsigned run = is_loud * std::min<unsigned>(unsigned{loud_run_} + 1, simd::most_loud_run);
    loud_run_ = static_cast<std::uint8_t>(index % 2 == 0 ? run : loud_run_);
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
    const bool is_next = (recent_passes_ & 0b1U) != 0;
    const bool decides = (recent_passes_ & 0b1110U) == 0b1110U;
    // In one branch: after speech, the processor would mispredict several.
    const bool is_seen = (keep | is_second | is_next | decides) && !lost;
    simd::Screened seen;
    if (is_seen) {
        seen = simd::kernels().screen(samples.data(), line_.demands, line_.sums);
    }
    take(samples, lost, keep, is_seen ? &seen : nullptr);
}

std::size_t ToneTracker::hear_quiet(std::span<const std::int16_t> samples,
                                    simd::FollowedSubBlocks& found) const noexcept {
    constexpr std::size_t most = simd::FollowedSubBlocks::most;
    const std::size_t sub_blocks = dial_alike_ == 0 ? std::min(samples.size() / sub_block_size, most) : 0;
    return static_cast<std::size_t>(simd::kernels().follow_silence(
        samples.data(), static_cast<int>(sub_blocks), line_.demands.least_energy, found));
}

void ToneTracker::push_quiet(std::span<const std::int16_t> samples, std::size_t count,
                             const simd::FollowedSubBlocks& found) noexcept {
    if (count == 0) {
        return;
    }
    const bool has_second = count > 1 || count_ % 2 == 0;
    take_followed(samples, count, found);
    line_.sums = {};
    sums_are_old_ = false;
    recent_passes_ = static_cast<std::uint8_t>(unsigned{recent_passes_} << count);
    recent_strong_ = static_cast<std::uint8_t>(unsigned{recent_strong_} << count);
    loud_run_ = has_second ? std::uint8_t{0} : loud_run_;
    last_was_seen_ = true;
}

// Keeps the samples of followed sub-blocks, and what was found in them.
void ToneTracker::take_followed(std::span<const std::int16_t> samples, std::size_t count,
                                const simd::FollowedSubBlocks& found) noexcept {
    if (kept_ > 0) {
        copy(line_.last, next_earlier());
    }
    const std::int16_t* from = samples.data();
    for (std::size_t i = 0; i < count; ++i, from += sub_block_size) {
        screenings_.set(count_, found.tones[i], found.residual[i]);
        copy(from, i + 1 < count ? next_earlier() : line_.last);
        ++count_;
    }
    line_.energy = found.energy[count - 1];
    recent_losses_ = static_cast<std::uint16_t>(unsigned{recent_losses_} << count);
    kept_ = static_cast<std::uint8_t>(
        std::min({history, std::int64_t{kept_} + static_cast<std::int64_t>(count), count_}));
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

// Counts sub-blocks that hold no tones.
void ToneTracker::count_quiet(std::uint32_t sub_blocks) noexcept {
    const auto shift = std::min<std::uint32_t>(sub_blocks, 16);
    recent_passes_ = static_cast<std::uint8_t>(unsigned{recent_passes_} << shift);
    recent_losses_ = static_cast<std::uint16_t>(unsigned{recent_losses_} << shift);
    count_ += sub_blocks;
    last_was_seen_ = (count_ & 1) != 0;
}

void ToneTracker::keep_skimmed(std::span<const std::int16_t> samples, Skimmed skimmed) noexcept {
    if (skimmed.taken > 0) {
        keep_few(samples.data(), static_cast<std::int64_t>(skimmed.taken));
        count_quiet(static_cast<std::uint32_t>(skimmed.taken));
    }
}

ToneTracker::Skimmed ToneTracker::skim_on(std::span<const std::int16_t> samples,
                                          simd::Screened& next) noexcept {
    const auto [taken, passes] = simd::kernels().skim(samples.data(), samples.size() / sub_block_size,
                                                      static_cast<unsigned>(count_), loud_run_, line_, next);
    const Skimmed skimmed{taken, passes != 0};
    if (taken <= simd::before_last) {
        keep_skimmed(samples, skimmed);
        return skimmed;
    }
    newest_ = simd::before_last - 1; // skim() has put these into the first places
    kept_ = most_kept(count_ + taken - 1);
    count_quiet(taken);
    return skimmed;
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
    take_followed(samples, followed.taken, followed.found);
    sums_are_old_ = true;
    const unsigned all = (1U << followed.taken) - 1;
    recent_passes_ = static_cast<std::uint8_t>(unsigned{recent_passes_} << followed.taken | all);
    recent_strong_ = static_cast<std::uint8_t>(unsigned{recent_strong_} << followed.taken | all);
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
        screenings_.forget(b);
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

// What is left of the products once what the tones contribute is subtracted. Filtered once more: where the
// tones stand out, nobody asks.
ResidualProducts ToneTracker::residual_products() const noexcept {
    std::array<const std::int16_t*, integration> heard;
    std::size_t count = 0;
    for (std::int64_t b = std::max(oldest(), count_ - integration); b < count_; ++b) {
        heard[count] = samples(b).data();
        count += screenings_.may_be_coloured(b) ? 1U : 0U;
    }
    const auto [lag1, lag2] = simd::kernels().residual_products(heard.data(), count, lag_cosines);
    return {lag1, lag2};
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
        const bool is_known = screenings_.has(b);
        sum.tones += is_known ? screenings_.tones[Screenings::slot(b)] : 0.0F;
        sum.residual += is_known ? screenings_.residual[Screenings::slot(b)] : 0.0F;
    }
    return sum;
}

float ToneTracker::filled_sub_blocks() const noexcept {
    const auto seen = static_cast<unsigned>(std::min<std::int64_t>(kept_, screenings));
    const int lost_ones = std::popcount(recent_losses_ & ((1U << seen) - 1));
    return static_cast<float>(lost_ones) +
           simd::kernels().sum_roots(screenings_, static_cast<std::uint32_t>(count_ - 1), seen);
}

ToneTracker::Run ToneTracker::run_before(std::int64_t end, std::int64_t most, float least_share,
                                         bool with_residual) const noexcept {
    const auto seen = static_cast<unsigned>(std::min({std::int64_t{kept_}, most, screenings}));
    const simd::EnergyRun run = simd::kernels().find_run(screenings_, static_cast<std::uint32_t>(count_ - 1),
                                                         seen, with_residual, least_share);
    const unsigned belong = (run.seen | recent_losses_) & ((1U << seen) - 1);
    return {end - std::countr_one(belong >> (count_ - end)), run.most};
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
    const Run run = run_before(count_ - 1, screenings, begun_share, true);
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
    return run_before(count_, most, filled_share, false).first;
}

std::optional<HeardPair> ToneTracker::strongest_pair(std::int64_t sub_blocks, IsNear is_near) const noexcept {
    const simd::Kernels& kernels = simd::kernels();
    const std::int64_t first = std::max<std::int64_t>(0, count_ - std::min(sub_blocks, integration));
    // Of the last one, the sums are as the screen left them.
    const bool is_last_known = last_passed() && !sums_are_old_ && kept_ > 0 && !lost(count_ - 1);
    static constexpr std::array<std::int16_t, sub_block_size> nothing{};
    std::array<const std::int16_t*, integration> heard;
    std::int64_t arrived = 0;
    for (std::int64_t b = first; b < count_; ++b) {
        const bool has_arrived = b >= oldest() && !lost(b);
        heard[static_cast<std::size_t>(b - first)] = has_arrived ? samples(b).data() : nothing.data();
        arrived += has_arrived ? 1 : 0;
    }
    if (2 * arrived <= sub_blocks) {
        return std::nullopt; // too few to measure frequencies
    }
    simd::BankSeries series;
    series.size = static_cast<int>(count_ - first);
    const int filtered = series.size - (is_last_known ? 1 : 0);
    float energy = kernels.hear(series, heard.data(), filtered);
    if (is_last_known) {
        kernels.put(series, filtered, line_.sums);
        energy += line_.energy;
    }
    return find_pair(series, static_cast<double>(energy), arrived, is_near);
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
