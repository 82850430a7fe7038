// SPDX-License-Identifier: MIT
#include "engine/json/function_arguments.hpp"

#include "engine/agent_settings.hpp"
#include "engine/json/settings_reader.hpp"

#include <array>
#include <string>
#include <utility>

namespace keytone::json {

namespace {

// Limits of form, which no sensible argument exceeds. What is valid within them is decided by the policy.
constexpr std::size_t max_digits_bytes = 1024;
constexpr std::size_t max_name_bytes = 255;
constexpr Fields::Range any_time{-1e6, 1e6}; ///< For seconds and for milliseconds.

constexpr Key text{"text"};
constexpr Key exact{"exact"};
constexpr Key prompt{"prompt"};
constexpr Key digits{"digits"};
constexpr Key start{"start"};
constexpr Key tone_ms{"tone_ms", "toneMs"};
constexpr Key gap_ms{"gap_ms", "gapMs"};
constexpr Key allow_abcd{"allow_abcd", "allowABCD"};
constexpr Key sensitive{"sensitive"};
constexpr Key wait_for{"wait_for", "waitFor"};
constexpr Key min_wait{"min_wait", "minWait"};
constexpr Key max_wait{"max_wait", "maxWait"};
constexpr Key silence{"silence"};
constexpr Key silence_ms{"silence_ms", "silenceMs"};
constexpr Key fallback{"fallback"};
constexpr Key answered_by{"answered_by", "answeredBy"};
constexpr Key phone_number{"phone_number"};
constexpr Key extension{"extension"};
constexpr Key pause_seconds{"pauseSeconds"};
constexpr Key sip_domain{"sipDomain"};
constexpr Key message{"message"};
constexpr Key message_prompt{"message_prompt", "messagePrompt"};
constexpr Key sip_method{"sip_method", "sipMethod"};
constexpr Key extension_mode{"extension_mode", "extensionMode"};
constexpr Key extension_header{"extension_header", "extensionHeader"};
constexpr Key on_machine{"on_machine", "onMachine"};
constexpr Key machine_message{"machine_message", "machineMessage"};
constexpr Key machine_prompt{"machine_prompt", "machinePrompt"};
constexpr Key mode{"mode"};

constexpr std::array say_options{exact, prompt};
constexpr std::array click_ivr_options{start,    tone_ms,  gap_ms,  allow_abcd, sensitive, wait_for,
                                       min_wait, max_wait, silence, silence_ms, fallback,  answered_by};
constexpr std::array transfer_options{extension,  pause_seconds,   sip_domain,     message,
                                      sip_method, message_prompt,  extension_mode, extension_header,
                                      sensitive,  wait_for,        min_wait,       max_wait,
                                      silence,    silence_ms,      fallback,       answered_by,
                                      on_machine, machine_message, machine_prompt};
constexpr std::array end_call_options{mode};

constexpr std::array cues{
    Word{"prompt_end", CueKind::prompt_end},
    Word{"dial_tone", CueKind::dial_tone},
    Word{"beep", CueKind::beep},
    Word{"silence", CueKind::silence},
    Word{"ringback_end", CueKind::ringback_end},
    Word{"answered_by", CueKind::answered_by},
};
constexpr std::array awaited{Word{"human", std::optional(AnsweredBy::human)},
                             Word{"machine", std::optional(AnsweredBy::machine)},
                             Word{"any", std::optional<AnsweredBy>()}};
constexpr std::array fallbacks{Word{"send", WaitFor::Fallback::send}, Word{"fail", WaitFor::Fallback::fail}};
constexpr std::array starts{Word{"queued", ClickIvr::Start::queued}, Word{"now", ClickIvr::Start::now}};
constexpr std::array sip_methods{Word{"invite", Transfer::SipMethod::invite},
                                 Word{"refer", Transfer::SipMethod::refer}};
constexpr std::array extension_modes{Word{"header", Transfer::ExtensionMode::header},
                                     Word{"dtmf", Transfer::ExtensionMode::dtmf}};
constexpr std::array modes{Word{"graceful", EndCall::Mode::graceful},
                           Word{"immediate", EndCall::Mode::immediate}};

/// A recorded prompt's name, by which an agent must not reach any other file.
std::optional<std::string> read_prompt(Fields& arguments, Key key) {
    auto name = arguments.token(key, max_name_bytes);
    if (name && (name->empty() || name->front() == '.' || name->find_first_of("/\\") != std::string::npos)) {
        arguments.fail(LineFault::bad_value, arguments.pointer_of(key),
                       "is no prompt's name: give the file's name, without a folder and no dot in front");
    }
    return name;
}

// `valid` is the range that the policy accepts, for the remedy.
std::optional<Milliseconds> read_milliseconds(Fields& arguments, Key key, TimeRange valid) {
    const auto number = arguments.number(key, any_time, in_milliseconds(valid));
    return number ? std::optional(Milliseconds{*number}) : std::nullopt;
}
std::optional<Milliseconds> read_seconds(Fields& arguments, Key key, TimeRange valid) {
    const auto number = arguments.number(key, any_time, in_seconds(valid));
    return number ? std::optional(Milliseconds{*number * 1000.0}) : std::nullopt;
}

/// The length of silence, in seconds or in milliseconds.
std::optional<Milliseconds> read_silence(Fields& arguments) {
    const auto seconds = read_seconds(arguments, silence, WaitFor::silence_range);
    const auto milliseconds = read_milliseconds(arguments, silence_ms, WaitFor::silence_range);
    if (seconds && milliseconds) {
        arguments.fail(LineFault::duplicate_key, arguments.pointer_of(silence_ms),
                       "says what silence says: keep one of them");
    }
    return seconds ? seconds : milliseconds;
}

std::optional<WaitFor> read_wait(Fields& arguments) {
    WaitFor wait;
    const auto what = arguments.choice(wait_for, cues);
    wait.min_wait = read_seconds(arguments, min_wait, WaitFor::min_wait_range).value_or(wait.min_wait);
    wait.max_wait = read_seconds(arguments, max_wait, WaitFor::max_wait_range).value_or(wait.max_wait);
    wait.silence = read_silence(arguments);
    wait.fallback = arguments.choice(fallback, fallbacks).value_or(wait.fallback);
    wait.by = arguments.choice(answered_by, awaited).value_or(wait.by);
    if (what) {
        wait.what = *what;
        return wait;
    }
    for (const Key key : {min_wait, max_wait, silence, silence_ms, fallback, answered_by}) {
        if (arguments.has(key)) {
            arguments.fail(LineFault::missing_key, arguments.pointer_of(key),
                           "waits for nothing: say for what by wait_for, or leave this out");
        }
    }
    return std::nullopt;
}

Request read_say(Fields& arguments) {
    Say say;
    say.prompt = read_prompt(arguments, prompt);
    if (!say.prompt) {
        arguments.require(text, "write the words to say");
    }
    say.text = arguments.prose(text, max_spoken_length).value_or("");
    if (!say.prompt && say.text.empty()) {
        arguments.fail(LineFault::out_of_range, arguments.pointer_of(text),
                       "has no characters: write the words to say");
    }
    say.exact = arguments.flag(exact).value_or(say.exact);
    return say;
}

Request read_click_ivr(Fields& arguments) {
    ClickIvr click;
    arguments.require(digits, "write the keys to press as a string");
    click.digits = arguments.digits(digits, max_digits_bytes).value_or("");
    click.start = arguments.choice(start, starts).value_or(click.start);
    click.tone = read_milliseconds(arguments, tone_ms, ClickIvr::tone_range).value_or(click.tone);
    click.gap = read_milliseconds(arguments, gap_ms, ClickIvr::tone_range).value_or(click.gap);
    click.allow_abcd = arguments.flag(allow_abcd).value_or(click.allow_abcd);
    click.sensitive = arguments.flag(sensitive).value_or(click.sensitive);
    click.wait_for = read_wait(arguments);
    return click;
}

Request read_transfer(Fields& arguments) {
    Transfer transfer;
    transfer.phone_number = arguments.digits(phone_number, max_number_bytes);
    transfer.extension = arguments.digits(extension, max_digits_bytes);
    transfer.pause_seconds = arguments.number(pause_seconds, any_time, {0, Transfer::max_pause_s});
    transfer.sip_domain = arguments.token(sip_domain, max_name_bytes + 6); // With room for a port.
    transfer.message = arguments.prose(message, AgentSettings::max_message_length);
    transfer.message_prompt = read_prompt(arguments, message_prompt);
    transfer.method = arguments.choice(sip_method, sip_methods).value_or(transfer.method);
    transfer.extension_mode =
        arguments.choice(extension_mode, extension_modes).value_or(transfer.extension_mode);
    transfer.extension_header =
        arguments.token(extension_header, max_name_bytes).value_or(transfer.extension_header);
    transfer.sensitive = arguments.flag(sensitive).value_or(transfer.sensitive);
    transfer.wait_for = read_wait(arguments);
    transfer.on_machine = arguments.choice(on_machine, machine_rules);
    transfer.machine_message = arguments.prose(machine_message, AgentSettings::max_message_length);
    transfer.machine_prompt = read_prompt(arguments, machine_prompt);
    return transfer;
}

Request read_end_call(Fields& arguments) {
    EndCall end;
    end.mode = arguments.choice(mode, modes).value_or(end.mode);
    return end;
}

constexpr std::array<Function, 4> all_functions{{
    {"say", text, say_options, std::nullopt, read_say},
    {"transfer", phone_number, transfer_options, extension, read_transfer},
    {"click_ivr", digits, click_ivr_options, std::nullopt, read_click_ivr},
    {"end_call", std::nullopt, end_call_options, std::nullopt, read_end_call},
}};

} // namespace

std::span<const Function> functions() {
    return all_functions;
}

} // namespace keytone::json
