// SPDX-License-Identifier: MIT
//
// keytone_soak: a day of many lines, offline. Each line hears speech, silence and keys; every key must be
// heard as it was sent, and memory must not grow.
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/sound.hpp"
#include "bench/soak/soak_line.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace keytone;
using keytone::bench::SoakCount;
using keytone::bench::SoakLine;

constexpr double ticks_per_hour = 3600.0 * 50.0;
// Each line is heard for a minute (3000 ticks) at a time, so that its samples stay in the cache.
constexpr std::int64_t turn = 3000;

/// The memory of this process, in bytes.
std::int64_t resident_bytes() {
    std::ifstream status("/proc/self/statm");
    std::int64_t pages = 0;
    std::int64_t resident = 0;
    status >> pages >> resident;
    return resident * 4096;
}

std::vector<std::int16_t> speech() {
    std::vector<std::int16_t> samples;
    for (const accuracy::Recording& prompt : accuracy::prompts()) {
        const auto pcm = accuracy::to_pcm(prompt.samples);
        samples.insert(samples.end(), pcm.begin(), pcm.end());
    }
    return samples;
}

void hear(std::span<SoakLine> lines, std::int64_t ticks) {
    for (std::int64_t done = 0; done < ticks; done += turn) {
        for (SoakLine& line : lines) {
            for (std::int64_t tick = done; tick < std::min(done + turn, ticks); ++tick) {
                line.tick();
            }
        }
    }
}

struct Options {
    int lines = 1000;
    double hours = 24.0;
    unsigned threads = std::max(1U, std::thread::hardware_concurrency());
};

/// Runs the ticks of all lines, shared among the threads.
void hear_all(std::vector<SoakLine>& lines, std::int64_t ticks, unsigned threads) {
    std::vector<std::jthread> at_work;
    for (unsigned i = 0; i < threads; ++i) {
        const std::size_t from = lines.size() * i / threads;
        const std::size_t to = lines.size() * (i + 1) / threads;
        at_work.emplace_back(
            [&lines, from, to, ticks] { hear(std::span(lines).subspan(from, to - from), ticks); });
    }
}

SoakCount total(const std::vector<SoakLine>& lines) {
    SoakCount sum;
    for (const SoakLine& line : lines) {
        sum += line.count();
    }
    return sum;
}

int run(const Options& options) {
    const auto heard = speech();
    if (heard.empty()) {
        static_cast<void>(std::fputs(
            "keytone_soak: no recorded prompts: tools/install-deps installs asterisk-core-sounds-en-wav\n",
            stderr));
        return 1;
    }
    std::vector<SoakLine> lines;
    for (int i = 0; i < options.lines; ++i) {
        lines.emplace_back(static_cast<std::uint64_t>(i) + 1, heard);
    }
    const auto begin = std::chrono::steady_clock::now();
    std::int64_t memory_after_first = 0;
    std::printf("%6s %12s %12s %8s %10s %8s\n", "hours", "keys sent", "heard so", "wrong", "memory KB",
                "seconds");
    for (double done = 0.0; done < options.hours;) {
        const double part = std::min(1.0, options.hours - done);
        hear_all(lines, static_cast<std::int64_t>(part * ticks_per_hour), options.threads);
        done += part;
        const SoakCount count = total(lines);
        const std::int64_t memory = resident_bytes();
        memory_after_first = memory_after_first == 0 ? memory : memory_after_first;
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
        std::printf("%6.2f %12llu %12llu %8llu %10lld %8.0f\n", done,
                    static_cast<unsigned long long>(count.sent), static_cast<unsigned long long>(count.exact),
                    static_cast<unsigned long long>(count.wrong), static_cast<long long>(memory / 1024),
                    taken.count());
        static_cast<void>(std::fflush(stdout));
    }
    const std::int64_t grown = resident_bytes() - memory_after_first;
    for (SoakLine& line : lines) {
        line.finish();
    }
    const SoakCount count = total(lines);
    std::printf("%d lines, %.2f h: %llu keys sent, %llu heard as sent, %llu wrong; memory grew by %lld KB\n",
                options.lines, options.hours, static_cast<unsigned long long>(count.sent),
                static_cast<unsigned long long>(count.exact), static_cast<unsigned long long>(count.wrong),
                static_cast<long long>(grown / 1024));
    constexpr std::int64_t most_growth = 1 << 20;
    return count.sent > 0 && count.all_exact() && grown < most_growth ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    try {
        Options options;
        CLI::App program("Hears many lines for a day, offline: every key as it was sent, and no more memory "
                         "than at first.",
                         "keytone_soak");
        program.add_option("--lines", options.lines, "Lines [1000]")->check(CLI::Range(1, 100'000));
        program.add_option("--hours", options.hours, "Hours of sound for each [24]")
            ->check(CLI::Range(0.001, 1000.0));
        program.add_option("--threads", options.threads, "Threads [one per core]")->check(CLI::Range(1, 256));
        CLI11_PARSE(program, argc, argv);
        return run(options);
    } catch (const std::exception& error) {
        static_cast<void>(std::fprintf(stderr, "keytone_soak: %s\n", error.what()));
        return 1;
    }
}
