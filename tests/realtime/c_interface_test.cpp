// SPDX-License-Identifier: MIT
//
// What keytone.h marks as [audio] does not allocate, lock or make system calls.
#include "engine/c/keytone/keytone.h"
#include "tests/support/realtime_watch.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

namespace keytone {
namespace {

void count_end(void* user, const keytone_report* report) {
    *static_cast<int*>(user) += report->kind == KEYTONE_REPORT_END ? 1 : 0;
}

void count_end_of_line(void* user, std::size_t /*index*/, const keytone_report* report) {
    count_end(user, report);
}

TEST(RealTimeC, NothingCalledAudioAllocatesLocksOrCalls) {
    keytone_generator* generator = nullptr;
    keytone_detector* detector = nullptr;
    keytone_session* session = nullptr;
    keytone_session_config config;
    keytone_session_config_init(&config);
    config.header = R"({"v":1,"call":"c1","rate":8000})";
    ASSERT_EQ(keytone_generator_create("12w3#", nullptr, &generator), KEYTONE_OK);
    ASSERT_EQ(keytone_detector_create(nullptr, &detector), KEYTONE_OK);
    ASSERT_EQ(keytone_session_create(&config, &session, nullptr, 0), KEYTONE_OK);
    for (const char* const line : {R"({"at":0,"ev":"leg.answered","leg":"a"})",
                                   R"({"type":"based_call","id":"b1","name":"click_ivr","args":["1*0"]})"}) {
        ASSERT_EQ(keytone_session_submit(session, line, std::strlen(line)), KEYTONE_OK);
    }

    std::vector<std::int16_t> samples(static_cast<std::size_t>(keytone_generator_length(generator)) + 1600);
    std::vector<std::uint8_t> codes(samples.size());
    std::array<std::int16_t, 160> sent{};
    std::size_t written = 0;
    int heard = 0;
    bool all_well = true;
    const auto well = [&](keytone_error error) { all_well = all_well && error == KEYTONE_OK; };
    keytone_key_report event{};
    event.size = sizeof event;
    event.kind = KEYTONE_REPORT_BEGIN;
    event.key = '7';
    test::RealTimeWatch audio;
    audio.run([&] {
        well(keytone_generator_generate(generator, samples.data(), samples.size(), &written));
        well(keytone_ulaw_encode(samples.data(), samples.size(), codes.data()));
        well(keytone_ulaw_decode(codes.data(), codes.size(), samples.data()));
        well(keytone_alaw_encode(samples.data(), samples.size(), codes.data()));
        well(keytone_alaw_decode(codes.data(), codes.size(), samples.data()));
        const keytone_frame frame{detector, samples.data(), samples.size()};
        well(keytone_process_batch(&frame, 1, count_end_of_line, &heard));
        well(keytone_detector_process(detector, samples.data(), samples.size(), count_end, &heard));
        well(keytone_detector_process_lost(detector, 800, count_end, &heard));
        well(keytone_detector_finish(detector, count_end, &heard));
        well(keytone_detector_reset(detector));
        well(keytone_generator_reset(generator));
        well(keytone_session_set_key_form(session, KEYTONE_LEG_B, KEYTONE_KEYS_AS_EVENTS));
        well(keytone_session_hear_key_event(session, KEYTONE_LEG_A, &event));
        for (int i = 0; i < 100; ++i) {
            well(keytone_session_process(session, KEYTONE_LEG_A, sent.data(), sent.data(), sent.size()));
            well(keytone_session_process(session, KEYTONE_LEG_B, nullptr, sent.data(), sent.size()));
        }
    });
    EXPECT_TRUE(all_well);
    EXPECT_EQ(heard, 8);
    EXPECT_EQ(audio.violations(), test::Violations{});
    keytone_session_destroy(session);
    keytone_detector_destroy(detector);
    keytone_generator_destroy(generator);
}

} // namespace
} // namespace keytone
