// SPDX-License-Identifier: MIT
#include "tests/support/impaired_calls.hpp"

#include <gtest/gtest.h>

namespace keytone::test {
namespace {

TEST(ImpairedCallsForMinutes, EveryKeyIsHeardOnce) {
    hear_every_key_once(20);
}

} // namespace
} // namespace keytone::test
