// SPDX-License-Identifier: MIT
//
// Two user agents on the loopback. Calls with independent ones are in tests/interop.
#include "server/sip/re_signalling.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace keytone::server {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t phone_port = 25060;
constexpr std::uint16_t server_port = 25062;

std::unique_ptr<Signalling> agent(SignallingConfig config) {
    auto made = make_re_signalling(config);
    EXPECT_TRUE(made) << made.error();
    return *std::move(made);
}

MediaDescription media(std::uint16_t port) {
    MediaDescription own;
    own.address = "127.0.0.1";
    own.port = port;
    return own;
}

Invitation to_server() {
    Invitation call;
    call.to = "sip:agent@127.0.0.1:" + std::to_string(server_port);
    call.from = "sip:phone@127.0.0.1";
    call.headers = {{"X-Extension", "221"}};
    call.own = media(4000);
    return call;
}

/// The next fact of this kind; facts before it are skipped.
template <class What>
std::optional<SignallingFact> await(Signalling& side) {
    const auto until = std::chrono::steady_clock::now() + 5s;
    while (auto fact = side.next(until)) {
        if (std::holds_alternative<What>(fact->what)) {
            return fact;
        }
    }
    ADD_FAILURE() << "did not come";
    return std::nullopt;
}

class Calls : public testing::Test {
  protected:
    std::unique_ptr<Signalling> phone = agent({.port = phone_port});
    std::unique_ptr<Signalling> server = agent({.port = server_port, .max_dialogs = 2});
};

TEST_F(Calls, AreTakenAndEnded) {
    const DialogId out = phone->invite(to_server());
    const auto incoming = await<IncomingCall>(*server);
    ASSERT_TRUE(incoming);
    const auto& call = std::get<IncomingCall>(incoming->what);
    EXPECT_EQ(call.from, "sip:phone@127.0.0.1");
    ASSERT_EQ(call.headers.size(), 1U);
    EXPECT_EQ(call.headers[0].value, "221");
    ASSERT_TRUE(call.offer);
    EXPECT_EQ(call.offer->port, 4000);

    const auto ringing = await<Progress>(*phone);
    ASSERT_TRUE(ringing);
    EXPECT_EQ(std::get<Progress>(ringing->what).status, 180);

    server->accept(incoming->dialog, media(5000));
    const auto answered = await<Answered>(*phone);
    ASSERT_TRUE(answered);
    EXPECT_EQ(answered->dialog, out);
    const MediaDescription& far = std::get<Answered>(answered->what).far;
    EXPECT_EQ(far.port, 5000);
    EXPECT_EQ(far.telephone_event, 101);
    EXPECT_THAT(far.codecs, testing::ElementsAre(MediaDescription::Codec{G711Law::ulaw, 0}));

    phone->press(out, *Key::from_character('5'), Milliseconds{160});
    const auto key = await<KeyByInfo>(*server);
    ASSERT_TRUE(key);
    EXPECT_EQ(std::get<KeyByInfo>(key->what).key.character(), '5');

    server->end(incoming->dialog);
    const auto ended = await<DialogEnded>(*phone);
    ASSERT_TRUE(ended);
    EXPECT_EQ(std::get<DialogEnded>(ended->what).how, DialogEnded::How::by_far_side);
}

TEST_F(Calls, AreCancelled) {
    const DialogId out = phone->invite(to_server());
    const auto incoming = await<IncomingCall>(*server);
    ASSERT_TRUE(incoming);
    await<Progress>(*phone);
    phone->end(out);
    const auto ended = await<DialogEnded>(*server);
    ASSERT_TRUE(ended);
    EXPECT_EQ(std::get<DialogEnded>(ended->what).how, DialogEnded::How::cancelled);
}

TEST_F(Calls, AreRefused) {
    phone->invite(to_server());
    const auto incoming = await<IncomingCall>(*server);
    ASSERT_TRUE(incoming);
    server->end(incoming->dialog, 486);
    const auto ended = await<DialogEnded>(*phone);
    ASSERT_TRUE(ended);
    EXPECT_EQ(std::get<DialogEnded>(ended->what).how, DialogEnded::How::refused);
    EXPECT_EQ(std::get<DialogEnded>(ended->what).status, 486);
}

TEST_F(Calls, BeyondTheMostAreAnsweredWith503) {
    for (int i = 0; i < 2; ++i) {
        phone->invite(to_server());
        ASSERT_TRUE(await<IncomingCall>(*server));
    }
    phone->invite(to_server());
    const auto ended = await<DialogEnded>(*phone);
    ASSERT_TRUE(ended);
    EXPECT_EQ(std::get<DialogEnded>(ended->what).status, 503);
}

TEST_F(Calls, AreNotHandedOverByOthers) {
    const DialogId out = phone->invite(to_server());
    const auto incoming = await<IncomingCall>(*server);
    ASSERT_TRUE(incoming);
    server->accept(incoming->dialog, media(5000));
    await<Answered>(*phone);
    phone->refer(out, "tel:+19005550100", {});
    const auto answer = await<ReferResponse>(*phone);
    ASSERT_TRUE(answer);
    EXPECT_EQ(std::get<ReferResponse>(answer->what).status, 603);
    phone->end(out);
}

TEST_F(Calls, WithNothingThatWeSpeakAreRefused) {
    Invitation call = to_server();
    call.own.codecs = {{G711Law::ulaw, 0}};
    call.own.port = 0;
    phone->invite(call);
    const auto ended = await<DialogEnded>(*phone);
    ASSERT_TRUE(ended);
    EXPECT_EQ(std::get<DialogEnded>(ended->what).status, 488);
}

TEST(Callers, OutsideTheListAreForbidden) {
    const auto phone = agent({.port = phone_port});
    const auto server = agent({.port = server_port, .callers = {{"192.0.2.0", 24}}});
    phone->invite(to_server());
    const auto ended = await<DialogEnded>(*phone);
    ASSERT_TRUE(ended);
    EXPECT_EQ(std::get<DialogEnded>(ended->what).status, 403);
}

TEST(Signalling, SaysWhichAddressItCannotListenOn) {
    const auto first = agent({.port = server_port});
    const auto second = make_re_signalling({.port = server_port});
    ASSERT_FALSE(second);
    EXPECT_EQ(
        second.error(),
        "127.0.0.1:25062: cannot be listened on: name an address of this machine and a port that is free");
}

} // namespace
} // namespace keytone::server
