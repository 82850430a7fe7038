// SPDX-License-Identifier: MIT
#include "dsp/events/telephone_event.hpp"
#include "dsp/keys.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace keytone {
namespace {

using Bytes = std::array<std::uint8_t, TelephoneEvent::size>;

// RFC 4733, 2.3, Figure 1, field by field.
TEST(TelephoneEvent, StandsInItsFourBytes) {
    EXPECT_EQ(pack({11, false, 10, 0x1234}), (Bytes{11, 10, 0x12, 0x34}));
    EXPECT_EQ(pack({0, true, 0, 400}), (Bytes{0, 0x80, 0x01, 0x90}));
    EXPECT_EQ(pack({255, true, 63, 0xFFFF}), (Bytes{255, 0xBF, 0xFF, 0xFF}));
    static_assert(unpack(pack({5, true, 7, 800})) == TelephoneEvent{5, true, 7, 800});
}

TEST(TelephoneEvent, ComesBackAsItWent) {
    for (unsigned code = 0; code < 256; ++code) {
        for (unsigned volume = 0; volume <= TelephoneEvent::max_volume; ++volume) {
            const TelephoneEvent event{static_cast<std::uint8_t>(code), (code & 1U) != 0,
                                       static_cast<std::uint8_t>(volume),
                                       static_cast<std::uint16_t>(257 * volume + code)};
            ASSERT_EQ(unpack(pack(event)), event);
        }
    }
}

TEST(TelephoneEvent, IgnoresTheReservedBit) {
    const Bytes bytes{1, 0x40 | 12, 0, 160};
    EXPECT_EQ(unpack(bytes), (TelephoneEvent{1, false, 12, 160}));
}

TEST(TelephoneEvent, KeepsAVolumeInItsSixBits) {
    EXPECT_EQ(pack({1, false, 0xFF, 160})[1], 63);
}

TEST(TelephoneEvent, TakesTheNearestVolume) {
    EXPECT_EQ(telephone_event_volume(Dbm0{0}), 0);
    EXPECT_EQ(telephone_event_volume(Dbm0{3.14}), 0);
    EXPECT_EQ(telephone_event_volume(Dbm0{-0.4}), 0);
    EXPECT_EQ(telephone_event_volume(Dbm0{-0.6}), 1);
    EXPECT_EQ(telephone_event_volume(Dbm0{-10}), 10);
    EXPECT_EQ(telephone_event_volume(Dbm0{-62.6}), 63);
    EXPECT_EQ(telephone_event_volume(Dbm0{-1e300}), 63);
    EXPECT_EQ(telephone_event_volume(Dbm0{std::numeric_limits<double>::quiet_NaN()}), 63);
    EXPECT_EQ(telephone_event_level(0).value, 0.0);
    EXPECT_EQ(telephone_event_level(55).value, -55.0);
}

TEST(TelephoneEventPayload, HoldsOneEventOrSeveral) {
    const std::vector<std::uint8_t> bytes{1, 0x8A, 0, 160, 2, 0x8A, 1, 64, 3, 10, 0, 80};
    const auto one = TelephoneEventPayload::from_bytes(std::span(bytes).first(4));
    ASSERT_TRUE(one);
    EXPECT_EQ(one->size(), 1U);
    const auto three = TelephoneEventPayload::from_bytes(bytes);
    ASSERT_TRUE(three);
    ASSERT_EQ(three->size(), 3U);
    EXPECT_EQ((*three)[0], (TelephoneEvent{1, true, 10, 160}));
    EXPECT_EQ((*three)[1], (TelephoneEvent{2, true, 10, 320}));
    EXPECT_EQ((*three)[2], (TelephoneEvent{3, false, 10, 80}));
}

TEST(TelephoneEventPayload, RefusesAnyOtherSize) {
    for (std::size_t size = 0; size <= 200; ++size) {
        const std::vector<std::uint8_t> bytes(size);
        const auto payload = TelephoneEventPayload::from_bytes(bytes);
        const bool fits = size > 0 && size % 4 == 0 && size / 4 <= TelephoneEventPayload::max_events;
        ASSERT_EQ(payload.has_value(), fits) << size;
        if (!fits) {
            EXPECT_EQ(payload.error(), Error::telephone_event_size);
            EXPECT_EQ(text(payload.error()),
                      "a telephone-event payload must be 4 bytes an event, of 1 to 32 events");
        }
    }
}

TEST(RtpDistance, IsTheSameAcrossTheWrap) {
    EXPECT_EQ(rtp_distance(100, 260), 160);
    EXPECT_EQ(rtp_distance(260, 100), -160);
    EXPECT_EQ(rtp_distance(0xFFFF'FFF0, 0x10), 32);
    EXPECT_EQ(rtp_distance(0x10, 0xFFFF'FFF0), -32);
    EXPECT_EQ(rtp_distance(0, 0x7FFF'FFFF), 0x7FFF'FFFF);
    EXPECT_EQ(rtp_distance(0, 0x8000'0000), -SampleCount{0x8000'0000});
}

} // namespace
} // namespace keytone
