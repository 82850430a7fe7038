// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace keytone {

/// The instruction sets that the inner loops are compiled for. All give the same bits; only the speed
/// differs.
enum class InstructionSet : std::uint8_t {
    baseline, ///< What every processor of the architecture has: SSE2 on x86-64, NEON on 64-bit ARM.
    avx2,
    avx512, ///< With BW, VL and VNNI: Intel Ice Lake, AMD Zen 4 and later.
};

inline constexpr std::array all_instruction_sets{InstructionSet::baseline, InstructionSet::avx2,
                                                 InstructionSet::avx512};

/// What AVX-512 computes in.
enum class Registers : std::uint8_t {
    narrow, ///< Of 32 bytes, as AVX2 has.
    wide,   ///< Of 64 bytes.
};
/// Those that are faster here: wide ones on AMD's processors. Intel's have two units for them instead of
/// three, also for what comes right before or after. `[any]`
Registers usual_registers() noexcept;

/// "baseline", "avx2", "avx512". `[any]`
std::string_view name(InstructionSet set) noexcept;
/// Nothing for a name that is none of them. `[any]`
std::optional<InstructionSet> instruction_set_named(std::string_view name) noexcept;

/// Whether this machine supports it, and this build contains it. `[any]`
bool is_available(InstructionSet set) noexcept;
/// The one in use: the best that is available, or the one that the environment variable KEYTONE_SIMD named
/// when the program started, if that is available. `[any]`
InstructionSet instruction_set() noexcept;
/// Uses another one from now on; false, and nothing changes, where it is not available. For tests and
/// measurements: no other thread may be running. `[control]`
bool use_instruction_set(InstructionSet set, Registers registers = usual_registers()) noexcept;

} // namespace keytone
