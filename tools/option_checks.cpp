// SPDX-License-Identifier: MIT
#include "tools/option_checks.hpp"

#include "dsp/sample_rate.hpp"
#include "engine/io/raw_format.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

namespace keytone::tools {

namespace {

/// `text` as a decimal number, if all of it is one; hexadecimal, octal, infinite and empty ones are not
/// accepted.
template <class Number>
std::optional<Number> parse(std::string_view text) {
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') {
        text.remove_prefix(1);
    }
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

std::string in_quotes(std::string_view text) {
    return "'" + std::string(text) + "'";
}

std::string shortest(double number) {
    std::ostringstream text;
    text << number;
    return text.str();
}

} // namespace

CLI::Validator decimal_number() {
    const auto check = [](std::string& text) -> std::string {
        const auto number = parse<double>(text);
        return number && std::isfinite(*number) ? ""
                                                : in_quotes(text) + " is not a number: give one such as 12.5";
    };
    return {check, "", ""};
}

CLI::Validator decimal_number(double least, double most, const std::string& unit) {
    const auto check = [=](std::string& text) -> std::string {
        if (const std::string problem = decimal_number()(text); !problem.empty()) {
            return problem;
        }
        const double number = *parse<double>(text);
        return number >= least && number <= most ? ""
                                                 : in_quotes(text) + " is out of range: give " +
                                                       shortest(least) + " to " + shortest(most) + unit;
    };
    return {check, "", ""};
}

CLI::Validator whole_number(int least, int most) {
    const auto check = [=](std::string& text) -> std::string {
        const auto number = parse<int>(text);
        if (!number || *number < least || *number > most) {
            return in_quotes(text) + " is not offered: give a whole number from " + std::to_string(least) +
                   " to " + std::to_string(most);
        }
        text = std::to_string(*number); // So that 010 is not read as octal.
        return "";
    };
    return {check, "", ""};
}

CLI::Validator one_of(std::vector<std::string> offered) {
    std::string name;
    for (const std::string& word : offered) {
        name += (name.empty() ? "" : "|") + word;
    }
    const auto check = [words = std::move(offered)](std::string& text) -> std::string {
        return std::ranges::find(words, text) != words.end()
                   ? ""
                   : in_quotes(text) + " is not offered: use " + enumerate(words);
    };
    return {check, "", name};
}

CLI::Validator raw_format() {
    const auto check = [](std::string& text) -> std::string {
        return io::parse_raw_format(text)
                   ? ""
                   : "'" + text + "' is no format: give " + enumerate(io::raw_encoding_names()) +
                         ", @ and a rate, such as ulaw@8000";
    };
    return {check, "", ""};
}

std::vector<std::string> offered_rates() {
    std::vector<std::string> rates;
    for (const int hz : SampleRate::offered_hz) {
        rates.push_back(std::to_string(hz));
    }
    return rates;
}

std::string enumerate(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
    }
    return text;
}

} // namespace keytone::tools
