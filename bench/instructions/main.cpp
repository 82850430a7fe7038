// SPDX-License-Identifier: MIT
//
// Does a fixed amount of work, for its instructions to be counted: bench/instructions/count. It prints a line
// for each part: its name, how many units it was, and what the unit is. With --build it prints what it was
// built with, which the number of instructions depends on. With --sound NAME it writes what is heard, as
// 16-bit samples, for a program on another processor.
#include "bench/instructions/sections.hpp"
#include "bench/instructions/sound.hpp"
#include "dsp/simd/instruction_set.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string_view>

using namespace keytone;

namespace {

constexpr const char* compiler =
#if defined(__clang__)
    "clang " __clang_version__;
#else
    "g++ " __VERSION__;
#endif
constexpr const char* processor =
#if defined(__x86_64__)
    "x86-64";
#else
    "another processor";
#endif

bool write_sound(std::string_view name) {
    const bench::Samples samples = bench::sound_of(name);
    return std::fwrite(samples.data(), sizeof samples[0], samples.size(), stdout) == samples.size();
}

} // namespace

// valgrind finds both by their names: it counts while the first runs, and writes down what it counted when
// the second is called.
extern "C" {

[[gnu::noinline]] void keytone_counted(const FunctionRef<void()>& work) {
    work();
    asm volatile(""); // What follows the call keeps it from being a jump.
}

[[gnu::noinline]] void keytone_section_ends() {
    asm volatile("");
}

} // extern "C"

int main(int count, char** arguments) {
    if (count > 1 && std::string_view(arguments[1]) == "--build") {
        std::printf("%s, %s, %s\n", compiler, processor, KEYTONE_BUILD);
        return 0;
    }
    try {
        if (count > 2 && std::string_view(arguments[1]) == "--sound") {
            return write_sound(arguments[2]) ? 0 : 1;
        }
        static_cast<void>(std::fprintf(stderr, "instruction set: %s\n", name(instruction_set()).data()));
        for (const bench::Section& section : bench::sections()) {
            if (count > 1 && section.name != std::string_view(arguments[1])) {
                continue;
            }
            const std::size_t units = section.run([](FunctionRef<void()> work) { keytone_counted(work); });
            keytone_section_ends();
            std::printf("%s %zu %s\n", section.name.data(), units, section.unit.data());
        }
    } catch (const std::exception& error) {
        static_cast<void>(std::fprintf(stderr, "keytone_instructions: %s\n", error.what()));
        return 1;
    }
    return 0;
}
