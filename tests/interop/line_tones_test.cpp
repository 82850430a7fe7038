// SPDX-License-Identifier: MIT
//
// Transfers that are decided by sound alone, on live calls: a line that answers and says by tones that nobody
// does, a fax, a machine of Debian's recorded prompts that takes a message. The sounds are made by sox.
#include "tests/support/background_process.hpp"
#include "tests/support/live_peers.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>

namespace keytone::test {
namespace {

using testing::Contains;
using namespace std::chrono_literals;

struct Told {
    const char* name;
    const char* sound;   ///< What sox makes it of; OUT is its file, $V where the prompts are.
    const char* machine; ///< The transfer's options.
    const char* end;     ///< When the agent hangs up, s.
    const char* event;
    const char* code;
};

std::ostream& operator<<(std::ostream& out, const Told& told) {
    return out << told.name;
}

class ATransferToALine : public testing::TestWithParam<Told> {
  protected:
    void SetUp() override {
        if (const auto problem = Sipp::problem(); !problem.empty()) {
            GTEST_SKIP() << problem;
        }
        if (!can_start({"sox", "--version"})) {
            GTEST_SKIP() << "sox is not installed";
        }
    }

    void make_sound(std::string effects) {
        effects.replace(effects.find("OUT"), 3, "-r 8000 -c 1 -b 16 " + folder_.file("line.wav"));
        BackgroundProcess sox({"sh", "-c", "sox -D " + effects},
                              {"V=/usr/share/asterisk/sounds/en_US_f_Allison"});
        ASSERT_EQ(sox.ends(20s), 0) << sox.errors();
    }

    TemporaryFolder folder_;
};

TEST_P(ATransferToALine, IsDecidedByWhatIsHeard) {
    const Told& told = GetParam();
    make_sound(told.sound);
    const int line_port = free_port();
    auto answering = LiveServer::answering(line_port);
    answering.insert(answering.end(), {"--prompts", folder_.path().string()});
    LiveServer line(answering, R"({"v":1,"call":"line","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.3,"leg":"a","by":"agent","play":"line.wav"}
{"end":60}
)");
    ASSERT_TRUE(is_taken_soon(line_port));
    const int port = free_port();
    auto command = LiveServer::answering(port);
    command.insert(command.end(), {"--trunk", on_loopback(line_port)});
    LiveServer server(command, R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.2,"type":"based_call","id":"t1","name":"transfer","args":["5303195426",{)" +
                                   std::string(told.machine) + R"(}]}
{"at":)" + told.end + R"(,"type":"based_call","id":"e1","name":"end_call","args":[]}
)");
    Sipp calling = Sipp::calling("caller_waits", port, {.longest = 50s});
    EXPECT_EQ(calling.exit_code(), 0);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors() << server.process().output();
    EXPECT_EQ(line.exit_code(), 0) << line.process().errors();
    EXPECT_THAT(values_of(server.events(), told.event, "code"), Contains(told.code));
}

constexpr const char* hang_up = R"("on_machine":"hangup")";

INSTANTIATE_TEST_SUITE_P(
    Line, ATransferToALine,
    testing::Values(Told{"Busy",
                         "-n OUT synth 0.5 sine 480 synth 0.5 sine mix 620 gain -12 pad 0 0.5 repeat 8",
                         hang_up, "6.0", "action.failed", "busy"},
                    // Telcordia SR-2275: vacant code is long, short, long.
                    Told{"ANumberThatIsNone",
                         "'|sox -n -p synth 0.38 sine 985.2' '|sox -n -p synth 0.274 sine 1370.6' "
                         "'|sox -n -p synth 0.38 sine 1776.7' OUT gain -12 pad 0.3 5",
                         hang_up, "6.0", "action.failed", "vacant_code"},
                    Told{"AFax", "-n OUT synth 3 sine 2100 gain -12 pad 0.5 5", hang_up, "6.0",
                         "action.failed", "fax_answered"},
                    Told{"AMachineThatTakesAMessage",
                         "$V/vm-theperson.wav $V/vm-isunavail.wav $V/vm-intro.wav $V/beep.wav OUT pad 0.5 1",
                         R"("on_machine":"leave_message","machine_message":"Please call us back.")", "15.0",
                         "action.completed", "message_left"}),
    [](const auto& test) { return test.param.name; });

} // namespace
} // namespace keytone::test
