// SPDX-License-Identifier: MIT
//
// The limits of this machine, measured in the same run as what is compared with them.
//
//     limits/memory          bytes a second read from memory
//     limits/multiply_add    products of 16 bits a second, added in pairs, by the instruction set in use
#include "dsp/simd/instruction_set.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace keytone::bench {
namespace {

void memory(benchmark::State& state) {
    // Much larger than the caches.
    const std::vector<std::uint64_t> words(64U << 20U, 1);
    for ([[maybe_unused]] const auto _ : state) {
        std::uint64_t sum = std::accumulate(words.begin(), words.end(), std::uint64_t{0});
        benchmark::DoNotOptimize(sum);
    }
    state.counters["bytes"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * static_cast<double>(words.size() * sizeof(std::uint64_t)),
        benchmark::Counter::kIsRate);
}
BENCHMARK(memory)->Name("limits/memory")->Unit(benchmark::kMillisecond);

#if defined(__x86_64__)

constexpr int rounds = 10'000;
// Enough independent sums to hide the latency of an addition.
constexpr int chains = 10;

// Each returns how many products a round computes; every round's sums are the next one's factors.
[[gnu::target("sse2")]] int multiply_add_baseline() {
    __m128i sums[chains]{};
    const __m128i factor = _mm_set1_epi16(3);
    for (int round = 0; round < rounds; ++round) {
#pragma GCC unroll 10
        for (__m128i& sum : sums) {
            sum = _mm_add_epi32(sum, _mm_madd_epi16(sum, factor));
        }
    }
    for (const __m128i& sum : sums) {
        benchmark::DoNotOptimize(_mm_cvtsi128_si32(sum));
    }
    return chains * 8;
}

[[gnu::target("avx2")]] int multiply_add_avx2() {
    __m256i sums[chains]{};
    const __m256i factor = _mm256_set1_epi16(3);
    for (int round = 0; round < rounds; ++round) {
#pragma GCC unroll 10
        for (__m256i& sum : sums) {
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(sum, factor));
        }
    }
    for (const __m256i& sum : sums) {
        benchmark::DoNotOptimize(_mm256_cvtsi256_si32(sum));
    }
    return chains * 16;
}

[[gnu::target("avx512f,avx512bw,avx512vnni")]] int multiply_add_avx512() {
    __m512i sums[chains]{};
    const __m512i factor = _mm512_set1_epi16(3);
    for (int round = 0; round < rounds; ++round) {
#pragma GCC unroll 10
        for (__m512i& sum : sums) {
            sum = _mm512_dpwssd_epi32(sum, sum, factor);
        }
    }
    for (const __m512i& sum : sums) {
        benchmark::DoNotOptimize(_mm512_cvtsi512_si32(sum));
    }
    return chains * 32;
}

void multiply_add(benchmark::State& state) {
    const InstructionSet set = instruction_set();
    int products = 0;
    for ([[maybe_unused]] const auto _ : state) {
        products = set == InstructionSet::avx512 ? multiply_add_avx512()
                   : set == InstructionSet::avx2 ? multiply_add_avx2()
                                                 : multiply_add_baseline();
    }
    state.counters["products"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * rounds * products, benchmark::Counter::kIsRate);
    state.SetLabel(std::string(name(set)));
}
BENCHMARK(multiply_add)->Name("limits/multiply_add");

#endif

} // namespace
} // namespace keytone::bench
