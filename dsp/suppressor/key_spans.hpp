// SPDX-License-Identifier: MIT
//
// Where in a stream keys sound, so that they can be silenced there:
//
//     heard   speechkkkkkkkkkkkkkkkkkkkkkspeech
//     begin is known    |<- 18-32 ms
//     span            [                 )
//     gain    11111111\000000000000000/11111111     the fades lie inside the key
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_limits.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/suppressor/key_edges.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace keytone {

/// A stretch of a stream that is silenced, as a key sounds in it.
struct KeySpan {
    /// The end of a key that still sounds.
    static constexpr SampleIndex open = std::numeric_limits<SampleIndex>::max();

    SampleIndex begin = 0;   ///< First sample that is silenced,
    SampleIndex end = open;  ///< and the first one that no longer is.
    bool is_event = false;   ///< Announced by suppress(), not heard.
    Key key = Key::at(0, 0); ///< Which one was heard; of an event, any.
    Dbm0 low_level{};        ///< Of what was heard, where it began.
    Dbm0 high_level{};

    /// Whether it silences nothing.
    [[nodiscard]] bool is_empty() const noexcept { return end <= begin; }
    /// How much is left of sample `index`, in parts of `fade` + 1, which are all of it. The fades are `fade`
    /// samples long.
    [[nodiscard]] constexpr std::int32_t left(SampleIndex index, std::int32_t fade) const {
        if (index < begin || index >= end) {
            return fade + 1;
        }
        const SampleCount inside = index - begin < end - 1 - index ? index - begin : end - 1 - index;
        return inside < fade ? fade - static_cast<std::int32_t>(inside) : 0;
    }

    friend bool operator==(const KeySpan&, const KeySpan&) = default;
};

/// The limits with which keys are looked for in order to silence them: what someone else may still read is
/// worse than a syllable that is lost.
DtmfLimits suppression_limits();

/// Hears a stream and knows where its keys are. A plain value; what it knows after a sample does not depend
/// on how the stream was cut into calls.
class KeySpans {
  public:
    /// Spans that are kept; the oldest makes room. A caller that forgets what it has used never needs as
    /// many.
    static constexpr std::size_t capacity = 64;
    /// Length of each fade, at the beginning and at the end of a span.
    static constexpr Milliseconds fade{0.25};
    /// By how much a span begins later and ends earlier than the key is found to, which errs by less: what is
    /// no key stays as it is. Among speech it errs by more, and less is heard of what is left.
    static constexpr Milliseconds edge{0.4};
    static constexpr Milliseconds edge_beside_speech{5};

    /// Speech sometimes is a key for a moment. With more beside the tones than this part of their power,
    /// shorter ones are none.
    static constexpr Milliseconds shortest_in_speech{36};
    static constexpr float most_rest_of_short = 0.4F;

    /// How far inside the key a span's edge lies, where all else has so much of the tones' power.
    static Milliseconds margin(float rest);

    explicit KeySpans(SampleRate rate, const DtmfLimits& limits = suppression_limits(),
                      Milliseconds shortest = shortest_in_speech);

    /// Hears the next samples. `[audio]`
    void hear(std::span<const std::int16_t> samples) noexcept KEYTONE_NONBLOCKING;
    /// The next samples were lost. `[audio]`
    void hear_lost(SampleCount count) noexcept KEYTONE_NONBLOCKING;
    /// The stream is over: what its last samples hold is known. Only reset() may follow. `[audio]`
    void finish() noexcept KEYTONE_NONBLOCKING;
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    /// A key comes beside the samples, as a telephone event: what sounds of it from `begin` to before `end`
    /// is silenced too, to the sample. KeySpan::open as the end: until end_event(). `[audio]`
    void suppress(SampleIndex begin, SampleIndex end) noexcept KEYTONE_NONBLOCKING;
    /// The open event ends. No effect without one. `[audio]`
    void end_event(SampleIndex end) noexcept KEYTONE_NONBLOCKING;

    /// In the order in which they became known. `[any]`
    [[nodiscard]] std::span<const KeySpan> spans() const noexcept { return std::span(spans_).first(count_); }
    /// Drops the spans that are over before `sample`. `[audio]`
    void forget_before(SampleIndex sample) noexcept KEYTONE_NONBLOCKING;
    /// Drops the spans that are not wanted. `[any]`
    void forget_unless(FunctionRef<bool(const KeySpan&)> is_wanted) noexcept;
    /// Silences the keys in `samples`, the first of which has the index `first`. Samples outside of keys stay
    /// as they are. `[audio]`
    void silence(SampleIndex first, std::span<std::int16_t> samples) const noexcept KEYTONE_NONBLOCKING;

    [[nodiscard]] std::int32_t fade_samples() const noexcept { return fade_; }
    /// Samples heard. `[any]`
    [[nodiscard]] SampleIndex position() const noexcept { return detector_.position(); }

  private:
    /// The latest key, once it has ended.
    struct Ended {
        SampleIndex begin = -1; // of its span; -1: there is nothing more to look at
        SampleIndex key = 0;    // its own begin
        SampleIndex about = 0;  // its end, by the detector
        Hertz low{0};
        Hertz high{0};
    };

    void take(const DtmfReport& report) noexcept;
    void end(KeySpan& span) noexcept;
    void look_again() noexcept;
    void add(const KeySpan& span) noexcept;
    [[nodiscard]] KeySpan* open_span(bool is_event) noexcept;
    [[nodiscard]] KeyEdges::Edge end_of(Key key) const noexcept;
    [[nodiscard]] SampleCount margin(const KeyEdges::Edge& found) const noexcept {
        return rate_.samples(margin(found.rest));
    }

    DtmfDetector detector_;
    SampleRate rate_;
    KeyEdges edges_;
    std::int32_t fade_;     // samples
    SampleCount shortest_;  // in speech
    SampleIndex begin_ = 0; // of the latest key
    Ended last_{};
    std::size_t count_ = 0;
    std::array<KeySpan, capacity> spans_{};
};

} // namespace keytone
