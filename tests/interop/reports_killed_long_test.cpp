// SPDX-License-Identifier: MIT
//
// kill -9, whatever the service does at that moment, 200 times: each call has its one report.
#include "tests/interop/killed_service.hpp"

namespace keytone::test {
namespace {

class AKilledService : public testing::TestWithParam<unsigned> {};

TEST_P(AKilledService, ReportsEachCallOnce) {
    if (const auto problem = Sipp::problem(); !problem.empty()) {
        GTEST_SKIP() << problem;
    }
    kill_often(50, GetParam());
}

INSTANTIATE_TEST_SUITE_P(OfSeed, AKilledService, testing::Values(11U, 12U, 13U, 14U));

} // namespace
} // namespace keytone::test
