// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/api_service.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace keytone::test {

/// A service with a call that waits for its agent outlives so many mutated requests, and as many upgrades
/// with mutated frames, and keeps none of their descriptors: hostile_api.py has what is sent.
inline void expect_to_outlive(int count, std::chrono::seconds longest) {
    ApiService service("");
    service.put("/api/v2/agent/phone", R"({"answer_after":3600,"endCallEnabled":false,"grace":3600})");
    LiveServer caller(LiveServer::calling(service.service().port()), stays(3600));
    const std::string call = service.call_in("ringing");
    ASSERT_NE(call, "");
    BackgroundProcess sender({"python3", KEYTONE_ROOT "/tests/server/api/hostile_api.py",
                              std::to_string(service.port()), service.token(),
                              std::to_string(service.service().process().id()), "--call", call, "--count",
                              std::to_string(count)});
    const auto deadline = std::chrono::steady_clock::now() + longest;
    std::optional<int> code;
    while (!code && std::chrono::steady_clock::now() < deadline) {
        code = sender.ends(std::chrono::milliseconds(200));
        service.service().process().says("never said", std::chrono::milliseconds(1)); // Its log is read.
    }
    EXPECT_EQ(code, 0) << sender.output() << sender.errors();
    std::cout << sender.output();
    service.end();
    service.expect_sound_store();
}

} // namespace keytone::test
