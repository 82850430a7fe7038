// SPDX-License-Identifier: MIT
#include "dsp/simd/instruction_set.hpp"

#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/listener_kernels.hpp"
#include "dsp/simd/stream_kernels.hpp"

#include <atomic>
#include <cstdlib>

namespace keytone {

namespace simd {

// The tables in dsp/simd/detector_kernels.cpp, dsp/simd/listener_kernels.cpp and dsp/simd/stream_kernels.cpp,
// one for each instruction set.
extern const Kernels kernels_baseline;
extern const ListenerKernels listener_kernels_baseline;
extern const StreamKernels stream_kernels_baseline;
#if defined(KEYTONE_HAS_X86_KERNELS)
extern const Kernels kernels_avx2;
extern const ListenerKernels listener_kernels_avx2;
extern const StreamKernels stream_kernels_avx2;
extern const Kernels kernels_avx512;
extern const Kernels kernels_avx512_wide;
extern const ListenerKernels listener_kernels_avx512;
extern const StreamKernels stream_kernels_avx512;
#endif

// Initialised at compile time, so that code that runs before the choice below finds kernels that work.
constinit std::atomic<const Kernels*> kernels_in_use{&kernels_baseline};
constinit std::atomic<const ListenerKernels*> listener_kernels_in_use{&listener_kernels_baseline};
constinit std::atomic<const StreamKernels*> stream_kernels_in_use{&stream_kernels_baseline};

namespace {

struct AllKernels {
    const Kernels* detection;
    const ListenerKernels* listening;
    const StreamKernels* stream;
};

AllKernels kernels_of(InstructionSet set, [[maybe_unused]] Registers registers) {
    switch (set) {
    case InstructionSet::baseline:
        break;
#if defined(KEYTONE_HAS_X86_KERNELS)
    case InstructionSet::avx2:
        return {&kernels_avx2, &listener_kernels_avx2, &stream_kernels_avx2};
    case InstructionSet::avx512:
        return {registers == Registers::wide ? &kernels_avx512_wide : &kernels_avx512,
                &listener_kernels_avx512, &stream_kernels_avx512};
#else
    case InstructionSet::avx2:
    case InstructionSet::avx512:
        break;
#endif
    }
    return {&kernels_baseline, &listener_kernels_baseline, &stream_kernels_baseline};
}

InstructionSet best() {
    const char* const wanted = std::getenv("KEYTONE_SIMD");
    const auto named = instruction_set_named(wanted != nullptr ? wanted : "");
    if (named && is_available(*named)) {
        return *named;
    }
    return is_available(InstructionSet::avx512) ? InstructionSet::avx512
           : is_available(InstructionSet::avx2) ? InstructionSet::avx2
                                                : InstructionSet::baseline;
}

constinit std::atomic<InstructionSet> set_in_use{InstructionSet::baseline};

const bool chosen = use_instruction_set(best());

} // namespace

} // namespace simd

std::string_view name(InstructionSet set) noexcept {
    switch (set) {
    case InstructionSet::baseline:
        return "baseline";
    case InstructionSet::avx2:
        return "avx2";
    case InstructionSet::avx512:
        return "avx512";
    }
    return {};
}

std::optional<InstructionSet> instruction_set_named(std::string_view text) noexcept {
    for (const InstructionSet set : all_instruction_sets) {
        if (name(set) == text) {
            return set;
        }
    }
    return std::nullopt;
}

bool is_available(InstructionSet set) noexcept {
    switch (set) {
    case InstructionSet::baseline:
        return true;
#if defined(KEYTONE_HAS_X86_KERNELS)
    case InstructionSet::avx2:
        return __builtin_cpu_supports("avx2") != 0;
    case InstructionSet::avx512:
        return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
               __builtin_cpu_supports("avx512vnni") != 0;
#else
    case InstructionSet::avx2:
    case InstructionSet::avx512:
        break;
#endif
    }
    return false;
}

Registers usual_registers() noexcept {
#if defined(KEYTONE_HAS_X86_KERNELS)
    return __builtin_cpu_is("amd") != 0 ? Registers::wide : Registers::narrow;
#else
    return Registers::narrow;
#endif
}

InstructionSet instruction_set() noexcept {
    return simd::set_in_use.load(std::memory_order_relaxed);
}

bool use_instruction_set(InstructionSet set, Registers registers) noexcept {
    if (!is_available(set)) {
        return false;
    }
    simd::set_in_use.store(set, std::memory_order_relaxed);
    const simd::AllKernels kernels = simd::kernels_of(set, registers);
    simd::kernels_in_use.store(kernels.detection, std::memory_order_relaxed);
    simd::listener_kernels_in_use.store(kernels.listening, std::memory_order_relaxed);
    simd::stream_kernels_in_use.store(kernels.stream, std::memory_order_relaxed);
    return true;
}

} // namespace keytone
