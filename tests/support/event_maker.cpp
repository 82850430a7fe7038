// SPDX-License-Identifier: MIT
#include "tests/support/event_maker.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace keytone::test {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

CallEvent EventMaker::request() {
    const std::string own = id();
    const auto at = at_s();
    switch (choose_(8)) {
    case 0:
        return {own, at, Request(say())};
    case 1:
    case 2:
    case 3:
        return {own, at, Request(click())};
    case 4:
    case 5:
        return {own, at, Request(transfer())};
    case 6:
        return {own, at,
                Request(TransferRequest{one_of<std::optional<std::string>>(
                    {std::nullopt, "+15303195426", "5303195426", "", std::string(40, '9')})})};
    default:
        return {own, at, Request(EndCall{flip() ? EndCall::Mode::immediate : EndCall::Mode::graceful})};
    }
}

CallEvent EventMaker::fact() {
    constexpr std::size_t kinds = static_cast<std::size_t>(Fact::Kind::beep_detected) + 1;
    Fact fact{};
    fact.kind = static_cast<Fact::Kind>(choose_(kinds));
    fact.leg = flip() ? Leg::b : Leg::a;
    fact.status = one_of({0, 100, 180, 200, 202, 299, 302, 408, 480, 486, 503, 603, 699, -1});
    fact.reason = static_cast<Fact::Reason>(choose_(5));
    fact.tone = cue();
    if (flip()) {
        fact.length = milliseconds();
    }
    return {"", at_s(), fact};
}

CallEvent EventMaker::fact(Fact::Kind kind, Leg leg) {
    Fact fact{};
    fact.kind = kind;
    fact.leg = leg;
    return {"", std::nullopt, fact};
}

std::string EventMaker::id() {
    switch (choose_(4)) {
    case 0:
        return "";
    case 1: // One of the last few ids again, if there are any.
        return "id-" + std::to_string(ids_ - std::min<std::uint64_t>(ids_, choose_(4)));
    default:
        return "id-" + std::to_string(++ids_);
    }
}

std::optional<double> EventMaker::at_s() {
    if (!any_time_ || choose_(4) != 0) {
        return std::nullopt;
    }
    return one_of({0.0, 0.1, 0.5, 1.0, 2.5, 10.0, 86400.0, 1e9, 1e300, -1.0, infinite, -infinite, no_number});
}

Milliseconds EventMaker::milliseconds() {
    return {one_of({40.0, 0.0, 41.3, 60.0, 100.0, 250.0, 1000.0, 6000.0, 120000.0, 39.9, -5.0, 1e300,
                    infinite, -infinite, no_number})};
}

CueKind EventMaker::cue() {
    return static_cast<CueKind>(choose_(static_cast<std::size_t>(CueKind::silence) + 1));
}

std::string EventMaker::digits() {
    constexpr char letters[] = "0123456789*#wWABCDx,";
    std::string digits;
    for (std::size_t left = choose_(6); left > 0; --left) {
        digits.push_back(letters[choose_(sizeof letters - 1)]);
    }
    return choose_(16) == 0 ? std::string(128, '5') : digits;
}

std::optional<WaitFor> EventMaker::wait_for() {
    if (choose_(3) != 0) {
        return std::nullopt;
    }
    return WaitFor{cue(), milliseconds(), milliseconds(),
                   flip() ? WaitFor::Fallback::fail : WaitFor::Fallback::send};
}

Say EventMaker::say() {
    Say say;
    say.text = one_of<std::string>({"Hello.", "One moment, please.", "", "a", std::string(2001, 'b')});
    say.prompt = one_of<std::optional<std::string>>({std::nullopt, "menu", "missing"});
    say.exact = flip();
    return say;
}

ClickIvr EventMaker::click() {
    ClickIvr click;
    click.digits = digits();
    click.start = flip() ? ClickIvr::Start::now : ClickIvr::Start::queued;
    if (flip()) {
        click.tone = milliseconds();
        click.gap = milliseconds();
    } else {
        click.tone = click.gap = Milliseconds{40};
    }
    click.allow_abcd = flip();
    click.sensitive = flip();
    click.wait_for = wait_for();
    return click;
}

Transfer EventMaker::transfer() {
    Transfer transfer;
    transfer.phone_number = one_of<std::optional<std::string>>(
        {"+15303195426", "(530) 319-5426", "julie", std::nullopt, "", "+1x", std::string(200, '5')});
    transfer.extension = flip() ? std::optional(digits())
                                : one_of<std::optional<std::string>>({"221", "1w2", std::nullopt, ""});
    transfer.pause_seconds = one_of<std::optional<double>>(
        {std::nullopt, 0.0, 0.05, 2.0, 60.0, 60.1, -1.0, 1e300, infinite, no_number});
    transfer.sip_domain = one_of<std::optional<std::string>>(
        {std::nullopt, std::nullopt, "pbx.example.com", "pbx.example.com:5060", "", "a b", "x\r\ny"});
    transfer.message =
        one_of<std::optional<std::string>>({std::nullopt, "One moment.", "", std::string(501, 'm')});
    transfer.message_prompt = one_of<std::optional<std::string>>({std::nullopt, "menu", "missing"});
    transfer.method = flip() ? Transfer::SipMethod::refer : Transfer::SipMethod::invite;
    transfer.extension_mode = static_cast<Transfer::ExtensionMode>(choose_(3));
    transfer.extension_header = one_of<std::string>({"X-Extension", "", "X y", "To"});
    transfer.sensitive = flip();
    transfer.wait_for = wait_for();
    return transfer;
}

} // namespace keytone::test
