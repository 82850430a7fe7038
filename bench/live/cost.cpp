// SPDX-License-Identifier: MIT
#include "bench/live/cost.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

namespace keytone::bench {

namespace {

std::filesystem::path folder_of(int process) {
    return std::filesystem::path("/proc") / (process == 0 ? "self" : std::to_string(process));
}

} // namespace

std::vector<int> threads_of(int process) {
    std::vector<int> threads;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder_of(process) / "task", error)) {
        threads.push_back(std::stoi(entry.path().filename().string()));
    }
    std::ranges::sort(threads);
    return threads;
}

std::optional<double> seconds_run(int process, int thread) {
    std::ifstream file(folder_of(process) / "task" / std::to_string(thread) / "schedstat");
    double nanoseconds = 0.0;
    return file >> nanoseconds ? std::optional(nanoseconds * 1e-9) : std::nullopt;
}

std::string name_of(int process, int thread) {
    std::ifstream file(folder_of(process) / "task" / std::to_string(thread) / "comm");
    std::string name;
    std::getline(file, name);
    return name;
}

double seconds_run(int process) {
    double sum = 0.0;
    for (const int thread : threads_of(process)) {
        sum += seconds_run(process, thread).value_or(0.0);
    }
    return sum;
}

std::size_t resident_bytes(int process) {
    std::ifstream status(folder_of(process) / "statm");
    std::size_t pages = 0;
    std::size_t resident = 0;
    status >> pages >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

Pinned::Pinned(unsigned first, unsigned count) {
    cpu_set_t now;
    if (sched_getaffinity(0, sizeof now, &now) != 0) {
        return;
    }
    before_.resize(sizeof now);
    std::memcpy(before_.data(), &now, sizeof now);
    cpu_set_t only;
    CPU_ZERO(&only);
    for (unsigned core = first; core < first + count; ++core) {
        CPU_SET(core, &only);
    }
    sched_setaffinity(0, sizeof only, &only);
}

Pinned::~Pinned() {
    if (!before_.empty()) {
        cpu_set_t before;
        std::memcpy(&before, before_.data(), sizeof before);
        sched_setaffinity(0, sizeof before, &before);
    }
}

bool allow_files(std::size_t count) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < count) {
        limit.rlim_cur = std::min<rlim_t>(count, limit.rlim_max);
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur >= count;
}

} // namespace keytone::bench
