// SPDX-License-Identifier: MIT
//
// Last of the detector's parts: reports begin and end. Reports for a key of 50 ms, worst case:
//
//     tone          |<---------- 50 ms ---------->|
//     hint               | 10-15 ms after onset
//     begin                          | 27-32 ms after onset
//     end                                                     | 20-30 ms after the tone's end
#pragma once

#include "dsp/detector/decimator.hpp"
#include "dsp/detector/dial_tone_canceller.hpp"
#include "dsp/detector/key_follower.hpp"
#include "dsp/detector/tone_tracker.hpp"
#include "dsp/detector/tone_verifier.hpp"
#include "dsp/dtmf_limits.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/keys.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace keytone {

/// A key that sounds before and after a loss of up to this is one key; a longer loss ends it.
inline constexpr Milliseconds longest_bridged_loss{200};

/// What the detector reports of a key, with times on the clock of the stream that it hears.
struct DtmfReport {
    enum class Kind : std::uint8_t {
        hint,  ///< A key may have begun: unconfirmed, good for muting only. Followed by begin, or by nothing.
        begin, ///< A key is certain. Levels, frequencies and snr are measured; duration is 0.
        end, ///< The key of the last begin is over: duration is known; measured over its first and last 25-40
             ///< ms.
    };

    Kind kind;
    Key key;
    SampleIndex onset;    ///< First sample of the tone.
    SampleCount duration; ///< From the first to the last sample of the tone; 0 unless `end`.
    Dbm0 low_level;       ///< Level of the low-group tone.
    Dbm0 high_level;      ///< Level of the high-group tone.
    Hertz low_frequency;  ///< Frequency of the low-group tone, as measured.
    Hertz high_frequency; ///< Frequency of the high-group tone, as measured.
    Decibels snr;         ///< Power of the two tones over everything else from 80 Hz to 4 kHz.

    friend bool operator==(const DtmfReport&, const DtmfReport&) = default;
};

/// Detects DTMF keys in a stream of samples. A plain value: a copy goes on from where the original stands,
/// and `reset()` equals fresh. What it reports, and at which sample, does not depend on how the stream is cut
/// into calls.
class alignas(64) DtmfDetector {
  public:
    using Sink = FunctionRef<void(const DtmfReport&)>;
    /// Bytes at the beginning of the object that hearing a quiet line, in whole sub-blocks at 8 kHz, touches.
    static constexpr std::size_t quiet_size = 128;
    /// The same for a loud line, in frames of 20 ms, of which no sub-block passes the screen.
    static constexpr std::size_t loud_size = 384;

    explicit DtmfDetector(SampleRate rate, const DtmfLimits& limits = {});

    /// Hears the next samples; full scale is 32768. `sink` is called for each report, in order. `[audio]`
    void process(std::span<const std::int16_t> samples, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// Hears samples from the front that surely hold no key, as long as there is nothing to report; returns
    /// how many. process() goes on behind them. For a caller that else has to cut its samples into pieces.
    /// `[audio]`
    [[nodiscard]] std::size_t
    process_quiet(std::span<const std::int16_t> samples) noexcept KEYTONE_NONBLOCKING;
    /// Tells that the next `count` samples (0 or more) of the stream were lost, as when a packet never came.
    /// A key that sounds before and after is one key, when no more than longest_bridged_loss is lost in a
    /// row, in one call or in several. `[audio]`
    void process_lost(SampleCount count, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// The stream is over: reports what the last samples still hold. Only reset() may follow. `[audio]`
    void finish(Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    /// Fetches what the next samples need besides the object's front, as far as that tells. `[audio]`
    void prefetch_rest() const noexcept KEYTONE_NONBLOCKING;

    /// Samples heard since construction or reset(), lost ones included. `[any]`
    [[nodiscard]] SampleIndex position() const noexcept { return position_; }

  private:
    [[nodiscard]] bool may_skim() const noexcept;
    void hear(std::span<const std::int16_t> samples, bool lost, Sink sink) noexcept;
    void process_any(std::span<const std::int16_t> samples, Sink sink) noexcept;
    void go_on(std::span<const std::int16_t> samples, Sink sink) noexcept;
    void go_on_behind(std::span<const std::int16_t> samples, ToneTracker::Skimmed skimmed,
                      const simd::Screened& next, Sink sink) noexcept;
    [[nodiscard]] std::size_t take_skimmed(std::span<const std::int16_t> samples,
                                           ToneTracker::Skimmed skimmed, const simd::Screened& next,
                                           Sink sink) noexcept;
    void hear_nothing(SampleCount count, bool lost, Sink sink) noexcept;
    std::span<const std::int16_t> hear_whole_sub_blocks(std::span<const std::int16_t> samples, bool lost,
                                                        Sink sink) noexcept;
    std::size_t skim(std::span<const std::int16_t> samples, Sink sink) noexcept;
    std::size_t follow(std::span<const std::int16_t> samples) noexcept;
    void hear_sub_block(SubBlock samples, bool lost, Sink sink) noexcept;
    void hear_last(Sink sink) noexcept;
    void await_key(Sink sink) noexcept;
    void give_hint(Sink sink) noexcept;
    [[nodiscard]] bool may_go_on_after_loss(const ToneEvidence& evidence) const noexcept;
    void begin_key(const ToneEvidence& evidence, Sink sink) noexcept;
    void end_key(Sink sink) noexcept;
    void lose_key(SampleIndex until, Sink sink) noexcept;
    [[nodiscard]] SampleIndex onset_of(const ToneEvidence& evidence) const noexcept;
    [[nodiscard]] SampleIndex input_index(SampleIndex bank_index) const noexcept;
    [[nodiscard]] DtmfReport report(DtmfReport::Kind kind, const TonePair& pair,
                                    SampleIndex onset) const noexcept;

    // All that a quiet line touches, with the front of the tracker: 128 bytes.
    SampleIndex position_ = 0;
    std::uint8_t pending_size_ = 0; // these four are asked for by one load, in this order
    bool sounding_ = false;
    bool knows_dial_tone_ = false;
    bool converts_rate_; // to the bank's own
    bool pending_lost_ = false;
    bool hinted_ = false;
    ToneTracker tracker_;

    // What a key touches, from a cache line on:
    KeyFollower key_;
    std::int64_t not_before_ = 0; // first sub-block after the last key
    std::int64_t skipped_ = 0;    // samples of the bank's clock that a long loss skipped
    ToneVerifier verifier_;

    SampleIndex lost_until_ = 0;   // of the input; a loss reported from there on is the same one
    std::int32_t lost_on_end_ = 0; // samples of the last loss so far, up to what has an effect
    SampleRate rate_;
    DialToneCanceller dial_tone_;
    std::array<std::int16_t, sub_block_size> pending_{};
    Decimator decimator_;
};

} // namespace keytone
