// SPDX-License-Identifier: MIT
#include "server/sip/session_timer.hpp"

namespace keytone::server {
namespace {

using namespace std::chrono_literals;
using Refresher = SessionExpires::Refresher;

struct Row {
    const char* value;
    std::optional<SessionExpires> read;
};

TEST(SessionExpires, IsRead) {
    const std::vector<Row> rows{
        {"1800", SessionExpires{1800s, Refresher::unsaid}},
        {"1800;refresher=uac", SessionExpires{1800s, Refresher::uac}},
        {"90 ; refresher=uas", SessionExpires{90s, Refresher::uas}},
        {"90;x=y;refresher=uas", SessionExpires{90s, Refresher::uas}},
        {"90;refresher=nobody", SessionExpires{90s, Refresher::unsaid}},
        {"0", SessionExpires{0s, Refresher::unsaid}},
        {"86401", SessionExpires{86'400s, Refresher::unsaid}},
        {"4294967296", SessionExpires{86'400s, Refresher::unsaid}},
        {"99999999999999999999", std::nullopt},
        {"-1", std::nullopt},
        {"+90", std::nullopt},
        {" 90", std::nullopt},
        {"x", std::nullopt},
        {"", std::nullopt},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(read_session_expires(row.value), row.read) << row.value;
    }
}

TEST(SessionExpires, IsWritten) {
    EXPECT_EQ(write_session_expires({1800s, Refresher::uac}), "1800;refresher=uac");
    EXPECT_EQ(write_session_expires({90s, Refresher::uas}), "90;refresher=uas");
    EXPECT_EQ(write_session_expires({90s, Refresher::unsaid}), "90");
}

// RFC 4028, 10: refreshed at half the interval; given up 32 s before its end, or a third if that is less.
TEST(SessionTimer, RefreshesBeforeTheOtherGivesUp) {
    EXPECT_EQ(refresh_after(1800s), 900s);
    EXPECT_EQ(give_up_after(1800s), 1768s);
    EXPECT_EQ(refresh_after(90s), 45s);
    EXPECT_EQ(give_up_after(90s), 60s);
}

} // namespace
} // namespace keytone::server
