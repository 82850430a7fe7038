// SPDX-License-Identifier: MIT
#include "tools/simulation/scenario_json.hpp"

#include "dsp/progress/country_tones.hpp"
#include "dsp/progress/machine_tones.hpp"
#include "engine/json/event_json.hpp"
#include "engine/json/fields.hpp"
#include "engine/json/strict_json.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace keytone::simulation {

namespace {

using json::Fields;
using json::Json;
using json::Key;
using json::LineError;
using json::LineFault;
using json::Word;

/// The least time, in seconds, after which a rule reacts to the engine: no device has blocks as long.
constexpr double min_reaction_s = 0.1;
constexpr double max_rule_s = 600.0;
constexpr std::size_t max_words = 2000;
constexpr std::size_t max_name_bytes = 1024;
constexpr std::size_t max_key_symbols = 128;
constexpr double min_tone_s = 0.05;
constexpr double default_tone_s = 5.0;
constexpr double min_noise_dbm0 = -90.0;
constexpr double max_noise_dbm0 = 0.0;
constexpr double max_seed = 4294967295.0;

constexpr std::array legs{Word{"a", Leg::a}, Word{"b", Leg::b}};
constexpr std::array speakers{Word{"agent", true}, Word{"far_side", false}};
constexpr std::array codecs{Word{"linear", LineConditions::Codec::linear},
                            Word{"ulaw", LineConditions::Codec::ulaw},
                            Word{"alaw", LineConditions::Codec::alaw}};

template <class Meaning, std::size_t Count>
std::optional<Meaning> choose(Fields& fields, Key key, const std::array<Word<Meaning>, Count>& words) {
    return fields.choice(key, std::span<const Word<Meaning>>(words));
}

bool in_scenario(double at_s) {
    return at_s >= 0.0 && at_s <= max_end_s;
}

bool has_any(const Json& line, std::initializer_list<const char*> keys) {
    return std::ranges::any_of(keys, [&](const char* key) { return line.contains(key); });
}

/// A scenario under construction.
class ScenarioReader {
  public:
    std::optional<LineError> read(std::string_view text) {
        const auto parsed = json::parse_strictly(text, "");
        if (!parsed) {
            return parsed.error();
        }
        const Json& line = *parsed;
        if (!line.is_object()) {
            return json::line_error(LineFault::wrong_type, "", "is no object: write one {...} a line");
        }
        if (has_any(line, {"v", "ev", "type"})) {
            return read_event(text, line);
        }
        if (!has_header_) {
            return json::line_error(LineFault::missing_key, "/v",
                                    R"(is missing: a scenario begins with {"v":1,"call":"c1","rate":8000})");
        }
        if (has_any(line, {"play", "speak", "keys", "tone"})) {
            return read_sound(text, line);
        }
        if (has_any(line, {"codec", "noise_dbm0", "loss"})) {
            return read_line_conditions(text, line);
        }
        if (has_any(line, {"answer_after", "busy_after", "declined_after", "no_answer"})) {
            return read_answer(line);
        }
        if (line.contains("refer_status")) {
            return read_refer(line);
        }
        return read_end(text, line);
    }

    [[nodiscard]] bool has_header() const { return has_header_; }

    Scenario take() {
        std::ranges::stable_sort(scenario_.events, {}, [](const CallEvent& event) { return *event.at_s; });
        return std::move(scenario_);
    }

  private:
    std::optional<LineError> read_event(std::string_view text, const Json& line) {
        const auto at = line.find("at");
        if (at != line.end() && at->is_number() && !in_scenario(at->get<double>())) {
            return json::line_error(LineFault::out_of_range, "/at", "is out of range: give 0 to 3600");
        }
        auto input = json::parse_line(text);
        if (!input) {
            return input.error();
        }
        if (auto* const header = std::get_if<json::CallHeader>(&*input)) {
            if (has_header_) {
                return json::line_error(LineFault::duplicate_key, "/v",
                                        "comes twice: a scenario is one call");
            }
            has_header_ = true;
            scenario_.header = std::move(*header);
        } else {
            auto& event = std::get<CallEvent>(*input);
            if (!has_header_) {
                return json::line_error(
                    LineFault::missing_key, "/v",
                    R"(is missing: a scenario begins with {"v":1,"call":"c1","rate":8000})");
            }
            if (!event.at_s) {
                return json::line_error(LineFault::missing_key, "/at",
                                        "is needed in a scenario: 0 to 3600 seconds");
            }
            scenario_.events.push_back(std::move(event));
        }
        scenario_.lines.emplace_back(text);
        return std::nullopt;
    }

    std::optional<LineError> read_sound(std::string_view text, const Json& line) {
        constexpr std::array<Key, 11> known{"at",      "after_answer", "leg",        "by",
                                            "play",    "speak",        "keys",       "tone",
                                            "country", "seconds",      "information"};
        Fields fields("");
        fields.add_object(line, "", known);
        fields.require("leg", "say on which leg, a or b");
        Sound sound{};
        sound.leg = choose(fields, "leg", legs).value_or(Leg::a);
        sound.by_agent = choose(fields, "by", speakers).value_or(false);
        sound.after_answer = fields.has("after_answer");
        if (fields.has("at") == sound.after_answer) {
            fields.fail(LineFault::missing_key, "/at", "or after_answer is needed, and one of them: seconds");
        }
        sound.at_s = fields.number(sound.after_answer ? "after_answer" : "at", 0.0, max_end_s).value_or(0.0);
        int kinds = 0;
        if (auto name = fields.token("play", max_name_bytes)) {
            sound.kind = Sound::Kind::file;
            sound.what = *std::move(name);
            ++kinds;
        }
        if (auto words = fields.prose("speak", max_words)) {
            sound.kind = Sound::Kind::speech;
            sound.what = *std::move(words);
            ++kinds;
        }
        if (auto digits = fields.digits("keys", max_key_symbols)) {
            sound.kind = Sound::Kind::keys;
            sound.what = *std::move(digits);
            ++kinds;
        }
        if (read_tone(fields, sound)) {
            ++kinds;
        }
        if (kinds != 1) {
            fields.fail(LineFault::missing_key, "/play", "speak, keys or tone: give one of them");
        }
        if (fields.error()) {
            return fields.error();
        }
        if (!sound.after_answer) {
            scenario_.lines.emplace_back(text);
        }
        scenario_.sounds.push_back(std::move(sound));
        return std::nullopt;
    }

    /// A tone of a network or a machine, for some seconds; false where there is none.
    static bool read_tone(Fields& fields, Sound& sound) {
        const auto tone = fields.token("tone", max_name_bytes);
        for (const Key key : {Key("country"), Key("seconds"), Key("information")}) {
            if (!tone && fields.has(key)) {
                fields.fail(LineFault::missing_key, fields.pointer_of("tone"),
                            "is needed: country, seconds and information say more of a tone");
            }
        }
        if (!tone) {
            return false;
        }
        sound.kind = Sound::Kind::tone;
        sound.what = *tone;
        sound.seconds = fields.number("seconds", min_tone_s, max_end_s).value_or(default_tone_s);
        sound.country = fields.token("country", max_name_bytes).value_or("");
        sound.information = fields.token("information", max_name_bytes).value_or("");
        sound.pattern = pattern_of(fields, sound);
        return true;
    }

    static TonePattern pattern_of(Fields& fields, const Sound& sound) {
        const auto tone = std::ranges::find(progress_tone_names, sound.what);
        if (tone == progress_tone_names.end()) {
            fields.fail(LineFault::bad_value, "/tone",
                        "is not offered: use " + json::enumerate(progress_tone_names));
            return {};
        }
        const auto which = static_cast<ProgressTone>(tone - progress_tone_names.begin());
        const auto information = std::ranges::find(special_information_names, sound.information);
        if (!sound.information.empty() &&
            (information == special_information_names.end() || which != ProgressTone::special_information)) {
            fields.fail(LineFault::bad_value, "/information",
                        "is what sit says: use " + json::enumerate(special_information_names));
            return {};
        }
        if (which == ProgressTone::special_information && !sound.information.empty()) {
            return information_pattern(
                static_cast<SpecialInformation>(information - special_information_names.begin()));
        }
        const auto country = Country::from_code(sound.country.empty() ? "us" : sound.country);
        const TonePattern pattern =
            country && !country->is_any() ? country_tones()[country->place()].pattern(which) : TonePattern();
        const TonePattern machine = machine_pattern(which);
        if (pattern.empty() && machine.empty()) {
            fields.fail(LineFault::bad_value, "/country",
                        "has no such tone: give a country that has one, such as us or de");
        }
        return machine.empty() ? pattern : machine;
    }

    std::optional<LineError> read_line_conditions(std::string_view text, const Json& line) {
        constexpr std::array<Key, 5> known{"leg", "codec", "noise_dbm0", "loss", "seed"};
        Fields fields("");
        fields.add_object(line, "", known);
        fields.require("leg", "say of which leg, a or b");
        LineConditions conditions;
        conditions.codec = choose(fields, "codec", codecs).value_or(conditions.codec);
        if (const auto noise = fields.number("noise_dbm0", min_noise_dbm0, max_noise_dbm0)) {
            conditions.noise = Dbm0{*noise};
        }
        conditions.loss = fields.number("loss", 0.0, 1.0).value_or(0.0);
        conditions.seed = static_cast<std::uint32_t>(fields.number("seed", 0.0, max_seed).value_or(1.0));
        const Leg leg = choose(fields, "leg", legs).value_or(Leg::a);
        if (fields.error()) {
            return fields.error();
        }
        scenario_.line[leg] = conditions;
        scenario_.lines.emplace_back(text);
        return std::nullopt;
    }

    std::optional<LineError> read_answer(const Json& line) {
        constexpr std::array<Key, 6> known{"leg",       "answer_after", "busy_after", "declined_after",
                                           "no_answer", "hang_up_after"};
        Fields fields("");
        fields.add_object(line, "", known);
        fields.require("leg", "write b, as leg a has called, or was called, already");
        if (choose(fields, "leg", legs).value_or(Leg::b) != Leg::b) {
            fields.fail(LineFault::bad_value, "/leg", "is b: leg a has called, or was called, already");
        }
        AnswerRule rule;
        int rules = fields.flag("no_answer").value_or(false) ? 1 : 0;
        constexpr std::array results{std::pair{"answer_after", AnswerRule::Result::answers},
                                     std::pair{"busy_after", AnswerRule::Result::busy},
                                     std::pair{"declined_after", AnswerRule::Result::declined}};
        for (const auto& [key, result] : results) {
            if (const auto seconds = fields.number(key, min_reaction_s, max_rule_s)) {
                rule.result = result;
                rule.after_s = *seconds;
                ++rules;
            }
        }
        if (rules != 1) {
            fields.fail(LineFault::bad_value, "/leg",
                        "needs one of answer_after, busy_after, declined_after and no_answer");
        }
        rule.hang_up_after = fields.number("hang_up_after", min_reaction_s, max_rule_s);
        if (!fields.error()) {
            scenario_.answer = rule;
        }
        return fields.error();
    }

    std::optional<LineError> read_refer(const Json& line) {
        constexpr std::array<Key, 3> known{"leg", "refer_status", "refer_after"};
        constexpr int least_status = 200;
        constexpr int greatest_status = 699;
        Fields fields("");
        fields.add_object(line, "", known);
        ReferRule rule;
        if (choose(fields, "leg", legs).value_or(Leg::a) != Leg::a) {
            fields.fail(LineFault::bad_value, "/leg", "is a: it is the caller who is referred");
        }
        rule.status = fields.whole("refer_status", 0, greatest_status).value_or(0);
        if (rule.status != 0 && rule.status < least_status) {
            fields.fail(LineFault::out_of_range, "/refer_status",
                        "is a final status, 200 to 699, or 0 for no NOTIFY");
        }
        rule.after_s = fields.number("refer_after", min_reaction_s, max_rule_s).value_or(rule.after_s);
        if (!fields.error()) {
            scenario_.refer = rule;
        }
        return fields.error();
    }

    std::optional<LineError> read_end(std::string_view text, const Json& line) {
        constexpr std::array<Key, 1> known{"end"};
        Fields fields("");
        fields.add_object(line, "", known);
        fields.require("end", "or any other key of a scenario's lines is needed");
        const auto end = fields.number("end", min_reaction_s, max_end_s);
        if (fields.error()) {
            return fields.error();
        }
        scenario_.end_s = end;
        scenario_.lines.emplace_back(text);
        return std::nullopt;
    }

    Scenario scenario_;
    bool has_header_ = false;
};

std::string_view without_line_end(std::string_view line) {
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

} // namespace

Result<Scenario, ScenarioError> parse_scenario(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    ScenarioReader reader;
    std::size_t number = 0;
    while (!text.empty()) {
        if (++number > max_lines) {
            return ScenarioError{number, "more than 10000 lines: split the scenario"};
        }
        const std::size_t end = text.find('\n');
        const std::string_view line = without_line_end(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.find_first_not_of(" \t") == std::string_view::npos || line.starts_with('#')) {
            continue;
        }
        if (const auto error = reader.read(line)) {
            return ScenarioError{number, error->message};
        }
    }
    if (!reader.has_header()) {
        return ScenarioError{std::max<std::size_t>(number, 1),
                             R"(there is no call: begin with {"v":1,"call":"c1","rate":8000})"};
    }
    return reader.take();
}

std::string fact_line(const CallEvent& event) {
    const Fact& fact = std::get<Fact>(event.what);
    Json line;
    line["at"] = *event.at_s;
    switch (fact.kind) {
    case Fact::Kind::leg_ringing:
        line["ev"] = "leg.ringing";
        break;
    case Fact::Kind::leg_answered:
        line["ev"] = "leg.answered";
        break;
    case Fact::Kind::sip_response:
        line["ev"] = "sip.response";
        break;
    case Fact::Kind::refer_notify:
        line["ev"] = "refer.notify";
        break;
    default:
        line["ev"] = "leg.ended";
        break;
    }
    line["leg"] = std::string(1, character(fact.leg));
    if (fact.attempt) {
        line["id"] = *fact.attempt;
    }
    if (fact.status != 0) {
        line["status"] = fact.status;
    }
    if (fact.kind == Fact::Kind::leg_ended && fact.reason != Fact::Reason::hangup) {
        line["reason"] = fact.reason == Fact::Reason::busy ? "busy" : "declined";
    }
    return line.dump();
}

std::string end_line(double at_s) {
    Json line;
    line["end"] = at_s;
    return line.dump();
}

} // namespace keytone::simulation
