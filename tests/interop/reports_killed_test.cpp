// SPDX-License-Identifier: MIT
//
// kill -9, whatever the service does at that moment: each call has its one report.
#include "tests/interop/killed_service.hpp"

namespace keytone::test {
namespace {

TEST(AKilledService, ReportsEachCallOnce) {
    if (const auto problem = Sipp::problem(); !problem.empty()) {
        GTEST_SKIP() << problem;
    }
    kill_often(3, 1);
}

} // namespace
} // namespace keytone::test
