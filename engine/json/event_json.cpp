// SPDX-License-Identifier: MIT
#include "engine/json/event_json.hpp"

#include "engine/json/fact_json.hpp"
#include "engine/json/fields.hpp"
#include "engine/json/request_json.hpp"
#include "engine/json/settings_reader.hpp"
#include "engine/json/strict_json.hpp"

#include <array>
#include <utility>

namespace keytone::json {

namespace {

std::optional<SampleRate> read_rate(Fields& fields, Key key) {
    constexpr int beyond_any = 1'000'000'000;
    const auto hz = fields.whole(key, 0, beyond_any);
    if (!hz) {
        return std::nullopt;
    }
    const auto rate = SampleRate::from_hz(*hz);
    if (!rate) {
        fields.fail(LineFault::bad_value, fields.pointer_of(key),
                    "is not offered: use " + std::string(offered_rates_text));
        return std::nullopt;
    }
    return *rate;
}

constexpr std::size_t max_country_bytes = 8;

/// "ar, au, br": those of the table.
std::string country_codes() {
    std::string codes;
    for (const CountryTones& country : country_tones()) {
        codes += (codes.empty() ? "" : ", ") + std::string(country.code);
    }
    return codes;
}

void read_options(const Json& options, CallHeader& header, Fields& fields) {
    constexpr std::array<Key, 10> known{Key{"e164_only", "e164Only"},
                                        Key{"keys"},
                                        Key{"keys_b"},
                                        Key{"early_media_keys", "earlyMediaKeys"},
                                        Key{"hold"},
                                        Key{"hold_prompt", "holdPrompt"},
                                        Key{"mute_keys", "muteKeys"},
                                        Key{"ring_timeout", "ringTimeout"},
                                        Key{"hear"},
                                        Key{"country"}};
    constexpr std::array forms{Word{"tones", KeyForm::tones}, Word{"events", KeyForm::events}};
    constexpr std::array holds{Word{"silence", Hold::silence}, Word{"ringback", Hold::ringback},
                               Word{"prompt", Hold::prompt}};
    constexpr std::array hearings{Word{"needed", false}, Word{"all", true}};
    constexpr std::size_t max_name = 1024;
    constexpr double shortest_ring_s = 1.0;
    constexpr double longest_ring_s = 600.0;
    Fields inside("/options");
    inside.add_object(options, "/options", known);
    header.e164_only = inside.flag(known[0]).value_or(header.e164_only);
    header.keys[Leg::a] = inside.choice(known[1], forms).value_or(KeyForm::tones);
    header.keys[Leg::b] = inside.choice(known[2], forms).value_or(KeyForm::tones);
    header.keys_in_early_media = inside.flag(known[3]).value_or(false);
    header.hear_all = inside.choice(known[8], hearings).value_or(false);
    if (const auto code = inside.token(known[9], max_country_bytes)) {
        const auto country = Country::from_code(*code);
        if (!country) {
            inside.fail(LineFault::bad_value, inside.pointer_of(known[9]),
                        "is no country whose tones are known: give " + country_codes() + ", or any");
        }
        header.country = country.value_or(header.country);
    }
    header.mute_bridged_keys = inside.flag(known[6]).value_or(false);
    header.hold = inside.choice(known[4], holds).value_or(Hold::silence);
    header.hold_prompt = inside.token(known[5], max_name).value_or("");
    if (const auto seconds = inside.number(known[7], shortest_ring_s, longest_ring_s)) {
        header.ring_timeout = Milliseconds{*seconds * 1000.0};
    }
    if (header.hold == Hold::prompt) {
        inside.require(known[5], "name the prompt that is to be played");
    }
    fields.fail(inside.error());
}

Result<CallHeader, LineError> read_header(const Json& line) {
    constexpr std::array<Key, 7> known{"v", "call", "rate", "rate_b", "session", "settings", "options"};
    Fields fields("");
    fields.add_object(line, "", known);
    fields.require("v", "write 1");
    if (const auto version = fields.whole("v", 0, 1'000'000); version && *version != 1) {
        fields.fail(LineFault::bad_value, "/v", "is not a version that is known: use 1");
    }
    fields.require("call", "give the call an id");
    fields.require("rate", "give leg a's sampling rate in hertz, such as 8000");
    CallHeader header;
    header.call = fields.id("call").value_or("");
    header.session = fields.id("session").value_or(header.call);
    header.rate = read_rate(fields, "rate").value_or(header.rate);
    header.rate_b = read_rate(fields, "rate_b").value_or(header.rate);
    if (const Json* const options = fields.object("options")) {
        read_options(*options, header, fields);
    }
    if (const Json* const object = fields.object("settings")) {
        const auto settings = read_settings(*object, "/settings");
        if (settings) {
            header.settings = *settings;
        } else {
            fields.fail(settings.error());
        }
    }
    if (fields.error()) {
        return *fields.error();
    }
    return header;
}

/// The value, or the error, as an InputLine.
template <class T>
Result<InputLine, LineError> as_line(Result<T, LineError> result) {
    if (!result) {
        return result.error();
    }
    return InputLine(*std::move(result));
}

} // namespace

CallRules rules_of(const CallHeader& header) {
    CallRules rules;
    rules.rate = {header.rate, header.rate_b};
    rules.settings = header.settings;
    rules.strict_numbers = header.e164_only;
    rules.keys = header.keys;
    rules.mute_bridged_keys = header.mute_bridged_keys;
    rules.keys_in_early_media = header.keys_in_early_media;
    rules.hear_all = header.hear_all;
    rules.country = header.country;
    rules.hold = header.hold;
    rules.hold_prompt = header.hold_prompt;
    rules.no_answer = header.ring_timeout;
    return rules;
}

Result<InputLine, LineError> parse_line(std::string_view line) {
    if (line.size() > max_header_bytes) {
        return line_error(LineFault::too_long, "", "has more than 64 KiB: shorten the line");
    }
    const auto tree = parse_strictly(line, "");
    if (!tree) {
        return tree.error();
    }
    if (!tree->is_object()) {
        return line_error(LineFault::wrong_type, "", "is no object: write one, in braces");
    }
    if (tree->contains("v")) {
        return as_line(read_header(*tree));
    }
    if (line.size() > max_line_bytes) {
        return line_error(LineFault::too_long, "", "has more than 16 KiB: shorten the line");
    }
    if (tree->contains("ev")) {
        return as_line(read_fact(*tree));
    }
    if (tree->contains("type")) {
        return as_line(read_request(*tree));
    }
    return line_error(
        LineFault::missing_key, "",
        "is none of the forms: give v for a call's header, ev for a fact or type for a request");
}

} // namespace keytone::json
