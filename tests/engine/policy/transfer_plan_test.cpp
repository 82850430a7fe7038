// SPDX-License-Identifier: MIT
#include "engine/policy/transfer_plan.hpp"
#include "tests/support/call_script.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

constexpr PlanRules no_settings{nullptr, false};
using Mode = Transfer::ExtensionMode;

std::string text(const TransferPlan& plan) {
    std::ostringstream out;
    if (plan.message) {
        out << "say '" << plan.message->text << "'"
            << (plan.message->prompt ? " " + *plan.message->prompt : "") << ", ";
    }
    if (plan.pause_before_dial > Milliseconds{0}) {
        out << "wait " << plan.pause_before_dial.value << " ms, ";
    }
    out << (plan.way == TransferPlan::Way::dial         ? "dial "
            : plan.way == TransferPlan::Way::sip_invite ? "invite "
                                                        : "refer ")
        << plan.to;
    for (const Intent::Header& header : plan.headers) {
        out << " (" << header.name << ": " << header.value << ")";
    }
    if (plan.tones) {
        out << ", " << plan.pause_before_tones.value << " ms after the answer keys "
            << plan.tones->characters();
    }
    out << (plan.wait_for ? " once heard" : "") << (plan.warnings.empty() ? "" : ", ")
        << written(plan.warnings) << (plan.sensitive ? ", secret" : "");
    return out.str();
}

std::string plan(const Transfer& transfer, const PlanRules& rules = no_settings) {
    const auto made = plan_transfer(transfer, rules);
    if (made) {
        return text(*made);
    }
    return std::string(name(made.error().why.code)) +
           (made.error().index ? " at " + std::to_string(*made.error().index) : "");
}

struct Row {
    Transfer transfer;
    std::string plan;
};

void check_plans(const std::vector<Row>& rows, const PlanRules& rules = no_settings) {
    for (const Row& row : rows) {
        EXPECT_EQ(plan(row.transfer, rules), row.plan);
    }
}

// The examples of the platform's own page, and the plans for them.
TEST(TransferPlan, TakesEveryFormThereIs) {
    const std::string domain = "yourcompany.sip.twilio.com";
    check_plans({
        {TransferTo("+1-800-123-4567"), "dial +18001234567"},
        {TransferTo("5302321272").ext("271"), "dial 5302321272, 1000 ms after the answer keys 271, not_e164"},
        {TransferTo("5303195426").ext("221").pause(2),
         "dial 5303195426, 2000 ms after the answer keys 221, not_e164"},
        {TransferTo("5302323297").ext("123").pause(0),
         "dial 5302323297, 0 ms after the answer keys 123, not_e164"},
        {TransferTo("101").domain(domain), "invite sip:101@" + domain},
        {TransferTo("305").domain(domain).says("Please hold while I connect you."),
         "say 'Please hold while I connect you.', invite sip:305@" + domain},
        {TransferTo("frontdesk").domain(domain).ext("4673").pause(2),
         "wait 2000 ms, invite sip:frontdesk@" + domain + " (X-Extension: 4673)"},
    });
}

TEST(TransferPlan, PutsTheExtensionWhereItCanArrive) {
    check_plans({
        {TransferTo("101").domain("pbx").ext("7"), "wait 1000 ms, invite sip:101@pbx (X-Extension: 7)"},
        {TransferTo("101").domain("pbx").ext("7").header("X-Pbx"),
         "wait 1000 ms, invite sip:101@pbx (X-Pbx: 7)"},
        {TransferTo("101").domain("pbx").ext("7").mode(Mode::dtmf),
         "invite sip:101@pbx, 1000 ms after the answer keys 7"},
        {TransferTo("101").domain("pbx").ext("7").refer(),
         "wait 1000 ms, refer sip:101@pbx (X-Extension: 7)"},
        {TransferTo("101").domain("pbx").ext("7").refer().mode(Mode::dtmf), "unsupported"},
        {TransferTo("+15303195426").refer(), "refer tel:+15303195426"},
        {TransferTo("+15303195426").refer().ext("7"), "unsupported"},
        {TransferTo("5303195426").refer(), "invalid_number at 0"},
        {TransferTo("+15303195426").ext("7").mode(Mode::header), "unsupported"},
        {TransferTo("+15303195426").ext("7").mode(Mode::dtmf),
         "dial +15303195426, 1000 ms after the answer keys 7"},
        {TransferTo("101").domain("pbx").ext("7").header("X Pbx"), "invalid_sip"},
        {TransferTo("101").domain("pbx").ext("7").header("X:\r\nRoute"), "invalid_sip"},
        {TransferTo("101").domain("pbx").ext("7w8"), "invalid_digits at 1"},
    });
}

TEST(TransferPlan, ChecksTheExtension) {
    check_plans({
        {TransferTo("911").ext("1w2W3*#"), "dial 911, 1000 ms after the answer keys 1w2W3*#, not_e164"},
        {TransferTo("911").ext(""), "dial 911, not_e164,empty_ignored"},
        {TransferTo("911").ext("w"), "invalid_digits at 0"},
        {TransferTo("911").ext("12,3"), "invalid_digits at 2"},
        {TransferTo("911").ext("12 3"), "invalid_digits at 2"},
        {TransferTo("911").ext("123\n"), "invalid_digits at 3"},
        {TransferTo("911").ext("12A"), "invalid_digits at 2"},
        {TransferTo("911").ext("1A,"), "invalid_digits at 1"},
        {TransferTo("911").ext("1,A"), "invalid_digits at 1"},
        {TransferTo("911").ext(std::string(65, '1')), "invalid_digits at 64"},
        {TransferTo("911").ext(std::string(1000, '1') + "x"), "invalid_digits at 64"},
        {TransferTo("911").ext(std::string(64, '1') + "A"), "invalid_digits at 64"},
        {TransferTo("101").domain("pbx").ext("1\r\nRoute: x"), "invalid_digits at 1"},
    });
    EXPECT_EQ(plan(TransferTo("911").ext(std::string(64, '1'))),
              "dial 911, 1000 ms after the answer keys " + std::string(64, '1') + ", not_e164");
}

TEST(TransferPlan, PausesFromNothingToAMinute) {
    check_plans({
        {TransferTo("911").ext("1").pause(0.25), "dial 911, 250 ms after the answer keys 1, not_e164"},
        {TransferTo("911").ext("1").pause(60), "dial 911, 60000 ms after the answer keys 1, not_e164"},
        {TransferTo("911").ext("1").pause(60.001), "invalid_event"},
        {TransferTo("911").ext("1").pause(61), "invalid_event"},
        {TransferTo("911").ext("1").pause(-0.001), "invalid_event"},
        {TransferTo("911").ext("1").pause(std::nan("")), "invalid_event"},
        {TransferTo("911").ext("1").pause(std::numeric_limits<double>::infinity()), "invalid_event"},
        {TransferTo("911").pause(61), "invalid_event"},
        // Without an extension there is nothing to wait for; but a SIP request can be delayed nevertheless.
        {TransferTo("911").pause(5), "dial 911, not_e164,pause_ignored"},
        {TransferTo("101").domain("pbx").pause(5), "wait 5000 ms, invite sip:101@pbx"},
        {TransferTo("101").domain("pbx").pause(5).refer(), "wait 5000 ms, refer sip:101@pbx"},
        {TransferTo("101").domain("pbx").ext("1").pause(0), "invite sip:101@pbx (X-Extension: 1)"},
    });
}

TEST(TransferPlan, StrictNumbersAreE164) {
    check_plans({{TransferTo("5303195426"), "invalid_number at 0"},
                 {TransferTo("+1 (530) 319-5426"), "dial +15303195426"},
                 {TransferTo("101").domain("pbx"), "invite sip:101@pbx"}},
                {nullptr, true});
}

TEST(TransferPlan, TakesWhatIsMissingFromTheSettings) {
    AgentSettings settings;
    settings.transfer_number = "+14155551234";
    check_plans({{TransferTo(), "say 'One moment, I am putting you through.', dial +14155551234"},
                 {TransferTo().says("Hold on."), "say 'Hold on.', dial +14155551234"},
                 {TransferTo("911"), "say 'One moment, I am putting you through.', dial 911, not_e164"},
                 // An empty number is not an absent one: without a name, nobody is called.
                 {TransferTo(""), "invalid_number at 0"}},
                {&settings, false});
    settings.transfer_message = "Let me connect you with a human agent now.";
    check_plans({{TransferTo(), "say 'Let me connect you with a human agent now.', dial +14155551234"}},
                {&settings, false});
    settings.transfer_number.clear();
    check_plans({{TransferTo(), "invalid_number"}}, {&settings, false});
    check_plans({{TransferTo(), "invalid_number"}});
}

TEST(TransferPlan, GoesWhereTheSettingsAllowOnly) {
    AgentSettings settings;
    settings.transfer_enabled = true;
    settings.transfer_number = "+14155551234";
    const auto to = [&](const Transfer& transfer, std::vector<std::string> allow) {
        settings.allow = std::move(allow);
        const auto made = plan_transfer(transfer, {&settings, false});
        return made ? made->to : std::string(name(made.error().why.code));
    };
    EXPECT_EQ(to(TransferTo("+493012345678"), {}), "+493012345678");
    EXPECT_EQ(to(TransferTo("+1 (415) 555-1234"), {"transferNumber"}), "+14155551234");
    EXPECT_EQ(to(Transfer{}, {"+49"}), "+14155551234") << "the owner's own";
    EXPECT_EQ(to(TransferTo("+493012345678"), {"transferNumber"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("+49 30 12345678"), {"+44", "+4930"}), "+493012345678");
    EXPECT_EQ(to(TransferTo("+493112345678"), {"+44", "+4930"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("03012345678"), {"+4930"}), "not_allowed") << "no country is said";
    EXPECT_EQ(to(TransferTo("desk").domain("Example.com"), {"sip:example.com"}), "sip:desk@Example.com");
    EXPECT_EQ(to(TransferTo("desk").domain("example.com:5070"), {"sip:example.com"}),
              "sip:desk@example.com:5070");
    EXPECT_EQ(to(TransferTo("desk").domain("example.com"), {"sip:example.com:5070"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("desk").domain("example.com.evil.org"), {"sip:example.com"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("desk").domain("evil-example.com"), {"sip:example.com"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("+14155551234").domain("example.com"), {"transferNumber", "+1"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("+493012345678"), {"sip:example.com"}), "not_allowed");
    // A server that uses its own API is not the model.
    EXPECT_TRUE(plan_transfer(TransferTo("+493012345678"),
                              {.settings = &settings, .strict_numbers = false, .by_agent = false}));
    const auto refused = plan_transfer(TransferTo("+493012345678"), {&settings, false});
    EXPECT_EQ(refused.error().why.message, "the agent may not transfer to this: allowed is sip:example.com");
}

TEST(TransferPlan, GoesWhereTheHostDialsOnly) {
    AgentSettings settings;
    settings.transfer_enabled = true;
    settings.transfer_number = "+14155551234";
    const auto to = [&](const Transfer& transfer, const std::vector<std::string>& dial_allow,
                        bool by_agent = true) {
        const auto made = plan_transfer(transfer, {.settings = &settings,
                                                   .strict_numbers = false,
                                                   .by_agent = by_agent,
                                                   .dial_allow = &dial_allow});
        return made ? made->to : std::string(name(made.error().why.code));
    };
    EXPECT_EQ(to(TransferTo("+493012345678"), {}), "not_allowed") << "nobody";
    EXPECT_EQ(to(Transfer{}, {}), "+14155551234") << "but the settings' own";
    EXPECT_EQ(to(TransferTo("+493012345678"), {"+49"}), "+493012345678");
    EXPECT_EQ(to(TransferTo("+443012345678"), {"+49"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("+443012345678"), {"+49"}, false), "not_allowed") << "the API's neither";
    EXPECT_EQ(to(TransferTo("desk").domain("pbx.example"), {"sip:pbx.example"}), "sip:desk@pbx.example");
    EXPECT_EQ(to(TransferTo("desk").domain("pbx.example"), {"+49"}), "not_allowed");
    // Both lists have to have it.
    settings.allow = {"+4930"};
    EXPECT_EQ(to(TransferTo("+493012345678"), {"+49"}), "+493012345678");
    EXPECT_EQ(to(TransferTo("+498912345678"), {"+49"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("+493012345678"), {"+44"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("+498912345678"), {"+49"}, false), "+498912345678");
    // What is dear has to be listed by itself.
    settings.allow = {};
    EXPECT_EQ(to(TransferTo("+19005550100"), {"+1"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("+19005550100"), {"+190"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("+19005550100"), {"+1900"}), "+19005550100");
    EXPECT_EQ(to(TransferTo("+14159765550"), {"+1415"}), "not_allowed");
    EXPECT_EQ(to(TransferTo("+14159765550"), {"+1415976"}), "+14159765550");
    EXPECT_EQ(to(TransferTo("+870773111632"), {"+8"}, false), "not_allowed");
    EXPECT_EQ(to(TransferTo("+870773111632"), {"+870"}, false), "+870773111632");
    // As the user of a domain, too: its PBX has a line to the network.
    const auto at_pbx = TransferTo("+19005550100").domain("pbx.example");
    EXPECT_EQ(to(at_pbx, {"sip:pbx.example"}), "not_allowed");
    EXPECT_EQ(to(at_pbx, {"sip:pbx.example", "+1"}), "not_allowed");
    EXPECT_EQ(to(at_pbx, {"sip:pbx.example", "+1900"}), "sip:+19005550100@pbx.example");
    EXPECT_EQ(to(at_pbx, {"+1900"}), "not_allowed");
    // Without settings, too.
    const std::vector<std::string> nobody;
    const auto refused = plan_transfer(
        TransferTo("+493012345678"),
        {.settings = nullptr, .strict_numbers = false, .by_agent = true, .dial_allow = &nobody});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().why.message,
              "nobody is put through to this here: allowed is the settings' transferNumber");
}

TEST(TransferPlan, MessagesHaveALength) {
    // The limit counts characters, not bytes.
    std::string umlauts;
    for (int i = 0; i < 500; ++i) {
        umlauts += "\xc3\xbc";
    }
    EXPECT_TRUE(is_text("a\xe2\x82\xac\xf0\x9f\x98\x80z", 4));
    EXPECT_FALSE(is_text("a\xe2\x82\xac\xf0\x9f\x98\x80z", 3));
    EXPECT_EQ(plan(TransferTo("911").says("\xc3")), "invalid_event");
    EXPECT_EQ(plan(TransferTo("911").says(umlauts)), "say '" + umlauts + "', dial 911, not_e164");
    EXPECT_EQ(plan(TransferTo("911").says(umlauts + "x")), "invalid_event");
    Transfer recorded = TransferTo("911");
    recorded.message_prompt = "hold";
    EXPECT_EQ(plan(recorded), "say '' hold, dial 911, not_e164");
}

TEST(TransferPlan, WaitsOnlyBeforeTones) {
    const auto wait = wait_for(CueKind::beep, 0, 5000, WaitFor::Fallback::fail);
    check_plans({{TransferTo("911").ext("1").wait(wait),
                  "dial 911, 1000 ms after the answer keys 1 once heard, not_e164"},
                 {TransferTo("911").wait(wait), "unsupported"},
                 {TransferTo("101").domain("pbx").ext("1").wait(wait), "unsupported"},
                 {TransferTo("911").ext("1").secret(),
                  "dial 911, 1000 ms after the answer keys 1, not_e164, secret"}});
}

TEST(TransferPlan, ChecksWhatHappensToMachines) {
    using OnMachine = Transfer::OnMachine;
    const auto rule = [](OnMachine what, std::string words = {}) {
        return TransferTo("+15303195426").machine(what, std::move(words));
    };
    const auto made = plan_transfer(rule(OnMachine::leave_message, "Call us."), no_settings);
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->asks_who());
    EXPECT_EQ(made->machine_message->text, "Call us.");
    EXPECT_FALSE(plan_transfer(rule(OnMachine::bridge), no_settings)->asks_who());
    PlanRules host_speaks = no_settings;
    host_speaks.host_speaks = true;
    const auto fault = [](const Transfer& transfer, const PlanRules& rules = no_settings) {
        const auto plan = plan_transfer(transfer, rules);
        return plan ? "" : std::string(name(plan.error().why.code)) + ": " + plan.error().why.message;
    };
    EXPECT_EQ(
        fault(rule(OnMachine::leave_message)),
        "invalid_event: on_machine leave_message needs machine_message: the words that are spoken after "
        "the beep");
    EXPECT_EQ(fault(rule(OnMachine::hang_up, "Call us.")),
              "invalid_event: machine_message goes with on_machine leave_message: leave one of them out, or "
              "write both");
    EXPECT_EQ(fault(rule(OnMachine::leave_message, std::string(501, 'x'))),
              "invalid_event: machine_message is UTF-8 of at most 500 characters");
    EXPECT_EQ(fault(rule(OnMachine::hang_up).ext("221")),
              "unsupported: what takes an extension's tones is a machine: leave on_machine out, or the "
              "extension");
    EXPECT_EQ(
        fault(TransferTo("101").domain("pbx").refer().machine(OnMachine::hang_up)),
        "unsupported: after a REFER nobody is left to hear who answers: leave on_machine out, or transfer "
        "by invite");
    EXPECT_EQ(fault(rule(OnMachine::leave_message, "Call us."), host_speaks),
              "unsupported: the host plays all prompts, and only to the caller: on_machine is bridge or "
              "hangup");
    EXPECT_EQ(fault(rule(OnMachine::hang_up), host_speaks), "");
}

TEST(TransferPlan, TakesTheSettingsRuleForMachinesWhereItSaysNone) {
    using OnMachine = Transfer::OnMachine;
    AgentSettings settings;
    settings.on_machine = OnMachine::leave_message;
    settings.machine_message = "Call us.";
    PlanRules rules = no_settings;
    rules.settings = &settings;
    const auto planned = [&](const Transfer& transfer) {
        const auto plan = plan_transfer(transfer, rules);
        EXPECT_TRUE(plan) << plan.error().why.message;
        return std::pair(plan->on_machine, plan->machine_message ? plan->machine_message->text : "");
    };
    const TransferTo plain("+15303195426");
    EXPECT_EQ(planned(plain), std::pair(OnMachine::leave_message, std::string("Call us.")));
    TransferTo said = plain;
    said.machine_message = "Call Ann.";
    EXPECT_EQ(planned(said), std::pair(OnMachine::leave_message, std::string("Call Ann.")));
    // What the transfer says counts.
    EXPECT_EQ(planned(TransferTo(plain).machine(OnMachine::bridge)).first, OnMachine::bridge);
    EXPECT_EQ(planned(TransferTo(plain).machine(OnMachine::hang_up)).first, OnMachine::hang_up);
    // Where nobody can listen, they are connected as ever, and nothing is refused.
    EXPECT_EQ(planned(TransferTo(plain).ext("221")), std::pair(OnMachine::bridge, std::string()));
    EXPECT_EQ(planned(TransferTo("101").domain("pbx").refer()).first, OnMachine::bridge);
    EXPECT_EQ(planned(TransferTo("101").domain("pbx").ext("221")).first, OnMachine::leave_message);
    rules.host_speaks = true;
    EXPECT_EQ(planned(plain).first, OnMachine::bridge);
    settings.on_machine = OnMachine::hang_up;
    EXPECT_EQ(planned(plain), std::pair(OnMachine::hang_up, std::string()));
    // The words alone change nothing, and serve the transfer that names the rule.
    rules.host_speaks = false;
    settings.on_machine = OnMachine::bridge;
    EXPECT_EQ(planned(plain).first, OnMachine::bridge);
    EXPECT_EQ(planned(TransferTo(plain).machine(OnMachine::leave_message)),
              std::pair(OnMachine::leave_message, std::string("Call us.")));
}

TEST(TransferPlan, ChecksWaits) {
    const auto refused = [](CueKind what, double least, double most) {
        const auto refusal = check(wait_for(what, least, most, WaitFor::Fallback::send));
        EXPECT_TRUE(!refusal || refusal->code == Code::invalid_event);
        return refusal.has_value();
    };
    for (const CueKind what : {CueKind::prompt_end, CueKind::dial_tone, CueKind::beep, CueKind::silence,
                               CueKind::ringback_end, CueKind::answered_by}) {
        EXPECT_FALSE(refused(what, 0, 100));
    }
    for (const CueKind what : {CueKind::drained, CueKind::answered, CueKind::released}) {
        EXPECT_TRUE(refused(what, 0, 100));
    }
    WaitFor who = wait_for(CueKind::answered_by, 0, 100, WaitFor::Fallback::send);
    who.by = AnsweredBy::human;
    EXPECT_FALSE(check(who));
    who.by = AnsweredBy::fax;
    EXPECT_EQ(check(who)->message,
              "answered_by is human or machine; left out: whoever it is, as soon as that is known");
    who.what = CueKind::beep;
    EXPECT_EQ(check(who)->message,
              "answered_by, who it has to be, goes with wait_for answered_by: leave it out");
    EXPECT_FALSE(refused(CueKind::beep, 60'000, 60'000));
    EXPECT_FALSE(refused(CueKind::beep, 0, 120'000));
    EXPECT_TRUE(refused(CueKind::beep, 60'001, 120'000));
    EXPECT_TRUE(refused(CueKind::beep, 0, 120'001));
    EXPECT_TRUE(refused(CueKind::beep, 0, 99));
    EXPECT_TRUE(refused(CueKind::beep, 501, 500));
    EXPECT_TRUE(refused(CueKind::beep, -1, 500));
    EXPECT_TRUE(refused(CueKind::beep, std::nan(""), 500));
    EXPECT_TRUE(refused(CueKind::beep, 0, std::nan("")));
}

} // namespace
} // namespace keytone::test
