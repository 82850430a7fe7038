// SPDX-License-Identifier: MIT
#include "server/sip/registration_text.hpp"

namespace keytone::server {
namespace {

using namespace std::chrono_literals;

TEST(RegistrationText, NamesTheRemedy) {
    const auto told = [](bool is_registered, int status) {
        return tell_registration({"sip:sip.example", is_registered, status, is_registered ? 600s : 0s});
    };
    EXPECT_EQ(told(true, 200), "registered at sip:sip.example for 600 s");
    const std::string failed = "registration at sip:sip.example failed: ";
    EXPECT_EQ(told(false, 0), failed + "nobody answers there: check sip.trunk");
    for (const int status : {401, 403, 407}) {
        EXPECT_EQ(told(false, status), failed + std::to_string(status) + ": check sip.user and sip.password");
    }
    EXPECT_EQ(told(false, 404), failed + "404: check sip.from");
    EXPECT_EQ(told(false, 200), failed + "it lasts for no time there: ask the provider");
    EXPECT_EQ(told(false, 503), failed + "503: it is tried again");
}

} // namespace
} // namespace keytone::server
