// SPDX-License-Identifier: MIT
#include "dsp/dtmf_detector.hpp"

#include "dsp/detector/tone_recurrence.hpp"
#include "dsp/levels.hpp"
#include "dsp/prefetch.hpp"

#include <algorithm>
#include <numeric>

namespace keytone {

namespace {

// A hint needs this share of the energy in the two tones: quick, and rarely wrong over speech.
constexpr double min_hint_share = 0.7;
// Over 5 ms each tone leaks into the other's filter, and noise adds to both.
constexpr Decibels level_error{0.5};
constexpr Decibels level_difference_error{8};

// Powers are mean squares of 16-bit samples.
void set_levels(DtmfReport& report, const std::array<double, 2>& tone_power, double noise_power) {
    constexpr double full_scale_power = full_scale_pcm16 * full_scale_pcm16;
    report.low_level = mean_square_level(tone_power[0] / full_scale_power);
    report.high_level = mean_square_level(tone_power[1] / full_scale_power);
    // Rounding to 16 bits leaves 1/12 of a step squared: no key is cleaner than that.
    report.snr = power_ratio((tone_power[0] + tone_power[1]) / std::max(noise_power, 1.0 / 12.0));
}

// A single tone leaks into the other group's filters: over 10 ms, up to 12 dB below its own energy. Of two
// tones 12 dB apart, the weaker one still causes this much of the recurrence's misfit; noise would have to be
// 19 dB below the tone.
constexpr double most_leaked_share = 0.1;
bool is_one_tone(SubBlock samples) {
    constexpr std::size_t lag = 2; // a quarter turn in the gap between the groups
    constexpr float most_misfit = 0.012F;
    ToneRecurrence recurrence;
    recurrence.add(samples, lag);
    const auto tone = recurrence.one_tone();
    return tone && tone->noise_share < most_misfit;
}

} // namespace

DtmfDetector::DtmfDetector(SampleRate rate, const DtmfLimits& limits)
    : converts_rate_(rate != SampleRate::narrowband()),
      tracker_(std::min(ToneTracker::usual_min_level, limits.min_level() - level_error),
               std::max(limits.max_high_over_low, limits.max_low_over_high) + level_difference_error),
      key_(limits),
      verifier_(limits),
      rate_(rate),
      decimator_(rate) {}

void DtmfDetector::reset() noexcept {
    tracker_.reset();
    dial_tone_.reset();
    decimator_.reset();
    position_ = 0;
    not_before_ = 0;
    skipped_ = 0;
    lost_until_ = 0;
    lost_on_end_ = 0;
    pending_size_ = 0;
    pending_lost_ = false;
    hinted_ = false;
    sounding_ = false;
    knows_dial_tone_ = false;
    key_.reset();
}

bool DtmfDetector::may_skim() const noexcept {
    // As the compiler knows them to be one load.
    return (unsigned{pending_size_} | unsigned{sounding_} << 8 | unsigned{knows_dial_tone_} << 16 |
            unsigned{converts_rate_} << 24) == 0;
}

void DtmfDetector::process(std::span<const std::int16_t> samples, Sink sink) noexcept {
    position_ += std::ssize(samples);
    // In one branch: both are asked of nearly every call.
    if ((unsigned{may_skim()} & unsigned{tracker_.may_skim_frame(samples.size())}) != 0) {
        simd::Screened next;
        const ToneTracker::Skimmed skimmed = tracker_.skim_frame(samples.data(), next);
        if (skimmed.taken == simd::dial_period) {
            hinted_ = false;
            return; // Most calls end here.
        }
        go_on_behind(samples, skimmed, next, sink);
    } else {
        process_any(samples, sink);
    }
}

// Goes on with a frame that was not skimmed whole. By itself, as process_any() is.
[[gnu::noinline]] void DtmfDetector::go_on_behind(std::span<const std::int16_t> samples,
                                                  ToneTracker::Skimmed skimmed, const simd::Screened& next,
                                                  Sink sink) noexcept {
    if (skimmed.passes) {
        tracker_.prefetch_rest(true);
    }
    tracker_.keep_skimmed(samples, skimmed);
    go_on(samples.subspan(take_skimmed(samples, skimmed, next, sink)), sink);
}

// By itself, so that the call above saves no registers for it.
[[gnu::noinline]] void DtmfDetector::process_any(std::span<const std::int16_t> samples, Sink sink) noexcept {
    std::size_t heard = 0;
    if (may_skim()) {
        simd::Screened next;
        const ToneTracker::Skimmed skimmed = tracker_.skim_quiet(samples, next);
        if (skimmed.taken * sub_block_size == samples.size()) {
            hinted_ = hinted_ && skimmed.taken == 0;
            return;
        }
        heard = take_skimmed(samples, skimmed, next, sink);
    }
    go_on(samples.subspan(heard), sink);
}

[[gnu::noinline]] void DtmfDetector::go_on(std::span<const std::int16_t> samples, Sink sink) noexcept {
    if (sounding_ || tracker_.last_passed()) {
        prefetch_rest();
    }
    hear(samples, false, sink);
}

// Goes on behind what the tracker skimmed; returns how many samples are heard.
std::size_t DtmfDetector::take_skimmed(std::span<const std::int16_t> samples, ToneTracker::Skimmed skimmed,
                                       const simd::Screened& next, Sink sink) noexcept {
    const std::size_t taken = skimmed.taken + tracker_.take_passing(samples, skimmed, next);
    if (taken > 0) {
        hinted_ = false;
        if (tracker_.last_passed()) {
            hear_last(sink);
        }
    }
    return taken * sub_block_size;
}

void DtmfDetector::prefetch_rest() const noexcept {
    tracker_.prefetch_rest(sounding_);
    if (sounding_ || tracker_.key_is_near()) {
        prefetch(&key_, &verifier_ + 1);
    }
}

std::size_t DtmfDetector::process_quiet(std::span<const std::int16_t> samples) noexcept {
    if (!may_skim()) {
        return 0;
    }
    simd::Screened next;
    const std::size_t taken = tracker_.skim_quiet(samples, next).taken;
    hinted_ = hinted_ && taken == 0;
    const std::size_t heard = taken * sub_block_size;
    position_ += static_cast<SampleCount>(heard);
    return heard;
}

// The first part of a loss neither holds nor ends a key; after that, it counts as silence for twice as long,
// and then nothing is left that it could change but the clock. A loss that is reported in pieces has the same
// effect.
void DtmfDetector::process_lost(SampleCount count, Sink sink) noexcept {
    if (count <= 0) {
        return;
    }
    if (position_ != lost_until_) {
        lost_on_end_ = 0;
    }
    const SampleIndex since = position_ - lost_on_end_;
    position_ += count;
    lost_until_ = position_;
    const SampleCount bridged = rate_.samples(longest_bridged_loss);
    const auto part = [&](SampleCount until) {
        const SampleCount taken = std::clamp<SampleCount>(until - lost_on_end_, 0, count);
        lost_on_end_ = static_cast<std::int32_t>(lost_on_end_ + taken);
        count -= taken;
        return taken;
    };
    hear_nothing(part(bridged), true, sink);
    if (count > 0 && sounding_) {
        lose_key(since, sink);
    }
    hear_nothing(part(2 * bridged), false, sink);
    if (count > 0) {
        dial_tone_.reset();
        // Every fourth sub-block is examined for a dial tone: the clock skips whole groups of four.
        const SampleCount outputs = std::lcm(4 * sub_block_samples, std::int64_t{decimator_.output_cycle()});
        const SampleCount inputs = outputs / decimator_.output_cycle() * decimator_.input_cycle();
        skipped_ += count / inputs * outputs;
        hear_nothing(count % inputs, false, sink);
    }
}

// The key ends at the input's sample `until`, as far as is known. Nothing of it is left to be measured, and
// what sounds after the loss is another key.
void DtmfDetector::lose_key(SampleIndex until, Sink sink) noexcept {
    sounding_ = false;
    not_before_ = tracker_.count();
    DtmfReport end = report(DtmfReport::Kind::end, key_.pair(), key_.onset());
    set_levels(end, key_.begin_power(), key_.begin_noise());
    end.duration = std::max<SampleCount>(0, until - end.onset);
    key_.reset();
    sink(end);
}

void DtmfDetector::finish(Sink sink) noexcept {
    hear_nothing(rate_.samples(longest_bridged_loss), false, sink);
}

void DtmfDetector::hear_nothing(SampleCount count, bool lost, Sink sink) noexcept {
    constexpr std::array<std::int16_t, 320> nothing{};
    for (SampleCount left = count; left > 0; left -= std::ssize(nothing)) {
        hear(std::span(nothing).first(static_cast<std::size_t>(std::min<SampleCount>(left, nothing.size()))),
             lost, sink);
    }
}

void DtmfDetector::hear(std::span<const std::int16_t> samples, bool lost, Sink sink) noexcept {
    if (!converts_rate_) {
        samples = hear_whole_sub_blocks(samples, lost, sink);
        if (samples.empty()) {
            return;
        }
    }
    while (true) {
        const std::size_t room = sub_block_size - pending_size_;
        const std::size_t heard = decimator_.process(samples, std::span(pending_).last(room));
        if (heard == 0) {
            return;
        }
        pending_size_ = static_cast<std::uint8_t>(pending_size_ + heard);
        pending_lost_ = pending_lost_ || lost;
        if (pending_size_ == sub_block_size) {
            if (pending_lost_ || (sounding_ ? follow(pending_) : skim(pending_, sink)) == 0) {
                hear_sub_block(pending_, pending_lost_, sink);
            }
            pending_size_ = 0;
            pending_lost_ = false;
        }
    }
}

// Hears whole sub-blocks directly in `samples`, where nothing is pending before them; returns the samples
// left over. The result is the same as if they were gathered first, without the copy.
std::span<const std::int16_t> DtmfDetector::hear_whole_sub_blocks(std::span<const std::int16_t> samples,
                                                                  bool lost, Sink sink) noexcept {
    if (pending_size_ != 0) {
        return samples;
    }
    while (samples.size() >= sub_block_size) {
        std::size_t taken = lost ? 0 : sounding_ ? follow(samples) : skim(samples, sink);
        if (taken == 0) {
            hear_sub_block(samples.first<sub_block_size>(), lost, sink);
            taken = sub_block_size;
        }
        samples = samples.subspan(taken);
    }
    return samples;
}

// Skips what is no key; returns how many samples.
std::size_t DtmfDetector::skim(std::span<const std::int16_t> samples, Sink sink) noexcept {
    if (sounding_ || knows_dial_tone_) {
        return 0;
    }
    simd::Screened next;
    return take_skimmed(samples, tracker_.skim_quiet(samples, next), next, sink);
}

// Takes what goes on with the key that sounds; returns how many samples.
std::size_t DtmfDetector::follow(std::span<const std::int16_t> samples) noexcept {
    return sounding_ && !knows_dial_tone_ ? key_.follow_steadily(tracker_, samples) * sub_block_size : 0;
}

void DtmfDetector::hear_sub_block(SubBlock samples, bool lost, Sink sink) noexcept {
    if (knows_dial_tone_) {
        std::array<std::int16_t, sub_block_size> left;
        std::ranges::copy(samples, left.begin());
        dial_tone_.cancel(left, lost);
        tracker_.push(left, lost, sounding_ || !dial_tone_.is_cancelling());
        dial_tone_.look_back(tracker_);
        knows_dial_tone_ = dial_tone_.knows_one();
    } else {
        tracker_.push(samples, lost, sounding_);
    }
    hear_last(sink);
}

void DtmfDetector::hear_last(Sink sink) noexcept {
    if (tracker_.dial_tone_may_sound()) {
        if (const auto first = dial_tone_.look_for(tracker_)) {
            not_before_ = *first; // earlier sub-blocks may still hold the dial tone
            knows_dial_tone_ = true;
        }
    }
    if (sounding_ && !key_.follow(tracker_)) {
        end_key(sink);
    }
    if (!sounding_) {
        await_key(sink); // which may have ended the last one
    }
}

void DtmfDetector::await_key(Sink sink) noexcept {
    if (!tracker_.key_may_begin()) {
        hinted_ = hinted_ && tracker_.key_may_sound();
    } else if (!hinted_) {
        give_hint(sink);
    }
    if (!tracker_.key_may_sound()) {
        return;
    }
    ToneEvidence evidence;
    if (!verifier_.measure(tracker_, not_before_, evidence)) {
        return;
    }
    if (evidence.margin.value >= 0.0 && !may_go_on_after_loss(evidence) && !key_.belongs_to_last(evidence)) {
        begin_key(evidence, sink);
    }
}

// Whether the tones may be the last key's, going on after a loss: a pause looks the same as two lost frames
// that were filled with zeros. A key of its own lasts as long as keys must; the rest of a key after a loss
// rarely does.
bool DtmfDetector::may_go_on_after_loss(const ToneEvidence& evidence) const noexcept {
    constexpr SampleCount longest_loss = 9 * sub_block_samples; // 45 ms
    constexpr SampleCount own_length =
        7 * sub_block_samples; // 35 ms, in the sub-blocks that a key of 40 ms fills
    const SampleIndex over = key_.over();
    if (over == 0 || evidence.onset - over > longest_loss || evidence.pair.row != key_.pair().row ||
        evidence.pair.column != key_.pair().column ||
        likeliest_end(evidence.fit, tracker_, evidence.end - 2) - evidence.onset >= own_length) {
        return false;
    }
    const std::int64_t first = (over + sub_block_samples - 1) / sub_block_samples;
    const std::int64_t end = evidence.onset / sub_block_samples;
    for (std::int64_t b = std::max(first, tracker_.oldest()); b < end; ++b) {
        if (std::ranges::any_of(tracker_.samples(b), [](std::int16_t sample) { return sample != 0; })) {
            return false;
        }
    }
    return first < end;
}

void DtmfDetector::give_hint(Sink sink) noexcept {
    const std::int64_t last = tracker_.count() - 1;
    if (last - 1 < not_before_) {
        return;
    }
    const auto pair = tracker_.strongest_pair(2);
    if (!pair || pair->share() < min_hint_share) {
        return;
    }
    const auto [weaker, stronger] = std::minmax(pair->low_share, pair->high_share);
    if (weaker < most_leaked_share * stronger &&
        (is_one_tone(tracker_.samples(last - 1)) || is_one_tone(tracker_.samples(last)))) {
        return;
    }
    hinted_ = true;
    DtmfReport hint = report(DtmfReport::Kind::hint, pair->pair, (last - 1) * sub_block_samples);
    const double power = pair->energy / (2.0 * sub_block_size);
    set_levels(hint, {pair->low_share * power, pair->high_share * power}, (1.0 - pair->share()) * power);
    sink(hint);
}

// The onset of a new key. Where the last key ended within a sub-block, this one may have begun in the same
// one; and where no silence lies between them, it began at once.
SampleIndex DtmfDetector::onset_of(const ToneEvidence& evidence) const noexcept {
    const std::int64_t shared = not_before_ - 1;
    const SampleIndex over = key_.over();
    SampleIndex onset = evidence.onset;
    if (onset == not_before_ * sub_block_samples && over > shared * sub_block_samples &&
        shared >= tracker_.oldest()) {
        onset = std::max(over, likeliest_onset(evidence.fit, tracker_, shared, evidence.end - 2));
    }
    if (over == 0 || onset <= over || onset > over + 2 * sub_block_samples ||
        over / sub_block_samples < tracker_.oldest()) {
        return onset;
    }
    constexpr SampleCount piece = 16; // long enough for one beat between any key's two tones
    constexpr double silent_share = 0.2;
    for (SampleIndex from = over; from < onset; from += piece) {
        double energy = 0.0;
        for (SampleIndex n = from; n < from + piece; ++n) {
            const double sample =
                tracker_.samples(n / sub_block_samples)[static_cast<std::size_t>(n % sub_block_samples)];
            energy += sample * sample;
        }
        if (energy < silent_share * evidence.fit.tone_power * static_cast<double>(piece)) {
            return onset;
        }
    }
    return over;
}

void DtmfDetector::begin_key(const ToneEvidence& evidence, Sink sink) noexcept {
    sounding_ = true;
    hinted_ = false;
    key_.begin(evidence, onset_of(evidence));
    DtmfReport begin = report(DtmfReport::Kind::begin, key_.pair(), key_.onset());
    set_levels(begin, key_.begin_power(), key_.begin_noise());
    sink(begin);
}

void DtmfDetector::end_key(Sink sink) noexcept {
    sounding_ = false;
    const FollowedKey key = key_.end(tracker_);
    not_before_ = key.next;
    DtmfReport end = report(DtmfReport::Kind::end, key.pair, key.onset);
    set_levels(end, key.power, key.noise);
    end.duration = std::max<SampleCount>(0, std::min(input_index(key.over), position_) - end.onset);
    sink(end);
}

SampleIndex DtmfDetector::input_index(SampleIndex bank_index) const noexcept {
    if (!converts_rate_) {
        return bank_index + skipped_; // without a look at the decimator, which is far away
    }
    const std::int64_t out = decimator_.output_cycle();
    return ((bank_index + skipped_) * decimator_.input_cycle() + out / 2) / out;
}

DtmfReport DtmfDetector::report(DtmfReport::Kind kind, const TonePair& pair,
                                SampleIndex onset) const noexcept {
    return {.kind = kind,
            .key = Key::at(pair.row, pair.column),
            .onset = input_index(onset),
            .duration = 0,
            .low_level = {},
            .high_level = {},
            .low_frequency = pair.low,
            .high_frequency = pair.high,
            .snr = {}};
}

} // namespace keytone
