// SPDX-License-Identifier: MIT
//
// The sums of a listener's recurrences, of samples rounded to ten bits below the loudest of them. Compiled
// once for each instruction set, like everything that is a part of the kernels.
#pragma once

#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace keytone::simd {

// Integers hold the products of 256 samples of eleven bits, their sign included: the square of the sum of two
// samples fits 22 bits.
inline constexpr int kept_bits = 10;

// The sums of both recurrences, by lanes.
struct OneToneLanes {
    Int8 yy{};
    Int8 sy{};
    Int8 ss{};
};
struct TwoToneLanes {
    Int8 yy{};
    Int8 sy{};
    Int8 ss{};
    Int8 ty{};
    Int8 ts{};
    Int8 tt{};
};

// Keeps sums in registers: the compiler would add up the products last, and store them until then.
template <class... Sums>
KEYTONE_INLINE void keep_sums(Sums&... sums) {
    (processor::keep(sums), ...);
}

KEYTONE_INLINE void add_sums(Short16 s, Short16 y, OneToneLanes& sums) {
    sums.yy = pair_products_added(sums.yy, y, y);
    sums.sy = pair_products_added(sums.sy, s, y);
    sums.ss = pair_products_added(sums.ss, s, s);
    keep_sums(sums.yy, sums.sy, sums.ss);
}
KEYTONE_INLINE void add_sums(Short16 t, Short16 s, Short16 y, TwoToneLanes& sums) {
    sums.yy = pair_products_added(sums.yy, y, y);
    sums.sy = pair_products_added(sums.sy, s, y);
    sums.ss = pair_products_added(sums.ss, s, s);
    sums.ty = pair_products_added(sums.ty, t, y);
    sums.ts = pair_products_added(sums.ts, t, s);
    sums.tt = pair_products_added(sums.tt, t, t);
    keep_sums(sums.yy, sums.sy, sums.ss, sums.ty, sums.ts, sums.tt);
}

// What is stored together is loaded together: it would otherwise have to reach the cache first.
KEYTONE_INLINE void store_sums(const OneToneLanes& one, const TwoToneLanes& two, processor::Shift shift,
                               OneToneSums& by_one, RecurrenceSums& by_lag) {
    const Float4 scale = processor::square_of_scale(shift);
    const auto scaled = [scale](Int4 sums) { return scale * __builtin_convertvector(sums, Float4); };
    const Float4 begin = scaled(lane_sums(two.yy, two.sy, two.ss, two.ty));
    const Float4 end = scaled(lane_sums(two.ts, two.tt, two.ts, two.tt));
    store(begin, &by_lag.yy);
    __builtin_memcpy(&by_lag.ts, &end, 2 * sizeof end[0]);
    store(scaled(lane_sums(one.yy, one.sy, one.ss, Int8{})), &by_one.yy);
}

/// The loudest of some samples.
struct Loudest {
    Short16 least = Short16{} - 1; // of which no bit is seen
    Short16 greatest{};

    [[gnu::always_inline]] void see(Short16 now) {
        least = now < least ? now : least;
        greatest = max(greatest, now);
    }
    /// By how much all are shifted to have `kept_bits`, without their sign.
    [[nodiscard, gnu::always_inline]] processor::Shift shift() const {
        return processor::shift_to(kept_bits, max(greatest, ~least));
    }
};

// Of the samples the last 4 `lag` of the history count, and all others.
KEYTONE_INLINE void add_rough_recurrences(const std::int16_t* history, const std::int16_t* x,
                                          std::size_t count, std::size_t lag, OneToneSums& by_one,
                                          RecurrenceSums& by_lag) {
    const auto tap = [](const std::int16_t* from) { return load<Short16>(from); };
    Loudest loudest;
    loudest.see(tap(history + rough_history - 4 * lag));
    loudest.see(tap(history + rough_history - 16));
    for (std::size_t n = 0; n + 16 < count; n += 16) {
        loudest.see(tap(x + n));
    }
    loudest.see(tap(x + count - 16)); // some of them once more
    const processor::Shift shift = loudest.shift();
    std::int16_t kept[rough_history + most_rough + 16];
    const auto keep = [&](const std::int16_t* from, std::size_t place) {
        store(processor::shifted(tap(from), shift), kept + place);
    };
    keep(history, 0);
    keep(history + 16, 16);
    for (std::size_t n = 0; n + 16 < count; n += 16) {
        keep(x + n, rough_history + n);
    }
    keep(x + count - 16, rough_history + count - 16);
    store(Short16{}, kept + rough_history + count);

    const std::int16_t* const first = kept + rough_history - 4 * lag; // of the taps at the long lag
    const std::int16_t* const near = kept + rough_history - 3;        // of those at a lag of 1
    const std::size_t rest = count % 16;
    TwoToneLanes two;
    OneToneLanes one;
    std::size_t n = 0;
    for (; n + 16 <= count; n += 16) {
        const std::int16_t* const at = first + n;
        add_sums(tap(at) + tap(at + 4 * lag), tap(at + lag) + tap(at + 3 * lag), tap(at + 2 * lag), two);
    }
    for (n = 0; n + 16 <= count; n += 16) {
        add_sums(tap(near + n) + tap(near + n + 2), tap(near + n + 1), one);
    }
    if (rest > 0) {
        constexpr std::int16_t masks[32]{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
        const Short16 mask = tap(masks + 16 - rest);
        const std::int16_t* const at = first + n;
        add_sums((tap(at) + tap(at + 4 * lag)) & mask, (tap(at + lag) + tap(at + 3 * lag)) & mask,
                 tap(at + 2 * lag) & mask, two);
        add_sums((tap(near + n) + tap(near + n + 2)) & mask, tap(near + n + 1) & mask, one);
    }
    store_sums(one, two, shift, by_one, by_lag);
}

[[gnu::noinline]] static void rough_recurrences_of_any(const std::int16_t* history, const std::int16_t* x,
                                                       std::size_t count, std::size_t lag,
                                                       OneToneSums& by_one, RecurrenceSums& by_lag) {
    add_rough_recurrences(history, x, count, lag, by_one, by_lag);
}

// A frame of 10 ms at 8 kHz: its lag, and where the taps of the first of its samples are.
struct UsualFrame {
    static constexpr std::size_t count = 80;
    static constexpr std::size_t lag = 5;
    static constexpr std::size_t far = rough_history - 4 * lag;
    static constexpr std::size_t near = rough_history - 3;
};

template <std::size_t n>
KEYTONE_INLINE void add_far(const Short16* kept, TwoToneLanes& two) {
    constexpr std::size_t lag = UsualFrame::lag;
    constexpr std::size_t at = UsualFrame::far + n;
    add_sums(sixteen_from<at>(kept) + sixteen_from<at + 4 * lag>(kept),
             sixteen_from<at + lag>(kept) + sixteen_from<at + 3 * lag>(kept),
             sixteen_from<at + 2 * lag>(kept), two);
}
template <std::size_t n>
KEYTONE_INLINE void add_near(const Short16* kept, OneToneLanes& one) {
    constexpr std::size_t at = UsualFrame::near + n;
    add_sums(sixteen_from<at>(kept) + sixteen_from<at + 2>(kept), sixteen_from<at + 1>(kept), one);
}

// Without storing what is shifted: what is loaded from another place than it was stored to has to reach the
// cache first, which takes longer than all products.
template <std::size_t... pieces>
KEYTONE_INLINE void rough_recurrences_of_usual(const std::int16_t* history, const std::int16_t* x,
                                               OneToneSums& by_one, RecurrenceSums& by_lag,
                                               std::index_sequence<pieces...> /*of the frame*/) {
    const auto sixteen = [](const std::int16_t* from) { return load<Short16>(from); };
    Loudest loudest;
    loudest.see(sixteen(history + UsualFrame::far));
    loudest.see(sixteen(history + 16));
    (loudest.see(sixteen(x + 16 * pieces)), ...);
    const processor::Shift shift = loudest.shift();
    const Short16 kept[]{processor::shifted(sixteen(history), shift),
                         processor::shifted(sixteen(history + 16), shift),
                         processor::shifted(sixteen(x + 16 * pieces), shift)...};
    TwoToneLanes two;
    (add_far<16 * pieces>(kept, two), ...);
    OneToneLanes one;
    (add_near<16 * pieces>(kept, one), ...);
    store_sums(one, two, shift, by_one, by_lag);
}

} // namespace keytone::simd
