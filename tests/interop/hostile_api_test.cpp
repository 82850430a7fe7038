// SPDX-License-Identifier: MIT
//
// What others must not be able to do to a service by its HTTP port: end it, or fill its descriptors.
#include "tests/interop/hostile_api.hpp"

namespace keytone::test {
namespace {

TEST(HostileApi, LeavesTheServiceAlive) {
    expect_to_outlive(100, std::chrono::seconds(60));
}

} // namespace
} // namespace keytone::test
