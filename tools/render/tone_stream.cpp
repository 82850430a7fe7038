// SPDX-License-Identifier: MIT
#include "tools/render/tone_stream.hpp"

#include "dsp/listener/progress_tone.hpp"
#include "dsp/progress/country_tones.hpp"
#include "dsp/progress/machine_tones.hpp"
#include "tools/console/printable.hpp"
#include "tools/option_checks.hpp"

#include <charconv>
#include <optional>
#include <string_view>

namespace keytone::tools {

namespace {

constexpr std::string_view information_prefix = "sit_";

/// The seconds of "5s", "500ms" or "5".
std::optional<double> seconds_of(std::string_view text) {
    double factor = 1.0;
    if (text.ends_with("ms")) {
        factor = 1e-3;
        text.remove_suffix(2);
    } else if (text.ends_with("s")) {
        text.remove_suffix(1);
    }
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number * factor;
}

/// The tones that a country has.
std::vector<std::string> tones_of(const CountryTones& country) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < country_tone_count; ++i) {
        const auto tone = static_cast<ProgressTone>(i);
        if (!country.pattern(tone).empty()) {
            names.emplace_back(name_of(tone));
        }
    }
    return names;
}

Result<TonePattern, Failure> pattern_of(const NetworkToneOptions& options) {
    for (std::size_t i = 1; i < special_information_names.size(); ++i) {
        if (options.tone == std::string(information_prefix) + std::string(special_information_names.at(i))) {
            return information_pattern(static_cast<SpecialInformation>(i));
        }
    }
    const auto country = Country::from_code(options.country);
    if (!country || country->is_any()) {
        return misused("--country " + printable(options.country) + ": use " + enumerate(country_codes()));
    }
    for (std::size_t i = 0; i < progress_tone_names.size(); ++i) {
        if (options.tone != progress_tone_names.at(i)) {
            continue;
        }
        const auto tone = static_cast<ProgressTone>(i);
        const TonePattern machine = machine_pattern(tone);
        const CountryTones& row = country_tones()[country->place()];
        if (machine.empty() && row.pattern(tone).empty()) {
            return misused("--tone " + options.tone + ": " + std::string(row.name) +
                           " has none that is known: use " + enumerate(tones_of(row)));
        }
        return machine.empty() ? row.pattern(tone) : machine;
    }
    return misused("--tone " + printable(options.tone) + ": use " + enumerate(network_tone_names()));
}

} // namespace

std::vector<std::string> network_tone_names() {
    std::vector<std::string> names(progress_tone_names.begin(), progress_tone_names.end());
    for (std::size_t i = 1; i < special_information_names.size(); ++i) {
        names.push_back(std::string(information_prefix) + std::string(special_information_names.at(i)));
    }
    return names;
}

std::vector<std::string> country_codes() {
    std::vector<std::string> codes;
    for (const CountryTones& country : country_tones()) {
        codes.emplace_back(country.code);
    }
    return codes;
}

Result<ToneStream, Failure> make_tone_stream(const NetworkToneOptions& options, SampleRate rate) {
    const auto pattern = pattern_of(options);
    if (!pattern) {
        return pattern.error();
    }
    const auto seconds = seconds_of(options.duration);
    if (!seconds || !(*seconds > 0.0 && *seconds <= NetworkToneOptions::max_seconds)) {
        return misused("--duration " + printable(options.duration) +
                       ": use seconds or milliseconds, such as 5s or 500ms, up to 3600s");
    }
    const auto generator = ProgressGenerator::create(*pattern, {.level = Dbm0{options.level_dbm0}}, rate);
    if (!generator) {
        const bool clips = generator.error() == Error::level_clips;
        return misused("--level-dbm0: " + (clips ? std::string("the tone would exceed full scale: lower it")
                                                 : std::string(text(generator.error()))));
    }
    return ToneStream(*generator, rate.samples(Milliseconds{*seconds * 1000.0}));
}

} // namespace keytone::tools
