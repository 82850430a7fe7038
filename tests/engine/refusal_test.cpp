// SPDX-License-Identifier: MIT
#include "engine/refusal.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace keytone {
namespace {

// The names are an interface: listed here, not derived.
const std::vector<std::pair<Code, std::string>> names{
    {Code::invalid_digits, "invalid_digits"},
    {Code::invalid_number, "invalid_number"},
    {Code::invalid_sip, "invalid_sip"},
    {Code::invalid_setting, "invalid_setting"},
    {Code::invalid_event, "invalid_event"},
    {Code::call_not_in_progress, "call_not_in_progress"},
    {Code::transfer_in_progress, "transfer_in_progress"},
    {Code::unsupported, "unsupported"},
    {Code::disabled, "disabled"},
    {Code::not_allowed, "not_allowed"},
    {Code::drain_timeout, "drain_timeout"},
    {Code::wait_timeout, "wait_timeout"},
    {Code::no_answer, "no_answer"},
    {Code::sip_busy, "sip_busy"},
    {Code::sip_declined, "sip_declined"},
    {Code::sip_failed, "sip_failed"},
    {Code::refer_no_notify, "refer_no_notify"},
    {Code::remote_hangup, "remote_hangup"},
    {Code::superseded, "superseded"},
    {Code::call_transferred, "call_transferred"},
    {Code::queue_full, "queue_full"},
    {Code::prompt_failed, "prompt_failed"},
    {Code::already_ended, "already_ended"},
    {Code::truncated, "truncated"},
    {Code::busy, "busy"},
    {Code::congestion, "congestion"},
    {Code::number_unobtainable, "number_unobtainable"},
    {Code::vacant_code, "vacant_code"},
    {Code::intercept, "intercept"},
    {Code::fax_answered, "fax_answered"},
    {Code::machine_answered, "machine_answered"},
    {Code::human_answered, "human_answered"},
    {Code::message_left, "message_left"},
};

TEST(Refusal, CodesAreWrittenByTheirNames) {
    for (const auto& [code, written] : names) {
        EXPECT_EQ(name(code), written);
    }
}

TEST(Refusal, NoCodeIsLeftOut) {
    // The last code; there are as many names as codes up to it.
    EXPECT_EQ(static_cast<std::size_t>(Code::message_left) + 1, names.size());
    std::set<std::string> different;
    for (const auto& [code, written] : names) {
        different.insert(written);
    }
    EXPECT_EQ(different.size(), names.size());
    EXPECT_EQ(name(static_cast<Code>(names.size())), "unknown");
}

} // namespace
} // namespace keytone
