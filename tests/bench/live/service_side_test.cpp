// SPDX-License-Identifier: MIT
#include "bench/live/point_run.hpp"
#include "bench/live/service_side.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace keytone::bench {
namespace {

const LoadSound& sound() {
    static const LoadSound made(G711Law::ulaw);
    return made;
}

TEST(ServiceSide, FewCallsLoseNothingAndAreTimed) {
    ServiceSide side(sound(), {.program = KEYTONE_SERVER, .api_rate = 100.0, .records = true});
    const auto point =
        run_point(side, {.calls = 22, .cores = 1, .seconds = 5.0}, sound(), [](double) { return true; });
    ASSERT_TRUE(point);
    EXPECT_EQ(point->keys_to_wrong + point->keys_from_wrong, 0U) << complaint(*point);
    EXPECT_EQ(point->lines.lost + point->tick->lost, 0U) << complaint(*point);
    EXPECT_EQ(point->lines.wrong_time + point->lines.malformed + point->strangers, 0U) << complaint(*point);
    EXPECT_GT(point->lines.received, 22U * 300U);
    EXPECT_GT(point->keys_to, 22U);
    EXPECT_GT(point->keys_from, 18U); // Those whose agents press any.
    EXPECT_GT(point->bytes_per_call, 20'000.0);
    EXPECT_GT(point->cpu_us, 0.0);
    ASSERT_TRUE(point->service);
    const ServiceFigures& service = *point->service;
    EXPECT_TRUE(service.is_whole()) << text_of(service, point->part_cores);
    EXPECT_GT(service.keys.count, 9U);
    EXPECT_GT(service.keys.median_ms, 0.0);
    EXPECT_LT(service.keys.median_ms, 100.0);
    EXPECT_GT(service.tones.count, 9U);
    EXPECT_GT(service.tones.median_ms, 0.0);
    EXPECT_LT(service.tones.median_ms, 200.0);
    EXPECT_GT(service.heard_share, 0.9);
    EXPECT_GT(service.resident_bytes, 1'000'000U);
    EXPECT_GT(point->part_cores.at("agents"), 0.0);
    ASSERT_TRUE(service.api);
    EXPECT_GT(service.api->by_status.at(200), 100U);
    EXPECT_EQ(service.api->by_status.size(), 2U); // and refused transfers
    EXPECT_THAT(json_line(*point), testing::HasSubstr("\"key_delay\":{\"count\":"));
}

TEST(ServiceSide, SaysThatThereIsNoServer) {
    ServiceSide side(sound(), {.program = "/no/such/program"});
    EXPECT_THAT([&] { side.open({.calls = 1}, 4000); },
                testing::ThrowsMessage<std::runtime_error>("/no/such/program does not start"));
}

} // namespace
} // namespace keytone::bench
