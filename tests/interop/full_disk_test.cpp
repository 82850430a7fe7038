// SPDX-License-Identifier: MIT
//
// kill -9 while the disk of store and recordings is full, or was: each call that the store had has its one
// report.
#include "tests/interop/killed_service.hpp"

namespace keytone::test {
namespace {

TEST(AKilledServiceOnAFullDisk, ReportsEachCallOnce) {
    if (const auto problem = Sipp::problem(); !problem.empty()) {
        GTEST_SKIP() << problem;
    }
    SmallDisk disk(64L << 20);
    if (!disk.problem().empty()) {
        GTEST_SKIP() << disk.problem();
    }
    kill_often(4, 1, &disk);
}

} // namespace
} // namespace keytone::test
