// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/temporary_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

namespace keytone::test {

/// A disk of its own for this process and those that it starts, in memory, that can be filled and freed.
class SmallDisk {
  public:
    /// So many bytes. The process goes into a mount namespace of its own with the first one, and, where it is
    /// not root, into a user namespace.
    explicit SmallDisk(long bytes) {
        static const std::string why = leave();
        problem_ = why;
        if (!problem_.empty()) {
            return;
        }
        const std::string options = "mode=700,size=" + std::to_string(bytes);
        is_mounted_ = mount("none", folder_.path().c_str(), "tmpfs", 0, options.c_str()) == 0;
        if (!is_mounted_) {
            problem_ = std::string("no file system may be mounted here: ") + std::strerror(errno);
        }
    }
    ~SmallDisk() {
        if (is_mounted_) {
            umount2(folder_.path().c_str(), MNT_DETACH);
        }
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    /// Why it is not there; empty where it is.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
    /// Takes all room but so many bytes.
    void fill(long left) {
        const int file = open(ballast().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        ASSERT_GE(file, 0) << std::strerror(errno);
        off_t taken = 0;
        for (off_t step = 1 << 24; step >= page; step /= 2) {
            while (posix_fallocate(file, taken, step) == 0) {
                taken += step;
            }
        }
        EXPECT_EQ(ftruncate(file, std::max(off_t{0}, taken - left)), 0) << std::strerror(errno);
        close(file);
    }
    void free() { std::filesystem::remove(ballast()); }

  private:
    static constexpr off_t page = 4096;

    [[nodiscard]] std::string ballast() const { return folder_.file("ballast"); }

    // What is mounted from now on is nobody else's. Returns why that may not be.
    static std::string leave() {
        const uid_t user = getuid();
        const gid_t group = getgid();
        if (unshare(CLONE_NEWNS) != 0) {
            if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
                return std::string("no namespace may be made here: ") + std::strerror(errno);
            }
            std::ofstream("/proc/self/setgroups") << "deny";
            std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
            std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
        }
        return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
                   ? ""
                   : std::string("mounts cannot be kept apart here: ") + std::strerror(errno);
    }

    TemporaryFolder folder_;
    std::string problem_;
    bool is_mounted_ = false;
};

} // namespace keytone::test
