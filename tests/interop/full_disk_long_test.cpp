// SPDX-License-Identifier: MIT
//
// kill -9 while the disk of store and recordings is full, or was, 120 times: each call that the store had has
// its one report.
#include "tests/interop/killed_service.hpp"

namespace keytone::test {
namespace {

class AKilledServiceOnAFullDisk : public testing::TestWithParam<unsigned> {};

TEST_P(AKilledServiceOnAFullDisk, ReportsEachCallOnce) {
    if (const auto problem = Sipp::problem(); !problem.empty()) {
        GTEST_SKIP() << problem;
    }
    SmallDisk disk(256L << 20);
    if (!disk.problem().empty()) {
        GTEST_SKIP() << disk.problem();
    }
    kill_often(30, GetParam(), &disk);
}

INSTANTIATE_TEST_SUITE_P(OfSeed, AKilledServiceOnAFullDisk, testing::Values(21U, 22U, 23U, 24U));

} // namespace
} // namespace keytone::test
