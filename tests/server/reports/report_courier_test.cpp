// SPDX-License-Identifier: MIT
//
// Deliveries on a clock of the test's own: whatever endpoints answer, each report is delivered once, or fails
// after a day.
#include "server/reports/report_courier.hpp"
#include "server/store/endpoint_table.hpp"
#include "server/store/secret.hpp"
#include "tests/server/store/store_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace keytone::server {
namespace {

using testing::ElementsAre;

constexpr UnixMs start = 1'000'000'000'000;

/// Answers when the test says so.
struct Receiver : WebhookSender {
    void post(const WebhookPost& post) override { posts.push_back(post); }
    std::vector<WebhookAnswer> answers() override { return std::exchange(ready, {}); }

    /// Answers all that was posted.
    void answer(int status, const std::string& problem = {}) {
        for (const WebhookPost& post : std::exchange(posts, {})) {
            ready.push_back({post.id, status, problem});
        }
    }

    std::vector<WebhookPost> posts;
    std::vector<WebhookAnswer> ready;
};

class TheCourier : public testing::Test {
  protected:
    TheCourier() { endpoint("crm"); }
    void endpoint(const std::string& label) {
        std::string fault;
        secrets_.push_back(EndpointTable(store_.database)
                               .add(label, "https://" + label + ".example", 1, fault)
                               .value_or(""));
    }
    void report(const std::string& session) {
        StoredCall call;
        call.session = session;
        call.call = session;
        CallTable(store_.database).put(call);
        outbox_.put(session, "{\"of\":\"" + session + "\"}", start);
    }
    std::string state(const char* session = "s") {
        return store_.value(
            (std::string("SELECT state FROM deliveries JOIN reports ON id = report WHERE session = '") +
             session + "'")
                .c_str());
    }

    test::StoreFile store_;
    Outbox outbox_{store_.database};
    Receiver receiver_;
    std::vector<DeliveryNote> notes_;
    std::vector<std::string> secrets_;
    ReportCourier courier_{outbox_, store_.database, receiver_,
                           [this](const DeliveryNote& note) { notes_.push_back(note); }};
};

TEST_F(TheCourier, SignsWhatItSends) {
    report("s");
    courier_.step(start);
    ASSERT_EQ(receiver_.posts.size(), 1U);
    const WebhookPost& post = receiver_.posts[0];
    EXPECT_EQ(post.url, "https://crm.example");
    EXPECT_EQ(post.body, R"({"of":"s"})");
    EXPECT_THAT(post.headers,
                ElementsAre("X-Webhook-Timestamp: 2001-09-09T01:46:40.000Z",
                            "X-Webhook-Signature: sha256=" +
                                hmac_sha256_hex(secrets_[0], R"(2001-09-09T01:46:40.000Z.{"of":"s"})")));
}

TEST_F(TheCourier, DeliversOnce) {
    report("s");
    courier_.step(start);
    courier_.step(start + 1);
    EXPECT_EQ(receiver_.posts.size(), 1U) << "it is under way";
    EXPECT_TRUE(courier_.is_busy());
    receiver_.answer(204);
    courier_.step(start + 2);
    EXPECT_FALSE(courier_.is_busy());
    EXPECT_EQ(state(), "delivered");
    courier_.step(start + 100'000'000);
    EXPECT_TRUE(receiver_.posts.empty());
    ASSERT_EQ(notes_.size(), 1U);
    EXPECT_TRUE(notes_[0].is_delivered);
    EXPECT_EQ(notes_[0].call, "s");
    EXPECT_EQ(notes_[0].label, "crm");
    EXPECT_EQ(notes_[0].outcome, "204");
}

TEST_F(TheCourier, TriesAgainForADayAndThenNoMore) {
    report("s");
    std::vector<std::int64_t> attempts;
    // Each second of the first hour, and of what comes after as many as matter.
    for (std::int64_t second = 0; second <= 100'000; second += second < 4095 ? 1 : 15) {
        courier_.step(start + 1000 * second);
        if (!receiver_.posts.empty()) {
            attempts.push_back(second);
            receiver_.answer(second % 2 == 0 ? 500 : 0, "no answer");
            courier_.step(start + 1000 * second);
        }
    }
    EXPECT_THAT(std::vector(attempts.begin(), attempts.begin() + 6), ElementsAre(0, 1, 3, 7, 15, 31));
    EXPECT_EQ(attempts.size(), 35U);
    EXPECT_EQ(attempts.back(), 83'295);
    EXPECT_EQ(state(), "failed");
    EXPECT_FALSE(notes_.back().again);
    EXPECT_TRUE(outbox_.resend(1, start));
    courier_.step(start + 100'001'000);
    EXPECT_EQ(receiver_.posts.size(), 1U) << "sent again by hand";
}

TEST_F(TheCourier, TakesNoRedirectAndNoErrorForASuccess) {
    for (const int status : {301, 302, 307, 400, 404, 410, 500, 503}) {
        const std::string session = "s" + std::to_string(status);
        report(session);
        courier_.step(start);
        receiver_.answer(status);
        courier_.step(start);
        EXPECT_EQ(state(session.c_str()), "pending") << status;
    }
}

TEST_F(TheCourier, LetsNoEndpointWaitForAnother) {
    endpoint("slow");
    for (int i = 0; i < 20; ++i) {
        report("s" + std::to_string(i));
    }
    courier_.step(start);
    EXPECT_EQ(receiver_.posts.size(), 2 * ReportCourier::most_at_once);
    std::size_t delivered = 0;
    for (int round = 0; round < 10; ++round) {
        for (const WebhookPost& post : std::exchange(receiver_.posts, {})) {
            if (post.url == "https://crm.example") {
                receiver_.ready.push_back({post.id, 200, {}});
                ++delivered;
            } // slow.example never answers
        }
        courier_.step(start);
    }
    EXPECT_EQ(delivered, 20U);
    EXPECT_EQ(store_.value("SELECT count(*) FROM deliveries WHERE state = 'delivered'"), "20");
}

TEST_F(TheCourier, SendsNothingAgainThatItCouldNotNote) {
    report("s");
    courier_.step(start);
    receiver_.answer(200);
    {
        Database other(store_.database.path());
        store_.database.run("PRAGMA busy_timeout = 1");
        const Transaction held(other); // The store is not to be written now.
        EXPECT_THROW(courier_.step(start + 5000), StoreError);
        EXPECT_TRUE(receiver_.posts.empty());
    }
    courier_.step(start + 6000);
    EXPECT_EQ(state(), "delivered");
    EXPECT_TRUE(receiver_.posts.empty());
}

} // namespace
} // namespace keytone::server
